"""Single values of a policy: each function reads one node, or notes a fault and returns None."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from gateway.policy.document import Branch, Leaf, Node, Series, key_path, shown
from gateway.policy.faults import FaultList, listing, nearest

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Reader = Callable[[Node, FaultList], T | None]

_DURATION = re.compile(r"([0-9]{1,9})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = re.compile(r"[1-9][0-9]{0,5}(MB|GB|TB)")
_MEMORY = re.compile(r"[1-9][0-9]{0,5}(MB|GB|TB|%)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_MOST_COUNT = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The keys of one mapping, read one by one."""

    branch: Branch
    faults: FaultList

    def has(self, key: str) -> bool:
        """Whether the mapping has the key, right or wrong."""
        return key in self.branch.entries

    def take(self, key: str, read: Reader[T]) -> T | None:
        """An optional key's value; None where it is missing or faulty."""
        node = self.branch.entries.get(key)
        return None if node is None else read(node, self.faults)

    def need(self, key: str, read: Reader[T], allowed: str) -> T | None:
        """A required key's value; None, with a fault noted, where it is missing or faulty."""
        if not self.has(key):
            self.fault(key, found="no such key", allowed=allowed)
            return None
        return self.take(key, read)

    def fault(self, key: str, *, found: str, allowed: str) -> None:
        """Note a fault at a key, or at the mapping where the key is missing."""
        node = self.branch.entries.get(key)
        line = node.line if node else self.branch.line
        self.faults.add(line, key_path(self.branch.path, key), found=found, allowed=allowed)

    def refuse(self, key: str, *, because: str) -> None:
        """Note a fault if the key is there."""
        if self.has(key):
            self.fault(key, found=key, allowed=because)


def fields(node: Node, known: Sequence[str], faults: FaultList) -> Fields | None:
    """A mapping with none but the known keys; each unknown one is a fault."""
    if not isinstance(node, Branch):
        allowed = f"a mapping with keys among {listing(known, 40)}"
        faults.add(node.line, node.path, found=shown(node), allowed=allowed)
        return None
    for key, value in node.entries.items():
        if key not in known:
            faults.add(
                value.line,
                value.path,
                found="an unknown key",
                allowed=listing(known, 40),
                nearest=nearest(key, known),
            )
    return Fields(branch=node, faults=faults)


def entries(node: Node, faults: FaultList, allowed: str) -> Mapping[str, Node] | None:
    """A mapping with names for keys; names that differ only in case are a fault."""
    if not isinstance(node, Branch):
        faults.add(node.line, node.path, found=shown(node), allowed=allowed)
        return None
    first: dict[str, str] = {}
    for key, value in node.entries.items():
        other = first.setdefault(key.lower(), key)
        if other != key:
            found = f"a name that differs from {other} only in case"
            faults.add(value.line, value.path, found=found, allowed="names that differ otherwise")
        if "\0" in key or len(key) > 128:
            faults.add(
                value.line,
                value.path,
                found="a name that cannot be one in SQL",
                allowed="at most 128 characters",
            )
    return node.entries


def _wrong(node: Node, faults: FaultList, allowed: str) -> None:
    faults.add(node.line, node.path, found=shown(node), allowed=allowed)


def text(node: Node, faults: FaultList) -> str | None:
    """Any text that is not blank."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and node.value.strip():
        return node.value
    _wrong(node, faults, "text")
    return None


def prose(node: Node, faults: FaultList) -> str | None:
    """Text for people; may be empty."""
    if isinstance(node, Leaf) and isinstance(node.value, str):
        return node.value.strip()
    _wrong(node, faults, "text")
    return None


def name(node: Node, faults: FaultList) -> str | None:
    """A name that needs no quotes in SQL."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and _NAME.fullmatch(node.value):
        return node.value
    _wrong(node, faults, "a name of letters, digits and underscores, at most 63")
    return None


def names(node: Node, faults: FaultList) -> tuple[str, ...] | None:
    """One name or a list of different names, for example of a key's columns."""
    items = node.items if isinstance(node, Series) else (node,)
    found = [item.value for item in items if isinstance(item, Leaf) and isinstance(item.value, str)]
    if not items or len(found) < len(items) or len(set(found)) < len(items):
        _wrong(node, faults, "a column, or a list of different columns")
        return None
    return tuple(found)


def boolean(node: Node, faults: FaultList) -> bool | None:
    """`true` or `false`."""
    if isinstance(node, Leaf) and isinstance(node.value, bool):
        return node.value
    _wrong(node, faults, "true or false")
    return None


def one_of(kinds: type[E]) -> Reader[E]:
    """A reader for the value of an enumeration."""
    allowed = [kind.value for kind in kinds]

    def read(node: Node, faults: FaultList) -> E | None:
        if isinstance(node, Leaf) and node.value in allowed:
            return kinds(node.value)
        close = (
            nearest(node.value, allowed)
            if isinstance(node, Leaf) and isinstance(node.value, str)
            else None
        )
        faults.add(node.line, node.path, found=shown(node), allowed=listing(allowed), nearest=close)
        return None

    return read


def exact(node: Node) -> Fraction | None:
    """The number in a node, exact; None where there is none."""
    if isinstance(node, Leaf) and isinstance(node.value, int | Decimal):
        return None if isinstance(node.value, bool) else Fraction(node.value)
    return None


def positive(most: int | None = None) -> Reader[Fraction]:
    """A reader for a number above 0 and up to `most`, exact as it is written."""
    allowed = "a number above 0" + (f", at most {most:,}" if most else "")

    def read(node: Node, faults: FaultList) -> Fraction | None:
        number = exact(node)
        if number is None or number <= 0 or (most is not None and number > most):
            _wrong(node, faults, allowed)
            return None
        return number

    return read


def count(most: int = _MOST_COUNT) -> Reader[int]:
    """A reader for a whole number from 1 to `most`."""

    def read(node: Node, faults: FaultList) -> int | None:
        number = exact(node)
        if number is None or number.denominator != 1 or not 1 <= number <= most:
            _wrong(node, faults, f"a whole number from 1 to {most:,}")
            return None
        return int(number)

    return read


def count_or_auto(node: Node, faults: FaultList) -> int | None:
    """A whole number from 1, or `auto`, which is None."""
    if isinstance(node, Leaf) and node.value == "auto":
        return None
    number = exact(node)
    if number is None or number.denominator != 1 or not 1 <= number <= _MOST_COUNT:
        _wrong(node, faults, f"a whole number from 1 to {_MOST_COUNT:,}, or auto")
        return None
    return int(number)


def duration(node: Node, faults: FaultList) -> float | None:
    """A time such as `60s`, `5m`, `24h` or `7d`, in seconds."""
    match = (
        _DURATION.fullmatch(node.value)
        if isinstance(node, Leaf) and isinstance(node.value, str)
        else None
    )
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if not 0 < seconds <= 3650 * _SECONDS["d"]:
        _wrong(node, faults, "a time from 1s to 3650d, such as 60s, 5m, 24h or 7d")
        return None
    return float(seconds)


def memory(node: Node, faults: FaultList) -> str | None:
    """An amount of memory, such as `4GB`, or a share of the machine's, such as `50%`."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and _MEMORY.fullmatch(node.value):
        return node.value
    _wrong(node, faults, "an amount such as 512MB, 4GB or 50%")
    return None


def size(node: Node, faults: FaultList) -> str | None:
    """An amount of space, such as `10GB`."""
    if isinstance(node, Leaf) and isinstance(node.value, str) and _SIZE.fullmatch(node.value):
        return node.value
    _wrong(node, faults, "an amount such as 512MB or 10GB")
    return None


def decimals(number: Fraction) -> str:
    """A number for messages."""
    short = float(number)
    return f"{short:g}" if math.isfinite(short) else str(number)
