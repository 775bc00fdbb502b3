"""Asking the demo's questions and telling what came back."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from gateway import __version__
from gateway.cli import tables
from gateway.cli.demo.drawing import ASCII, UNICODE, Bar, Strokes, chart, gauge
from gateway.cli.demo.questions import QUESTIONS, Ending, Question
from gateway.cli.demo.server import ANALYST, Server
from gateway.cli.failure import Failure

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH = 100


class Story:
    """Asks every question through HTTP; `quiet` keeps the results for `document` alone."""

    def __init__(self, *, server: Server, console: Console, quiet: bool) -> None:
        self._client = server.client(ANALYST)
        self._server = server
        self._console = console
        self._quiet = quiet
        utf = (console.encoding or "").lower().startswith("utf")
        self._strokes: Strokes = UNICODE if utf else ASCII
        self._results: list[dict[str, Any]] = []
        self._limits: dict[str, Mapping[str, Any]] = {}

    def tell(self) -> int:
        """Ask all questions; returns how many did not end as they should."""
        for budget in self._client.get("/v1/budget").document["budgets"]:
            self._limits[budget["dataset"]] = budget["limit"]
        self._head()
        wrong = 0
        for number, question in enumerate(QUESTIONS, 1):
            self._say(Text())
            self._say(
                Rule(Text(f"{number}  {question.title}", style="bold"), align="left", style="dim")
            )
            for line in question.sql.splitlines():
                self._say(Text(f"  {line}", style="dim"))
            self._say(Text())
            result = self._asked(question)
            self._results.append(result)
            wrong += result["ended"] != question.ending.value
        self._say(Text())
        if wrong:
            self._server.show_log()
        return wrong

    def document(self) -> str:
        """Everything that was asked and answered, as JSON."""
        return json.dumps({"url": self._server.url, "questions": self._results})

    def invite(self) -> None:
        """How to ask one's own questions while the server runs."""
        key = self._server.keys[ANALYST]
        sql = "SELECT gender, COUNT(*) FROM encounters GROUP BY gender"
        body = json.dumps({"dataset": "hospital", "sql": sql})
        lines = [
            f"The gateway answers at {self._server.url} until Ctrl-C. Ask your own:",
            "",
            f"  export NOISEGATE_URL={self._server.url}",
            f"  export NOISEGATE_KEY={key}",
            "",
            f"  noisegate query --dataset hospital \\\n    {shlex.quote(sql)}",
            "",
            '  curl -s "$NOISEGATE_URL/v1/query" -H "Authorization: Bearer $NOISEGATE_KEY" \\',
            f"    -H 'Content-Type: application/json' \\\n    -d {shlex.quote(body)}",
            "",
            *self._tools(key),
            "",
            "  noisegate explain ...   noisegate budget show   noisegate budget history",
        ]
        for line in lines:
            # Not wrapped: these lines are to be copied.
            self._console.print(Text(line), soft_wrap=True)

    def _tools(self, key: str) -> list[str]:
        """How PostgreSQL clients get in."""
        if self._server.postgres is None:
            return ["  For psql, notebooks and BI tools: pip install 'noisegate[bi]', then again."]
        place = self._server.postgres.removeprefix("postgresql://")
        return [f"  psql postgresql://{ANALYST}:{key}@{place}/hospital   (any PostgreSQL client)"]

    def _head(self) -> None:
        pm = self._strokes.plus_minus
        self._say(Text(f"Noisegate {__version__}", style="bold"))
        self._say(
            Text(
                "101,766 hospital stays of 71,518 patients, and 541,909 lines of a wholesaler's "
                "invoices.\nNo answer depends much on any one patient or customer: each number "
                "carries noise, and\n"
                f"{pm} is its half-width at 95%. The bars end in {self._strokes.unsure * 3} where "
                "the number without noise may lie."
            )
        )

    def _asked(self, question: Question) -> dict[str, Any]:
        begun = time.perf_counter()
        body: dict[str, Any] = {"dataset": question.dataset, "sql": question.sql}
        if question.epsilon is not None:
            body["epsilon"] = question.epsilon
        try:
            answer = self._client.post("/v1/query", body).document
        except Failure as refusal:
            return self._refused(question, refusal)
        milliseconds = round((time.perf_counter() - begun) * 1000)
        privacy = answer["privacy"]
        paid = privacy["epsilon"] > 0
        ended = Ending.CHARGED if paid else Ending.FREE
        self._bars(question, answer)
        self._say(Text())
        self._budget(question, privacy, milliseconds)
        self._remark(question, ended)
        return {
            "title": question.title,
            "sql": question.sql,
            "ended": ended.value,
            "milliseconds": milliseconds,
            "answer": answer,
        }

    def _refused(self, question: Question, refusal: Failure) -> dict[str, Any]:
        ended = Ending.REFUSED
        style = "yellow" if question.ending is ended else "red"
        self._say(
            Padding(
                Text(f"{refusal.code}: {refusal.sentence}", style=style), (0, 0, 0, 2), expand=False
            )
        )
        if refusal.hint:
            self._say(Padding(Text(f"hint: {refusal.hint}"), (0, 0, 0, 2), expand=False))
        self._remark(question, ended)
        return {
            "title": question.title,
            "sql": question.sql,
            "ended": ended.value,
            "code": refusal.code,
            "detail": refusal.sentence,
            "hint": refusal.hint,
        }

    def _bars(self, question: Question, answer: Mapping[str, Any]) -> None:
        names = [column["name"] for column in answer["columns"]]
        label, value = names.index(question.label), names.index(question.bar)
        widths = answer["accuracy"].get(question.bar, {}).get("half_width")
        bars = [
            Bar(
                label=_label(row[label]),
                value=float(row[value]),
                half_width=widths[index] if widths else None,
            )
            for index, row in enumerate(answer["rows"])
            if row[value] is not None
        ]
        for line in chart(bars, self._strokes):
            self._say(
                Text.assemble(
                    f"  {line.label} ",
                    (f"{line.number} ", "bold"),
                    (f"{line.error}  ", "dim"),
                    (line.sure, "cyan"),
                    (line.unsure, "bright_cyan"),
                )
            )

    def _budget(self, question: Question, privacy: Mapping[str, Any], milliseconds: int) -> None:
        left, limit = privacy["remaining"], self._limits[question.dataset]
        exact = "epsilon" if left["rho"] is None else "rho"
        full, spent = gauge(left[exact], limit[exact], self._strokes)
        price = f"charged ε {privacy['epsilon']:.3g}" if privacy["epsilon"] else "free"
        self._say(
            Text.assemble(
                (f"  {price:<16}", "bold" if privacy["epsilon"] else "bold green"),
                ("budget ", "dim"),
                (full, "green"),
                (spent, "dim"),
                f" {left[exact] / limit[exact]:.1%} left,",
                f" ε {left['epsilon']:.3g}",
                (f"  {milliseconds} ms", "dim"),
            )
        )

    def _remark(self, question: Question, ended: Ending) -> None:
        if ended is question.ending:
            self._say(Padding(Text(question.remark, style="italic"), (0, 0, 0, 2), expand=False))
        else:
            wrong = f"This should have been {question.ending.value}, and was {ended.value}."
            self._say(Padding(Text(wrong, style="bold red"), (0, 0, 0, 2), expand=False))

    def _say(self, what: RenderableType) -> None:
        if not self._quiet:
            self._console.print(what, width=min(WIDTH, self._console.width))


def _label(value: object) -> str:
    """A key as a label; midnight says nothing in a month's name."""
    return tables.plain(value).removesuffix("T00:00:00")
