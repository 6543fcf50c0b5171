"""Opening the seat's file, and turning what SQLite answers into the error tree.

Written for power cuts and for company: a commit returns only when its bytes are on the disk
(`synchronous=FULL`), writers wait for each other, and no byte that was deleted stays behind
(`secure_delete`).
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from agent_console.domain.errors import StoreError, StoreFull, StoreReadOnly
from agent_console.store import encrypted
from agent_console.store.keyring import SeatConnection

APPLICATION_ID = 12345
"""Stands in the header of the file: a file of another program is not written into."""

BUSY_SECONDS = 10.0
"""How long a writer waits for the others before it gives up."""

_LOOK_AGAIN_SECONDS = 0.002
_SCRAPS = 1 << 20
"""With fewer bytes free than this, an I/O error is reported as a full disk."""

_SIDE_FILES = ("-wal", "-shm")
_UNUSABLE = {
    sqlite3.SQLITE_NOTADB: "garbage",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CANTOPEN: "disk",
    sqlite3.SQLITE_PERM: "disk",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
}


def open_connection(path: Path) -> SeatConnection:
    """Open the file, made with its folder where missing: folder 0700, file 0600, autocommit.

    Raises StoreReadOnly, StoreFull, or StoreError where it is damaged or no file of this program.
    """
    _make(path)
    _check_access(path)
    connection = _connect(path)
    try:
        with guarded(path):
            _check_owner(connection, path)
            _configure(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path) -> SeatConnection:
    if encrypted.is_encrypted(path) and encrypted.has_key(path.parent):
        from agent_console.store import encrypting

        encrypting.tidy(path)
        return encrypted.connect_encrypted(path, BUSY_SECONDS)
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, factory=SeatConnection)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE … COMMIT, or ROLLBACK after any exception.

    Raises StoreFull, StoreReadOnly, or StoreError where the others did not let go within BUSY_SECONDS.
    """
    with guarded(connection):
        _begin_writing(connection)
        _remember(connection, {})
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.rollback()
            raise
        finally:
            _remember(connection, None)


def _begin_writing(connection: Connection) -> None:
    """Have the file for writing as soon as it is free, or SQLite's error once its waiting time has passed.

    SQLite's own waiting looks again after a tenth of a second and misses the moments in which a long drain lets go.
    """
    [(patience,)] = connection.execute("PRAGMA busy_timeout").fetchall()
    deadline = time.monotonic() + patience / 1000
    connection.execute("PRAGMA busy_timeout = 0").fetchall()
    try:
        while not _has_begun(connection, deadline):
            time.sleep(_LOOK_AGAIN_SECONDS)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}").fetchall()


def _has_begun(connection: Connection, deadline: float) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
            raise
        return False
    return True


def _remember(connection: Connection, keys: dict[str, bytes | None] | None) -> None:
    if hasattr(connection, "known_keys"):
        connection.known_keys = keys


@contextmanager
def part(connection: Connection) -> Iterator[None]:
    """A part of the transaction that is open: after an exception it alone is as before."""
    with guarded(connection):
        connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK TO part")
            _remember(connection, {})
            raise
        finally:
            with suppress(sqlite3.Error):
                connection.execute("RELEASE part")


@contextmanager
def joined(connection: Connection) -> Iterator[None]:
    """Write inside the transaction that is open, or in one of its own."""
    if connection.in_transaction:
        with guarded(connection):
            yield
    else:
        with transaction(connection):
            yield


def rows(
    connection: Connection, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[tuple[Any, ...]]:
    """All rows of a question; none is left unread, for an unread one would keep a snapshot open."""
    # Not by `guarded`: entering and leaving that costs as much as the question, and this is asked a million times.
    try:
        return connection.execute(sql, parameters).fetchall()
    except sqlite3.Error as error:
        raise _told(error, connection) from error


@contextmanager
def guarded(file: Path | Connection) -> Iterator[None]:
    """Turn what SQLite says about disk and file into the error tree; errors of our own SQL pass through."""
    try:
        yield
    except sqlite3.Error as error:
        told = _told(error, file)
        if told is error:
            raise
        raise told from error


def _told(error: sqlite3.Error, file: Path | Connection) -> Exception:
    """As a person is told of it; the error itself where it is one of our own SQL."""
    return _as_store_error(error, file if isinstance(file, Path) else path_of(file)) or error


def path_of(connection: Connection) -> Path:
    """Path of the file behind a connection."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder; a file system that cannot do so keeps their order itself."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class ChangeWatch:
    """Tells whether another connection has written; costs a look into shared memory."""

    def __init__(self, connection: Connection) -> None:
        """Watch from now on."""
        self._connection = connection
        self._seen = self._version()

    def changed(self) -> bool:
        """True where another connection has committed since this was last asked."""
        now = self._version()
        changed, self._seen = now != self._seen, now
        return changed

    def _version(self) -> int:
        return int(rows(self._connection, "PRAGMA data_version")[0][0])


def _make(path: Path) -> None:
    """Make folder and file, and let the disk keep their names before anything is written into them."""
    try:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        for folder in (path.parent, path.parent.parent):
            sync_folder(folder)
    except OSError as error:
        made_by_another = isinstance(error, FileExistsError) and path.exists()
        if not made_by_another:
            raise _cannot_make(path, error) from error


def _cannot_make(path: Path, error: OSError) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreFull("error.store_full", "advice.store_full", path=str(path))
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return StoreReadOnly("error.store_read_only", "advice.store_read_only", path=str(path))
    return StoreError("error.store_make", "advice.store_make", path=str(path), reason=error.strerror or "")


def _check_access(path: Path) -> None:
    """Only the owner may read; SQLite itself would open a file it cannot write without a word."""
    if not path.is_file():
        raise StoreError("error.store_garbage", "advice.store_garbage", path=str(path))
    for file in (path, *(path.with_name(path.name + suffix) for suffix in _SIDE_FILES)):
        with suppress(OSError):
            if file.stat().st_mode & 0o077:
                file.chmod(0o600)
    if not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        raise StoreReadOnly("error.store_read_only", "advice.store_read_only", path=str(path))


def _check_owner(connection: Connection, path: Path) -> None:
    """Refuse the file of another program before anything is written into it."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if owner != APPLICATION_ID and connection.execute("PRAGMA schema_version").fetchone()[0]:
        raise StoreError("error.store_garbage", "advice.store_garbage", path=str(path))


def _configure(connection: Connection, path: Path) -> None:
    # An error while the log is set up shows only when the answer is fetched, hence the comparison.
    if _write_ahead(connection) != "wal":
        raise StoreError("error.store_wal", "advice.store_wal", path=str(path))
    for setting in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _write_ahead(connection: Connection) -> str:
    """Switch to the write-ahead log; SQLite does not wait for a second process that is doing the same."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _as_store_error(error: sqlite3.Error, path: Path) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_READONLY:
        return StoreReadOnly("error.store_read_only", "advice.store_read_only", path=str(path))
    reason = _UNUSABLE.get(code)
    if code == sqlite3.SQLITE_FULL or (reason == "disk" and _disk_is_full(path)):
        return StoreFull("error.store_full", "advice.store_full", path=str(path))
    if reason is None:
        return None
    return StoreError(f"error.store_{reason}", f"advice.store_{reason}", path=str(path), reason=str(error))


def _disk_is_full(path: Path) -> bool:
    with suppress(OSError):
        disk = os.statvfs(path.parent)
        return disk.f_bavail * disk.f_frsize < _SCRAPS
    return False
