"""What opening the dashboard took, for the table at the end of `make superset`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.superset.tap import Sent

MEASURED: list[Opening] = []
"""Every opening so far, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening (or refresh). `questions` are those of the statements that the gateway took as
    questions, `charged` those that cost; `drawn` are the seconds until all charts stood."""

    name: str
    statements: Sequence[Sent]
    questions: int
    drawn: float

    @property
    def distinct(self) -> int:
        return len({one.sql for one in self.statements})

    @property
    def refused(self) -> list[str]:
        """What was not answered, with the error."""
        return [f"{one.sql}: {one.error}" for one in self.statements if one.error is not None]

    @property
    def charged(self) -> int:
        return sum(one.charged for one in self.statements)

    def slowest(self, *, of_charged: bool) -> float:
        """The longest time that the gateway took over one statement, in seconds."""
        chosen = [one.seconds for one in self.statements if one.charged is of_charged]
        return max(chosen, default=0.0)


_HEADS = (
    "",
    "statements",
    "distinct",
    "refused",
    "questions",
    "charged",
    "gateway, all, s",
    "slowest new, ms",
    "slowest free, ms",
    "drawn after, s",
)


def table(openings: Sequence[Opening]) -> str:
    """The openings as text in columns."""
    rows = [
        (
            one.name,
            f"{len(one.statements)}",
            f"{one.distinct}",
            f"{len(one.refused)}",
            f"{one.questions}",
            f"{one.charged}",
            f"{sum(sent.seconds for sent in one.statements):.2f}",
            f"{1000 * one.slowest(of_charged=True):.0f}",
            f"{1000 * one.slowest(of_charged=False):.0f}",
            f"{one.drawn:.1f}",
        )
        for one in openings
    ]
    across = list(zip(_HEADS, *rows, strict=True))
    widths = [max(len(cell) for cell in column) for column in across]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in (_HEADS, *rows)
    )
