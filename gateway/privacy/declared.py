"""MIN and MAX of bounded columns of one unfiltered table: the declared bounds, free.

Tools ask this to draw the ends of a range filter. The bounds are the administrator's words, not the
data's: they depend on no row, and the answer's note says so.
"""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from gateway.privacy.domains import interval_of
from gateway.privacy.outputs import aggregate_calls, is_aggregate, named
from gateway.privacy.relation import Relation, Scan
from gateway.privacy.scope import Scope
from gateway.rewrite.expressions import constant
from gateway.sql.expressions import Expr, Literal, Ref
from gateway.sql.functions.conversion import duckdb_type
from gateway.sql.types import Kind, Scalar, Type, from_ordinal

NOTE = "MIN and MAX are the bounds that the policy declares, not values of the data."
_PLAIN = ("expressions", "from_", "limit", "order")


def declared_ends(query: exp.Select, relation: Relation, scope: Scope) -> exp.Select | None:
    """The SELECT with every MIN and MAX replaced by a declared bound; None where it is another
    question: filtered, grouped, over joined tables, of expressions, or of unbounded columns."""
    if any(value and part not in _PLAIN for part, value in query.args.items()):
        return None
    calls = [call for item in query.expressions for call in aggregate_calls(item)]
    if not calls or not isinstance(relation.tree, Scan):
        return None
    made = named(query.copy())
    made.set("from_", None)
    made.set("order", None)
    for call in [node for item in made.expressions for node in aggregate_calls(item)]:
        end = _end(call, relation, scope)
        if end is None:
            return None
        call.replace(end)
    left = [column for item in made.expressions for column in item.find_all(exp.Column)]
    return None if left or any(map(is_aggregate, made.expressions)) else made


def _end(call: exp.Expr, relation: Relation, scope: Scope) -> exp.Expr | None:
    if type(call) not in (exp.Min, exp.Max) or not isinstance(call.this, exp.Column):
        return None
    bound: Expr = scope.lookup(call.this)
    if not isinstance(bound, Ref):
        return None
    interval = interval_of(relation.facts[bound.column].domain)
    if interval is None:
        return None
    number = interval.lo if isinstance(call, exp.Min) else interval.hi
    value = _value(number, bound.type)
    text = f"CAST({constant(Literal(value, bound.type))} AS {duckdb_type(bound.type)})"
    return exp.maybe_parse(text, dialect="duckdb")


def _value(number: Fraction, kind: Type) -> Scalar:
    if kind.temporal:
        return from_ordinal(int(number), kind.kind)
    if kind.kind is Kind.INTEGER:
        return int(number)
    return float(number)
