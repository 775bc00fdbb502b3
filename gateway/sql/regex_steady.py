"""Which regular expressions match the same characters on every engine, not only the same texts."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.sql.regex import Chars, Choice, Edge, Group, Node, Pattern, Repeat, Sequence


def steady(pattern: Pattern) -> bool:
    """Whether every engine finds the same characters, not only whether there are any.

    Claim: PostgreSQL takes the longest match from the leftmost place, RE2 and Java the first that
    their order of trying gives. Both are the same match, with the same groups, where (a) no part
    but single characters is repeated, greedily, and alternatives all have one length, and (b) at
    most one part varies in length: then the first tried is the longest, for the length of the
    whole grows with it alone; or each part that varies has no character in common with what may
    follow it, so that there is one way to match only. Patterns that match the empty text are left
    out. Test: tests/sql/test_regex.
    """
    parts = list(_flat(pattern.tree))
    lengths = [_lengths(part) for part in parts]
    if any(length is None for length in lengths):
        return False
    known = [length for length in lengths if length is not None]
    if sum(low for low, _ in known) == 0:
        return False
    varying = [i for i, (low, high) in enumerate(known) if low != high]
    return len(varying) <= 1 or all(_apart(parts, known, i) for i in varying)


def _flat(node: Node) -> Iterator[Node]:
    if isinstance(node, Group):
        yield from _flat(node.inner)
    elif isinstance(node, Sequence):
        for part in node.parts:
            yield from _flat(part)
    else:
        yield node


def _lengths(node: Node) -> tuple[int, int | None] | None:
    """The least and the most characters of a part; None where the part is not steady."""
    match node:
        case Chars():
            return 1, 1
        case Edge():
            return 0, 0
        case Repeat(inner=Chars(), low=low, high=high, greedy=True):
            return low, high
        case Choice(parts=parts):
            fixed = {_fixed(part) for part in parts}
            length = fixed.pop() if len(fixed) == 1 else None
            return None if length is None else (length, length)
    return None


def _fixed(node: Node) -> int | None:
    """The one length of a part without groups that are kept; None where it has several."""
    match node:
        case Chars():
            return 1
        case Repeat(inner=Chars(), low=low, high=high) if low == high:
            return low
        case Group(inner=inner, number=None):
            return _fixed(inner)
        case Sequence(parts=parts):
            lengths = [_fixed(part) for part in parts]
            known = [length for length in lengths if length is not None]
            return sum(known) if len(known) == len(lengths) else None
    return None


def _apart(parts: list[Node], lengths: list[tuple[int, int | None]], index: int) -> bool:
    part = parts[index]
    if not isinstance(part, Repeat) or not isinstance(part.inner, Chars):
        return False
    for other, (low, _) in zip(parts[index + 1 :], lengths[index + 1 :], strict=True):
        chars = other.inner if isinstance(other, Repeat) else other
        if isinstance(chars, Edge):
            continue
        if not isinstance(chars, Chars) or not _disjoint(part.inner, chars):
            return False
        if low > 0:
            return True
    return True


def _disjoint(a: Chars, b: Chars) -> bool:
    """Whether no character is of both; False where that is not plain to see."""
    if a.negated and b.negated:
        return False
    if b.negated:
        a, b = b, a
    if a.negated:  # everything that b holds must be among what a leaves out
        held = all(any(lo <= low and high <= hi for lo, hi in a.ranges) for low, high in b.ranges)
        return held and b.names <= a.names
    apart = all(hi < low or high < lo for lo, hi in a.ranges for low, high in b.ranges)
    return (
        apart
        and not any(_named(a.ranges, name) for name in b.names)
        and not any(_named(b.ranges, name) for name in a.names)
        and not (a.names and b.names)
    )


def _named(ranges: tuple[tuple[int, int], ...], name: str) -> bool:
    """Whether a range may hold a character of a category of Unicode."""
    if any(high > 127 for _, high in ranges):
        return True
    characters = (chr(code) for low, high in ranges for code in range(low, high + 1))
    if name.startswith("L"):
        return any(character.isalpha() for character in characters)
    return any(character.isdigit() for character in characters)
