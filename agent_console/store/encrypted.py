"""The seat's file encrypted as a whole by SQLCipher, where the centre wants it: opening it, and its key.

The key is 32 bytes in hexadecimal in a file of its own (setting `seat_key`, mode 0600), or the variable
`AGENT_CONSOLE_SEAT_KEY`: 64 hexadecimal digits, or a passphrase the key is derived from, once for each process.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from agent_console.domain.errors import BadInput
from agent_console.settings import load_settings
from agent_console.store.keyring import Keyring, SeatConnection
from agent_console.store.private_files import refuse_others

VARIABLE = "AGENT_CONSOLE_SEAT_KEY"
SALT_BYTES = 16
_CLEAR_HEADER = b"SQLite format 3\x00"
_KEY_BYTES = 32
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")


def is_encrypted(path: Path) -> bool:
    """Whether a file is there that has content and is no SQLite file in clear."""
    try:
        with path.open("rb") as file:
            header = file.read(SALT_BYTES)
    except OSError:
        return False
    return len(header) == SALT_BYTES and header != _CLEAR_HEADER


def connect_encrypted(path: Path, timeout: float) -> SeatConnection:
    """Open an encrypted seat's file; errors are those of sqlite3.

    Raises BadInput where the package or the key is missing; a wrong key shows at the first statement.
    """
    connection = connection_class()(str(path), timeout=timeout, isolation_level=None)
    connection.execute(f'PRAGMA key = "{key_literal(path)}"').fetchall()
    return cast(SeatConnection, connection)


def key_literal(path: Path, salt: bytes = b"") -> str:
    """The key of a seat's file as SQLCipher reads it; salt: of a file that is still to be made. Raises BadInput."""
    if not salt:
        with path.open("rb") as file:
            salt = file.read(SALT_BYTES)
    return f"x'{_key(path.parent, salt).hex()}{salt.hex()}'"


def has_key(folder: Path) -> bool:
    """Whether a key is named for the seat of a folder, by setting or variable."""
    return bool(load_settings(folder).seat_key or os.environ.get(VARIABLE))


def draw_key(path: Path) -> None:
    """Write a new key into a file that must not exist yet, mode 0600, and have the disk keep it. Raises BadInput."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(_KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


@cache
def library() -> ModuleType:
    """SQLCipher. Raises BadInput naming what to install where it is missing."""
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError as error:
        raise BadInput("error.sqlcipher_missing", "advice.sqlcipher_missing") from error
    return cast(ModuleType, dbapi2)


@contextmanager
def _as_sqlite() -> Iterator[None]:
    try:
        yield
    except library().Error as error:
        raise _translated(error) from error


@cache
def connection_class() -> Any:
    """A connection of SQLCipher that looks like one of sqlite3: same errors, knows the role keys."""
    cursor_class = _cursor_class()

    class CipherConnection(library().Connection):  # type: ignore[misc]
        """Made by `connect_encrypted`."""

        keyring = Keyring()
        known_keys: dict[str, bytes | None] | None = None

        def cursor(self, factory: Any = cursor_class) -> Any:
            return super().cursor(factory)

        def execute(self, *arguments: Any) -> Any:
            return self.cursor().execute(*arguments)

        def executemany(self, *arguments: Any) -> Any:
            return self.cursor().executemany(*arguments)

        def executescript(self, *arguments: Any) -> Any:
            return self.cursor().executescript(*arguments)

        def commit(self) -> None:
            with _as_sqlite():
                super().commit()

        def rollback(self) -> None:
            with _as_sqlite():
                super().rollback()

    return CipherConnection


def _cursor_class() -> Any:
    class CipherCursor(library().Cursor):  # type: ignore[misc]
        """Says its errors as sqlite3 does, those in the middle of a read too."""

        def execute(self, *arguments: Any) -> Any:
            with _as_sqlite():
                return super().execute(*arguments)

        def executemany(self, *arguments: Any) -> Any:
            with _as_sqlite():
                return super().executemany(*arguments)

        def executescript(self, *arguments: Any) -> Any:
            with _as_sqlite():
                return super().executescript(*arguments)

        def fetchone(self) -> Any:
            with _as_sqlite():
                return super().fetchone()

        def fetchmany(self, *arguments: Any) -> Any:
            with _as_sqlite():
                return super().fetchmany(*arguments)

        def fetchall(self) -> Any:
            with _as_sqlite():
                return super().fetchall()

        def __next__(self) -> Any:
            with _as_sqlite():
                return super().__next__()

    return CipherCursor


def _translated(error: Exception) -> sqlite3.Error:
    told: sqlite3.Error = getattr(sqlite3, type(error).__name__, sqlite3.DatabaseError)(*error.args)
    told.sqlite_errorcode = getattr(error, "sqlite_errorcode", 0)
    told.sqlite_errorname = getattr(error, "sqlite_errorname", "")
    return told


def _key(folder: Path, salt: bytes) -> bytes:
    named = load_settings(folder).seat_key
    text = _read(Path(named).expanduser()) if named else os.environ.get(VARIABLE, "").strip()
    if _HEXADECIMAL.fullmatch(text):
        return bytes.fromhex(text)
    if named or not text:
        raise BadInput("error.seat_key", "advice.seat_key", path=named or VARIABLE)
    return _derived(text, salt)


def _read(path: Path) -> str:
    try:
        refuse_others(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("error.seat_key", "advice.seat_key", path=str(path)) from error


@cache
def _derived(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=1 << 15, r=8, p=1, maxmem=64 << 20, dklen=_KEY_BYTES)
