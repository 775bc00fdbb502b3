"""What is wrong with a policy: every fault at once, each with its place and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `line` counts from 1; `path` is the key path, empty for the file as a whole.

    `nearest` is the known name closest to the one found, None where none is close. The text never
    holds an expanded environment variable, nor a value that was read from a database.
    """

    file: str
    line: int
    path: str
    found: str
    allowed: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " + (f"{self.path}: " if self.path else "")
        meant = f" (did you mean {self.nearest}?)" if self.nearest else ""
        return f"{place}found {self.found}{meant}; allowed: {self.allowed}"


class PolicyFaults(Exception):
    """One or more policies cannot be used. `faults` are all that were found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        title = "1 fault" if count == 1 else f"{count} faults"
        super().__init__("\n".join([f"{title} in policies:", *map(str, self.faults)]))


class FaultList:
    """Collects the faults of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._faults: list[Fault] = []

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(
        self, line: int, path: str, *, found: str, allowed: str, nearest: str | None = None
    ) -> None:
        """Note one fault; the same one twice counts once."""
        fault = Fault(
            file=self.file, line=line, path=path, found=found, allowed=allowed, nearest=nearest
        )
        if fault not in self._faults:
            self._faults.append(fault)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults, by line and then in the order found."""
        return tuple(sorted(self._faults, key=lambda fault: fault.line))

    def raise_any(self) -> None:
        """Raise `PolicyFaults` if there are faults."""
        if self._faults:
            raise PolicyFaults(self.faults)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to `name`, None where none is close."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return by_lower[found[0]] if found else None


def listing(names: Sequence[str], most: int = 12) -> str:
    """Names for a message, shortened when there are many."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
