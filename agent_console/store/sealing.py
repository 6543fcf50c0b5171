"""Personal text never stands in clear in the file.

Each call or order (`owner`, the name of its stream) has a key of its own, made at first use. Destroying it
erases everything that was sealed with it. A telephone number is looked up by a keyed hash.
"""

from __future__ import annotations

from sqlite3 import Connection

from agent_console.domain.errors import StoreError
from agent_console.store.connection import joined, path_of, rows
from agent_console.store.telephone import digits_of

_KEY_BYTES = 32
_NONCE_BYTES = 12
_DESTROYED = bytes(_KEY_BYTES)
"""A destroyed key is overwritten where it stands; its row stays and tells that the owner was erased."""


class Sealing:
    """Seals and opens; holds no key in memory, so that another process can destroy one at any time."""

    def __init__(self, connection: Connection) -> None:
        """Use the keys of this file."""
        self._connection = connection

    def seal(self, owner: str, data: bytes, context: str = "") -> bytes:
        """Seal with AES-256-GCM and the owner's key; only the same `context` opens it.

        Raises StoreError where the owner was erased.
        """
        import secrets

        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._key_for_writing(owner)).encrypt(nonce, data, context.encode())

    def unseal(self, owner: str, sealed: bytes, context: str = "") -> bytes | None:
        """Open; None where the owner was erased.

        Raises StoreError where the bytes are not what was sealed.
        """
        key = self._key(owner)
        if key is None or key == _DESTROYED:
            return None
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            path = str(path_of(self._connection))
            raise StoreError("error.store_sealed", "advice.store_damaged", path=path, owner=owner) from error

    def is_erased(self, owner: str) -> bool:
        """True where the owner's key was destroyed."""
        return self._key(owner) == _DESTROYED

    def destroy(self, owner: str) -> None:
        """Overwrite the owner's key; nothing sealed with it can be read again, nothing more can be sealed."""
        with joined(self._connection):
            self._write_key(owner, _DESTROYED)

    def renew(self, owner: str) -> None:
        """Give the owner a new key in place of the old: what was sealed before cannot be read again."""
        import secrets

        with joined(self._connection):
            self._write_key(owner, secrets.token_bytes(_KEY_BYTES))

    def number_hash(self, number: str) -> str:
        """Keyed hash of a telephone number for looking it up, 64 hex digits; "" where it has no digit.

        Spellings of one number (`+86 138-0013-8000`, `０１３８００１３８０００`) give one hash; files differ.
        """
        digits = digits_of(number)
        if not digits:
            return ""
        import hmac

        [(key,)] = rows(self._connection, "SELECT number_key FROM device")
        return hmac.digest(key, digits.encode(), "sha256").hex()

    def _key_for_writing(self, owner: str) -> bytes:
        key = self._key(owner)
        if key is None:
            import secrets

            with joined(self._connection):
                key = self._key(owner) or secrets.token_bytes(_KEY_BYTES)
                self._write_key(owner, key)
        if key == _DESTROYED:
            path = str(path_of(self._connection))
            raise StoreError("error.store_erased", "advice.store_erased", path=path, owner=owner)
        return key

    def _key(self, owner: str) -> bytes | None:
        found = rows(self._connection, "SELECT key FROM sealing_key WHERE owner = ?", (owner,))
        return found[0][0] if found else None

    def _write_key(self, owner: str, key: bytes) -> None:
        self._connection.execute(
            "INSERT INTO sealing_key (owner, key) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET key = excluded.key",
            (owner, key),
        )
