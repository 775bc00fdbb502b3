"""The other case of every letter, one letter for one, for engines whose own functions differ.

A letter that becomes two in capitals stays as it is, unless it has a capital of its own; what a
letter becomes does not depend on its neighbours.
"""

from __future__ import annotations

from functools import cache

LAST = 0x10FFFF
_ELSE: dict[bool, dict[str, str]] = {True: {"ß": "ẞ"}, False: {"İ": "i"}}
"""Letters of which engines have another upper (True) or lower case than Python."""


def _cased(letter: str, upper: bool) -> str:
    if letter in _ELSE[upper]:
        return _ELSE[upper][letter]
    other = letter.upper() if upper else letter.lower()
    # A letter that becomes two in capitals may have one form as the first of a word.
    return letter.title() if upper and len(other) > 1 else other


@cache
def pairs(*, upper: bool) -> tuple[str, str]:
    """The letters that have one other case, and that case of each."""
    found = []
    for code in range(LAST + 1):
        letter = chr(code)
        other = _cased(letter, upper)
        if other != letter and len(other) == 1:
            found.append((letter, other))
    return "".join(a for a, _ in found), "".join(b for _, b in found)


def lowered(text: str) -> str:
    """A constant text in lower case."""
    return text.translate(str.maketrans(*pairs(upper=False)))
