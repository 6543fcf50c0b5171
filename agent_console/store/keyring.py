"""The role keys a process holds, and the two ciphers.

The length of a key says the cipher: 32 bytes AES-256-GCM, 16 bytes SM4-GCM. Role keys never stand in the seat's file:
they open the keys of confidential orders, which stand there wrapped, once per role.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Cipher = Literal["aes256", "sm4"]

OWN = "own:"
"""Begins the name under which a person who reads no confidential order has a key: for what they have yet to send."""

NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_BYTES: dict[Cipher, int] = {"aes256": 32, "sm4": 16}
KEY_LENGTHS = frozenset(_KEY_BYTES.values())


class Keyring(msgspec.Struct, frozen=True):
    """Keys by role; `reader` is the role for which confidential orders are opened, `cipher` that of new keys.

    earlier: keys a role had before, newest first: they open what they have wrapped, nothing is wrapped with them.
    """

    keys: Mapping[str, bytes] = {}
    reader: str = ""
    cipher: Cipher = "aes256"
    earlier: Mapping[str, tuple[bytes, ...]] = {}

    def of(self, role: str) -> tuple[bytes, ...]:
        """All keys of a role, the one in use first; none where this process holds none."""
        return (self.keys[role], *self.earlier.get(role, ())) if role in self.keys else ()


class SeatConnection(sqlite3.Connection):
    """A connection to a seat's file that knows the role keys of its process.

    known_keys: keys of the file that were read within the transaction that is open, None outside of one.
    """

    keyring = Keyring()
    known_keys: dict[str, bytes | None] | None = None


def keyring_of(connection: sqlite3.Connection) -> Keyring:
    """The role keys a connection was given; none for one of another sort."""
    keyring: Keyring = getattr(connection, "keyring", Keyring())
    return keyring


def new_key(cipher: Cipher) -> bytes:
    """A key drawn by chance."""
    return os.urandom(_KEY_BYTES[cipher])


@cache
def _aes() -> type[AESGCM]:
    # Looking the import up again took half the time of sealing an event.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM


def encrypt(key: bytes, data: bytes, context: bytes) -> bytes:
    """Nonce, text and tag under the cipher of the key."""
    nonce = os.urandom(NONCE_BYTES)
    if len(key) == _KEY_BYTES["aes256"]:
        return nonce + _aes()(key).encrypt(nonce, data, context)
    from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
    from cryptography.hazmat.primitives.ciphers import algorithms, modes

    writer = BlockCipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    writer.authenticate_additional_data(context)
    return nonce + writer.update(data) + writer.finalize() + writer.tag


def decrypt(key: bytes, sealed: bytes, context: bytes) -> bytes | None:
    """The text again; None where key, context or bytes are not those it was sealed with."""
    from cryptography.exceptions import InvalidTag

    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        if len(key) == _KEY_BYTES["aes256"]:
            return _aes()(key).decrypt(nonce, body, context)
        from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
        from cryptography.hazmat.primitives.ciphers import algorithms, modes

        text, tag = body[:-_TAG_BYTES], body[-_TAG_BYTES:]
        reader = BlockCipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        reader.authenticate_additional_data(context)
        return reader.update(text) + reader.finalize()
    except (InvalidTag, ValueError):
        return None
