"""Upper and lower case of all letters, and sets of them, whatever the database's locale.

PostgreSQL's own functions know the letters of a locale that each server has or has not; text is
compared by code points here, where they know ASCII alone. So other letters are listed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from gateway.sql.functions.letters import LAST, pairs
from gateway.sql.functions.postgres.names import once, quoted_text


def cased(text: str, *, upper: bool) -> str:
    """A text in upper or lower case, letter by letter; texts of ASCII alone take the short way."""
    letters, others = map(quoted_text, pairs(upper=upper))
    name = "upper" if upper else "lower"
    return once(
        [text],
        lambda x: (
            f'{name}(CASE WHEN octet_length({x}) = length({x}) THEN {x} COLLATE "C" '
            f'ELSE translate({x}, {letters}, {others}) COLLATE "C" END)'
        ),
    )


@cache
def of_category(name: str) -> tuple[tuple[int, int], ...]:
    """The code points of one of Unicode's categories, or of all that begin with a letter."""
    return ranges(c for c in range(LAST + 1) if unicodedata.category(chr(c)).startswith(name))


def ranges(codes: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Rising code points as ranges."""
    found: list[tuple[int, int]] = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return tuple(found)


@cache
def _alike() -> dict[str, frozenset[int]]:
    """Letters that differ in case alone, by what they are folded to."""
    found: dict[str, set[int]] = {}
    for code in range(LAST + 1):
        letter = chr(code)
        if letter.lower() != letter or letter.upper() != letter:
            found.setdefault(letter.casefold(), set()).add(code)
    return {fold: frozenset(codes) for fold, codes in found.items()}


def either_case(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges of code points with the other cases of their letters."""
    codes: set[int] = set()
    for low, high in parts:
        codes.update(range(low, high + 1))
    for code in tuple(codes):
        codes |= _alike().get(chr(code).casefold(), frozenset())
    return ranges(sorted(codes))
