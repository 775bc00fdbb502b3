"""Regular expressions mean what they mean in PostgreSQL, or are not read."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sql.regex import Unread, read, similar
from gateway.sql.regex_steady import steady


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": 1})
    yield connection
    connection.close()


def matches(engine: duckdb.DuckDBPyConnection, text: str, pattern: str) -> bool:
    found = engine.execute("SELECT regexp_matches(?, ?, 's')", [text, read(pattern).re2]).fetchone()
    assert found is not None
    return bool(found[0])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^25[0-9]", "250.1", True),
        ("^25[0-9]", "V250", False),
        ("a.c", "a\nc", True),  # in PostgreSQL a dot matches line breaks
        ("^b", "a\nb", False),  # and ^ and $ the ends of the text alone
        ("a$", "a\n", False),
        ("[^a]", "\n", True),
        (r"^\w+$", "größe_1", True),  # \w knows letters beyond ASCII
        (r"\s", "\v", True),
        (r"^\d{2,3}$", "1234", False),
        (r"^\D$", "x", True),
        ("^[]a-]+$", "]a-", True),
        (r"^[\]\\]+$", "]\\", True),
        ("^(?:ab|c)+?$", "abc", True),
        ("[[:upper:]][[:lower:]]", "Ab", True),
        ("^[^[:space:][:punct:]]+$", "a b", False),
        (r"1\.5", "105", False),
        ("x{2}", "axxb", True),
        (r"\A\Z", "", True),
    ],
)
def test_a_pattern_means_what_it_means_in_postgresql(
    pattern: str, text: str, expected: bool, engine: duckdb.DuckDBPyConnection
) -> None:
    assert matches(engine, text, pattern) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?i)a", "a**", r"\1", r"(a)\1", "a{2", "a{3,2}", "a{256}", "(a", "a)", "[a", "a\\"),
        *("^*", "|a", "a|", "", "()", r"\ma", r"a\y", "(?=a)", "(?!a)", "[[.a.]]", "[[=a=]]"),
        *("[b-a]", "[a-b-c]", "[[:nobody:]]", "***=a", "+a", "a{", "x}", "[\\w-z]"),
        *("((a{255}){255}){255}", "a" * 501, "(" * 25 + "a" + ")" * 25, r"\x41", r"\u0041"),
    ],
)
def test_what_engines_read_otherwise_is_not_read(pattern: str) -> None:
    with pytest.raises(Unread):
        read(pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\d+", True),
        ("[^0-9]", True),
        ("^(.*)@", True),
        ("(?:ab|cd)x*", True),
        (r"^([A-Z])([0-9]+)$", True),
        ("[^@]+@[^.]+[.]com", True),
        ("(2|25)", False),  # PostgreSQL takes the longer one, RE2 the first
        ("(a?)(ab)?", False),
        ("a+ab*", False),
        ("a*?b", False),
        ("x*", False),  # the empty text matches
        ("(ab)+", False),
        (".*a.*", False),
    ],
)
def test_what_finds_the_same_characters_everywhere(pattern: str, expected: bool) -> None:
    assert steady(read(pattern)) is expected


ATOMS = st.sampled_from(["a", "b", "c", "[ab]", "[^a]", ".", "(b)", "(?:ab|bc)", "(?:a|b)"])
COUNTS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}"])
PATTERNS = st.lists(st.tuples(ATOMS, COUNTS).map("".join), min_size=1, max_size=4).map("".join)
TEXTS = st.text(alphabet="abc", max_size=7)


@given(pattern=PATTERNS, text=TEXTS)
def test_a_steady_pattern_finds_the_longest_match(
    engine: duckdb.DuckDBPyConnection, pattern: str, text: str
) -> None:
    """What PostgreSQL finds: of the matches that start first, the longest. It is looked for here
    by trying every part of the text as a whole."""
    known = read(pattern)
    if not steady(known):
        return
    whole = rf"\A(?:{known.re2})\z"
    spans = [(i, j) for i in range(len(text)) for j in range(len(text), i, -1)]
    expected = next((text[i:j] for i, j in spans if _fits(engine, text[i:j], whole)), "")
    found = engine.execute("SELECT regexp_extract(?, ?, 0, 's')", [text, known.re2]).fetchone()
    assert found == (expected,)


def _fits(engine: duckdb.DuckDBPyConnection, text: str, whole: str) -> bool:
    return engine.execute("SELECT regexp_matches(?, ?, 's')", [text, whole]).fetchone() == (True,)


def test_an_unsteady_pattern_would_be_caught(engine: duckdb.DuckDBPyConnection) -> None:
    """The test above can fail: RE2 finds the first alternative, not the longest."""
    found = engine.execute("SELECT regexp_extract('25', '2|25', 0, 's')").fetchone()
    assert found == ("2",)
    assert not steady(read("2|25"))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("25%", "250", True),
        ("25_", "25", False),
        ("(V|E)%", "E1", True),
        ("a.c", "abc", False),
        ("a^c", "a^c", True),
        ("[0-9]+", "12", True),
        ("[0-9]+", "12a", False),
        ("100#%", "100%", True),
    ],
)
def test_similar_to(
    pattern: str, text: str, expected: bool, engine: duckdb.DuckDBPyConnection
) -> None:
    escape = "#" if "#" in pattern else "\\"
    assert matches(engine, text, similar(pattern, escape)) is expected
