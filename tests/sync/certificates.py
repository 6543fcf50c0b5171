"""Authorities and certificates of a server, made for a test."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY = datetime.timedelta(days=1)


class Certificate(NamedTuple):
    """Files: the authority that signed, the certificate of a server at 127.0.0.1, and its key."""

    authority: Path
    certificate: Path
    private_key: Path


def certificate(folder: Path, name: str) -> Certificate:
    """An authority of that name and a certificate it gave."""
    folder.mkdir(parents=True, exist_ok=True)
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed(signer, signer, name, name, x509.BasicConstraints(ca=True, path_length=0))
    own = _signed(
        key,
        signer,
        "127.0.0.1",
        name,
        x509.BasicConstraints(ca=False, path_length=None),
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
    )
    made = Certificate(folder / f"{name}.pem", folder / f"{name}-server.pem", folder / f"{name}-server.key")
    made.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    made.certificate.write_bytes(own.public_bytes(Encoding.PEM))
    made.private_key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    made.private_key.chmod(0o600)
    return made


def _signed(
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    subject: str,
    issuer: str,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return builder.sign(signer, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
