"""The server's data in one SQLite file: one thread writes, a few read. Nothing to install, one process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from agent_console.domain.errors import StoreError
from agent_console.server.store import migrating
from agent_console.server.store.database import DatabaseAway, Row, Table, Work
from agent_console.server.store.schema import PARTITIONED

T = TypeVar("T")
_READERS = 3
_BUSY_SECONDS = 10.0
_CACHED_STATEMENTS = 256
_PLACE = re.compile(r"\$(\d+)")
_AMONG = "IN (SELECT value FROM json_each($1))"


@cache
def _translated(sql: str) -> str:
    return _PLACE.sub(r"?\1", sql.replace("{among}", _AMONG))


class _Thread:
    """A connection and the one thread that may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._executor = ThreadPoolExecutor(1, "server-database")
        self._connection: sqlite3.Connection | None = None

    async def run(self, what: Callable[[sqlite3.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._on_thread, what)

    def _on_thread(self, what: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = _connected(self._path)
            return what(self._connection)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise DatabaseAway("error.server_store", "advice.server_store", reason=str(error)) from error

    async def close(self) -> None:
        if self._connection is not None:
            await self.run(lambda connection: connection.close())
        self._executor.shutdown(wait=False)


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, cached_statements=_CACHED_STATEMENTS, check_same_thread=False
    )
    [mode] = connection.execute("PRAGMA journal_mode=wal").fetchone()
    if mode != "wal":
        connection.close()
        raise DatabaseAway("error.server_store", "advice.server_store", reason=f"journal_mode {mode}")
    for setting in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {setting}")
    return connection


class _Inside:
    """One transaction on one thread; what it writes in bulk goes over with the next thing it asks."""

    lock = ""

    def __init__(self, thread: _Thread, begin: Callable[[sqlite3.Connection], None] | None = None) -> None:
        """begin: done before the first thing that is asked, on the same visit to the thread."""
        self._thread = thread
        self._begin = begin
        self._ahead: list[tuple[str, Sequence[Row]]] = []

    async def run(self, what: Callable[[sqlite3.Connection], T]) -> T:
        ahead, self._ahead = self._ahead, []
        begin, self._begin = self._begin, None

        def together(connection: sqlite3.Connection) -> T:
            if begin is not None:
                begin(connection)
            for sql, rows in ahead:
                connection.executemany(sql, rows)
            return what(connection)

        return await self._thread.run(together)

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        return await self.run(lambda connection: connection.execute(_translated(sql), values).fetchall())

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        return await self.fetch(sql, msgspec.json.encode(among).decode(), *values)

    async def execute(self, sql: str, *values: Any) -> int:
        return await self.run(lambda connection: connection.execute(_translated(sql), values).rowcount)

    async def insert(self, table: Table, rows: Sequence[Row], conflict: str = "") -> None:
        if rows:
            self._ahead.append((_insertion(table.name, tuple(table.columns), conflict), rows))


@cache
def _insertion(name: str, columns: tuple[str, ...], conflict: str) -> str:
    places = ", ".join("?" * len(columns))
    handled = f" ON CONFLICT {conflict}" if conflict else ""
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places}){handled}"


class Sqlite:
    """A `Database` in one file, mode 0600, written with `synchronous=FULL`."""

    def __init__(self, path: str) -> None:
        """Use the file of that path; it is made at the first use."""
        self._path = Path(path).expanduser()
        self._writer = _Thread(self._path)
        self._turn = asyncio.Lock()
        self._readers: asyncio.Queue[_Thread] = asyncio.Queue()
        for _ in range(_READERS):
            self._readers.put_nowait(_Thread(self._path))
        self._writing: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def write(self, work: Work[T]) -> T:
        """Run it in BEGIN IMMEDIATE … COMMIT."""
        task = asyncio.ensure_future(self._written(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    async def _written(self, work: Work[T]) -> T:
        async with self._turn:
            try:
                inside = _Inside(self._writer, _begin_writing)
                result = await work(inside)
                await inside.run(lambda connection: connection.execute("COMMIT"))
            except BaseException:
                await self._writer.run(_roll_back)
                raise
            return result

    async def read(self, work: Work[T]) -> T:
        """Run it in a deferred transaction of a reading connection."""
        async with self._reader() as reader:
            try:
                return await work(_Inside(reader, _begin_reading))
            finally:
                await reader.run(_roll_back)

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        """Rows of a single question."""
        async with self._reader() as reader:
            return await _Inside(reader).fetch(sql, *values)

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        """The same for being one of these texts."""
        async with self._reader() as reader:
            return await _Inside(reader).fetch_among(sql, among, *values)

    async def execute(self, sql: str, *values: Any) -> int:
        """A single statement as a transaction of its own."""
        return await self.write(lambda at: at.execute(sql, *values))

    async def migrate(self) -> None:
        """Bring the tables up to date."""
        await self.write(lambda at: migrating.migrate(at, _for_sqlite))

    async def add_jurisdiction(self, code: str) -> None:
        """Have a counter for its events."""
        await self.write(lambda at: migrating.add_counter(at, code))

    async def close(self) -> None:
        """Wait for writing that runs, then close; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        if self._writing:
            await asyncio.wait(self._writing)
        await self._writer.close()
        for _ in range(_READERS):
            await (await self._readers.get()).close()

    @contextlib.asynccontextmanager
    async def _reader(self) -> AsyncIterator[_Thread]:
        reader = await self._readers.get()
        try:
            yield reader
        finally:
            self._readers.put_nowait(reader)


def _for_sqlite(sql: str) -> str:
    return sql.replace("BYTES", "BLOB").replace("BIGINT", "INTEGER").replace(PARTITIONED, "")


def _begin_writing(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        raise StoreError("error.server_store", "advice.server_store", reason="BEGIN")
    connection.execute("BEGIN IMMEDIATE")


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
