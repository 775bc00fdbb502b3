"""Hostile and sloppy text costs little and is refused by name and place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from gateway.errors import Code, Refusal
from gateway.sql.parse import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_DOUBLING,
    MOST_TOKENS,
    parse,
    position_of,
)
from tests.hang_guard import ends


def refused(text: str) -> Refusal:
    """The refusal of a text."""
    with ends(), pytest.raises(Refusal) as caught:
        parse(text)
    return caught.value


HOSTILE: dict[str, Callable[[], str]] = {
    "parentheses": lambda: "SELECT " + "(" * 100_000 + "1" + ")" * 100_000,
    "parentheses within the length": lambda: "SELECT " + "(" * 30_000 + "1" + ")" * 30_000,
    "parentheses within the tokens": lambda: "SELECT " + "(" * 3_000 + "1" + ")" * 3_000,
    "sub-selects": lambda: "SELECT * FROM (" * 2_000 + "SELECT 1" + ")" * 2_000,
    "cases": lambda: "SELECT " + "CASE WHEN 1 = 1 THEN " * 1_000 + "1" + " END" * 1_000,
    "brackets": lambda: "SELECT " + "[" * 4_000 + "]" * 4_000,
    "operators": lambda: "SELECT 1" + " + 1" * 3_900,
    "signs": lambda: "SELECT " + "- " * 7_000 + "1",
    "negations": lambda: "SELECT " + "NOT " * 7_000 + "TRUE",
    "unions": lambda: "SELECT 1" + " UNION SELECT 1" * 2_600,
    "tokens": lambda: "SELECT " + ", ".join("1" for _ in range(8_001)),
    "characters": lambda: "SELECT '" + "x" * MOST_CHARACTERS + "'",
    "casts": lambda: "SELECT 1" + "::int" * 3_900,
    "joins in parentheses": lambda: (
        "SELECT 1 FROM " + "(" * 1_000 + "a" + " JOIN a ON TRUE)" * 1_000
    ),
    "an open comment": lambda: "/*" * 30_000,
    "an open text": lambda: "SELECT '" + "''" * 30_000,
    "dots": lambda: "SELECT a" + ".a" * 3_900,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_refused(kind: str) -> None:
    found = refused(HOSTILE[kind]())
    assert found.code in (Code.UNSUPPORTED_SQL, Code.SQL_SYNTAX)
    assert found.hint


def test_nesting_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits stand before the parser, so what they refuse costs no more than tokens."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the parser was called")

    monkeypatch.setattr("gateway.sql.parse.sqlglot.parse", never)
    for kind in ("parentheses", "parentheses within the length", "sub-selects", "brackets"):
        assert refused(HOSTILE[kind]()).code is Code.UNSUPPORTED_SQL
    for kind in DOUBLING:
        assert refused(DOUBLING[kind](MOST_DOUBLING + 1)).code is Code.UNSUPPORTED_SQL
    with pytest.raises(AssertionError, match="was called"):
        parse("SELECT 1")


DEEPEST: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "SELECT " + "(" * n + "1" + ")" * n,
    "calls": lambda n: "SELECT " + "abs(" * n + "a" + ")" * n + " FROM t",
    "cases": lambda n: "SELECT " + "CASE WHEN a THEN " * n + "1" + " END" * n + " FROM t",
    "sub-selects": lambda n: "SELECT * FROM " + "(SELECT * FROM " * n + "t" + ") s" * n,
    "sub-queries": lambda n: "SELECT " + "(SELECT 1 + " * n + "1" + ")" * n,
    "tables": lambda n: "SELECT 1 FROM " + "(" * n + "a JOIN b ON TRUE" + ")" * n,
}
DOUBLING: dict[str, Callable[[int], str]] = {
    "arrays": lambda n: "SELECT " + "ARRAY[" * n + "1" + "]" * n,
    "arrays in parentheses": lambda n: "SELECT " + "(ARRAY[" * n + "1" + "])" * n,
    "dates": lambda n: "SELECT " + "DATE(" * n + "1" + ")" * n,
    "dates of sums": lambda n: "SELECT " + "DATE(1 + (" * n + "1" + "))" * n,
    "decimals": lambda n: "SELECT CAST(1 AS " + "DECIMAL(" * n + "1" + ")" * n + ")",
}
"""What takes twice as long with each level."""


@pytest.mark.parametrize("kind", DEEPEST)
def test_what_is_as_deep_as_allowed_is_read(kind: str) -> None:
    """The stack suffices up to the limit, and the limit speaks before the stack ends."""
    assert isinstance(parse(DEEPEST[kind](MOST_DEPTH)).query, exp.Query)
    found = refused(DEEPEST[kind](MOST_DEPTH + 1))
    assert str(MOST_DEPTH) in found.hint
    assert found.position is not None


@pytest.mark.parametrize("kind", DOUBLING)
def test_what_doubles_is_stopped_early(kind: str) -> None:
    found = refused(DOUBLING[kind](MOST_DOUBLING + 1))
    assert str(MOST_DOUBLING) in found.hint
    assert found.position is not None
    with ends():
        try:
            assert parse(DOUBLING[kind](MOST_DOUBLING)).query
        except Refusal as refusal:
            assert refusal.code is Code.SQL_SYNTAX  # noqa: PT017


def test_what_is_as_long_as_allowed_is_read() -> None:
    many = ", ".join(f"c{i}" for i in range(MOST_TOKENS // 2 - 10))
    assert isinstance(parse(f"SELECT {many} FROM t").query, exp.Query)
    listed = ", ".join(str(i) for i in range(3_000))
    assert isinstance(parse(f"SELECT COUNT(*) FROM t WHERE a IN ({listed})").query, exp.Query)


def test_the_limits_are_told() -> None:
    found = refused("SELECT '" + "x" * MOST_CHARACTERS + "'")
    assert str(MOST_CHARACTERS) in found.sentence
    found = refused("SELECT " + "(" * (MOST_DEPTH + 1) + "1" + ")" * (MOST_DEPTH + 1))
    assert str(MOST_DEPTH) in found.hint
    assert found.position is not None
    assert found.position.line == 1
    assert found.position.column == len("SELECT ") + MOST_DEPTH + 1


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("SELECT a,\n  b + c\nFROM t", exp.Add, 2, 3),
        ("SELECT a,\n  max(b)\nFROM t", exp.Max, 2, 3),
        ('SELECT "Long Name" FROM t', exp.Column, 1, 8),
        ("SELECT a FROM t\nWHERE t.b = 'x'", exp.EQ, 2, 7),
        ("SELECT count(distinct a) FROM t", exp.Count, 1, 8),
    ],
)
def test_a_node_is_placed_where_it_starts(
    text: str, kind: type[exp.Expr], line: int, column: int
) -> None:
    node = parse(text).query.find(kind)
    assert node is not None
    place = position_of(node)
    assert place is not None
    assert (place.line, place.column) == (line, column)
    assert place.fragment == node.sql(dialect="postgres")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text brings anything but a query or a refusal out of the parser."""
    read_or_refused(text)


def read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text).query, exp.Query)
    except Refusal as refusal:
        assert refusal.code in (Code.SQL_SYNTAX, Code.UNSUPPORTED_SQL)  # noqa: PT017
        assert refusal.sentence.endswith(".")  # noqa: PT017


VOCABULARY = """
SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT WITH AS ( ) , . * + - / a b t 1 'x' "q" COUNT SUM
CASE WHEN THEN ELSE END AND OR NOT IN IS NULL BETWEEN JOIN ON UNION ALL DISTINCT OVER PARTITION CAST
:: $1 ; -- /* */ @ ~ || [ ] { } ? : => -> ->> # & | ^ % LATERAL VALUES EXISTS INTERVAL DATE EXPLAIN
"""
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.lists(WORDS, max_size=40).map(lambda words: "SELECT " + " ".join(words)))
def test_any_words_of_sql_are_read_or_refused(text: str) -> None:
    read_or_refused(text)
