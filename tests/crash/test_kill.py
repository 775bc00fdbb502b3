"""SIGKILL at every step between request and reply, under load, on both kinds of ledger.

After each death the ledger alone is asked, then a new gateway gets all questions once more with
their keys, dies in turn, and so on: what must hold is checked after every death and at the end.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.budget.books import Books, open_ledger
from gateway.budget.tables import charges, requests, sightings
from tests.conftest import COUNTS
from tests.crash import worker
from tests.crash.steps import STEPS
from tests.crash.worker import Job
from tests.postgres import PostgresServer

SHORT = STEPS[2::4]
"""The steps that `make test` dies at, once each."""
OCCURRENCES = (1, 2, 3, 5, 8, 9, 12)
"""At which of its occurrences the audit dies at each step."""
AHEAD = 4
"""New questions per analyst and life of a gateway; all earlier ones without a reply come first."""


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        yield server.url(name)


class Lives:
    """One ledger through the lives and deaths of many gateways."""

    def __init__(self, folder: Path, ledger: str) -> None:
        self.folder, self.ledger, self.key = folder, ledger, folder / "trail.key"
        worker.prepare(folder)
        self.next_question = 0
        self.deaths: Counter[str] = Counter()
        self.replies: dict[tuple[str, int], str] = {}
        self.repeated = 0
        self._read = 0
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.crash.worker"])
        self.books = self._books()
        for name in worker.ANALYSTS:
            self.books.users.add(name, ["analyst"])

    def _books(self) -> Books:
        return open_ledger(self.ledger, signing_key=self.key)

    def live(self, step: str | None, occurrence: int, *, dies: bool) -> None:
        """One gateway: every question without a reply again, some that had one, some new ones."""
        self._forget_leases()
        before = self._releases_of_charges()
        asked = {number for _, number in self.replies}
        everyone = range(self.next_question)
        open_ones = [
            n for n in everyone if any((a, n) not in self.replies for a in worker.ANALYSTS)
        ]
        repeats = sorted(asked - set(open_ones))[-2:]
        new = range(self.next_question, self.next_question + AHEAD)
        self.next_question += AHEAD
        job = Job(
            folder=self.folder,
            ledger=self.ledger,
            key=self.key,
            questions=(*repeats, *open_ones, *new),
            step=step,
            occurrence=occurrence,
        )
        process = self._context.Process(target=worker.work, args=(job,))
        process.start()
        process.join(timeout=120)
        assert process.exitcode == (-signal.SIGKILL if dies else 0)
        if step is not None:
            self.deaths[step] += 1
        self._read_journal(job)
        self.check(before)

    def _forget_leases(self) -> None:
        """As if the leases of the gateway that died had run out, which takes two minutes."""
        with self.books.store.writing() as connection:
            connection.execute(sa.update(requests).values(leased_until=requests.c.begun_at))

    def _read_journal(self, job: Job) -> None:
        lines = job.journal.read_text().splitlines() if job.journal.exists() else []
        for text in lines[self._read :]:
            line = json.loads(text)
            key = (line["analyst"], line["number"])
            if key in self.replies:
                assert line["answer"] == self.replies[key], "a retry got another answer"
                self.repeated += 1
            self.replies[key] = line["answer"]
        self._read = len(lines)

    def _releases_of_charges(self) -> dict[int, int]:
        query = sa.select(sightings.c.charge_id, sightings.c.release_id)
        with self.books.store.reading() as connection:
            return {row.charge_id: row.release_id for row in connection.execute(query)}

    def check(self, before: dict[int, int]) -> None:
        """What must hold whenever a gateway has died."""
        assert self.books.verify() == ()
        assert all(account.agrees for account in self.books.replay())
        after = self._releases_of_charges()
        assert before.items() <= after.items(), "a charge was used for another answer"
        with self.books.store.reading() as connection:
            rows = connection.execute(sa.select(charges)).all()
        paid = Counter((r.analyst, r.idempotency_key) for r in rows if r.holder != "everyone")
        assert max(paid.values(), default=0) <= 1, "a retry was charged again"
        everyone = Counter(r.fingerprint for r in rows if r.holder == "everyone")
        used = {r.id for r in rows if r.id in after}
        for analyst, number in self.replies:
            mine = [
                r
                for r in rows
                if (r.holder, r.idempotency_key) == (f"user:{analyst}", f"question-{number}")
            ]
            assert len(mine) == 1, "an answer left without its charge"
            assert mine[0].id in used, "an answer left whose charge another may use"
            assert everyone[mine[0].fingerprint] >= 1, "an answer left that everyone did not pay"

    def told(self) -> str:
        """The counts, for whoever runs the audit."""
        return (
            f"{sum(self.deaths.values())} gateways killed at {len(self.deaths)} steps on "
            f"{self.books.store.backend}: {self.next_question * len(worker.ANALYSTS)} questions, "
            f"{len(self.replies)} answered, {self.repeated} retries got the same answer, "
            f"{len(self._releases_of_charges())} charges used once, 0 doubled, 0 missing"
        )


def _through(lives: Lives, deaths: list[tuple[str, int]]) -> None:
    for step, occurrence in deaths:
        lives.live(step, occurrence, dies=True)
    lives.live(None, 0, dies=False)
    assert len(lives.replies) == lives.next_question * len(worker.ANALYSTS)
    assert sum(lives.deaths.values()) == len(deaths)


@pytest.mark.once
def test_killed_at_some_steps_nothing_is_lost_or_doubled(tmp_path: Path, ledger: str) -> None:
    lives = Lives(tmp_path, ledger)
    _through(lives, [(step, 2) for step in SHORT])
    lives.books.close()


@pytest.mark.audit
def test_killed_at_every_step_nothing_is_lost_or_doubled(
    tmp_path: Path, ledger: str, record_property: Callable[[str, object], None]
) -> None:
    lives = Lives(tmp_path, ledger)
    _through(lives, [(step, occurrence) for occurrence in OCCURRENCES for step in STEPS])
    record_property(COUNTS, lives.told())
    lives.books.close()


@pytest.mark.once
def test_an_answer_without_its_charge_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check itself: a reply that the ledger does not know of is found."""
    lives = Lives(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    lives.live(None, 0, dies=False)
    lives.replies["ann", 999] = "{}"
    with pytest.raises(AssertionError, match="without its charge"):
        lives.check({})
    lives.books.close()
