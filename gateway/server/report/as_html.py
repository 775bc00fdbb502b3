"""The report as one page that needs nothing else: no script, no picture, fit for paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_STYLE = """
body { font: 11pt/1.45 Georgia, serif; color: #111; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #999; }
h3 { margin: 1.4rem 0 .3rem; font-size: 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt; }
th, td { text-align: left; vertical-align: top; padding: .2rem .5rem .2rem 0; border-bottom: 1px solid #ddd;
  overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.fact { font-size: 1.05rem; } .bad { color: #a00; font-weight: bold; }
.sign { margin-top: 3rem; display: flex; gap: 3rem; } .sign div { flex: 1; border-top: 1px solid #111; }
@page { size: A4; margin: 18mm; }
@media print { body { margin: 0; max-width: none; } h2 { break-before: page; } h2.first { break-before: auto; }
  h3 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; } }
"""  # noqa: E501


def as_html(document: dict[str, Any]) -> str:
    """The whole report."""
    title = f"Privacy report for {document['month']}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"<p>From {_day(document['from'])} until {_day(document['until'])} (UTC, the end left out)."
        "</p>",
        _trail(document["trail"]),
    ]
    for place, dataset in enumerate(document["datasets"]):
        body.append(_dataset(dataset, first=place == 0))
    body.append('<div class="sign"><div>Date</div><div>Privacy officer</div></div>')
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _trail(trail: dict[str, Any]) -> str:
    if trail["intact"]:
        state = f"The audit trail is intact: {trail['sequence']:,} records, signed."
    else:
        state = f'<span class="bad">The audit trail has {len(trail["faults"])} faults.</span>'
    rows = [["last record", f"{trail['sequence']}:{trail['hash']}"], ["key", trail["key_id"]]]
    rows += [["fault", fault] for fault in trail["faults"]]
    return f'<p class="fact">{state}</p>{table(("", ""), rows)}'


def _dataset(dataset: dict[str, Any], *, first: bool) -> str:
    privacy, mark = dataset["privacy"], ' class="first"' if first else ""
    return "".join(
        [
            f"<h2{mark}>{escape(dataset['dataset'])}</h2><p>{escape(dataset['description'])}</p>",
            f"<p>Protected unit: <b>{escape(privacy['unit'])}</b>. Guarantee: "
            f"<b>{escape(privacy['guarantee'])}</b>, δ = {privacy['delta']:.3g}.</p>",
            _together(dataset),
            "<h3>Accounts</h3>",
            table(
                ("account", "limit ε", "spent ε", "left ε", "renews", "forecast"),
                [
                    [
                        account["account"],
                        account["limit"]["epsilon"],
                        account["spent"]["epsilon"],
                        account["remaining"]["epsilon"],
                        account["renews"],
                        (account["forecast"]["runs_out_at"] or account["forecast"]["outlook"])[:10],
                    ]
                    for account in dataset["accounts"]
                ],
            ),
            "<h3>Paid</h3>",
            table(
                ("account", "guarantee", "charges", "ε in the month", "δ", "ε ever", "δ"),
                [
                    [
                        paid["account"],
                        paid["guarantee"],
                        paid["charges"],
                        *(paid["month"][name] for name in ("epsilon", "delta")),
                        *(paid["ever"][name] for name in ("epsilon", "delta")),
                    ]
                    for paid in dataset["paid"]
                ],
            ),
            "<h3>Questions and refusals</h3>",
            table(
                ("analyst", "outcome", "questions"),
                [[row["analyst"], row["outcome"], row["count"]] for row in dataset["questions"]],
            ),
            _governance(dataset),
        ]
    )


def _together(dataset: dict[str, Any]) -> str:
    how = {
        "everyone": "as the account of everyone holds it",
        "sum_of_analysts": "bounded by the sum over all analysts, for not every draw was capped",
    }[dataset["together"]["measured_by"]]
    rows = [
        [
            entry["guarantee"],
            entry["month"]["epsilon"],
            entry["month"]["delta"],
            entry["ever"]["epsilon"],
            entry["ever"]["delta"],
        ]
        for entry in dataset["together"]["guarantees"]
    ]
    return (
        "<h3>What all analysts together could learn</h3>"
        f"<p>If all of them pooled all answers, {how}: "
        f"about any one {escape(dataset['privacy']['unit'])}, at most</p>"
        + table(("guarantee", "ε in the month", "δ", "ε ever", "δ"), rows)
    )


def _governance(dataset: dict[str, Any]) -> str:
    grants = [
        [
            _day(grant["at"]),
            grant["account"],
            grant["epsilon"],
            f"{grant['by']} (own account)" if grant["own_account"] else grant["by"],
            grant["reason"],
            "" if grant["expires_at"] is None else _day(grant["expires_at"]),
        ]
        for grant in dataset["grants"]
    ]
    requests = [
        [_day(one["at"]), one["id"], one["analyst"], one["epsilon"], one["purpose"]]
        for one in dataset["requests"]
    ]
    decisions = [
        [_day(one["at"]), one["request"], one["decision"], one["epsilon"], one["by"], one["reason"]]
        for one in dataset["decisions"]
    ]
    events = [
        [_day(one["at"]), f"{one['account']} passed {one['percent']}%"] for one in dataset["alerts"]
    ]
    events += [[_day(at), "the data changed"] for at in dataset["data_changes"]]
    events += [[_day(one["at"]), f"policy {one['digest']} loaded"] for one in dataset["policies"]]
    return "".join(
        [
            "<h3>Grants</h3>",
            table(("day", "account", "ε", "by", "reason", "until"), grants),
            "<h3>Requests for budget</h3>",
            table(("day", "number", "analyst", "ε", "purpose"), requests),
            "<h3>Decisions</h3>",
            table(("day", "request", "decision", "ε", "by", "reason"), decisions),
            "<h3>Events</h3>",
            table(("day", "what"), sorted(events)),
        ]
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, its numbers to the right; without rows the word `none`."""
    lines = ["".join(_cell(value) for value in row) for row in rows]
    if not lines:
        return "<p>none</p>"
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    head = f"<thead><tr>{head}</tr></thead>" if any(headings) else ""
    return f"<table>{head}<tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, float):
        return f'<td class="number">{value:.4g}</td>'
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"


def _day(at: str) -> str:
    return escape(at[:10])
