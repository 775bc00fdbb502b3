"""The release plan: what the engine runs, what noise is added, what it costs. Values only."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from gateway.budget.cost import Cost
from gateway.noise.tables import NoisyTable
from gateway.privacy.histograms import Histogram, Reading
from gateway.privacy.shape import Shape
from gateway.sql.types import INTEGER, Scalar, Type

_TOKEN = re.compile("\x00([a-z0-9_]+)\x00")


def token(number: int) -> str:
    """What stands in a statement for a value of an earlier release; analysts cannot send NUL."""
    return f"\x00earlier_{number}\x00"


def table_token(number: int) -> str:
    """What stands in FROM for a table of earlier releases."""
    return f"\x00table_{number}\x00"


def number_of(mark: str) -> int:
    """The number that a token was made of."""
    return int(mark.strip("\x00").rpartition("_")[2])


def is_table(mark: str) -> bool:
    """Whether a token stands for a table."""
    return mark.startswith("\x00table_")


def tokens_in(sql: str) -> tuple[str, ...]:
    """The tokens of a statement, each once, in order."""
    return tuple(dict.fromkeys(found.group() for found in _TOKEN.finditer(sql)))


class Norm(Enum):
    """The norm in which a vector of values over all groups is bounded."""

    L1 = "L1"
    L2 = "L2"


class Noise(Enum):
    """The two distributions, both over the integers."""

    DISCRETE_LAPLACE = "discrete_laplace"
    DISCRETE_GAUSSIAN = "discrete_gaussian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How far the vector of a measure's values over all groups moves when one owner goes.

    `value` is in the integers of the release's statement, an exact upper bound.
    """

    norm: Norm
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """Noise of one measure: b of the discrete Laplace, or σ of the discrete Gaussian."""

    noise: Noise
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A value that a statement takes from earlier releases of the same question.

    `token` stands for it in the statement: for one value, or in FROM for a table of as many rows
    as there are. `sql` computes it, in DuckDB's dialect, over the noisy tables `reads`; `types`
    are those of its columns.
    """

    token: str
    sql: str
    types: tuple[Type, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A part of a statement that an engine may keep until the data change. It is protected.

    `totals` stands in the statement, in parentheses, and gives owners `u` with their `n` rows.
    `light` gives the statement's result where nobody has more than `limit`.
    """

    totals: str
    limit: int
    light: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """SQL for one engine, made from a checked tree, with its result columns in order."""

    sql: str
    dialect: str
    columns: tuple[str, ...]
    kept: Kept | None = None

    @property
    def shown(self) -> str:
        """The SQL for reading: values of earlier releases are written `:earlier_1`."""
        return _TOKEN.sub(r":\1", self.sql)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyColumn:
    """A group key: its name in the statement's result, and `label`, what the analyst calls it."""

    name: str
    type: Type
    label: str = ""


NODE_KEYS = (KeyColumn(name="level", type=INTEGER), KeyColumn(name="node", type=INTEGER))
"""The keys of a histogram's nodes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedMeasure:
    """One measure of a release: an integer column of the statement, and the noise it gets.

    `label` is what the analyst asked for, such as `COUNT(*)`. One integer of the column is
    `unit_of_scale` of the analyst's units. `domain` of rows is never here.
    """

    column: str
    label: str
    sensitivity: Sensitivity
    mechanism: Mechanism
    unit_of_scale: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A group is reported only if the noisy owners' count in `column` is at least `least`.

    `least` is in the integers of the statement; `delta` (10⁻¹⁸) is the probability, at most, with
    which any group appears that holds one owner alone, over all groups that owner can be in.
    """

    column: str
    least: int
    delta: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One place where protected rows become a noisy table.

    `name` is the table's name in the post-processing SQL; `fingerprint` (hex SHA-256) names the
    exact plan: dataset, policy, statement, noise. Equal fingerprints are the same release.
    `groups` lists every combination of the keys' values where all are public, and all of them are
    reported; it is None where the groups are private and found by the threshold.

    With `histogram` the last two keys are the level and the number of its nodes, which are public:
    every group has every node. `groups` lists the combinations of the other keys; where these are
    private, the groups are the ones that the release `groups_of`, which comes before, has shown.
    `readings` are what the post-processing reads off the nodes. `shape` says what is counted, for
    comparing with stored releases.
    """

    name: str
    fingerprint: str
    statement: Statement
    keys: tuple[KeyColumn, ...]
    groups: tuple[tuple[Scalar, ...], ...] | None
    measures: tuple[ReleasedMeasure, ...]
    threshold: Threshold | None
    cost: Cost
    earlier: tuple[Earlier, ...] = ()
    histogram: Histogram | None = None
    groups_of: str | None = None
    readings: tuple[Reading, ...] = ()
    bounds_from: tuple[str, ...] = ()
    """Names of the estimates from which its bounds come."""
    shape: Shape | None = None

    @property
    def group_keys(self) -> tuple[KeyColumn, ...]:
        """The keys without those of a histogram's nodes."""
        return self.keys if self.histogram is None else self.keys[: -len(NODE_KEYS)]

    def cells(self, groups: tuple[tuple[Scalar, ...], ...]) -> tuple[tuple[Scalar, ...], ...]:
        """Every combination of all keys' values in these groups."""
        if self.histogram is None:
            return groups
        nodes = self.histogram.nodes
        return tuple((*group, *node) for group in groups for node in nodes)

    @property
    def public_keys(self) -> bool:
        """Whether every key has a public domain, so that every combination is reported."""
        return self.groups is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A bound that is estimated privately before the releases whose bounds come from it.

    `offers` are the same release at the price that this question pays for it and, after that, at
    higher prices, at which an analyst may have paid for it before. `table` is the noisy table of
    `release`, None as long as it is not released to the analyst who asks. `reserved` is what the
    question's amount holds back for it, whether or not it has been paid for.
    """

    offers: tuple[Release, ...]
    reserved: int
    table: NoisyTable | None = None

    @property
    def release(self) -> Release:
        """The release that is made, or was."""
        return self.offers[0]

    @property
    def sql(self) -> str:
        """What tells estimates apart."""
        return self.release.statement.sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """A release that was worked out from the stored release `finer`: `release` is as asked for,
    with the noise that the numbers of `table` have."""

    release: Release
    table: NoisyTable
    finer: Release


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputColumn:
    """One column of the answer: its name as SQL gives it, its type, whether noise is in it.

    `released` names the release and measure of which the column is exactly the one number.
    `grain` is what its numbers are shown in multiples of, as whole numbers are of 1.
    """

    name: str
    type: str
    noisy: bool
    released: tuple[str, str] | None = None
    grain: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTable:
    """A public table that post-processing reads: its name there, where the engine keeps it."""

    name: str
    source: tuple[str, ...]
    columns: tuple[tuple[str, Type], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Half-widths that the post-processing itself reads, as a table `name`, for noise_low and
    noise_high of derived numbers.

    `sql` gives the rows that show the numbers, `redraw` the same of one draw; `columns` are their
    names. The table has a row for each of them: the columns at `keys`, which tell rows apart, and
    for each column at `values` one named `half_of` it.
    """

    name: str
    sql: str
    redraw: str
    columns: tuple[str, ...]
    keys: tuple[int, ...]
    values: tuple[int, ...]


def half_of(column: str) -> str:
    """The name of the column that holds a number's half-widths."""
    return f"half of {column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """Post-processing: SQL over the noisy tables and public tables, in DuckDB's dialect.

    `redraw` is the same SQL over one draw of the redrawn noise, `draws.draw` saying which; empty
    where no column's interval has to be redrawn. The last `hidden` columns of both are not shown:
    they tell rows apart. `intervals` are tables that both read, in the order in which they can be
    made.
    """

    sql: str
    redraw: str
    columns: tuple[OutputColumn, ...]
    public_tables: tuple[PublicTable, ...]
    hidden: int = 0
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that happens for one question, known before any protected row is read.

    Where `pending` estimates are left, bounds that come from them are shown as 1, and the plan is
    made again once they are released.
    """

    dataset: str
    epsilon: Fraction
    """What the question costs alone, as asked; 0 where it reads public tables only."""
    releases: tuple[Release, ...]
    outer: Outer
    notes: tuple[str, ...] = ()
    explains: bool = False
    """Whether the SQL says EXPLAIN: then the plan itself is the answer."""
    estimates: tuple[Estimate, ...] = ()
    rolled: tuple[Rolled, ...] = ()
    day: dt.date | None = None
    """The day, in UTC, that was taken for today; None where the SQL does not say today."""

    @property
    def due(self) -> tuple[Release, ...]:
        """The releases that have to be made, or to be found stored as they are."""
        taken = {one.release.name for one in self.rolled}
        return tuple(release for release in self.releases if release.name not in taken)

    @property
    def laid_out(self) -> tuple[Release, ...]:
        """Every release as the engine runs it, or ran it: the finer one where one is rolled up."""
        finer = {one.release.name: one.finer for one in self.rolled}
        releases = (finer.get(release.name, release) for release in self.releases)
        return (*(estimate.release for estimate in self.estimates), *releases)

    @property
    def pending(self) -> tuple[Estimate, ...]:
        """Estimates that must be released before the rest."""
        return tuple(estimate for estimate in self.estimates if estimate.table is None)

    @property
    def charged(self) -> tuple[Release, ...]:
        """Every release that this question pays for, unless it has been paid for."""
        return (*(estimate.release for estimate in self.estimates), *self.due)

    @property
    def relied_on(self) -> frozenset[str]:
        """The releases, by name, that others are made with: bounds are read off them, conditions
        filled from them, groups taken over."""
        estimates = {estimate.release.name for estimate in self.estimates}
        read = {name for r in self.releases for value in r.earlier for name in value.reads}
        return frozenset(estimates | read | {r.groups_of for r in self.releases if r.groups_of})

    @property
    def cost(self) -> Cost:
        """The sum over all releases, paid or not."""
        total = Cost(amount=0, delta=0)
        for release in self.charged:
            total = total + release.cost
        return total
