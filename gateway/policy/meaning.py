"""What of a policy decides the meaning of an answer: two policies that agree in it share answers.

Pure. A new field of a policy counts until it is named in `_WITHOUT_MEANING`, so that forgetting it
costs a question asked anew and never shows an answer to another question.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from gateway.policy.model import ColumnPolicy, EngineSettings, Policy, Privacy, TablePolicy

_WITHOUT_MEANING: Mapping[type, frozenset[str]] = {
    Policy: frozenset({"description", "budgets", "file", "digest", "timezone", "lines"}),
    EngineSettings: frozenset({"timeout_seconds", "threads", "memory"}),
    Privacy: frozenset({"per_query", "max_per_query", "show_sql"}),
    TablePolicy: frozenset({"description"}),
    ColumnPolicy: frozenset({"description"}),
}
"""Fields that change who may ask, how often, how fast or how it is told, and no released number:
`timezone` says when budgets renew, and prices stand in each release's noise."""


def meaning(policy: Policy) -> object:
    """All that decides what an answer under this policy means, as JSON can write it.

    Claim: policies with equal meanings, over equal schemas, give one release the same distribution:
    where the data lies, whom it protects and by which promise, every table and view, and how long
    an answer stands. Places within the policy's own folder are told from there, so that a folder
    may be moved, or lie elsewhere on another gateway. The order of keys has no meaning.

    Test: tests/policy/test_meaning.py, each field of a policy changed on its own.
    """
    return _plain(policy, policy.file.resolve().parent)


def _plain(value: object, folder: Path) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, {
            field.name: _plain(getattr(value, field.name), folder)
            for field in dataclasses.fields(value)
            if field.name not in _WITHOUT_MEANING.get(type(value), ())
        }]  # fmt: skip
    if isinstance(value, Mapping):
        return ["mapping", sorted([str(key), _plain(one, folder)] for key, one in value.items())]
    if isinstance(value, tuple):
        return ["tuple", *(_plain(one, folder) for one in value)]
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    text = str(value)
    if isinstance(value, str) and text.startswith(f"{folder}/"):
        text = f"./{text.removeprefix(f'{folder}/')}"
    return [type(value).__name__, text]
