"""Quantiles above the boundary: columns of the tables that stand for released histograms.

The post-processing sees a histogram as a table with one row per group: its keys, and a column for
each number that is read off its nodes (`noise.quantiles`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.privacy.plan import Release
from gateway.privacy.quantiles import Quantile

MOST_TOTAL_KEYS = 4
"""With k keys there are 2ᵏ kinds of totals, and a quantile is read off for each."""


def key_column(name: str, key: str) -> str:
    """A key's column in the table of the histogram `name`: unlike any other table's."""
    return f"{name}_{key}"


def key_names(release: Release) -> tuple[str, ...]:
    """The columns that hold the keys of a release's groups above the boundary."""
    if release.histogram is None:
        return tuple(key.name for key in release.keys)
    return tuple(key_column(release.name, key.name) for key in release.group_keys)


def reading_column(name: str, number: int) -> str:
    """The column of the reading of this number."""
    return f"{name}_q{number}"


def joined(name: str, keys: Sequence[str], base: str) -> exp.Join:
    """The histogram's table beside the groups of the table `base`."""
    same = [
        exp.NullSafeEQ(
            this=exp.column(key, table=base, quoted=True),
            expression=exp.column(key_column(name, key), table=name, quoted=True),
        )
        for key in keys
    ]
    on = exp.and_(*same) if same else exp.true()
    return exp.Join(this=table_of(name), side="LEFT", on=on)


def table_of(name: str) -> exp.Table:
    """A table above the boundary."""
    return exp.Table(this=exp.to_identifier(name, quoted=True))


def kept_apart(keys: Sequence[str], totals: bool) -> list[tuple[str, ...]]:
    """The sets of keys by which groups are kept apart, in the order of GROUPING()'s numbers.

    In GROUPING(a, b), a bit says that a key is added up over; the last key has the lowest.
    """
    if not totals:
        return [tuple(keys)]
    if len(keys) > MOST_TOTAL_KEYS:
        raise Refusal(
            Code.UNSUPPORTED_SQL,
            f"Quantiles of totals over more than {MOST_TOTAL_KEYS} keys are not supported.",
            "Ask for each level of totals in a query of its own.",
        )
    summed = product((False, True), repeat=len(keys))
    return [tuple(key for key, over in zip(keys, sums, strict=True) if not over) for sums in summed]


def value_of(
    quantile: Quantile, columns: Sequence[Sequence[str]], keys: Sequence[str], totals: bool
) -> exp.Expr:
    """The expression of a quantile; `columns` are those of each fraction, one per kind of total."""
    parts = [_one(names, keys, totals) for names in columns]
    if not quantile.listed:
        return parts[0]
    texts = [
        exp.Coalesce(this=exp.cast(part, "text"), expressions=[exp.Literal.string("NULL")])
        for part in parts
    ]
    return _listed(texts)


def _listed(texts: Sequence[exp.Expr]) -> exp.Expr:
    """An array in PostgreSQL's notation: {1,2.5}."""
    found: exp.Expr = exp.Literal.string("{")
    for index, text in enumerate(texts):
        found = exp.DPipe(this=found, expression=text)
        end = "," if index + 1 < len(texts) else "}"
        found = exp.DPipe(this=found, expression=exp.Literal.string(end))
    return found


def _one(names: Sequence[str], keys: Sequence[str], totals: bool) -> exp.Expr:
    columns = [exp.column(name, quoted=True) for name in names]
    if not totals:
        return columns[0]
    # All rows of a total hold the same number, so that its least is the number itself.
    grouping = exp.Grouping(expressions=[exp.column(key, quoted=True) for key in keys])
    ifs = [
        exp.If(this=exp.Literal.number(index), true=exp.Min(this=column))
        for index, column in enumerate(columns)
    ]
    return exp.Case(this=grouping, ifs=ifs)
