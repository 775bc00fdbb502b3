"""What a release counts, in words that can be compared with another release's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShape:
    """A group key: its column in the noisy table, its SQL over the rows; where it cuts a moment
    (`date_trunc`), the grain and the SQL of the moment."""

    column: str
    text: str
    grain: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureShape:
    """A measure: its column, what it adds up in the analyst's units, and whether the sum over
    several groups is the measure of all of them together, as it is not for distinct counts."""

    column: str
    text: str
    adds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A release without its noise. `source` names the rows before any condition (a hash of FROM,
    the owner and the norm); `conditions` are those of WHERE."""

    source: str
    conditions: tuple[str, ...]
    keys: tuple[KeyShape, ...]
    measures: tuple[MeasureShape, ...]
