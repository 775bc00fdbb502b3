"""The report as CSV (RFC 4180): one fact a line, so that a spreadsheet can filter and pivot it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

HEADINGS = ("month", "dataset", "section", "at", "subject", "item", "value", "note")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Line = tuple[str, str, str, str, object, object]
"""Section, moment, subject, item, value and note; month and dataset come before."""


def as_csv(document: dict[str, Any]) -> str:
    """The whole report."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for dataset in document["datasets"]:
        for section, at, subject, item, value, note in _lines(dataset):
            cells = (dataset["dataset"], section, at, subject, item, value, note)
            writer.writerow([document["month"], *(plain(cell) for cell in cells)])
    trail = document["trail"]
    for item in ("intact", "sequence", "hash", "key_id", "signature"):
        row = ["", "trail", "", "", item, trail[item], ""]
        writer.writerow([document["month"], *(plain(cell) for cell in row)])
    for fault in trail["faults"]:
        writer.writerow([document["month"], "", "trail", "", "", "fault", plain(fault), ""])
    return out.getvalue()


def plain(value: object) -> object:
    """A value as a cell. People wrote some of the texts, and a spreadsheet would run one that
    begins as a formula does, so such a one gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _lines(dataset: dict[str, Any]) -> Iterator[Line]:
    for item, value in dataset["privacy"].items():
        yield "guarantee", "", dataset["dataset"], item, value, ""
    for load in dataset["policies"]:
        yield "policy", load["at"], dataset["dataset"], "digest", load["digest"], load["guarantee"]
    measured = dataset["together"]["measured_by"]
    for entry in dataset["together"]["guarantees"]:
        for span in ("month", "ever"):
            for item, value in entry[span].items():
                name = f"{item} {span}"
                yield "together", "", measured, name, value, entry["guarantee"]
    yield from _accounts(dataset)
    for asked in dataset["questions"]:
        yield "questions", "", asked["analyst"], asked["outcome"], asked["count"], ""
    yield from _governance(dataset)


def _accounts(dataset: dict[str, Any]) -> Iterator[Line]:
    for account in dataset["accounts"]:
        of = account["account"]
        for item in ("limit", "spent", "remaining"):
            yield "account", "", of, f"{item} epsilon", account[item]["epsilon"], account["renews"]
            yield "account", "", of, f"{item} delta", account[item]["delta"], account["renews"]
        forecast = account["forecast"]
        yield "account", forecast["runs_out_at"] or "", of, "forecast", forecast["outlook"], ""
    for paid in dataset["paid"]:
        of, guarantee = paid["account"], paid["guarantee"]
        yield "paid", "", of, "charges month", paid["charges"], guarantee
        for span in ("month", "ever"):
            for item, value in paid[span].items():
                yield "paid", "", of, f"{item} {span}", value, guarantee


def _governance(dataset: dict[str, Any]) -> Iterator[Line]:
    for grant in dataset["grants"]:
        by = f"{grant['by']} (own account)" if grant["own_account"] else grant["by"]
        yield "grant", grant["at"], grant["account"], f"by {by}", grant["epsilon"], grant["reason"]
    for request in dataset["requests"]:
        item = f"request {request['id']}"
        of, epsilon = request["analyst"], request["epsilon"]
        yield "request", request["at"], of, item, epsilon, request["purpose"]
    for decision in dataset["decisions"]:
        item = f"request {decision['request']} {decision['decision']}"
        by, epsilon = decision["by"], decision["epsilon"]
        yield "decision", decision["at"], by, item, epsilon, decision["reason"]
    for alert in dataset["alerts"]:
        yield "alert", alert["at"], alert["account"], "percent", alert["percent"], ""
    for at in dataset["data_changes"]:
        yield "data changed", at, dataset["dataset"], "", "", ""
