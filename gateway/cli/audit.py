"""`noisegate audit`: whether the ledger is what the gateway wrote, and proof for others."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from gateway.cli import checks, options, tables
from gateway.cli.failure import Commands, Failure
from gateway.cli.opening import kept_books, operator

group = typer.Typer(
    cls=Commands, no_args_is_help=True, help="Whether the ledger is what the gateway wrote."
)

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@group.command(epilog="Example: noisegate audit verify --head 1042:9f86d0...")
def verify(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    head: Annotated[
        str | None,
        typer.Option(help="NUMBER:HASH noted earlier; finds a ledger that was set back whole."),
    ] = None,
    signed_by: Annotated[
        str | None,
        typer.Option(help="The key_id that must have signed last; the one of --signing-key."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check every record, charge, grant and account; ends with 1 where anything was changed."""
    from gateway.budget.audit import AuditHead

    known = None
    if head is not None:
        parts = _HEAD.fullmatch(head)
        if parts is None:
            raise typer.BadParameter("it is NUMBER:HASH, with 64 hexadecimal digits")
        known = AuditHead(sequence=int(parts[1]), hash=parts[2])
    with kept_books(ledger, signing_key) as open_books:
        faults = open_books.verify(known, signed_by)
        now = open_books.audit.head()
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "intact": not faults,
                    "head": {
                        "sequence": now.sequence,
                        "hash": now.hash,
                        "key_id": now.key_id,
                        "signature": now.signature,
                    },
                    "faults": [
                        {
                            "tampering": fault.tampering.value,
                            "where": fault.where,
                            "sentence": fault.sentence,
                        }
                        for fault in faults
                    ],
                }
            )
        )
    elif faults:
        for fault in faults:
            typer.echo(f"{fault.tampering.value}: {fault.where}: {fault.sentence}")
    else:
        typer.echo(f"{now.sequence}:{now.hash}")
        typer.echo(
            f"Intact: {now.sequence} records, signed by {now.key_id}. "
            "Note the line above elsewhere for --head.",
            err=True,
        )
    if faults:
        typer.echo(f"noisegate: the ledger has {len(faults)} faults.", err=True)
        raise typer.Exit(1)


@group.command(epilog="Example: noisegate audit export --after 1000 > trail.jsonl")
def export(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    after: Annotated[int, typer.Option(min=0, help="Only records with a larger number.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One array instead of lines.")] = False,
) -> None:
    """Write every record as one line of JSON, the oldest first, and the signed end."""
    with kept_books(ledger, signing_key) as open_books:
        lines = open_books.audit.exported(after)
        if as_json:
            typer.echo(f"[{', '.join(lines)}]")
            return
        for line in lines:
            typer.echo(line)


@group.command(epilog="Example: noisegate audit replay")
def replay(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Recompute every account from its charges alone; ends with 1 where one holds another sum."""
    from dataclasses import asdict

    with kept_books(ledger, signing_key) as open_books:
        accounts = open_books.replay()
    if as_json:
        documents = [
            asdict(account)
            | {"period_start": account.period_start.isoformat(), "agrees": account.agrees}
            for account in accounts
        ]
        typer.echo(json.dumps({"accounts": documents}))
    else:
        rows = [
            [
                account.dataset,
                account.holder,
                account.period_start.isoformat(),
                account.charges,
                account.amount,
                account.held_amount,
                account.delta,
                account.held_delta,
                "yes" if account.agrees else "NO",
            ]
            for account in accounts
        ]
        headings = ["dataset", "account", "period", "charges", "sum", "held", "sum δ", "held δ"]
        right = [False, False, False, True, True, True, True, True, False]
        tables.output().print(tables.grid([*headings, "agrees"], rows, right))
    wrong = [account for account in accounts if not account.agrees]
    if wrong:
        raise Failure(
            f"{len(wrong)} accounts do not hold the sum of their charges.",
            hint="`noisegate audit verify` says whether charges or accounts were changed.",
        )


@group.command(epilog="Example: noisegate audit key > noisegate-public.pem")
def key(
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Sign with a new key from now on; keeps the old file.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Print the public key of the trail, with which others check receipts."""
    from gateway.budget import signing

    with kept_books(ledger, signing_key) as open_books:
        if renew:
            open_books.renew_key(signing_key or signing.default_file(ledger), operator())
        head, keys = open_books.audit.head(), open_books.audit.public_keys()
    if as_json:
        documents = [
            {
                "key_id": each.key_id,
                "public_key": each.public_key,
                "added_at": each.added_at.isoformat(),
            }
            for each in keys
        ]
        typer.echo(json.dumps({"key_id": head.key_id, "keys": documents}))
        return
    now = next(each for each in keys if each.key_id == head.key_id)
    typer.echo(f"key_id {now.key_id}, public key {now.public_key}", err=True)
    typer.echo(signing.pem(now.public_key), nl=False)


group.command(
    name="check-receipt",
    epilog="Example: noisegate audit check-receipt answer.json --public-key noisegate-public.pem",
)(checks.check_receipt)
group.command(
    name="check-export",
    epilog="Example: noisegate audit check-export trail.jsonl --public-key noisegate-public.pem",
)(checks.check_export)


@group.command(epilog='Example: noisegate audit clock --reason "a day ahead until 9:00"')
def clock(
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")],
    ledger: options.LedgerUrl = options.DEFAULT_LEDGER,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Say that the ledger's clock is right as it is now, after it jumped and charges were refused.

    No period of a budget that has begun opens again by it.
    """
    with kept_books(ledger, signing_key) as open_books:
        now = open_books.accept_clock(operator(), reason)
    if as_json:
        typer.echo(json.dumps({"accepted": now.isoformat()}))
    else:
        typer.echo(f"{now:%Y-%m-%d %H:%M:%S} UTC counts as right from now on.", err=True)


def install(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="audit")
