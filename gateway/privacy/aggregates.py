"""The analyst's aggregates, read: what is counted or summed, of what, under which condition."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from gateway.errors import Code, Position, Refusal
from gateway.privacy.known import nullable
from gateway.privacy.measures import countable
from gateway.privacy.relation import Relation
from gateway.sql.bind import Binder, refuse
from gateway.sql.expressions import Call, Case, Expr, Literal, Ref, conjuncts
from gateway.sql.parse import position_of
from gateway.sql.types import BOOLEAN, Kind

_KINDS: dict[type[exp.Expr], str] = {
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Variance: "var_samp",
    exp.VariancePop: "var_pop",
    exp.Stddev: "stddev_samp",
    exp.StddevSamp: "stddev_samp",
    exp.StddevPop: "stddev_pop",
}
_PAIRS: dict[type[exp.Expr], str] = {
    exp.CovarPop: "covar_pop",
    exp.CovarSamp: "covar_samp",
    exp.Corr: "corr",
    exp.RegrSlope: "regr_slope",
    exp.RegrIntercept: "regr_intercept",
    exp.RegrR2: "regr_r2",
    exp.RegrSxx: "regr_sxx",
    exp.RegrSyy: "regr_syy",
    exp.RegrSxy: "regr_sxy",
    exp.RegrCount: "regr_count",
    exp.RegrAvgx: "regr_avgx",
    exp.RegrAvgy: "regr_avgy",
}
"""Aggregates of Y and X, in this order, over the rows where neither is NULL."""


_ANSWERED = "Use COUNT, COUNT(DISTINCT …), SUM, AVG, MEDIAN, STDDEV, CORR or REGR_SLOPE."
_MOST = "Count each value: SELECT x, COUNT(*) … GROUP BY x ORDER BY 2 DESC LIMIT 1."
_EACH = "It would show single rows: SELECT x, COUNT(*) … GROUP BY x shows what many share."
_HINTS: dict[type[exp.Expr], str] = {
    exp.Mode: _MOST,
    exp.AnyValue: _MOST,
    exp.First: _MOST,
    exp.Last: _MOST,
    exp.ArrayAgg: _EACH,
    exp.GroupConcat: _EACH,
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate of the question: `kind` is count, any, all, owners, distinct, sum, avg, a
    spread as var_samp is, or one of a pair as corr is, whose second column is `other`; `beside` are
    the further columns of a distinct count; `place` is where it stands."""

    kind: str
    value: Expr | None
    condition: Expr | None
    label: str
    place: Position | None = field(default=None, compare=False)
    other: Expr | None = None
    beside: tuple[Expr, ...] = ()


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
    if isinstance(call, (exp.LogicalOr, exp.LogicalAnd)):
        return _truth(call, binder, condition, label)
    if type(call) in _PAIRS:
        return _pair(call, binder, relation, condition, label)
    raise refuse(
        node,
        f"The aggregate {call.sql(dialect='postgres').partition('(')[0].lower()}",
        _HINTS.get(type(call.this if isinstance(call, exp.WithinGroup) else call), _ANSWERED),
    )


def _count(
    call: exp.Count, binder: Binder, relation: Relation, condition: Expr | None, label: str
) -> Aggregate:
    argument = call.this
    if isinstance(argument, exp.Star):
        return Aggregate("count", None, condition, label)
    if isinstance(argument, exp.Distinct):
        return _count_distinct(argument, binder, relation, condition, label)
    value = binder.bind(argument)
    return Aggregate("count", None, both(condition, _known(value, relation)), label)


def _count_distinct(
    argument: exp.Distinct,
    binder: Binder,
    relation: Relation,
    condition: Expr | None,
    label: str,
) -> Aggregate:
    """COUNT(DISTINCT x); of rows `(a, b)`; or of `a, b`, which leaves out rows with a NULL."""
    parts = argument.expressions
    row = parts[0] if len(parts) == 1 and isinstance(parts[0], exp.Tuple) else None
    values = [binder.bind(part) for part in (row.expressions if row else parts)]
    if any(value.type.kind is Kind.INTERVAL for value in values):
        # 30 days and 1 month are equal, and a hash of their spelling would tell them apart.
        hint = "Count extract(epoch FROM …) of it."
        raise refuse(argument, "COUNT(DISTINCT …) of an interval", hint)
    if len(values) == 1:
        value = values[0]
        if relation.owner is not None and value == Ref(relation.owner):
            return Aggregate("owners", None, condition, label)
        return _distinct(value, condition, label)
    for value in values if row is None else ():
        condition = both(condition, _known(value, relation))
    return Aggregate("distinct", values[0], condition, label, beside=tuple(values[1:]))


def _known(value: Expr, relation: Relation) -> Expr | None:
    """The condition that a value is not NULL; None where it cannot be."""
    if not nullable(value, relation.facts):
        return None
    return Call("is_not_null", (value,), BOOLEAN)


def _distinct(value: Expr, condition: Expr | None, label: str) -> Aggregate:
    return Aggregate("distinct", _where(condition, value), None, label)


def _sum(call: exp.Expr, binder: Binder, condition: Expr | None, label: str) -> Aggregate:
    kind = _KINDS[type(call)]
    if isinstance(call.this, exp.Distinct):
        raise refuse(call, f"{kind.upper()}(DISTINCT …)", f"Use {kind.upper()} without DISTINCT.")
    value = _where(condition, _number(call.this, call, kind, binder))
    return Aggregate(kind, value, condition, label, position_of(call))


def _truth(
    call: exp.LogicalOr | exp.LogicalAnd, binder: Binder, condition: Expr | None, label: str
) -> Aggregate:
    """BOOL_OR as the count of rows where it is true, BOOL_AND as that of rows where it is false."""
    if isinstance(call.this, exp.Distinct):
        raise refuse(call, "BOOL_OR or BOOL_AND of DISTINCT", "Leave DISTINCT out.")
    value = binder.condition(call.this)
    if isinstance(call, exp.LogicalOr):
        return Aggregate("any", None, both(condition, value), label, position_of(call))
    false = Call("not", (value,), BOOLEAN)
    return Aggregate("all", None, both(condition, false), label, position_of(call))


def _pair(
    call: exp.Expr, binder: Binder, relation: Relation, condition: Expr | None, label: str
) -> Aggregate:
    """An aggregate of Y and X: each is NULL where the other is, or where FILTER leaves it out."""
    kind = _PAIRS[type(call)]
    if isinstance(call.this, exp.Distinct) or call.expression is None:
        raise refuse(call, f"{kind.upper()}(DISTINCT …)", f"Use {kind.upper()} without DISTINCT.")
    y, x = (_number(part, call, kind, binder) for part in (call.this, call.expression))
    y_there, x_there = (_known(value, relation) for value in (y, x))
    place = position_of(call)
    if kind == "regr_count":
        return Aggregate("count", None, both(condition, both(y_there, x_there)), label, place)
    y, x = _where(both(condition, x_there), y), _where(both(condition, y_there), x)
    if kind in ("regr_avgx", "regr_avgy"):
        return Aggregate("avg", x if kind == "regr_avgx" else y, None, label, place)
    return Aggregate(kind, y, None, label, place, x)


def _number(node: exp.Expr, call: exp.Expr, kind: str, binder: Binder) -> Expr:
    value = binder.bind(node)
    if not countable(value):
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"{kind.upper()} needs a number, not {value.type.name}.",
            "Sum a numeric column or expression.",
            position_of(call),
        )
    return value


def _where(condition: Expr | None, value: Expr) -> Expr:
    """The value on the rows of a condition, NULL on others."""
    if condition is None:
        return value
    return Case(((condition, value),), Literal(None, value.type), value.type)


def both(a: Expr | None, b: Expr | None) -> Expr | None:
    """Two conditions as one; None stands for no condition.

    Parts that AND joins stand once and in an order of their own, so that what is asked in another
    order is the same.
    """
    if a is None or b is None:
        return a or b
    parts = sorted({*conjuncts(a), *conjuncts(b)}, key=repr)
    found = parts[0]
    for part in parts[1:]:
        found = Call("and", (found, part), BOOLEAN)
    return found
