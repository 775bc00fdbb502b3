"""Options that several commands share, each with its environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_URL = "http://127.0.0.1:8080"
DEFAULT_POLICIES = Path("policies")
DEFAULT_LEDGER = "sqlite:///noisegate.sqlite"

Url = Annotated[
    str, typer.Option("--url", envvar="NOISEGATE_URL", help="Address of a running gateway.")
]
Key = Annotated[
    str | None,
    typer.Option("--key", envvar="NOISEGATE_KEY", help="API key; better in the variable."),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
LedgerUrl = Annotated[
    str,
    typer.Option("--ledger", envvar="NOISEGATE_LEDGER", help="SQLAlchemy URL of the ledger."),
]
SigningKey = Annotated[
    Path | None,
    typer.Option(
        "--signing-key",
        envvar="NOISEGATE_SIGNING_KEY",
        help="File of the key that signs the audit trail; beside a SQLite ledger if not given.",
    ),
]
Policies = Annotated[
    Path,
    typer.Option("--policies", envvar="NOISEGATE_POLICIES", help="Folder of policy files."),
]
Dataset = Annotated[
    str | None,
    typer.Option(
        "--dataset", envvar="NOISEGATE_DATASET", help="May be left out where you see one."
    ),
]
