"""One JSON object per line on standard error: never a result, never the SQL's literals."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys

MEMBERS = (
    "query_id",
    "user",
    "dataset",
    "code",
    "path",
    "milliseconds",
    "epsilon",
    "delta",
    "reused",
    "rows",
    "sequence",
    "record",
    "account",
    "percent",
)
"""The facts that a log record may carry besides its text; others are dropped."""


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object with `time`, `level`, `logger`, `event` and facts."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON; a stack trace is one escaped string in it."""
        when = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, object] = {
            "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        for member in MEMBERS:
            if member in record.__dict__:
                line[member] = record.__dict__[member]
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def install(level: int = logging.INFO) -> None:
    """Send every record of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # One line per question is written by the desk; uvicorn's own would say it twice.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
