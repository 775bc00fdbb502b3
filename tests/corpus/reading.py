"""The fixture files: `-- title:` and other `-- name: value` lines, then one query."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_HEAD = re.compile(r"^-- (title|dataset|policy|parameters|within|plain|code|fact|hint|at): (.*)$")

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One query of the corpus.

    `policy` names a variant of the dataset's policy (`tests.corpus.policies`). `within` is how far
    an answer without noise may be off, in seconds for moments: half a leaf of a histogram that
    cannot hold every value, the rounding of a sum of fractions to its step, and nothing elsewhere.
    `plain` is the question in DuckDB's own words, where it lacks PostgreSQL's, or means another
    thing by them. `code`, `fact`, `hint` and `at` (line:column in the query) are what a refusal
    must say.
    """

    construct: str
    title: str
    dataset: str
    sql: str
    parameters: tuple[Value, ...] = ()
    policy: str = "shipped"
    within: float = 0.0
    plain: str = ""
    code: str = ""
    fact: str = ""
    hint: str = ""
    at: str = ""

    @property
    def id(self) -> str:
        """How tests name it."""
        return f"{self.construct}: {self.title}"


def accepted() -> list[Entry]:
    """Every query that is answered."""
    return _folder("accepted")


def refused() -> list[Entry]:
    """Every query that is not."""
    return _folder("refused")


def _folder(name: str) -> list[Entry]:
    found = [entry for path in sorted((HERE / name).glob("*.sql")) for entry in _file(path)]
    ids = [entry.id for entry in found]
    repeated = {one for one in ids if ids.count(one) > 1}
    if repeated:
        raise ValueError(f"titles that stand twice: {sorted(repeated)}")
    return found


def _file(path: Path) -> list[Entry]:
    heads: list[dict[str, str]] = []
    bodies: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        head = _HEAD.match(line)
        if head and head[1] == "title":
            heads.append({"title": head[2]})
            bodies.append([])
        elif head and heads and not bodies[-1]:
            heads[-1][head[1]] = head[2]
        elif heads and (line.strip() or bodies[-1]):
            bodies[-1].append(line)
    return [
        _entry(path.stem, head, "\n".join(body).strip().removesuffix(";"))
        for head, body in zip(heads, bodies, strict=True)
    ]


def _entry(construct: str, head: dict[str, str], sql: str) -> Entry:
    parameters = json.loads(head.pop("parameters", "[]"))
    within = float(head.pop("within", "0"))
    return Entry(construct=construct, sql=sql, parameters=tuple(parameters), within=within, **head)
