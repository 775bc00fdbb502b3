"""Answers as tables on standard output, plain where the output is no terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 10_000
"""Wide enough that nothing which goes to a file or another program is ever folded."""


def output() -> Console:
    """Standard output for data. No colour and no folding where it is not a terminal."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL, no_color=True)
    return console


def grid(headings: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[bool]) -> Table:
    """A table without vertical lines; `right` says which columns hold numbers."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, numeric in zip(headings, right, strict=True):
        table.add_column(Text(heading), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*[Text(plain(value)) for value in row])
    return table


def plain(value: object) -> str:
    """A value as people read it: thousands apart, at most four significant decimals."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return amount(value)
    return str(value)


def amount(value: float) -> str:
    """A float with as many decimals as its size deserves: 1,234 · 123 · 12.3 · 0.0457."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:,.1f}"
    if size >= 1:
        return f"{value:,.2f}"
    return f"{value:.3g}"


def answer_grid(answer: Mapping[str, Any]) -> Table:
    """The answer of `POST /v1/query`; each noisy number with its half-width."""
    names = [column["name"] for column in answer["columns"]]
    numeric = [_is_number(column["type"]) for column in answer["columns"]]
    rows = [
        [with_width(answer, name, index, value) for name, value in zip(names, row, strict=True)]
        for index, row in enumerate(answer["rows"])
    ]
    return grid(names, rows, numeric)


def with_width(answer: Mapping[str, Any], name: str, index: int, value: object) -> str:
    """One value, with `± half-width` where it is noisy."""
    accuracy = answer["accuracy"].get(name)
    width = accuracy["half_width"][index] if accuracy else None
    return plain(value) if width is None else f"{plain(value)} ± {plain(width)}"


def _is_number(type_name: str) -> bool:
    return type_name in ("smallint", "integer", "bigint", "numeric", "double precision", "real")


def price(privacy: Mapping[str, Any]) -> str:
    """What an answer cost and what is left, in one line."""
    left = privacy.get("remaining")
    tail = f"; {left['epsilon']:.4g} left" if left else ""
    if privacy["reused"]:
        return f"free: this answer had been paid for{tail}"
    if not privacy["epsilon"]:
        return f"free: only public tables were read{tail}"
    line = f"charged ε = {privacy['epsilon']:.4g}"
    if privacy["delta"]:
        line += f", δ = {privacy['delta']:.3g}"
    line += f" per {privacy['unit']}{tail}"
    if privacy["withheld_groups_possible"]:
        line += "; rare groups may be withheld"
    return line
