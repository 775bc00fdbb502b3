"""Functions above the release that DuckDB lacks, or means otherwise than PostgreSQL, or fails in.

They are written by the same table as below a release, so that a function means one thing wherever
it stands, and so that no logarithm of a noisy zero loses an answer that was paid for.
"""

from __future__ import annotations

from sqlglot import exp

from gateway.errors import Refusal
from gateway.rewrite.expressions import write
from gateway.sql.bind import Binder
from gateway.sql.casts import type_of
from gateway.sql.expressions import Column, Expr, Ref
from gateway.sql.forms import NAMED
from gateway.sql.functions.conversion import duckdb_type

_OTHERWISE = (
    *(exp.Sqrt, exp.Ln, exp.Log, exp.Asin, exp.Acos, exp.Chr, exp.Hex, exp.Initcap, exp.Reverse),
    *(exp.Substring, exp.Overlay, exp.SimilarTo, exp.RegexpLike, exp.RegexpILike),
    *(exp.RegexpReplace, exp.RegexpCount, exp.RegexpSubstr, exp.WidthBucket, exp.DateBin),
    *(exp.MakeInterval, exp.Between, exp.Extract, exp.Anonymous),
)
_KEPT = (
    *(exp.Literal, exp.Null, exp.Boolean, exp.Interval, exp.Var, exp.Array, exp.Tuple, exp.Kwarg),
    *(exp.DataType, exp.Identifier, exp.RawString),
)
_FRACTIONS = {"second", "seconds", "millisecond", "milliseconds"}
_LONGEST = 1_000
"""Characters. Total forms repeat their arguments; the gateway's own formulas are longer, and keep
to the domains of their functions by themselves."""


def with_meanings(query: exp.Expr) -> exp.Expr:
    """A finished query in which these functions are DuckDB's text, from the inside out.

    What the table does not take, for its arguments or their types, stays as it is, but for
    functions that only the table has: these are refused as they are below a release.
    """
    for node in reversed(list(query.find_all(*_OTHERWISE))):
        if _wanted(node):
            made = _written(node)
            if made is not None:
                node.replace(made)
    return query


def _wanted(node: exp.Expr) -> bool:
    if isinstance(node, exp.Between):
        return bool(node.args.get("symmetric"))
    if isinstance(node, exp.Extract):
        return node.this.name.lower() in _FRACTIONS
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower() in NAMED
    return True


def _written(node: exp.Expr) -> exp.Expr | None:
    leaves: list[tuple[Column, str]] = []
    shape = node.copy()
    for original, part in zip(_values(node), _values(shape), strict=True):
        kind = type_of(original.type) if original.type else None
        if kind is None:
            return None
        number = len(leaves)
        leaves.append((Column(number, f"v{number}", kind), original.sql(dialect="duckdb")))
        part.replace(exp.column(f"v{number}"))
    columns = {column.name: column for column, _ in leaves}

    def lookup(name: exp.Column) -> Expr:
        return Ref(columns[name.name])

    try:
        bound = Binder(lookup).bind(shape)
    except Refusal:
        if isinstance(node, exp.Anonymous):
            raise
        return None
    text = write(bound, {column: f"({sql})" for column, sql in leaves}, "duckdb")
    if len(text) > _LONGEST:
        return None
    made = exp.Var(this=f"({text})")
    made.type = exp.DataType.build(duckdb_type(bound.type), dialect="duckdb")
    return made


def _values(node: exp.Expr) -> list[exp.Expr]:
    """The arguments that are more than constants, in order."""
    return [part for part in node.iter_expressions() if not _constant(part)]


def _constant(node: exp.Expr) -> bool:
    if isinstance(node, (exp.Neg, exp.Paren, exp.Cast)):
        return _constant(node.this)
    return isinstance(node, _KEPT)
