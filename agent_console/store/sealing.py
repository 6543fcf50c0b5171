"""Personal text never stands in clear in the file.

Each call or order (`owner`, the name of its stream) has a key of its own, made at first use. Destroying it
erases everything that was sealed with it. A telephone number is looked up by a keyed hash.

The key of a confidential order does not stand in the file as it is: it is wrapped, once for each role that may read it,
by role keys that are kept elsewhere (`keyring.py`). Without one of them the file tells nothing of its content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from sqlite3 import Connection

from agent_console.domain.errors import StoreError
from agent_console.store.connection import joined, path_of, rows
from agent_console.store.keyring import OWN, Keyring, decrypt, encrypt, keyring_of, new_key
from agent_console.store.telephone import digits_of

ELSEWHERE = b"\x01"
"""Fills the place of a key that is wrapped. Places are overwritten, never emptied: see the table `sealing_key`."""

WRAPPING = b"role key"
"""What a key of a role seals, wherever it wraps another key."""

NO_ROLE = ""
"""Stands where the role would: an earlier key of an owner that is confidential no longer."""

FIRST_NUMBER = 2
"""Keys of an owner are numbered from here, and by the negative once cleared: numbers that take up the same room, so
that SQLite writes over a row where it stands."""


class Sealing:
    """Seals and opens.

    Holds no key of an owner in memory beyond the transaction that is open: another process can destroy one at any time.
    """

    def __init__(self, connection: Connection) -> None:
        """Use the keys of this file, and the role keys the connection was given."""
        self._connection = connection

    @property
    def _keyring(self) -> Keyring:
        return keyring_of(self._connection)

    def seal(self, owner: str, data: bytes, context: str = "") -> bytes:
        """Seal with the owner's key; only the same `context` opens it.

        Raises StoreError where the owner was erased, or is confidential and no role key of this process fits.
        """
        return encrypt(self._key_for_writing(owner), data, context.encode())

    def unseal(self, owner: str, sealed: bytes, context: str = "") -> bytes | None:
        """Open; None where the owner was erased, or is confidential and not for the role of this process.

        Raises StoreError where the bytes are not what was sealed.
        """
        return self._open(owner, self._keys(owner, (self._keyring.reader,)), sealed, context)

    def unseal_to_fold(self, owner: str, sealed: bytes, context: str = "") -> bytes | None:
        """The same with any role key there is: what is kept of an owner is written by whoever may add to it."""
        return self._open(owner, self._keys(owner, self._keyring.keys), sealed, context)

    def is_erased(self, owner: str) -> bool:
        """True where the owner's key was destroyed."""
        key = self._place(owner)
        return key is not None and not any(key)

    def is_secret(self, owner: str) -> bool:
        """True where the owner is confidential: its key is wrapped by role keys."""
        return _is_elsewhere(self._place(owner))

    def is_withheld(self, owner: str) -> bool:
        """True where the owner is confidential and the role of this process cannot open it."""
        return self.is_secret(owner) and not any(self._keys(owner, (self._keyring.reader,)))

    def is_locked(self, owner: str) -> bool:
        """True where the owner is confidential and no role key of this process opens it."""
        return self.is_secret(owner) and not any(self._keys(owner, self._keyring.keys))

    def has_key(self, role: str) -> bool:
        """Whether this process holds the key of a role."""
        return role in self._keyring.keys

    def locked(self) -> list[str]:
        """Confidential owners that no role key of this process opens."""
        return [owner for owner in self.secrets() if self.is_locked(owner)]

    def secrets(self) -> list[str]:
        """All confidential owners."""
        sql = "SELECT DISTINCT owner FROM role_key WHERE role != '' AND number > 0 ORDER BY owner"
        found = rows(self._connection, sql)
        return [owner for (owner,) in found if self.is_secret(owner)]

    def make_secret(self, owner: str, roles: Iterable[str]) -> None:
        """Wrap the owner's keys for these roles, and draw a new one for what comes from now on.

        Somebody who has the key of none of them wraps with their own, so that it can be sent; the server wraps for the
        roles. Their own key folds and sends, it shows nothing. Inside the transaction that is open. Raises StoreError
        where this process has no key at all for it, or the owner was erased.
        """
        held = [role for role in roles if role in self._keyring.keys]
        held = held or [name for name in self._keyring.keys if name.startswith(OWN)]
        if not held:
            raise StoreError("error.no_role_key", "advice.no_role_key", roles="、".join(roles))
        keys = [*self._all_keys(owner), new_key(self._keyring.cipher)]
        self._clear_extra(owner)
        for number, key in enumerate(keys, FIRST_NUMBER):
            for role in held:
                self._add_key(owner, role, number, encrypt(self._keyring.keys[role], key, WRAPPING))
        self._write_key(owner, ELSEWHERE * len(self._place(owner) or keys[-1]))

    def make_open(self, owner: str) -> None:
        """Put the owner's keys back into the file. Inside the transaction that is open; raises StoreError."""
        *earlier, newest = self._all_keys(owner)
        self._clear_extra(owner)
        for number, key in enumerate(earlier, FIRST_NUMBER):
            self._add_key(owner, NO_ROLE, number, key)
        self._write_key(owner, newest)

    def wrapped_for(self, owner: str) -> dict[str, bool]:
        """Roles the owner's keys are wrapped for, and whether the key this process has of each fits."""
        sql = "SELECT DISTINCT role FROM role_key WHERE owner = ? AND role != '' AND number > 0"
        return {role: any(self._keys(owner, (role,))) for (role,) in rows(self._connection, sql, (owner,))}

    def wrap_again(self, owner: str, roles: Iterable[str]) -> bool:
        """Wrap the keys of a confidential owner anew for these roles; False where no role key here opens them."""
        keys = [*reversed(list(self._keys(owner, self._keyring.keys)))]
        held = [role for role in roles if role in self._keyring.keys]
        if not keys or not held:
            return False
        with joined(self._connection):
            self._clear_extra(owner)
            for number, key in enumerate(keys, FIRST_NUMBER):
                for role in held:
                    self._add_key(owner, role, number, encrypt(self._keyring.keys[role], key, WRAPPING))
        return True

    def change_role_key(self, role: str, key: bytes, earlier: Iterable[bytes]) -> int:
        """Wrap with the key a role has now what earlier ones have wrapped; returns how many keys that were."""
        changed = 0
        with joined(self._connection):
            sql = "SELECT id, key FROM role_key WHERE role = ? AND number > 0"
            for row, wrapped in rows(self._connection, sql, (role,)):
                if decrypt(key, wrapped, WRAPPING) is not None:
                    continue
                opened = (decrypt(one, wrapped, WRAPPING) for one in earlier)
                content = next((one for one in opened if one is not None), None)
                if content is not None:
                    again = encrypt(key, content, WRAPPING)
                    self._connection.execute("UPDATE role_key SET key = ? WHERE id = ?", (again, row))
                    changed += 1
        return changed

    def destroy(self, owner: str) -> None:
        """Overwrite the owner's key; nothing sealed with it can be read again, nothing more can be sealed."""
        with joined(self._connection):
            self._clear_extra(owner)
            self._write_key(owner, bytes(len(self._place(owner) or new_key(self._keyring.cipher))))

    def renew(self, owner: str) -> None:
        """Give the owner a new key in place of the old: what was sealed before cannot be read again."""
        with joined(self._connection):
            self._write_key(owner, new_key(self._keyring.cipher))

    def number_hash(self, number: str) -> str:
        """Keyed hash of a telephone number for looking it up, 64 hex digits; "" where it has no digit.

        Spellings of one number (`+86 138-0013-8000`, `０１３８００１３８０００`) give one hash; files differ until
        their line shares a key.
        """
        digits = digits_of(number)
        return self._keyed_hash(digits, "coalesce(line_key, number_key)") if digits else ""

    def word_hash(self, word: str) -> str:
        """Keyed hash of a word for counting what it names, 64 hex digits; "" for nothing. Files differ."""
        return self._keyed_hash(f"word:{word}") if word else ""

    def share_number_key(self, key: bytes) -> bool:
        """Hash telephone numbers as every seat of the line does from now on; False where this file does already."""
        if rows(self._connection, "SELECT 1 FROM device WHERE line_key = ?", (key,)):
            return False
        with joined(self._connection):
            self._connection.execute("UPDATE device SET line_key = ?", (key,))
            if (known := self._known()) is not None:
                known.clear()
        return True

    def _keyed_hash(self, text: str, kept_in: str = "number_key") -> str:
        import hmac

        key = self._key_of(kept_in, f"SELECT {kept_in} FROM device")
        assert key is not None
        return hmac.digest(key, text.encode(), "sha256").hex()

    def _open(self, owner: str, keys: Iterator[bytes], sealed: bytes, context: str) -> bytes | None:
        key = None
        for key in keys:
            content = decrypt(key, sealed, context.encode())
            if content is not None:
                return content
        if key is None:
            return None
        path = str(path_of(self._connection))
        raise StoreError("error.store_sealed", "advice.store_damaged", path=path, owner=owner)

    def _keys(self, owner: str, roles: Iterable[str]) -> Iterator[bytes]:
        """Keys of an owner that can be had through one of these roles, the newest first; none where it was erased."""
        place = self._place(owner)
        if place is None or not any(place):
            return
        if not _is_elsewhere(place):
            yield place
            yield from self._kept_keys(owner, NO_ROLE)
            return
        for reader, role_key in [(role, key) for role in roles for key in self._keyring.of(role)]:
            if keys := list(self._unwrapped(owner, reader, role_key)):
                yield from keys
                return

    def _unwrapped(self, owner: str, role: str, role_key: bytes) -> Iterator[bytes]:
        for wrapped in self._kept_keys(owner, role):
            key = decrypt(role_key, wrapped, WRAPPING)
            if key is not None:
                yield key

    def _all_keys(self, owner: str) -> list[bytes]:
        """Keys of an owner, oldest first, none where it has none yet. Raises StoreError where they cannot be had."""
        if self._place(owner) is None:
            return []
        keys = list(self._keys(owner, self._keyring.keys))
        if not keys:
            raise self._shut(owner)
        return keys[::-1]

    def _key_for_writing(self, owner: str) -> bytes:
        place = self._place(owner)
        if place is None:
            with joined(self._connection):
                place = self._place(owner)
                if place is None:
                    place = new_key(self._keyring.cipher)
                    self._write_key(owner, place)
        if any(place) and not _is_elsewhere(place):
            return place
        key = next(self._keys(owner, self._keyring.keys), None)
        if key is None:
            raise self._shut(owner)
        return key

    def _shut(self, owner: str) -> StoreError:
        path = str(path_of(self._connection))
        if self.is_erased(owner):
            return StoreError("error.store_erased", "advice.store_erased", path=path, owner=owner)
        return StoreError("error.secret_locked", "advice.secret_locked", path=path, owner=owner)

    def _place(self, owner: str) -> bytes | None:
        return self._key_of(owner, "SELECT key FROM sealing_key WHERE owner = ?", owner)

    def _known(self) -> dict[str, bytes | None] | None:
        known: dict[str, bytes | None] | None = getattr(self._connection, "known_keys", None)
        return known

    def _key_of(self, name: str, sql: str, *parameters: str) -> bytes | None:
        """A key of the file; within a transaction, in which nobody else can change one, it is read once."""
        known = self._known()
        if known is not None and name in known:
            return known[name]
        found = rows(self._connection, sql, parameters)
        key: bytes | None = found[0][0] if found else None
        if known is not None:
            known[name] = key
        return key

    def _kept_keys(self, owner: str, role: str) -> list[bytes]:
        sql = "SELECT key FROM role_key WHERE owner = ? AND role = ? AND number > 0 ORDER BY number DESC"
        return [key for (key,) in rows(self._connection, sql, (owner, role))]

    def _write_key(self, owner: str, key: bytes) -> None:
        self._connection.execute(
            "INSERT INTO sealing_key (owner, key) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET key = excluded.key",
            (owner, key),
        )
        if (known := self._known()) is not None:
            known[owner] = key

    def _add_key(self, owner: str, role: str, number: int, key: bytes) -> None:
        sql = "INSERT INTO role_key (owner, role, number, key) VALUES (?, ?, ?, ?)"
        self._connection.execute(sql, (owner, role, number, key))

    def _clear_extra(self, owner: str) -> None:
        sql = "UPDATE role_key SET number = -number, key = zeroblob(length(key)) WHERE owner = ? AND number > 0"
        self._connection.execute(sql, (owner,))


def _is_elsewhere(place: bytes | None) -> bool:
    return bool(place) and place == ELSEWHERE * len(place or b"")
