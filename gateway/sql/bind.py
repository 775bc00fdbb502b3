"""A scalar piece of syntax to a typed expression. This is the allow-list at work.

Every node either finds a row in the table of functions that takes its arguments, or is refused by
name. Nothing else can make an expression over protected rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Self, TypeGuard

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.sql import literals
from gateway.sql.casts import characters_of, type_of
from gateway.sql.expressions import Call, Case, Expr, Literal, children
from gateway.sql.folding import by_days, folded, moment_as
from gateway.sql.forms import VOLATILE_NAMES, Applied, form
from gateway.sql.functions import TABLE, meaning_of
from gateway.sql.functions.arithmetic import shared as holding
from gateway.sql.functions.conversion import castable
from gateway.sql.functions.formats import finest_cut
from gateway.sql.overloads import applied, coerced
from gateway.sql.parse import position_of
from gateway.sql.spellings import SPELLINGS, VOLATILE, parts_of
from gateway.sql.types import BIGINT, BOOLEAN, NULL, TEXT, Kind, Scalar, Type, decimal

MOST_PARTS = 20_000
"""Of one expression, counted where they are written: what stands in several places of it, such as
the subject of a CASE, would double with each level of nesting."""

Lookup = Callable[[exp.Column], Expr]
"""A column name to its expression; raises Refusal where there is none."""

Comparison = Callable[[Sequence[Expr]], Expr]
"""The columns of a subquery's row to what is asked of it, a boolean expression."""
Testing = Callable[[exp.Expr, Expr | None, Comparison | None], Expr]
"""EXISTS, or IN with its left side bound, or whether a comparison holds for some row of a subquery
(NULL where it is not known), to its expression; raises Refusal."""

_COMPARISONS: dict[type[exp.Expr], str] = {
    **{exp.EQ: "eq", exp.NEQ: "ne", exp.LT: "lt"},
    **{exp.LTE: "le", exp.GT: "gt", exp.GTE: "ge"},
}


class Binder:
    """Binds the expressions of one SELECT; `parameters` are the values of $1, $2 …"""

    def __init__(
        self,
        lookup: Lookup,
        parameters: Sequence[Scalar] = (),
        subquery: Testing | None = None,
        scalar: Callable[[exp.Expr], Expr] | None = None,
    ) -> None:
        self._lookup = lookup
        self._parameters = parameters
        self._subquery = subquery
        self._scalar = scalar
        self._sizes: dict[int, tuple[Expr, int]] = {}
        self._window: Callable[[exp.Window], Expr] | None = None

    def with_windows(self, window: Callable[[exp.Window], Expr]) -> Self:
        """The same, where window functions may stand."""
        made = copy(self)
        made._window = window
        return made

    def bind(self, node: exp.Expr) -> Expr:
        """The expression that a node stands for. Raises Refusal where it has none."""
        if isinstance(node, exp.Paren):
            return self.bind(node.this)
        if isinstance(node, exp.Column):
            return self._lookup(node)
        constant = self._constant(node)
        if constant is not None:
            return constant
        if isinstance(node, exp.Cast):
            return self._cast(node)
        if isinstance(node, exp.Case):
            return self._case(node)
        if isinstance(node, (exp.Is, exp.Extract, exp.TimestampTrunc)):
            return self._spelled(node)
        if isinstance(node, exp.Window) and self._window is not None:
            return self._window(node)
        if isinstance(node, exp.Exists) or (isinstance(node, exp.In) and node.args.get("query")):
            return self._test(node)
        if isinstance(node, exp.Binary) and _of_subquery(node.expression):
            return self._quantified(node, node.expression)
        return self._call(node)

    def _spelled(self, node: exp.Expr) -> Expr:
        """Functions with a syntax of their own."""
        if isinstance(node, exp.Is):
            return self._is(node)
        if isinstance(node, exp.Extract):
            return self._part(node)
        if isinstance(node, exp.TimestampTrunc):
            return self._cut(node)
        raise AssertionError("one of the above")

    def _test(self, node: exp.Expr) -> Expr:
        if self._subquery is None:
            raise refuse(node, "EXISTS or IN with a subquery here", "Put it into WHERE.")
        if isinstance(node, exp.Exists):
            return self._subquery(node.this, None, None)
        if not isinstance(node.this, exp.Tuple):
            return self._subquery(node.args["query"], self.bind(node.this), None)
        values = [self.bind(part) for part in node.this.expressions]

        def equal(columns: Sequence[Expr]) -> Expr:
            if len(columns) != len(values):
                raise refuse(node, "IN with another number of columns", "Select as many columns.")
            pairs = zip(values, columns, strict=True)
            return Call("and", tuple(self._make(node, "eq", [*pair]) for pair in pairs), BOOLEAN)

        return self._subquery(node.args["query"], None, equal)

    def _quantified(self, node: exp.Binary, right: exp.Any | exp.All) -> Expr:
        """A comparison with ANY or ALL of a subquery. It holds for all rows where the contrary
        holds for none, also of what is not known."""
        name = _COMPARISONS.get(type(node))
        if self._subquery is None or name is None:
            raise refuse(node, "ANY or ALL here", "Compare with a subquery, in WHERE.")
        every = isinstance(right, exp.All)
        value = self.bind(node.left)
        if name == ("ne" if every else "eq"):
            found = self._subquery(right.this, value, None)
            return Call("not", (found,), BOOLEAN) if every else found

        def asked(columns: Sequence[Expr]) -> Expr:
            if len(columns) != 1:
                raise refuse(node, "ANY or ALL of several columns", "Select one column.")
            held = self._make(node, name, [value, columns[0]])
            return Call("not", (held,), BOOLEAN) if every else held

        found = self._subquery(right.this, None, asked)
        return Call("not", (found,), BOOLEAN) if every else found

    def knows(self, node: exp.Column) -> bool:
        """Whether a column's name means something here."""
        try:
            self._lookup(node)
        except Refusal:
            return False
        return True

    def condition(self, node: exp.Expr) -> Expr:
        """A WHERE, ON or FILTER condition: a boolean expression."""
        bound = self.bind(node)
        if bound.type.kind not in (Kind.BOOLEAN, Kind.NULL):
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"The condition is of type {bound.type.name}, not boolean.",
                "Compare the value with something.",
                position_of(node),
            )
        return bound

    def _constant(self, node: exp.Expr) -> Literal | None:
        found: Literal | None = None
        if isinstance(node, exp.Literal):
            found = literals.read(node.this, TEXT) if node.is_string else literals.number(node.this)
        elif isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
            found = None if node.this.is_string else literals.number(f"-{node.this.this}")
        elif isinstance(node, exp.Null):
            found = Literal(None, NULL)
        elif isinstance(node, exp.Boolean):
            found = Literal(bool(node.this), BOOLEAN)
        elif isinstance(node, exp.RawString):
            found = literals.read(str(node.this), TEXT)
        elif isinstance(node, exp.Interval):
            amount, unit = node.this, node.args.get("unit")
            text = amount.this if isinstance(amount, exp.Literal) else ""
            found = literals.interval(str(text), unit.name if unit else None)
        elif isinstance(node, exp.Parameter):
            found = self._parameter(node)
        else:
            return None
        if found is None:
            raise Refusal(
                Code.UNSUPPORTED_SQL,
                f"The constant {node.sql(dialect='postgres')[:60]} cannot be read.",
                "Write numbers of at most 38 digits and intervals such as '1 month'.",
                position_of(node),
            )
        return found

    def _parameter(self, node: exp.Parameter) -> Literal | None:
        number = node.this
        if not isinstance(number, exp.Literal) or number.is_string:
            raise refuse(node, f"The parameter {node.sql(dialect='postgres')}", "Write $1, $2 …")
        index = int(number.this)
        if not 1 <= index <= len(self._parameters):
            raise Refusal(
                Code.INVALID_REQUEST,
                f"The SQL uses ${index}, but {len(self._parameters)} parameters were sent.",
                "Send one value in `parameters` for each $ number.",
                position_of(node),
            )
        return literals.of(self._parameters[index - 1])

    def _cast(self, node: exp.Cast) -> Expr:
        characters = characters_of(node.to)
        if characters is not None:
            whole = self._cast_to(node, TEXT)
            return self._make(node, "left", [whole, Literal(characters, BIGINT)])
        return self._cast_to(node, type_of(node.to))

    def _cast_to(self, node: exp.Cast, target: Type | None) -> Expr:
        source = self.bind(node.this)
        if isinstance(node.this, exp.IntDiv) and node.to.is_type("decimal"):
            target = decimal(38, 0)  # sqlglot's spelling of div(a, b), which is numeric
        if target is None or node.args.get("format") or node.args.get("default"):
            name = node.to.sql(dialect="postgres")
            raise refuse(node, f"A cast to {name}", "Cast to a plain SQL type.")
        if isinstance(source, Literal) and isinstance(source.value, str):
            found = literals.read(source.value, target)
            if found is None:
                raise Refusal(
                    Code.UNSUPPORTED_SQL,
                    f"The text is not a value of type {target.name}.",
                    "Write dates as '2024-01-31' and timestamps as '2024-01-31 12:00:00'.",
                    position_of(node),
                )
            source = found
        if isinstance(source, Literal) and source.value is None:
            return Literal(None, target)
        if source.type == target:
            return source
        if isinstance(source, Literal) and (moment := moment_as(source, target)):
            return moment
        if not castable(source.type, target):
            raise refuse(
                node, f"A cast from {source.type.name} to {target.name}", "Cast in two steps."
            )
        return self._sized(node, Call("cast", (source,), target))

    def _case(self, node: exp.Case) -> Expr:
        subject = node.args.get("this")
        branches: list[tuple[Expr, Expr]] = []
        compared = self.bind(subject) if subject is not None else None
        for branch in node.args["ifs"]:
            if compared is None:
                condition = self.condition(branch.this)
            else:
                condition = self._make(node, "eq", [compared, self.bind(branch.this)])
            branches.append((condition, self.bind(branch.args["true"])))
        otherwise = node.args.get("default")
        default = self.bind(otherwise) if otherwise else Literal(None, NULL)
        parts = self.alike(node, [*(value for _, value in branches), default])
        pairs = tuple((branches[i][0], parts[i]) for i in range(len(branches)))
        return self._sized(node, Case(pairs, parts[-1], parts[0].type))

    def alike(self, node: exp.Expr, values: list[Expr]) -> tuple[Expr, ...]:
        """Values that stand for one another, in one type."""
        values = coerced(values)
        shared: Type | None = values[0].type
        for value in values[1:]:
            shared = holding(shared, value.type) if shared else None
        if shared is None:
            name = node.sql(dialect="postgres").partition("(")[0].partition(" ")[0]
            raise refuse(node, f"A {name} with results of different types", "Cast the results.")
        return tuple(_to(value, shared) for value in values)

    def _is(self, node: exp.Is) -> Expr:
        value = node.args["expression"]
        if isinstance(value, exp.Null):
            name = "is_null"
        elif isinstance(value, exp.Boolean):
            name = "is_true" if value.this else "is_false"
        else:
            raise refuse(node, "This form of IS", "Write IS NULL, IS TRUE or IS DISTINCT FROM.")
        made = self._make(node, name, [self.bind(node.this)])
        if not node.args.get("negate"):
            return made
        if name == "is_null" and isinstance(made, Call):
            return Call("is_not_null", made.arguments, BOOLEAN)
        return Call("not", (made,), BOOLEAN)

    def _part(self, node: exp.Extract) -> Expr:
        unit = node.this.name.lower()
        word = Literal(_PARTS.get(unit, unit), TEXT)
        return self._make(node, "date_part", [word, self.bind(node.expression)])

    def _cut(self, node: exp.TimestampTrunc) -> Expr:
        unit = node.args["unit"].name.lower()
        word, moment = Literal(_GRAINS.get(unit, unit), TEXT), self.bind(node.this)
        zone = node.args.get("zone")
        if zone is None:
            return self._make(node, "date_trunc", [word, moment])
        if moment.type.kind is not Kind.TIMESTAMPTZ:
            hint = "Turn it into one with AT TIME ZONE, or leave the zone out."
            raise refuse(node, f"date_trunc of {moment.type.name} with a time zone", hint)
        name = self.bind(zone)
        local = self._make(node, "at_time_zone", [moment, name])
        return self._make(
            node, "at_time_zone", [self._make(node, "date_trunc", [word, local]), name]
        )

    def _call(self, node: exp.Expr) -> Expr:
        if isinstance(node, VOLATILE) or _changes(node):
            raise refuse(
                node,
                f"{node.sql(dialect='postgres')}, whose value changes from call to call,",
                "Write the value as a constant: an answer that is asked again must be the same. "
                "In a question, not in a view, today can be CURRENT_DATE or "
                "DATE_TRUNC('day', NOW()).",
            )
        if isinstance(node, exp.Subquery) and self._scalar is not None:
            return self._scalar(node)
        if isinstance(node, (exp.Subquery, exp.Exists, exp.Query)):
            raise refuse(node, "A subquery here", "Join the table, or ask in two queries.")
        if isinstance(node, (exp.AggFunc, exp.WithinGroup)):
            raise refuse(node, "An aggregate here", "Aggregate in the SELECT list or in HAVING.")
        if isinstance(node, exp.Window):
            raise refuse(
                node,
                "A window function here",
                "Put it into the SELECT list of a subquery, and use its column.",
            )
        if isinstance(node, (exp.Like, exp.ILike)) and node.args.get("negate"):
            positive = node.copy()
            positive.set("negate", None)
            return self._make(node, "not", [self._call(positive)])
        stands_for = form(node)
        if isinstance(stands_for, Applied):
            arguments = [self.bind(part) for part in stands_for.arguments]
            return self._make(node, stands_for.function, arguments)
        if stands_for is not None and stands_for is not node:
            return self.bind(stands_for)
        spelling = SPELLINGS.get(type(node)) if stands_for is not None else None
        parts = parts_of(node, spelling) if spelling else None
        if spelling is None or parts is None:
            raise refuse(
                node,
                f"{_name_of(node)} over protected rows",
                "Use a function of the list in the documentation, or apply it to the results.",
            )
        return self._make(node, spelling.function, [self.bind(part) for part in parts])

    def _make(self, node: exp.Expr, name: str, arguments: list[Expr]) -> Expr:
        name, arguments = applied(name, arguments)
        arguments = list(by_days(name, arguments))
        result = TABLE[name].result(arguments)
        if result is None:
            kinds = ", ".join(argument.type.name for argument in arguments)
            raise refuse(
                node,
                f"{_name_of(node)} with arguments of type {kinds}",
                f"The gateway knows {meaning_of(name)}.",
            )
        if name == "to_char":
            arguments = finest_cut(arguments)
        return self._sized(node, folded(Call(name, tuple(arguments), result)))

    def _sized(self, node: exp.Expr, made: Expr) -> Expr:
        """The expression, unless it is too large. Each is counted once, from the counts of its
        parts; they are kept beside it, so that their ids stay theirs."""
        size = 1 + sum(self._sizes.get(id(part), (part, 1))[1] for part in children(made))
        if size > MOST_PARTS:
            raise refuse(node, "An expression of this size", "Nest its parts less often.")
        self._sizes[id(made)] = (made, size)
        return made


_PARTS = {
    "week_monday": "week",
    "dayofweek": "dow",
    "dayofyear": "doy",
    **{f"{part}s": part for part in ("second", "minute", "hour", "day", "week", "month", "year")},
    "quarters": "quarter",
    "decades": "decade",
    "centuries": "century",
    "millisecond": "milliseconds",
    "microsecond": "microseconds",
}
_GRAINS = {**_PARTS, "milliseconds": "millisecond", "microseconds": "microsecond"}
_GRAINS |= {"millisecond": "millisecond", "microsecond": "microsecond"}


def _of_subquery(node: exp.Expr) -> TypeGuard[exp.Any | exp.All]:
    """Whether a comparison's right side is ANY or ALL of a subquery, not of a list."""
    return isinstance(node, (exp.Any, exp.All)) and node.find(exp.Query) is not None


def _changes(node: exp.Expr) -> bool:
    """Whether a function is one whose value changes, of those known by their names alone; the age
    of one moment is its distance from today."""
    if not isinstance(node, exp.Anonymous):
        return False
    name = str(node.this).lower()
    return name in VOLATILE_NAMES or (name == "age" and len(node.expressions) == 1)


def refuse(node: exp.Expr, what: str, hint: str) -> Refusal:
    """UNSUPPORTED_SQL for a piece of syntax, with its position."""
    return Refusal(Code.UNSUPPORTED_SQL, f"{what} is not supported.", hint, position_of(node))


def _name_of(node: exp.Expr) -> str:
    text = node.sql(dialect="postgres")
    name, call, _ = text.partition("(")
    if isinstance(node, exp.Func) and call and name.replace("_", "").isalnum():
        return f"The function {name.lower()}"
    return f"The expression {text[:60]}"


def _to(value: Expr, target: Type) -> Expr:
    if isinstance(value, Literal) and value.value is None:
        return Literal(None, target)
    if value.type.kind is target.kind or not (value.type.numeric or value.type.temporal):
        return value
    return Call("cast", (value,), target)
