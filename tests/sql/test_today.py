"""Today stands for a day, and for nothing finer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.answer import answer
from gateway.edges import Analyst
from gateway.errors import Refusal
from gateway.exchange import Request
from gateway.planning import plan
from gateway.privacy.plan import Plan
from gateway.sql.parse import parse
from gateway.sql.today import at_day, day_of
from gateway.start import Gateway, start
from tests.ledger.desk import Hands
from tests.project.tree import ROOT

DAY = dt.date(2011, 11, 20)
ANA = Analyst(name="ana", roles=("analyst",))
NOON, LATER = (dt.datetime(2011, 11, 20, hour, 34, 56, 789, tzinfo=dt.UTC) for hour in (12, 23))
TOMORROW = dt.datetime(2011, 11, 21, 0, 0, 1, tzinfo=dt.UTC)
ASKED = "SELECT COUNT(*) AS n FROM lines WHERE invoice_at >= "
SAME = {
    "CURRENT_DATE": "DATE '2011-11-20'",
    "CURRENT_DATE - INTERVAL '7' DAY": "DATE '2011-11-20' - INTERVAL '7' DAY",
    "NOW()::date - 3": "DATE '2011-11-17'",
    "DATE_TRUNC('day', (NOW() + INTERVAL '-30 day'))": "TIMESTAMPTZ '2011-10-21 00:00:00+00'",
    "CAST((NOW() - INTERVAL '1 month') AS date)": "DATE '2011-10-20'",
    "date_trunc('month', CURRENT_TIMESTAMP)": "TIMESTAMPTZ '2011-11-01 00:00:00+00'",
    "date_trunc('week', NOW()::timestamp)": "TIMESTAMP '2011-11-14 00:00:00'",
    "date_trunc('year', LOCALTIMESTAMP)": "TIMESTAMP '2011-01-01 00:00:00'",
}
"""What tools send, and the constant that it stands for on that day."""
FINER = (
    *("NOW()", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "date_trunc('hour', NOW())"),
    *("NOW() - INTERVAL '1 day'", "CAST(NOW() - INTERVAL '12 hours' AS date)"),
    *("CAST(NOW() + INTERVAL '1.5 days' AS date)", "date_trunc('day', NOW(), 'Asia/Tokyo')"),
    *("CAST(NOW() AT TIME ZONE 'Asia/Tokyo' AS date)", "CAST(CAST(NOW() AS text) AS date)"),
    *("date_trunc('day', NOW() + INTERVAL '1 day 12 hours')", "CURRENT_TIMESTAMP(0)"),
    *("CAST(NOW() + (NOW() - NOW()) AS date)", "clock_timestamp()"),
    # Rounded to the next second, the last half second of a day is the next day's.
    *("date_trunc('day', CURRENT_TIMESTAMP(0))", "CAST(NOW() AS timestamp(0))::date"),
    *("CAST(NOW() + INTERVAL '1.5' DAY AS date)", "CAST(NOW() + INTERVAL '0.5' MONTH AS date)"),
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    ledger = tmp_path_factory.mktemp("today") / "ledger.sqlite"
    running = start(ROOT / "policies" / "retail.yaml", f"sqlite:///{ledger}")
    yield running
    running.close()


def at(gateway: Gateway, now: dt.datetime) -> Gateway:
    clock = Hands()
    clock.time = now
    return replace(gateway, edges=replace(gateway.edges, clock=clock))


def planned(gateway: Gateway, moment: str, now: dt.datetime) -> Plan:
    request = Request(query_id="0" * 32, analyst=ANA, sql=ASKED + moment)
    return plan(request, gateway.catalog, at(gateway, now).edges)[0]


def prints(found: Plan) -> list[str]:
    return [release.fingerprint for release in found.releases]


@pytest.mark.parametrize("moment", SAME)
def test_today_is_a_constant_of_the_day(gateway: Gateway, moment: str) -> None:
    """The very release of the constant: the same statement at any time of the day."""
    one, other = (planned(gateway, moment, now) for now in (NOON, LATER))
    constant = planned(gateway, SAME[moment], NOON)
    assert prints(one) == prints(other) == prints(constant)
    assert [r.statement for r in one.releases] == [r.statement for r in constant.releases]
    assert not constant.notes
    assert "Today is 2011-11-20" in one.notes[-1]


def test_tomorrow_is_another_question(gateway: Gateway) -> None:
    """Also where the plan of today is remembered."""
    today = planned(gateway, "CURRENT_DATE", LATER)
    assert prints(planned(gateway, "CURRENT_DATE", TOMORROW)) != prints(today)
    assert prints(planned(gateway, "CURRENT_DATE", LATER)) == prints(today)


@pytest.mark.parametrize("moment", FINER)
def test_what_is_finer_than_a_day_is_refused(gateway: Gateway, moment: str) -> None:
    with pytest.raises(Refusal) as refused:
        planned(gateway, moment, NOON)
    assert refused.value.code.name.lower() in {"unsupported_sql", "sql_syntax"}


def test_asked_again_the_same_day_it_is_free(gateway: Gateway) -> None:
    costs = []
    for number, now in enumerate((NOON, LATER)):
        request = Request(query_id=f"{number:032x}", analyst=ANA, sql=ASKED + "CURRENT_DATE - 5")
        running = at(gateway, now)
        costs.append(answer(request, running.catalog, running.edges).privacy.epsilon)
    assert costs[0] > 0
    assert costs[1] == 0


@given(
    st.datetimes(
        dt.datetime(1970, 1, 1),
        dt.datetime(2100, 1, 1),
        timezones=st.timezones(),
    )
)
def test_the_day_is_that_of_utc(now: dt.datetime) -> None:
    assert day_of("SELECT now()", now) == now.astimezone(dt.UTC).date()
    assert day_of("SELECT Current_Date", now) == now.astimezone(dt.UTC).date()
    assert day_of("SELECT known, current_dates FROM t", now) is None


def test_errors_point_to_what_was_written() -> None:
    """A constant in the place of today keeps its position."""
    query = parse("SELECT 1 FROM t WHERE d < date_trunc('day', now())").query
    (before,) = [node.meta for node in query.walk() if type(node).__name__ == "CurrentTimestamp"]
    assert before
    assert at_day(query, DAY)
    after = [node.meta for node in query.walk() if node.name.startswith("2011-11-20")]
    assert after
    assert all(meta == before for meta in after)
