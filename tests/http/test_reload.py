"""Policies read again while the gateway serves: by SIGHUP and by an administrator."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from gateway.budget.books import open_ledger
from gateway.server.serving import Serving
from gateway.start import Gateway
from tests.crash.worker import prepare
from tests.http.process import Running, running

QUESTION = {"sql": "SELECT COUNT(*) AS n FROM visits", "epsilon": 0.5}


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    prepare(tmp_path)
    return tmp_path / "policies" / "clinic.yaml"


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    books = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    made = {name: books.users.add(name, [role]) for name, role in ROLES.items()}
    books.close()
    return made


ROLES = {"ana": "analyst", "root": "admin"}


@pytest.fixture
def gateway(tmp_path: Path, policy: Path, keys: dict[str, str]) -> Iterator[Running]:
    ledger = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    arguments = ["-m", "gateway", "serve", "--json", "--http", "127.0.0.1:0"]
    arguments += ["--policies", str(policy.parent), "--ledger", ledger]
    with running(arguments, tmp_path / "log") as process:
        yield process


def account(client: httpx.Client) -> dict[str, Any]:
    (found,) = client.get("/v1/budget").json()["budgets"]
    return cast(dict[str, Any], found)


def edit(policy: Path, old: str, new: str) -> None:
    text = policy.read_text()
    assert text.count(old) == 1
    policy.write_text(text.replace(old, new))


def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it did not come about")


def test_policies_are_read_again(gateway: Running, policy: Path, keys: dict[str, str]) -> None:
    with gateway.client(keys["ana"]) as ana, gateway.client(keys["root"]) as root:
        assert ana.post("/v1/query", json=QUESTION).status_code == 200
        before = account(ana)

        # SIGHUP: another limit, and what was spent stays
        edit(policy, "epsilon: 5000", "epsilon: 4000")
        gateway.process.send_signal(signal.SIGHUP)
        eventually(lambda: account(ana)["limit"]["epsilon"] == pytest.approx(4000))
        assert account(ana)["spent"] == before["spent"]
        repeated = ana.post("/v1/query", json=QUESTION).json()["privacy"]
        assert repeated["reused"], "a change of budget makes nobody pay again"

        # the administrator's word: below what is spent, nothing more can be asked
        edit(policy, "epsilon: 4000", "epsilon: 0.1")
        assert ana.post("/v1/admin/reload").status_code == 403
        assert root.post("/v1/admin/reload").json() == {"datasets": ["clinic"]}
        another = "SELECT SUM(day) AS n FROM visits"
        refused = ana.post("/v1/query", json={"sql": another, "epsilon": 0.01})
        assert refused.json()["code"] == "budget_exhausted"
        assert account(ana)["spent"] == before["spent"]

        # faults: what was served goes on
        edit(policy, "epsilon: 0.1", "epsilon: 4000")
        assert root.post("/v1/admin/reload").status_code == 200
        good = policy.read_text()
        for change in (
            ("max_per_query", "max_per_qury"),
            ("zcdp", "approximate"),
            ("clinic.duckdb", "no"),
        ):
            edit(policy, *change)
            bad = root.post("/v1/admin/reload")
            assert (bad.status_code, bad.json()["code"]) == (400, "invalid_request")
            assert ("rebase" in bad.json()["hint"]) is (change[0] == "zcdp")
            assert ana.post("/v1/query", json=QUESTION).status_code == 200
            policy.write_text(good)

        # another engine: a copy of the data elsewhere
        data = policy.parent.parent
        (data / "moved.duckdb").write_bytes((data / "clinic.duckdb").read_bytes())
        edit(policy, "clinic.duckdb", "moved.duckdb")
        assert root.post("/v1/admin/reload").status_code == 200
        assert ana.post("/v1/query", json=QUESTION | {"epsilon": 0.02}).status_code == 200


class FakeEngine:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def made_of(*engines: FakeEngine) -> Gateway:
    held = {str(number): engine for number, engine in enumerate(engines)}
    return cast(Gateway, SimpleNamespace(edges=SimpleNamespace(engines=held)))


def test_an_engine_is_closed_when_nobody_uses_it_any_more() -> None:
    shared, old, new, newest = (FakeEngine() for _ in range(4))
    serving = Serving(made_of(shared, old))
    with serving.using() as first:
        serving.replace(made_of(shared, new))
        with serving.using():
            serving.replace(made_of(newest, new))
            assert [one.closed for one in (shared, old, new, newest)] == [0, 0, 0, 0]
        assert first.edges.engines["0"] is cast(object, shared)
        assert [one.closed for one in (shared, old, new, newest)] == [0, 0, 0, 0]
    assert [one.closed for one in (shared, old, new, newest)] == [1, 1, 0, 0]
    with pytest.raises(ZeroDivisionError), serving.using():
        raise ZeroDivisionError
    serving.replace(made_of())
    assert [one.closed for one in (shared, old, new, newest)] == [1, 1, 1, 1]
