"""What is remembered is the same as what would be worked out again, and takes bounded room."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from gateway.answer import answer
from gateway.edges import Analyst
from gateway.exchange import Answer, Request
from gateway.planning import plan
from gateway.recall import Asked, Recall, Recent
from gateway.start import Gateway, start

POLICIES = Path(__file__).parents[2] / "policies"
ANA = Analyst(name="ana", roles=("analyst",))
BEN = Analyst(name="ben", roles=("analyst",))
RATIO = "SELECT age, SUM(num_procedures) / COUNT(*)::float AS r FROM encounters GROUP BY age"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    ledger = tmp_path_factory.mktemp("recall") / "ledger.sqlite"
    running = start(POLICIES / "hospital.yaml", f"sqlite:///{ledger}")
    yield running
    running.close()


def asked(sql: str, number: int = 0, **settings: object) -> Request:
    request = Request(query_id=f"{number:032x}", analyst=ANA, sql=sql, epsilon=Fraction("0.01"))
    return replace(request, **settings)  # type: ignore[arg-type]


def forgetful(gateway: Gateway) -> Gateway:
    return replace(gateway, edges=replace(gateway.edges, recall=Recall()))


def ask(gateway: Gateway, request: Request) -> Answer:
    return answer(request, gateway.catalog, gateway.edges)


def test_a_remembered_answer_is_the_one_that_is_worked_out_anew(gateway: Gateway) -> None:
    paid = ask(gateway, asked(RATIO, 1))
    again = ask(gateway, asked(RATIO, 2))
    anew = ask(forgetful(gateway), asked(RATIO, 2))
    assert paid.privacy.epsilon > 0
    assert again == anew
    assert (again.rows, again.half_width) == (paid.rows, paid.half_width)
    assert again.rows is paid.rows  # so it was remembered


def test_another_analyst_pays_for_what_is_remembered(gateway: Gateway) -> None:
    sql = "SELECT COUNT(*) FROM encounters WHERE age = '[20-30)'"
    first = ask(gateway, asked(sql, 3))
    second = ask(gateway, asked(sql, 4, analyst=BEN))
    assert second.rows == first.rows
    assert second.privacy.epsilon == first.privacy.epsilon > 0
    assert not second.privacy.reused


def test_new_noise_is_shown(gateway: Gateway) -> None:
    """The same plan over another noisy table, once the data changed, is another answer."""
    sql = "SELECT gender, COUNT(*) AS n FROM encounters GROUP BY gender"
    first = ask(gateway, asked(sql, 5))
    gateway.books.answers.data_changed("hospital", by="root")
    second = ask(gateway, asked(sql, 6))
    assert [row[0] for row in second.rows] == [row[0] for row in first.rows]
    assert second.rows != first.rows  # equal with probability below 10⁻⁶


def test_the_time_of_day_is_never_remembered(gateway: Gateway) -> None:
    sql = "SELECT n, random() AS r FROM (SELECT COUNT(*) AS n FROM encounters) t"
    first, second = (ask(gateway, asked(sql, number)) for number in (7, 8))
    assert first.rows[0][0] == second.rows[0][0]
    assert first.rows[0][1] != second.rows[0][1]


@pytest.mark.parametrize(
    "settings",
    [
        {"epsilon": Fraction("0.02")},
        {"epsilon": None},
        {"epsilon": None, "max_error": Fraction(500)},
        {"confidence": 0.9},
        {"parameters": (True,)},
        {"parameters": (1.0,)},
        {"parameters": ("1",)},
        {"sql": "SELECT COUNT(*) AS n FROM encounters WHERE number_emergency > $1 -- other"},
    ],
    ids=str,
)
def test_every_part_of_a_question_tells_it_from_another(
    gateway: Gateway, settings: dict[str, object]
) -> None:
    sql = "SELECT COUNT(*) AS n FROM encounters WHERE number_emergency > $1"
    dataset = gateway.catalog.datasets["hospital"]
    one = Asked.of(asked(sql, parameters=(1,)), dataset, (), None)
    other = Asked.of(replace(asked(sql, parameters=(1,)), **settings), dataset, (), None)  # type: ignore[arg-type]
    assert one != other
    assert one != Asked.of(
        asked(sql, parameters=(1,)), replace(dataset, digest="another"), (), None
    )
    assert one != Asked.of(asked(sql, parameters=(1,)), dataset, (), dt.date(2024, 2, 29))
    assert one == Asked.of(asked(sql, 9, parameters=(1,), analyst=BEN, key="k"), dataset, (), None)


def test_a_plan_is_made_once(gateway: Gateway) -> None:
    first, _ = plan(asked(RATIO, 10), gateway.catalog, gateway.edges)
    second, _ = plan(asked(RATIO, 11), gateway.catalog, gateway.edges)
    anew, _ = plan(asked(RATIO, 11), gateway.catalog, forgetful(gateway).edges)
    assert second is first
    assert anew == first


def test_what_was_not_used_for_longest_makes_room() -> None:
    recent: Recent[str, int] = Recent(most=100)
    for name in "abcde":
        recent.keep(name, ord(name), 20)
    assert recent.get("a") == ord("a")
    recent.keep("f", 0, 20)
    assert recent.get("b") is None
    assert [recent.get(name) for name in "acdef"] == [97, 99, 100, 101, 0]
    recent.keep("f", 1, 1)
    recent.keep("g", 2, 19)
    assert len(recent) == 6


def test_what_is_too_large_is_not_kept() -> None:
    recent: Recent[str, int] = Recent(most=100)
    recent.keep("a", 1, 20)
    recent.keep("b", 2, 26)
    recent.keep("a", 3, 26)
    assert (recent.get("a"), recent.get("b"), len(recent)) == (None, None, 0)


def test_threads_share_it() -> None:
    recent: Recent[int, int] = Recent(most=1_000)

    def work(start: int) -> None:
        for number in range(start, start + 3_000):
            recent.keep(number % 97, number % 97, 1 + number % 40)
            assert recent.get(number % 89) in (None, number % 89)

    threads = [threading.Thread(target=work, args=(7 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = sum(size for _, size in recent._values.values())
    assert held == recent._held <= 1_000
