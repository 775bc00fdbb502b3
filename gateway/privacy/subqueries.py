"""EXISTS and IN below the boundary: tests of one row against other rows of its own owner, or
against public rows.

Claim: the test reads rows of the tested row's own owner, or public rows, alone: where the subquery
is over a protected relation the condition must imply equal owners (`joins.owners_equal`), and that
equality is added to what the engine runs. So a row stays its owner's whatever is tested of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.privacy.joins import owners_equal
from gateway.privacy.relation import Relation
from gateway.privacy.trace import all_of
from gateway.sql.expressions import Call, Expr, Ref, Within
from gateway.sql.types import BOOLEAN


def within(
    outers: Sequence[Relation],
    inner: Relation,
    correlated: Sequence[Expr],
    value: Expr | None,
    item: Expr | None,
) -> Within | None:
    """The test of an outer row against `inner`; None where it would read other owners' rows.

    `outers` are the relations whose columns the outer row has; `correlated` are the conditions
    of the subquery that read outer columns; `value` and `item` are the two sides of IN.
    """
    conditions = list(correlated)
    if inner.owner is not None:
        implied = [*conditions]
        if value is not None and item is not None:
            implied.append(Call("eq", (value, item), BOOLEAN))
        owned = [outer for outer in outers if outer.owner is not None]
        same = next((o for o in owned if owners_equal(o, inner, all_of(implied))), None)
        if same is None or same.owner is None:
            return None
        conditions.append(Call("eq", (Ref(same.owner), Ref(inner.owner)), BOOLEAN))
    return Within(
        tree=inner.tree,
        inner=frozenset(inner.facts),
        condition=all_of(conditions),
        value=value,
        item=item,
    )
