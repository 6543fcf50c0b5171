"""The server's data in PostgreSQL: any number of API processes on it, its availability its own affair.

Hosts are tried one by one, each with a deadline of its own, and the one that writes is taken. Nothing that runs is ever
cancelled politely: a host that does not answer in time is hung up on, because cancelling would ask the very host that
is frozen, and because a wait for replication that is cancelled looks like a success.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from functools import cache
from typing import Any, TypeVar

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from agent_console.server.store import migrating
from agent_console.server.store.database import DatabaseAway, Row, Table, Transaction, Work, columns_of
from agent_console.server.store.hosts import one_by_one

T = TypeVar("T")
_CONNECTIONS = 8
_CONNECT_SECONDS = 3.0
_COMMAND_SECONDS = 10.0
_TRIES = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5
_AGAIN = frozenset({"40001", "40P01", "25006", "23505", "40003", "42P07"})
"""Serialization failure, deadlock, a standby, a row or a table somebody else made first, a commit nobody knows of."""
_LEAVING = frozenset({"57P01", "57P02", "57P03", "53300"})
_NOT_REPLICATED = "canceling wait for synchronous replication"


class _Link:
    """A connection with a deadline for everything."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self.connection = connection
        self.doubtful = False
        connection.add_log_listener(self._listen)

    def _listen(self, _: object, notice: asyncpg.PostgresLogMessage) -> None:
        if _NOT_REPLICATED in str(getattr(notice, "message", "")):
            self.doubtful = True

    async def within(self, running: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        """The result, or DatabaseAway once the deadline has passed; then the connection is gone."""
        task = asyncio.ensure_future(running)
        try:
            done, _ = await asyncio.wait({task}, timeout=_COMMAND_SECONDS)
        except asyncio.CancelledError:
            self.drop(task)
            raise
        if not done:
            self.drop(task)
            raise _away(f"{_COMMAND_SECONDS:g} s")
        return task.result()

    def drop(self, task: asyncio.Future[Any] | None = None) -> None:
        """Hang up, and let go of what still runs."""
        self.connection.terminate()
        if task is not None and not task.done():
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())


class _Inside:
    """One transaction on one connection."""

    lock = " FOR UPDATE"

    def __init__(self, link: _Link) -> None:
        self._link = link

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        rows = await self._link.within(self._link.connection.fetch(sql, *values))
        return [tuple(row) for row in rows]

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        return await self.fetch(_among(sql), list(among), *values)

    async def execute(self, sql: str, *values: Any) -> int:
        said = await self._link.within(self._link.connection.execute(sql, *values))
        count = said.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def insert(self, table: Table, rows: Sequence[Row], conflict: str = "") -> None:
        if rows:
            sql = _insertion(table.name, tuple(table.columns.items()), conflict)
            await self._link.within(self._link.connection.execute(sql, *columns_of(rows, len(table.columns))))


@cache
def _among(sql: str) -> str:
    return sql.replace("{among}", "= ANY($1::text[])")


@cache
def _insertion(name: str, columns: tuple[tuple[str, str], ...], conflict: str) -> str:
    names = ", ".join(column for column, _ in columns)
    lists = ", ".join(f"${number}::{kind}[]" for number, (_, kind) in enumerate(columns, 1))
    handled = f" ON CONFLICT {conflict}" if conflict else ""
    return f"INSERT INTO {name} ({names}) SELECT * FROM unnest({lists}){handled}"


class Postgres:
    """A `Database` in PostgreSQL or something that speaks like it."""

    def __init__(self, dsn: str, connections: int = _CONNECTIONS) -> None:
        """Use the hosts of the DSN, with at most so many connections."""
        self._hosts = one_by_one(dsn)
        self._idle: list[_Link] = []
        self._room = asyncio.Semaphore(connections)
        self._writing: set[asyncio.Task[Any]] = set()

    async def write(self, work: Work[T]) -> T:
        """Run it in one transaction, again where the database asks for that."""
        task = asyncio.ensure_future(self._written(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    async def _written(self, work: Work[T]) -> T:
        pause = _FIRST_PAUSE
        for _ in range(_TRIES - 1):
            try:
                return await self._once(work, "BEGIN", "COMMIT")
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                if not _may_try_again(error):
                    raise
            await asyncio.sleep(random.uniform(0, pause))
            pause = min(pause * 4, _LONGEST_PAUSE)
        try:
            return await self._once(work, "BEGIN", "COMMIT")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise _away(str(error)) from error

    async def read(self, work: Work[T]) -> T:
        """Run it on one unchanging picture."""
        try:
            return await self._once(work, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT")
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as error:
            raise _away(str(error)) from error

    async def _once(self, work: Work[T], begin: str, end: str) -> T:
        async with self._link() as link:
            await link.within(link.connection.execute(begin))
            try:
                result = await work(_Inside(link))
                link.doubtful = False
                await link.within(link.connection.execute(end))
            except asyncpg.PostgresError:
                await link.within(link.connection.execute("ROLLBACK"))
                raise
            except BaseException:
                link.drop()
                raise
            if link.doubtful:
                raise _away(_NOT_REPLICATED)
            return result

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        """Rows of a single question."""
        try:
            async with self._link() as link:
                return await _Inside(link).fetch(sql, *values)
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as error:
            raise _away(str(error)) from error

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        """The same for being one of these texts."""
        return await self.fetch(_among(sql), list(among), *values)

    async def execute(self, sql: str, *values: Any) -> int:
        """A single statement as a transaction of its own."""
        return await self.write(lambda at: at.execute(sql, *values))

    async def migrate(self) -> None:
        """Bring the tables up to date; several processes may start at once."""
        await self.write(lambda at: migrating.migrate(at, _for_postgres))

    async def add_jurisdiction(self, code: str) -> None:
        """Have a partition and a counter for its events."""
        name = migrating.checked_code(code)

        async def work(at: Transaction) -> None:
            if await at.fetch("SELECT 1 FROM counter WHERE jurisdiction = $1", name):
                return
            await at.execute(f"CREATE TABLE IF NOT EXISTS event_{name} PARTITION OF event FOR VALUES IN ('{name}')")
            await migrating.add_counter(at, name)

        await self.write(work)

    async def close(self) -> None:
        """Wait for writing that runs, then hang up."""
        if self._writing:
            await asyncio.wait(self._writing)
        while self._idle:
            link = self._idle.pop()
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await link.connection.close(timeout=_CONNECT_SECONDS)

    @contextlib.asynccontextmanager
    async def _link(self) -> AsyncIterator[_Link]:
        async with self._room:
            link = await self._connected()
            try:
                yield link
            except BaseException as error:
                if not isinstance(error, asyncpg.PostgresError):
                    link.drop()
                raise
            finally:
                if not link.connection.is_closed():
                    self._idle.append(link)

    async def _connected(self) -> _Link:
        while self._idle:
            link = self._idle.pop()
            if not link.connection.is_closed():
                return link
        last: BaseException | None = None
        for host in self._hosts:
            task = asyncio.ensure_future(
                asyncpg.connect(host, timeout=_CONNECT_SECONDS, target_session_attrs=SessionAttribute.read_write)
            )
            done, _ = await asyncio.wait({task}, timeout=_CONNECT_SECONDS)
            if done and task.exception() is None:
                return _Link(task.result())
            task.add_done_callback(_hung_up)
            last = task.exception() if done else TimeoutError(f"{_CONNECT_SECONDS:g} s")
        raise _away(str(last)) from last


def _hung_up(ended: asyncio.Task[asyncpg.Connection[asyncpg.Record]]) -> None:
    if not ended.cancelled() and ended.exception() is None:
        ended.result().terminate()


def _may_try_again(error: Exception) -> bool:
    state = getattr(error, "sqlstate", None) or ""
    if isinstance(error, asyncpg.PostgresError) and state:
        return state in _AGAIN or state in _LEAVING or state.startswith("08")
    return True


def _away(reason: str) -> DatabaseAway:
    return DatabaseAway("error.server_store", "advice.server_store", reason=reason)


def _for_postgres(sql: str) -> str:
    return sql.replace("BYTES", "BYTEA")
