"""An exported trail is checked without its ledger: whatever is done to a line is found."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from gateway.budget import exported, signing
from gateway.budget.books import Books


@pytest.fixture
def lines(worked: Books) -> list[str]:
    return list(worked.audit.exported())


@pytest.fixture
def key(worked: Books) -> str:
    return worked.audit.public_keys()[0].public_key


def broken(lines: list[str], key: str) -> list[str]:
    return list(exported.faults(lines, key))


def test_an_export_is_whole_from_any_record_on(worked: Books, lines: list[str], key: str) -> None:
    assert len(lines) == 13
    for after in range(13):
        part = list(worked.audit.exported(after))
        assert part == lines[after:]
        assert broken(part, key) == []


def test_every_changed_member_of_every_line_is_found(lines: list[str], key: str) -> None:
    for place, line in enumerate(lines):
        for name, value in json.loads(line).items():
            if name == "key_id":
                continue  # says which key to look for; the key itself is given
            other = json.loads(line)
            if isinstance(value, dict):
                other[name] = value | {"more": 1}
            else:
                other[name] = value + 1 if isinstance(value, int) else f"{value[:-1]}~"
            changed = [*lines[:place], json.dumps(other), *lines[place + 1 :]]
            assert broken(changed, key), (place, name)


def test_every_removed_line_is_found_but_a_beginning(lines: list[str], key: str) -> None:
    for place in range(1, len(lines)):
        assert broken([*lines[:place], *lines[place + 1 :]], key), place
        assert broken(lines[:place], key), place


def test_every_swap_and_every_doubled_line_is_found(lines: list[str], key: str) -> None:
    for first, second in combinations(range(len(lines)), 2):
        swapped = list(lines)
        swapped[first], swapped[second] = lines[second], lines[first]
        assert broken(swapped, key), (first, second)
    for place, line in enumerate(lines):
        assert broken([*lines[:place], line, *lines[place:]], key), place


def test_another_key_has_not_signed_it(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = signing.create(tmp_path_factory.mktemp("key") / "key")
    assert broken(lines, other.public_key) == ["The end of the trail is not signed by this key."]


@pytest.mark.parametrize(
    "line",
    ["", "x", "[]", "{}", '{"sequence": 1}', "[" * 100_000, "null",
     '{"type":"noisegate.head/1","sequence":"1","hash":"","key_id":"","signature":""}',
     '{"type":"noisegate.head/1","sequence":1,"hash":"","key_id":null,"signature":null}'],
)  # fmt: skip
def test_what_is_no_line_of_a_trail_is_told(lines: list[str], key: str, line: str) -> None:
    assert any(sentence.startswith("Line 3 ") for sentence in broken(
        [*lines[:2], line, *lines[2:]], key
    ))  # fmt: skip


def test_nothing_is_no_trail(key: str) -> None:
    assert broken([], key) == ["The signed end of the trail is missing."]
