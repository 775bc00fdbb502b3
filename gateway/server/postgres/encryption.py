"""TLS of the door for PostgreSQL clients, and the certificate's hash for channel binding."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Encryption:
    """A certificate in use. `certificate_hash` is None where channel binding defines none."""

    context: ssl.SSLContext
    certificate_hash: bytes | None


def encryption(certificate: Path, key: Path | None) -> Encryption:
    """TLS with a certificate chain in PEM; its private key may stand in the same file.

    Raises OSError where a file cannot be read, `ssl.SSLError` where they hold no certificate and
    key that belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A key with a passphrase is refused; without this OpenSSL would ask for it on the terminal.
    context.load_cert_chain(certificate, key, password=str)
    # The first of the file is the server's own, as OpenSSL reads it, too.
    own = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    return Encryption(context=context, certificate_hash=end_point(own))


def end_point(certificate: x509.Certificate) -> bytes | None:
    """The channel binding `tls-server-end-point` of a certificate (RFC 5929, section 4.1).

    It is the certificate's hash by its own signature's algorithm, SHA-256 where that is MD5 or
    SHA-1. Signatures without a hash of their own, such as Ed25519, have no such binding: None.
    """
    signed_by = certificate.signature_hash_algorithm
    if signed_by is None:
        return None
    weak = isinstance(signed_by, (hashes.MD5, hashes.SHA1))
    return certificate.fingerprint(hashes.SHA256() if weak else signed_by)
