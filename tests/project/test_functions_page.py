"""The analysts' page of functions is written from the table of functions."""

from __future__ import annotations

from pathlib import Path

from gateway.sql.functions import TABLE
from gateway.sql.functions.__main__ import page
from tests.project.tree import documentation


def test_the_page_is_up_to_date() -> None:
    """After a change of the table write it anew: the command stands at its head."""
    assert documentation()[Path("docs/analyst/functions.md")] == page()


def test_every_function_has_its_line() -> None:
    """But for the one that the gateway itself writes."""
    assert page().count("\n| ") - page().count("\n| Function |") == len(TABLE) - 1
