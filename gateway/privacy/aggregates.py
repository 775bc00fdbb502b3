"""The analyst's aggregates, read: what is counted or summed, of what, under which condition."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from gateway.errors import Code, Position, Refusal
from gateway.privacy.known import nullable
from gateway.privacy.measures import countable
from gateway.privacy.relation import Relation
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Call, Case, Expr, Literal, Ref
from gateway.sql.parse import position_of
from gateway.sql.types import BOOLEAN

_KINDS: dict[type[exp.Expr], str] = {
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Variance: "var_samp",
    exp.VariancePop: "var_pop",
    exp.Stddev: "stddev_samp",
    exp.StddevSamp: "stddev_samp",
    exp.StddevPop: "stddev_pop",
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of the question: `kind` is count, owners, distinct, sum, avg or a spread as
    var_samp is; `place` is where it stands."""

    kind: str
    value: Expr | None
    condition: Expr | None
    label: str
    place: Position | None = field(default=None, compare=False)


def read(node: exp.Expr, binder: Binder, relation: Relation) -> Aggregate:
    """An aggregate call, with its FILTER folded into the condition or value.

    Raises Refusal for aggregates that are not answered.
    """
    label = node.sql(dialect="postgres")
    condition: Expr | None = None
    call = node
    if isinstance(node, exp.Filter):
        condition = binder.condition(node.expression.this)
        call = node.this
    if isinstance(call, exp.Count):
        return _count(call, binder, relation, condition, label)
    if isinstance(call, exp.ApproxDistinct):
        return _distinct(binder.bind(call.this), condition, label)
    if isinstance(call, exp.CountIf):
        condition = both(condition, binder.condition(call.this))
        return Aggregate("count", None, condition, label)
    if type(call) in _KINDS:
        return _sum(call, binder, condition, label)
    raise refuse(
        node,
        f"The aggregate {call.sql(dialect='postgres').partition('(')[0].lower()}",
        "Use COUNT, COUNT(DISTINCT …), SUM, AVG, VARIANCE or STDDEV.",
    )


def _count(
    call: exp.Count, binder: Binder, relation: Relation, condition: Expr | None, label: str
) -> Aggregate:
    argument = call.this
    if isinstance(argument, exp.Star):
        return Aggregate("count", None, condition, label)
    if isinstance(argument, exp.Distinct):
        if len(argument.expressions) != 1:
            raise refuse(call, "COUNT(DISTINCT …) of several columns", "Count one at a time.")
        value = binder.bind(argument.expressions[0])
        if relation.owner is not None and value == Ref(relation.owner):
            return Aggregate("owners", None, condition, label)
        return _distinct(value, condition, label)
    value = binder.bind(argument)
    known = not nullable(value, relation.facts)
    present = None if known else Call("is_not_null", (value,), BOOLEAN)
    return Aggregate("count", None, both(condition, present), label)


def _distinct(value: Expr, condition: Expr | None, label: str) -> Aggregate:
    if condition is not None:
        value = Case(((condition, value),), Literal(None, value.type), value.type)
    return Aggregate("distinct", value, None, label)


def _sum(call: exp.Expr, binder: Binder, condition: Expr | None, label: str) -> Aggregate:
    kind = _KINDS[type(call)]
    if isinstance(call.this, exp.Distinct):
        raise refuse(call, f"{kind.upper()}(DISTINCT …)", f"Use {kind.upper()} without DISTINCT.")
    value = binder.bind(call.this)
    if not countable(value):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{kind.upper()} needs a number, not {value.type.name}.",
            "Sum a numeric column or expression.",
            position_of(call),
        )
    if condition is not None:
        value = Case(((condition, value),), Literal(None, value.type), value.type)
    return Aggregate(kind, value, condition, label, position_of(call))


def both(a: Expr | None, b: Expr | None) -> Expr | None:
    """Two conditions as one; None stands for no condition."""
    if a is None or b is None:
        return a or b
    return Call("and", (a, b), BOOLEAN)
