"""Whatever is done to one record or two, the check finds it and names it."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.budget.books import Books
from gateway.budget.tampering import Tampering
from tests.trail import raw


def named(books: Books) -> set[tuple[Tampering, str]]:
    return {(fault.tampering, fault.where) for fault in books.verify()}


def test_every_changed_value_of_every_record_is_named(worked: Books, url: str) -> None:
    """12 records, 6 values each: none can be changed unseen, and the record is named."""
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        assert len(before) == 12
        for index, record in enumerate(before):
            for place, column in enumerate(raw.COLUMNS[1:], start=1):
                value = record[place]
                other = value + 1 if isinstance(value, int) else f"{value[:-1]}~"
                changed = (*record[:place], other, *record[place + 1 :])
                raw.written(connection, [*before[:index], changed, *before[index + 1 :]])
                found = named(worked)
                assert (Tampering.CHANGED, f"record {index + 1}") in found, column
                records = {where for _, where in found if where.startswith("record")}
                assert records == {f"record {index + 1}"}, column
        raw.written(connection, before)
    assert named(worked) == set()


def test_every_removed_record_is_named(worked: Books, url: str) -> None:
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        for index in range(len(before)):
            raw.written(connection, [*before[:index], *before[index + 1 :]])
            assert (Tampering.REMOVED, f"record {index + 1}") in named(worked)


def test_every_removed_record_is_found_though_the_rest_moves_up(worked: Books, url: str) -> None:
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        for index in range(len(before) - 1):
            moved = [(record[0] - 1, *record[1:]) for record in before[index + 1 :]]
            raw.written(connection, [*before[:index], *moved])
            found = named(worked)
            # The next record stands in the removed one's place, and the last place is empty.
            assert (Tampering.REORDERED, f"record {index + 1}") in found
            assert (Tampering.REMOVED, f"record {index + 1}") in found
            assert (Tampering.REMOVED, "record 12") in found
            assert not [where for kind, where in found if kind is Tampering.CHANGED]


def test_every_removed_tail_is_named(worked: Books, url: str) -> None:
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        for left in range(len(before)):
            raw.written(connection, before[:left])
            where = f"records {left + 1} to 12" if left < 11 else "record 12"
            assert (Tampering.REMOVED, where) in named(worked)


def test_a_removed_tail_with_its_head_set_back_lacks_a_signature(worked: Books, url: str) -> None:
    """Whoever has the database and not the key cannot end the trail anywhere else."""
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        for left in range(1, len(before)):
            raw.written(connection, before[:left])
            head = before[left - 1]
            connection.execute("UPDATE audit_head SET sequence = ?, hash = ?", (head[0], head[6]))
            connection.commit()
            assert (Tampering.SIGNATURE, "the trail's end") in named(worked)


def test_every_swap_of_two_records_is_named(worked: Books, url: str) -> None:
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        for first, second in combinations(range(len(before)), 2):
            records = list(before)
            records[first] = (first + 1, *before[second][1:])
            records[second] = (second + 1, *before[first][1:])
            raw.written(connection, records)
            found = named(worked)
            assert (Tampering.REORDERED, f"record {first + 1}") in found
            assert (Tampering.REORDERED, f"record {second + 1}") in found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["remove", "swap", "copy", "change", "renumber"]),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    min_size=1,
    max_size=5,
)


def after(records: list[raw.Row], steps: list[tuple[str, int, int]]) -> list[raw.Row]:
    """The records after several acts of tampering; numbers stay different from each other."""
    found = list(records)
    for act, one, other in steps:
        if not found:
            break
        first, second = one % len(found), other % len(found)
        match act:
            case "remove":
                del found[first]
            case "swap":
                a, b = found[first], found[second]
                found[first], found[second] = (a[0], *b[1:]), (b[0], *a[1:])
            case "copy":
                found[first] = (found[first][0], *found[second][1:])
            case "change":
                found[first] = (*found[first][:3], f"{found[first][3]}x", *found[first][4:])
            case _:
                found = [(number, *record[1:]) for number, record in enumerate(found, start=1)]
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_to_the_records_is_found(
    worked: Books, url: str, steps: list[tuple[str, int, int]]
) -> None:
    """Any mixture of acts leaves a fault, unless the records are again as they were."""
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        touched = after(before, steps)
        raw.written(connection, touched)
        assert (named(worked) == set()) == (touched == before)
        raw.written(connection, before)


@pytest.mark.parametrize("value", ["'x'", "'1'", "2.5", "4611686018427387904", "-1", "x'00'"])
def test_a_moment_that_is_none_is_named(worked: Books, url: str, value: str) -> None:
    """SQLite keeps any kind of value in any column; the check must name it, not break on it."""
    with raw.opened(url) as connection:
        connection.execute(f"UPDATE audit SET at = {value} WHERE sequence = 4")
    assert named(worked) == {(Tampering.CHANGED, "record 4")}


@pytest.mark.parametrize("column", ["amount", "at", "period_start", "refund_of", "data_version"])
def test_a_charge_with_a_value_of_another_kind_is_a_fault(
    worked: Books, url: str, column: str
) -> None:
    with raw.opened(url) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE charges SET {column} = 'x' WHERE id = 1")
    assert worked.verify() != ()


def test_an_added_record_is_named(worked: Books, url: str) -> None:
    with raw.opened(url) as connection:
        before = raw.rows(connection)
        raw.written(connection, [*before, (13, *before[5][1:])])
        assert (Tampering.CHANGED, "record 13") in named(worked)


@pytest.mark.parametrize("kind", ["charge", "answer", "refusal", "grant", "data_changed"])
def test_the_day_has_records_of_every_kind(worked: Books, kind: str) -> None:
    """The tests above look at something."""
    assert kind in {record.kind for record in worked.audit.records()}
