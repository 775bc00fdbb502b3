"""`noisegate audit check-receipt` and `check-export`: what the gateway gave out, checked by others.

Neither needs a gateway, nor a ledger: the public key is enough. With the ledger a receipt is also
looked up in the trail.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli import options
from gateway.cli.failure import Failure
from gateway.cli.opening import kept_books

if TYPE_CHECKING:
    from gateway.budget.receipts import SignedReceipt


def check_receipt(
    file: Annotated[
        str, typer.Argument(help="An answer with its receipt, or a receipt alone; - reads input.")
    ],
    public_key: Annotated[
        str | None,
        typer.Option(help="The trail's public key: a PEM file, or its 32 bytes in base64."),
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger",
            envvar="NOISEGATE_LEDGER",
            help="Also look the record up there; its keys count where no --public-key is given.",
        ),
    ] = None,
    signing_key: options.SigningKey = None,
    as_json: options.Json = False,
) -> None:
    """Check a receipt's signature, its record and its answer; ends with 1 where one is wrong."""
    from gateway.budget import receipts

    if public_key is None and ledger is None:
        raise typer.BadParameter("give --public-key, or --ledger to use the keys of its trail")
    trusted = None if public_key is None else _key(public_key)
    text = _text(file)
    try:
        whole = receipts.answer_digest(text)
        document = json.loads(text)
        receipt = receipts.of_document(document)
    except receipts.NoReceipt as error:
        raise Failure(
            f"{file} cannot be checked: {error}.",
            hint="Give the JSON of an answer as it came, or its member `receipt`.",
        ) from error
    found: list[str] = []
    with_answer = receipts.MEMBER in document and len(document) > 1
    if with_answer and whole != receipt.answer_sha256:
        found.append("The answer is not the one that the receipt was given for.")
    in_trail = None
    if ledger is not None:
        with kept_books(ledger, signing_key) as open_books:
            in_trail = open_books.audit.holds(receipt)
            keys = {each.key_id: each.public_key for each in open_books.audit.public_keys()}
        if not in_trail:
            found.append("The trail has no such record under that number.")
        trusted = trusted or keys.get(receipt.key_id)
    if trusted is None:
        found.append("The receipt is signed by a key that the trail does not have.")
    else:
        found += receipts.faults(receipt, trusted)
    _tell(receipt, found, with_answer, in_trail, as_json)


def check_export(
    file: Annotated[str, typer.Argument(help="What `noisegate audit export` wrote; - for input.")],
    public_key: Annotated[
        str, typer.Option(help="The trail's public key: a PEM file, or its 32 bytes in base64.")
    ],
    as_json: options.Json = False,
) -> None:
    """Check an exported trail's chain and signature; ends with 1 where anything was changed."""
    from gateway.budget import exported

    lines = _text(file).splitlines()
    found = list(exported.faults(lines, _key(public_key)))
    if as_json:
        typer.echo(json.dumps({"intact": not found, "lines": len(lines), "faults": found}))
    for sentence in found if not as_json else ():
        typer.echo(sentence)
    if found:
        raise Failure(
            f"The export has {len(found)} faults.", hint="Ask for it anew, from the gateway itself."
        )
    typer.echo(f"Intact: {len(lines) - 1} records and the signed end.", err=True)


def _tell(
    receipt: SignedReceipt,
    found: list[str],
    with_answer: bool,
    in_trail: bool | None,
    as_json: bool,
) -> None:
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "genuine": not found,
                    "faults": found,
                    "answer_checked": with_answer,
                    "in_trail": in_trail,
                    "receipt": receipt.document(),
                }
            )
        )
    elif found:
        for sentence in found:
            typer.echo(sentence)
    else:
        what = "answer and receipt" if with_answer else "receipt"
        where = "; the trail holds it" if in_trail else ""
        typer.echo(
            f"Genuine {what}: query {receipt.query_id} of {receipt.analyst} on {receipt.dataset} "
            f"at {receipt.at}, record {receipt.sequence}{where}."
        )
    if found:
        raise Failure("The receipt is not genuine.", hint="Ask for the answer as it was given out.")


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{file} cannot be read as text.", hint="Give a JSON file.") from error


def _key(given: str) -> str:
    """The raw public key in base64, from a PEM file or as it stands. Raises `BadParameter`."""
    import base64
    import binascii

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    file = Path(given)
    try:
        if file.is_file():
            key = load_pem_public_key(file.read_bytes())
            if not isinstance(key, Ed25519PublicKey):
                raise ValueError("another kind of key")
            raw = key.public_bytes_raw()
        else:
            raw = base64.b64decode(given, validate=True)
            Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error) as error:
        raise typer.BadParameter(
            "it is neither a PEM file of an Ed25519 public key nor its 32 bytes in base64",
            param_hint="--public-key",
        ) from error
    return base64.b64encode(raw).decode()
