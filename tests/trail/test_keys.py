"""The key that signs: made once, closed to others, never made anew in silence."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from gateway.budget import keyring, signing
from gateway.budget.audit import head_message
from gateway.budget.books import Books, open_ledger
from gateway.errors import Code, Refusal
from tests.ledger.desk import Hands, ask, price


def test_a_new_ledger_gets_a_key_that_only_its_owner_reads(books: Books, url: str) -> None:
    file = signing.default_file(url)
    assert file == Path(url.removeprefix("sqlite:///") + ".signing-key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (key,) = books.audit.public_keys()
    assert key.public_key == signing.read(file).public_key
    assert list(file.parent.glob(".signing-key-*")) == []


def test_the_head_is_signed_by_the_trails_key(worked: Books) -> None:
    head, (key,) = worked.audit.head(), worked.audit.public_keys()
    assert head.key_id == key.key_id == signing.key_id(key.public_key)
    assert head.signature is not None
    message = head_message(head.sequence, head.hash)
    assert signing.signed(message, head.signature, key.public_key)
    assert not signing.signed(message + " ", head.signature, key.public_key)


def test_a_ledger_without_its_key_is_read_and_not_written(
    worked: Books, url: str, tmp_path: Path
) -> None:
    worked.close()
    signing.default_file(url).rename(tmp_path / "elsewhere")
    reader = open_ledger(url, Hands())
    assert reader.verify() == ()
    assert not signing.default_file(url).exists()
    with pytest.raises(Refusal) as refused:
        reader.ledger.charge(ask("q9", price("z", 1)))
    assert refused.value.code is Code.INTERNAL
    assert "--signing-key" in refused.value.hint
    assert reader.audit.head() == worked.audit.head()
    reader.close()
    found = open_ledger(url, Hands(), signing_key=tmp_path / "elsewhere")
    found.ledger.charge(ask("q9", price("z", 1)))  # what the hint says works
    assert found.verify() == ()
    found.close()


def test_a_key_of_another_ledger_does_not_sign(worked: Books, url: str, tmp_path: Path) -> None:
    signing.create(tmp_path / "other")
    books = open_ledger(url, Hands(), signing_key=tmp_path / "other")
    with pytest.raises(Refusal):
        books.users.add("carl")
    assert [user.name for user in books.users.list()] == ["ann", "bob"]
    books.close()


def test_a_renewed_key_signs_from_then_on(worked: Books, url: str) -> None:
    file = signing.default_file(url)
    old = signing.read(file)
    new = keyring.renew(worked.store, file, "root")
    assert new.key_id != old.key_id
    assert signing.read(file).key_id == new.key_id
    assert signing.read(file.with_name(f"{file.name}.{old.key_id}")).key_id == old.key_id
    worked.ledger.charge(ask("q9", price("z", 1)))
    assert worked.audit.head().key_id == new.key_id
    assert {key.key_id for key in worked.audit.public_keys()} == {old.key_id, new.key_id}
    assert worked.verify() == ()
    assert [fault.tampering.value for fault in worked.verify(signed_by=old.key_id)] == ["signature"]


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o666])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    signing.create(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(ValueError, match="chmod 600"):
        signing.read(tmp_path / "key")


def test_a_file_that_is_no_such_key_is_refused(tmp_path: Path, url: str) -> None:
    file = tmp_path / "key"
    file.touch(mode=0o600)
    with pytest.raises(ValueError, match="PEM"):
        open_ledger(url, Hands(), signing_key=file)
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey

    file.write_bytes(
        Ed448PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(ValueError, match="Ed25519"):
        open_ledger(url, Hands(), signing_key=file)


def test_the_repr_of_a_key_hides_it(tmp_path: Path) -> None:
    shown = repr(signing.create(tmp_path / "key"))
    assert "private" not in shown
    assert "Ed25519" not in shown


def test_openssl_agrees_where_there_is_one(worked: Books, tmp_path: Path) -> None:
    """A third party needs no Noisegate: the head's signature by a program of others."""
    import base64
    import shutil

    program = shutil.which("openssl")
    if program is None:
        pytest.skip("this machine has no openssl")
    head, (key,) = worked.audit.head(), worked.audit.public_keys()
    assert head.signature is not None
    (tmp_path / "public.pem").write_text(signing.pem(key.public_key))
    (tmp_path / "signature").write_bytes(base64.b64decode(head.signature))
    message = tmp_path / "message"
    command = [program, "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "public.pem")]
    command += ["-rawin", "-in", str(message), "-sigfile", str(tmp_path / "signature")]
    message.write_text(head_message(head.sequence, head.hash))
    assert subprocess.run(command, capture_output=True).returncode == 0
    message.write_text(head_message(head.sequence + 1, head.hash))
    assert subprocess.run(command, capture_output=True).returncode != 0
