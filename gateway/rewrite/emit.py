"""A release's statement: rows, weights, exact integers per group.

Three shapes, the cheapest that keeps the bound:
  plain      facts prove the bound: one GROUP BY, no weights
  heavy      only owners with more rows than C can need a weight: they are found first, by an engine
             that keeps them among all rows of the tables, whatever the analyst's conditions are
  cells      owners are counted in several groups, or the engine would compute the rows anew for
             whatever looks for owners: one row per owner and group comes first
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.privacy.measures import (
    MOST_TOTAL,
    DistinctCount,
    Measure,
    NodeCount,
    OwnerCount,
    RowCount,
    Total,
)
from gateway.privacy.plan import Kept, Norm, Statement
from gateway.privacy.relation import Relation, Tree
from gateway.privacy.sensitivity import WEIGHT_ONE, Bounds
from gateway.rewrite.blocks import Block, block
from gateway.rewrite.clamp import clamped
from gateway.rewrite.dialects import DIALECTS
from gateway.rewrite.distinct import distinct_parts
from gateway.rewrite.expressions import write
from gateway.rewrite.totals import totals
from gateway.rewrite.weights import heavy_limit, heavy_rows, owner_weight, row_weight, total_weight
from gateway.sql.expressions import Column, Expr, Ref
from gateway.sql.types import Kind

MOST_CELL_TOTAL = 2**10
"""One owner's sum in one group is clamped to this many times its bound S before weighting, so that
the sum of squares stays within 127 bits: S ≤ 2³², (2¹⁰·S)² = 2⁸⁴, times fewer than 2⁴⁰ groups."""


ORDER = "duckdb"
"""The dialect by whose SQL keys and measures are put in order, so that they have the same places
on every engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A statement, and which of its columns is which key and measure."""

    statement: Statement
    keys: tuple[tuple[Expr, str], ...]
    measures: tuple[tuple[Measure, str], ...]


def emit(
    relation: Relation,
    keys: Sequence[Expr],
    guards: Sequence[Expr],
    measures: Sequence[Measure],
    bounds: Bounds,
    dialect: str,
) -> Written:
    """The statement of a release; `keys` come in the order that `ordered` gives.

    Measures are ordered by their SQL, so that the same release asked in another order is the same
    statement.
    """
    source, owner = protected(relation, guards, dialect)
    names = block(relation.tree, ORDER).names
    ordered_measures = sorted(
        map(_emitted, measures),
        key=lambda measure: (type(measure).__name__, _text(measure, names)),
    )
    named_keys = tuple((key, f"k{i}") for i, key in enumerate(keys))
    named = tuple((measure, f"m{i}") for i, measure in enumerate(ordered_measures))
    sql, kept = _Shape(relation, source, owner, named_keys, named, bounds, dialect).sql()
    columns = tuple(name for _, name in (*named_keys, *named))
    return Written(
        statement=Statement(sql=sql, dialect=dialect, columns=columns, kept=kept),
        keys=named_keys,
        measures=named,
    )


def protected(relation: Relation, guards: Sequence[Expr], dialect: str) -> tuple[Block, Expr]:
    """FROM and WHERE of a release: the rows that have an owner and meet all guards; the owner."""
    if relation.owner is None:
        raise ValueError("a release has an owner")
    source, ways = block(relation.tree, dialect), DIALECTS[dialect]
    owner = Ref(relation.owner)
    conditions = (
        *source.conditions,
        f"{write(owner, source.names, dialect)} IS NOT NULL",
        *sorted(ways.guard(write(guard, source.names, dialect)) for guard in guards),
    )
    return replace(source, conditions=conditions), owner


def ordered(tree: Tree, keys: Sequence[Expr]) -> tuple[Expr, ...]:
    """Group keys in the order of their SQL, each once."""
    names = block(tree, ORDER).names
    return tuple(sorted(dict.fromkeys(keys), key=lambda key: write(key, names, ORDER)))


def key_sql(key: Expr, source: Block, dialect: str) -> str:
    """A key's SQL. Adding zero makes one of 0.0 and -0.0: which of the two a group of both is
    called would tell of single rows."""
    text = write(key, source.names, dialect)
    return f"({text} + 0.0)" if key.type.kind is Kind.FLOAT else text


def _emitted(measure: Measure) -> Emitted:
    if isinstance(measure, NodeCount):
        raise AssertionError("a histogram has a statement of its own")
    return measure


def _text(measure: Emitted, names: Mapping[Column, str]) -> str:
    if isinstance(measure, DistinctCount):
        condition = (measure.condition,) if measure.condition is not None else ()
        parts = (measure.value, *measure.beside, *condition)
        return ", ".join(write(part, names, ORDER) for part in parts)
    if isinstance(measure, Total):
        return write(measure.value, names, ORDER) + repr(
            (measure.step, measure.lo, measure.hi, measure.center, measure.most)
        )
    return write(measure.condition, names, ORDER) if measure.condition else ""


Added = RowCount | OwnerCount | Total
"""Measures that are sums over rows or owners."""
Emitted = Added | DistinctCount
"""Measures of which one statement may hold several."""


_Sized = Callable[[str, str], str]
"""A sum over an owner's cells, by its name there, as weights may read it."""


class _Shape:
    def __init__(
        self,
        relation: Relation,
        source: Block,
        owner: Expr,
        keys: tuple[tuple[Expr, str], ...],
        measures: tuple[tuple[Emitted, str], ...],
        bounds: Bounds,
        dialect: str,
    ) -> None:
        self._relation = relation
        self._source = source
        self._owner = owner
        self._keys = keys
        self._measures = measures
        self._bounds = bounds
        self._dialect = DIALECTS[dialect]
        self._names = [name for _, name in keys]
        self._added: list[tuple[Added, str]] = [
            (m, name) for m, name in measures if not isinstance(m, DistinctCount)
        ]
        self._distinct = [(m, name) for m, name in measures if isinstance(m, DistinctCount)]

    def sql(self) -> tuple[str, Kept | None]:
        """The statement, and what of it may be kept."""
        if not self._weighs_few():
            return self._whole(*self._shape()), None
        most = heavy_limit(self._bounds)
        few = totals(self._relation, most, self._dialect.name) if self._dialect.keeps else None
        sql = self._whole(*self._heavy(few))
        if few is None:
            return sql, None
        return sql, Kept(totals=few, limit=most, light=self._whole(*self._plain(WEIGHT_ONE)))

    def _whole(self, parts: list[str], select: str) -> str:
        if self._distinct:
            parts, select = self._with_distinct(parts, select)
        return f"WITH {', '.join(parts)} {select}"

    def _with_distinct(self, parts: list[str], select: str) -> tuple[list[str], str]:
        """Distinct counts come from rows of their own, joined to the other numbers by group."""
        parts = [*parts, f"base AS ({select})"]
        joins = []
        for measure, name in self._distinct:
            parts += distinct_parts(name, measure, self._names, self._bounds, self._dialect)
            same = [self._dialect.same(f"base.{key}", f"d_{name}.{key}") for key in self._names]
            joins.append(f" LEFT JOIN d_{name} ON {' AND '.join(same) or 'TRUE'}")
        shown = {name: f"COALESCE(d_{name}.n, 0) AS {name}" for _, name in self._distinct}
        names = [*self._names, *(name for _, name in self._measures)]
        items = [shown.get(name, f"base.{name}") for name in names]
        return parts, f"SELECT {', '.join(items)} FROM base{''.join(joins)}"

    def _shape(self) -> tuple[list[str], str]:
        return self._cells() if self._needs_cells() else self._plain()

    def _needs_cells(self) -> bool:
        kinds = [measure for measure, _ in self._added]
        owners = any(isinstance(measure, OwnerCount) for measure in kinds)
        own = any(isinstance(m, Total) and m.most is not None for m in kinds)
        if own or (owners and self._bounds.groups_bind):
            return True
        return not self._dialect.shares and self._rows_weigh()

    def _weighs_few(self) -> bool:
        return self._rows_weigh() and not self._needs_cells()

    def _rows_weigh(self) -> bool:
        rows = any(isinstance(m, RowCount) or _shares_weight(m) for m, _ in self._added)
        return rows and self._bounds.rows_bind

    # one GROUP BY over the rows

    def _plain(self, unit: int = 1) -> tuple[list[str], str]:
        """`unit` is what a row counts: the weight of everybody, where it is the same."""
        items = list(self._names)
        for measure, name in self._added:
            text = self._unweighted(measure, name)
            if unit != 1 and not isinstance(measure, OwnerCount):
                text = f"{unit} * {self._dialect.wide(text)}"
            items.append(f"{text} AS {name}")
        group = self._group_by(self._names)
        if not items:
            return [self._rows()], "SELECT 1 AS nothing"
        return [self._rows()], f"SELECT {', '.join(items)} FROM rows{group}"

    def _unweighted(self, measure: Added, name: str) -> str:
        match measure:
            case RowCount(condition=None):
                return "COUNT(*)"
            case RowCount():
                return f"COUNT(CASE WHEN x_{name} THEN 1 END)"
            case OwnerCount(condition=None):
                return "COUNT(DISTINCT u)"
            case OwnerCount():
                return f"COUNT(DISTINCT CASE WHEN x_{name} THEN u END)"
            case Total():
                return f"COALESCE({self._dialect.added(f'x_{name}', measure.magnitude)}, 0)"

    # a weight for the few owners whose rows exceed the bound

    def _heavy(self, few: str | None) -> tuple[list[str], str]:
        """`few` is a SELECT that holds, with more, whoever needs a weight."""
        items = [*self._names]
        for measure, name in self._added:
            items.append(f"{self._weighted(measure, name)} AS {name}")
        joined = "FROM rows LEFT JOIN weights ON rows.u = weights.u"
        group = self._group_by([f"rows.{name}" for name in self._names])
        chosen = ", ".join([f"rows.{name}" for name in self._names] + items[len(self._names) :])
        weights = heavy_rows(self._bounds, self._names, self._dialect, few)
        return [self._rows(), *weights], f"SELECT {chosen} {joined}{group}"

    def _weighted(self, measure: Added, name: str) -> str:
        weight = f"COALESCE(weights.w, {WEIGHT_ONE})"
        match measure:
            case RowCount(condition=None):
                return f"COALESCE(SUM({weight}), 0)"
            case RowCount():
                return f"COALESCE(SUM(CASE WHEN rows.x_{name} THEN {weight} END), 0)"
            case OwnerCount(condition=None):
                return "COUNT(DISTINCT rows.u)"
            case OwnerCount():
                return f"COUNT(DISTINCT CASE WHEN rows.x_{name} THEN rows.u END)"
            case Total():
                most = WEIGHT_ONE * measure.magnitude
                return f"COALESCE({self._dialect.added(f'{weight} * rows.x_{name}', most)}, 0)"

    def _rows(self) -> str:
        items = [f"{self._write(self._owner)} AS u"]
        items += [
            f"{key_sql(key, self._source, self._dialect.name)} AS {name}"
            for key, name in self._keys
        ]
        source = self._source.text
        values = {name: self._write(m.value) for m, name in self._measures if isinstance(m, Total)}
        if any(isinstance(m, Total) and not isinstance(m.value, Ref) for m, _ in self._measures):
            # Clamping reads a value several times: one that is computed is computed before, once.
            items += [f"{text} AS v_{name}" for name, text in values.items()]
            items += [f"{text} AS x_{name}" for name, text in self._inputs()]
            source = f"FROM (SELECT {', '.join(items)} {source}) AS valued"
            values = {name: f"v_{name}" for name in values}
            items = ["u", *self._names, *(f"x_{name}" for name, _ in self._inputs())]
        else:
            items += [f"{text} AS x_{name}" for name, text in self._inputs()]
        items += [
            f"{clamped(values[name], measure, self._dialect)} AS x_{name}"
            for measure, name in self._measures
            if isinstance(measure, Total)
        ]
        return self._dialect.protected("rows", f"SELECT {', '.join(items)} {source}")

    def _inputs(self) -> list[tuple[str, str]]:
        """What measures other than sums read of a row."""
        found = [(name, self._input(m)) for m, name in self._measures if not isinstance(m, Total)]
        return [(name, text) for name, text in found if text]

    def _input(self, measure: RowCount | OwnerCount | DistinctCount) -> str:
        if isinstance(measure, DistinctCount):
            return self._counted(measure)
        return self._write(measure.condition) if measure.condition is not None else ""

    def _counted(self, measure: DistinctCount) -> str:
        """What is counted: a value, or a row of several, NULL where it does not count."""
        if not measure.beside:
            return self._write(measure.value)
        parts = (measure.value, *measure.beside)
        row = self._dialect.row([*map(self._write, parts)], [part.type for part in parts])
        if measure.condition is None:
            return row
        return f"CASE WHEN {self._write(measure.condition)} THEN {row} END"

    # one row per owner and group

    def _cells(self) -> tuple[list[str], str]:
        """One row per owner and group, `cells`. What weights are made of are sums over an owner's
        cells: grouped and joined on, or windows where what is joined would be computed twice."""
        listed = ", ".join(["u", *self._names])
        sizes: list[tuple[str, str]] = []
        windows = not self._dialect.shares
        place = "cells" if windows else "owners"

        def sized(name: str, text: str) -> str:
            sizes.append((text, name))
            return name if windows else text

        cell_items, weights = [listed, "COUNT(*) AS n"], []
        chosen = [f"cells.{name}" for name in self._names]
        if self._bounds.rows_bind:
            weights.append(f"{self._row_weight(sized)} AS w")
        if self._bounds.groups_bind:
            weight = owner_weight(self._bounds, sized("s_groups", "COUNT(*)"), self._dialect)
            weights.append(f"{weight} AS v")
        for measure, name in self._added:
            cell, weight, value = self._cell(measure, name, place, sized)
            cell_items += [f"{cell} AS c_{name}"] if cell else []
            weights += [f"{weight} AS w_{name}"] if weight else []
            chosen.append(f"COALESCE(SUM({value}), 0) AS {name}")
        cells = f"SELECT {', '.join(cell_items)} FROM rows GROUP BY {listed}"
        group = self._group_by([f"cells.{name}" for name in self._names])
        if windows:
            over = [f"{text} OVER (PARTITION BY u) AS {name}" for text, name in sizes]
            parts = [
                f"sized AS (SELECT *, {', '.join(over)} FROM {self._dialect.derived(cells)})",
                f"cells AS (SELECT *, {', '.join(weights)} FROM sized)",
            ]
            return [self._rows(), *parts], f"SELECT {', '.join(chosen)} FROM cells{group}"
        owners = f"owners AS (SELECT {', '.join(['u', *weights])} FROM cells GROUP BY u)"
        select = f"SELECT {', '.join(chosen)} FROM cells JOIN owners ON cells.u = owners.u{group}"
        return [self._rows(), f"cells AS ({cells})", owners], select

    def _row_weight(self, sized: _Sized) -> str:
        if self._bounds.norm is Norm.L1:
            return row_weight(self._bounds, sized("s_rows", "SUM(n)"), "", self._dialect)
        squares = sized("s_squares", f"SUM({self._dialect.wide('n')} * n)")
        return row_weight(self._bounds, "", squares, self._dialect)

    def _cell(self, measure: Added, name: str, weights: str, sized: _Sized) -> tuple[str, str, str]:
        """An owner's number in one group, its own weight if it has one, and what is added up;
        `weights` is where weights stand."""
        row = self._dialect.wide(f"{weights}.w") if self._bounds.rows_bind else "1"
        owner = f"{weights}.v" if self._bounds.groups_bind else "1"
        match measure:
            case RowCount(condition=None):
                return "", "", f"{row} * cells.n"
            case RowCount():
                return f"COUNT(CASE WHEN x_{name} THEN 1 END)", "", f"{row} * cells.c_{name}"
            case OwnerCount(condition=None):
                return "", "", owner
            case OwnerCount():
                cell = f"MAX(CASE WHEN x_{name} THEN 1 ELSE 0 END)"
                return cell, "", f"{owner} * cells.c_{name}"
            case Total(most=None):
                added = self._dialect.added(f"x_{name}", measure.magnitude)
                return f"COALESCE({added}, 0)", "", f"{row} * cells.c_{name}"
            case Total():
                return self._own_total(measure, name, weights, sized)

    def _own_total(
        self, measure: Total, name: str, weights: str, sized: _Sized
    ) -> tuple[str, str, str]:
        most = _known_total(measure)
        edge = most * MOST_CELL_TOTAL
        added = self._dialect.added(f"x_{name}", measure.magnitude)
        cell = f"LEAST(GREATEST(COALESCE({added}, 0), {-edge}), {edge})"
        part = self._dialect.wide(f"c_{name}")
        size = f"SUM({part} * {part})" if self._bounds.norm is Norm.L2 else f"SUM(ABS({part}))"
        size = sized(f"s_{name}", size)
        weight = total_weight(self._bounds.norm, most, size, self._dialect)
        return cell, weight, f"{self._dialect.wide(f'{weights}.w_{name}')} * cells.c_{name}"

    @staticmethod
    def _group_by(expressions: Sequence[str]) -> str:
        return f" GROUP BY {', '.join(expressions)}" if expressions else ""

    def _write(self, expr: Expr) -> str:
        return write(expr, self._source.names, self._dialect.name)


def _shares_weight(measure: Measure) -> bool:
    return isinstance(measure, Total) and measure.most is None


def _known_total(measure: Total) -> int:
    if measure.most is None or measure.most > MOST_TOTAL:
        raise AssertionError("a total with a bound of its own")
    return measure.most
