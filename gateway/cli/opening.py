"""Opening a gateway or a ledger for a command, with failures in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.failure import Failure

if TYPE_CHECKING:
    from gateway.budget.books import Books
    from gateway.budget.signing import BadKey
    from gateway.policy.faults import PolicyFaults
    from gateway.start import Gateway


def opened(
    policies: Path, ledger_url: str, signing_key: Path | None, answer_megabytes: int
) -> Gateway:
    """A gateway that is ready to answer; raises `Failure` with every fault of the policies."""
    from gateway.budget.signing import BadKey
    from gateway.policy.faults import PolicyFaults
    from gateway.start import start

    try:
        return start(policies, ledger_url, signing_key, answer_megabytes)
    except PolicyFaults as error:
        raise told(error) from error
    except BadKey as error:
        raise unsigned(error) from error
    except ValueError as error:
        raise unusable(ledger_url, error) from error


@contextmanager
def books(ledger_url: str, signing_key: Path | None = None) -> Iterator[Books]:
    """The ledger at a URL, closed afterwards; raises `Failure` where the URL cannot be one."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from gateway.budget.books import open_ledger
    from gateway.budget.signing import BadKey

    try:
        found = open_ledger(ledger_url, signing_key=signing_key)
    except BadKey as error:
        raise unsigned(error) from error
    except (ValueError, ArgumentError, NoSuchModuleError) as error:
        raise unusable(ledger_url, error) from error
    try:
        yield found
    finally:
        found.close()


@contextmanager
def kept_books(ledger_url: str, signing_key: Path | None = None) -> Iterator[Books]:
    """As `books`, but never a new ledger: a mistyped path must not look like an intact trail."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(ledger_url)
    except ArgumentError as error:
        raise unusable(ledger_url, error) from error
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise Failure(
            f"There is no ledger at {url.database}.",
            hint="Give the gateway's own --ledger, or set NOISEGATE_LEDGER.",
        )
    with books(ledger_url, signing_key) as found:
        yield found


def operator() -> str:
    """Who acts on the ledger itself, for the audit trail: the system's user who runs the command.

    Asked from the system, not from the environment, which anybody can set.
    """
    import os
    import pwd

    number = os.getuid()
    try:
        return f"operator:{pwd.getpwuid(number).pw_name}"
    except KeyError:  # containers run under numbers without a name
        return f"operator:{number}"


def told(error: PolicyFaults) -> Failure:
    """All faults, one per line."""
    first, *rest = str(error).splitlines()
    return Failure(
        "\n  ".join([first, *rest]), hint="docs/administrator/policies.md has every key."
    )


def unsigned(error: BadKey) -> Failure:
    """A signing key that cannot be used."""
    return Failure(
        f"The audit trail's signing key cannot be used: {error}.",
        hint="Give its file with --signing-key or NOISEGATE_SIGNING_KEY; docs/operator/ledger.md "
        "says where it comes from.",
    )


def unusable(ledger_url: str, error: Exception) -> Failure:
    """A ledger URL that cannot be used; the URL may hold a password, so it is not repeated."""
    reason = str(error) if isinstance(error, ValueError) else "the URL cannot be read"
    return Failure(
        f"The ledger cannot be opened: {reason}.",
        hint="Give --ledger sqlite:///path/to/ledger.sqlite or a PostgreSQL URL.",
    )
