"""Turning a seat's file into an encrypted one, and back: copied, compared, put in place.

At any moment the file at its path is whole: either the old or the new. What a kill leaves beside it, an unfinished copy
or the clear original, is taken away at the next start (`tidy`) or the next conversion.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent_console.domain.errors import StoreError
from agent_console.store.connection import sync_folder
from agent_console.store.encrypted import SALT_BYTES, connection_class, is_encrypted, key_literal

_COPY, _ORIGINAL = ".copying", ".replaced"
_BLOCK = 1 << 20
_CARRIED = ("application_id", "user_version")
_Told = Callable[[str], None]


def convert(path: Path, *, to_encrypted: bool, told: _Told) -> None:
    """Encrypt the file or decrypt it. told: is given the key of a text for each part of the work.

    Nobody else may have it open. Raises StoreError where somebody has, or the copy is not as the original; BadInput
    where package or key is missing. After an error the file is as before.
    """
    tidy(path)
    copy, salt = path.with_name(path.name + _COPY), os.urandom(SALT_BYTES)
    connection = _opened_alone(path)
    try:
        told("config.copying")
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        new_key = key_literal(path, salt) if to_encrypted else ""
        _copy_into(connection, copy, new_key)
        told("config.comparing")
        _compare(connection, path, copy, new_key)
        told("config.replacing")
        _put_in_place(path, copy, overwrite=to_encrypted)
    except sqlite3.Error as error:
        raise _failed(path, str(error)) from error
    except OSError as error:
        raise _failed(path, error.strerror or "") from error
    finally:
        connection.close()
        copy.unlink(missing_ok=True)


def tidy(path: Path) -> None:
    """Take away what a conversion that was killed has left beside the file; a clear original is overwritten first."""
    path.with_name(path.name + _COPY).unlink(missing_ok=True)
    original = path.with_name(path.name + _ORIGINAL)
    if original.exists():
        if not path.samefile(original):
            _overwrite(original)
        original.unlink(missing_ok=True)


def _opened_alone(path: Path) -> Any:
    connection = connection_class()(str(path), timeout=1.0, isolation_level=None)
    try:
        if is_encrypted(path):
            connection.execute(f'PRAGMA key = "{key_literal(path)}"').fetchall()
        connection.execute("PRAGMA main.locking_mode = EXCLUSIVE").fetchall()
        [(mode,)] = connection.execute("PRAGMA main.journal_mode = DELETE").fetchall()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        connection.close()
        raise _failed(path, str(error)) from error
    if mode != "delete":
        connection.close()
        raise StoreError("error.store_busy", "advice.store_busy", path=str(path))
    return connection


def _copy_into(connection: Any, copy: Path, key: str) -> None:
    connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(copy), key))
    connection.execute("SELECT sqlcipher_export('copy')").fetchall()
    for pragma in _CARRIED:
        [(value,)] = connection.execute(f"PRAGMA main.{pragma}").fetchall()
        connection.execute(f"PRAGMA copy.{pragma} = {value}").fetchall()
    connection.execute("DETACH DATABASE copy")
    _sync(copy)


def _compare(connection: Any, path: Path, copy: Path, key: str) -> None:
    """The copy is opened anew, as a start would do it, and every row of every table read in both."""
    again = connection_class()(str(copy), isolation_level=None)
    try:
        if key:
            again.execute(f'PRAGMA key = "{key}"').fetchall()
        sound = again.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not sound or _digest(again) != _digest(connection):
            raise StoreError("error.convert_differs", "advice.convert_differs", path=str(path))
    finally:
        again.close()


def _digest(connection: Any) -> str:
    found = hashlib.sha256()
    tables = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
    for name, sql in connection.execute(tables).fetchall():
        found.update(repr((name, sql)).encode())
    plain = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') ORDER BY name"
    for (name,) in connection.execute(plain).fetchall():
        if name == "sqlite_schema":
            continue
        quoted = name.replace('"', '""')
        columns = len(connection.execute(f'PRAGMA table_info("{quoted}")').fetchall())
        order = ", ".join(str(number) for number in range(1, columns + 1))
        for row in connection.execute(f'SELECT * FROM "{quoted}" ORDER BY {order}'):
            found.update(repr(row).encode())
    return found.hexdigest()


def _put_in_place(path: Path, copy: Path, *, overwrite: bool) -> None:
    original = path.with_name(path.name + _ORIGINAL)
    os.link(path, original)
    copy.replace(path)
    sync_folder(path.parent)
    if overwrite:
        _overwrite(original)
    original.unlink()
    sync_folder(path.parent)


def _overwrite(path: Path) -> None:
    """Zeros over every byte, not cut off: who still holds it finds no database rather than an empty one."""
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left > 0:
            left -= file.write(bytes(min(left, _BLOCK)))
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(path: Path, reason: str) -> StoreError:
    if "locked" in reason:
        return StoreError("error.store_busy", "advice.store_busy", path=str(path))
    return StoreError("error.convert", "advice.convert_differs", path=str(path), reason=reason)
