"""The table of allowed functions: what is not in it is refused by name.

A row is a `base.Function`: argument and result types, result range, and one total rendering per
dialect. To allow a function, add a row to the file of its family, and a spelling to
`sql.spellings`.
"""

from gateway.sql.functions import arithmetic, conversion, logic, text, time
from gateway.sql.functions.base import Function

TABLE: dict[str, Function] = {
    function.name: function
    for family in (arithmetic, logic, text, time, conversion)
    for function in family.FUNCTIONS
}
