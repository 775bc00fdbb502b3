"""The analysts' page of functions is written from the table of functions."""

from __future__ import annotations

from pathlib import Path

from gateway.sql.functions import TABLE, meaning_of
from gateway.sql.functions.__main__ import page
from tests.project.tree import documentation

SPELLED = {
    *("bit_or", "bit_xor", "bit_not", "shift_right", "shift_back"),
    *("subtract_intervals", "multiply_interval", "negate_interval"),
}
"""Operators, which have no name."""


def test_the_page_is_up_to_date() -> None:
    """After a change of the table write it anew: the command stands at its head."""
    assert documentation()[Path("docs/analyst/functions.md")] == page()


def test_every_function_has_its_line() -> None:
    """But for the one that the gateway itself writes; a row without words stands on the line of
    the row before it, which names it."""
    described = [function for function in TABLE.values() if function.meaning]
    assert page().count("\n| ") - page().count("\n| Function |") == len(described) - 1
    unnamed = {"add_intervals", "subtract_days", "to_timestamp_by"} | SPELLED
    for name, function in TABLE.items():
        if not function.meaning and name not in unnamed:
            assert f"{name}(" in meaning_of(name) or name in meaning_of(name)
