"""An answer that was kept as JSON is the same answer when it is read back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.exchange import Remaining
from gateway.privacy.plan import OutputColumn
from gateway.server.render import answer_csv, answer_json
from gateway.server.stored import read
from gateway.sql.types import Scalar
from tests.http.exchanges import ANSWER, SPENT

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
VALUES: dict[str, st.SearchStrategy[Scalar]] = {
    "text": st.text(),
    "bigint": st.integers(),
    "boolean": st.booleans(),
    "double precision": FLOATS | st.integers(),
    "numeric": st.decimals(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
    "date": st.dates(),
    "timestamp": st.datetimes(),
    "timestamptz": st.datetimes(timezones=st.just(dt.UTC)),
}


@given(
    rows=st.lists(st.tuples(*(st.none() | each for each in VALUES.values())), max_size=4),
    numbers=st.tuples(*(FLOATS | st.integers() for _ in range(4))),
    renews=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    rho=st.none() | FLOATS,
)
def test_written_and_read_is_the_same(
    rows: list[tuple[Scalar, ...]],
    numbers: tuple[float, ...],
    renews: dt.datetime | None,
    rho: float | None,
) -> None:
    answer = replace(
        ANSWER,
        columns=tuple(OutputColumn(name=kind, type=kind, noisy=False) for kind in VALUES),
        rows=tuple(rows),
        half_width={"bigint": tuple(numbers[0] for _ in rows)},
        privacy=replace(
            SPENT,
            epsilon=numbers[0],
            delta=numbers[1],
            rho=rho,
            remaining=Remaining(epsilon=numbers[2], delta=numbers[3], rho=rho, renews_at=renews),
        ),
    )
    text = "".join(answer_json(answer))
    again = read(text)
    assert "".join(answer_json(again)) == text
    assert list(answer_csv(again)) == list(answer_csv(answer))
    assert again == answer


def test_without_an_account_there_is_nothing_remaining() -> None:
    public = replace(ANSWER, rows=(), half_width={}, privacy=replace(SPENT, remaining=None))
    assert read("".join(answer_json(public))) == public
