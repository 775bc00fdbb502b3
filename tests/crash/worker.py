"""A gateway that answers several analysts at once until it dies, and notes every reply it gave."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import duckdb

from gateway.answer import answer, explain
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.exchange import Request
from gateway.server.crew import Crew
from gateway.server.desk import Desk, Line
from gateway.server.render import answer_json
from gateway.start import start
from tests.crash import steps

ANALYSTS = ("ann", "bob", "cat", "dan")

_POLICY = """
dataset: clinic
engine: {type: duckdb, database: clinic.duckdb}
privacy: {unit: patient, guarantee: zcdp, delta: 1.0e-7, per_query: 0.01, max_per_query: 1.0}
tables:
  visits:
    unit: patient
    max_rows: 4
    max_groups: 1
    columns:
      day: {bounds: [0, 100000]}
budgets:
  - {for: "role:analyst", epsilon: 5000}
  - {for: everyone, epsilon: 20000}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one gateway of a round does: `questions` are the numbers it is asked, per analyst."""

    folder: Path
    ledger: str
    key: Path
    questions: tuple[int, ...]
    step: str | None
    occurrence: int

    @property
    def journal(self) -> Path:
        return self.folder / "journal"


def prepare(folder: Path) -> None:
    """A small database and its policy."""
    with duckdb.connect(str(folder / "clinic.duckdb")) as database:
        database.execute(
            "CREATE TABLE visits AS SELECT i % 50 AS patient, i * 7 % 1000 AS day "
            "FROM range(200) t(i)"
        )
    (folder / "policies").mkdir()
    (folder / "policies" / "clinic.yaml").write_text(
        _POLICY.replace("clinic.duckdb", str(folder / "clinic.duckdb"))
    )


def work(job: Job) -> None:
    """Answer all questions of all analysts, unless the step to die at comes first."""
    gateway = start(job.folder / "policies", job.ledger, job.key)
    crew = Crew(size=1, waiting=0)
    desk = Desk(gateway=gateway, line=Line(answer=answer, explain=explain), crew=crew)
    if job.step is not None:
        steps.arm(job.step, job.occurrence)
    journal = os.open(job.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    faults: list[BaseException] = []

    def ask(name: str) -> None:
        try:
            for number in job.questions:
                given = _given(desk, name, number)
                line = {"analyst": name, "number": number, "answer": given}
                os.write(journal, json.dumps(line).encode() + b"\n")  # the reply is out
        except BaseException as fault:  # noqa: BLE001 - raised below, in the main thread
            faults.append(fault)

    threads = [threading.Thread(target=ask, args=(name,)) for name in ANALYSTS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.close(journal)
    crew.close()
    gateway.close()
    if faults:
        raise faults[0]


def _given(desk: Desk, name: str, number: int) -> str:
    """One question with its key, as a client asks that repeats it while it is being worked on."""
    # Every third question is asked by all analysts alike, so that they meet at one release.
    whose = 0 if number % 3 == 0 else 1 + ANALYSTS.index(name)
    request = Request(
        query_id=hashlib.sha256(os.urandom(16)).hexdigest()[:16],
        analyst=Analyst(name=name, roles=("analyst",)),
        sql=f"SELECT COUNT(*) AS n FROM visits WHERE day < {number * 10 + whose}",
        dataset="clinic",
        epsilon=Fraction(1, 100),
        key=f"question-{number}",
    )
    while True:
        try:
            return "".join(answer_json(desk._ask(request, asked=0.0).answer))
        except Refusal as refusal:
            if refusal.code is not Code.TOO_MANY_REQUESTS:
                raise
            asyncio.run(asyncio.sleep(0.02))
