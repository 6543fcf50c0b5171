"""Servers under measurement: their stores, their processes, what they cost."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import asyncpg
import msgspec

from agent_console.clock import SystemClock
from agent_console.desk.desk import new_id
from agent_console.domain.instants import HOUR
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people import devices
from agent_console.server.people.accounts import Account
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import VARIABLE, Cabinet
from agent_console.server.people.secrets import drawn, hash_of
from agent_console.server.pushing.authors import note_person
from agent_console.server.store.database import Database, Transaction, open_database
from agent_console.server.web.ports import Person
from benchmarks.server_work import LINE
from tests.support.databases import fresh_database, postgres_server

_MASTER = bytes(range(32))
PASSWORD = "一句够长的口令-2026"
"""Of every account that is made here."""
_UNTIL_UP_SECONDS = 60
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SESSION = (
    "INSERT INTO session (session, jurisdiction, account, device, seat, access_hash, access_until, refresh_hash,"
    " refresh_until, began_at, used, ended_at, ended_why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $9, 1, 0, '')"
)


class Signed(msgspec.Struct, frozen=True):
    """A device somebody is signed in at."""

    device: str
    device_key: str
    token: str


class Prepared(msgspec.Struct, frozen=True):
    """A store with people. epoch: of its log."""

    store: str
    epoch: str
    seats: tuple[Signed, ...]


@contextlib.asynccontextmanager
async def store_of(kind: str, folder: Path, postgres: str) -> AsyncIterator[str]:
    """An empty place for data: `sqlite`, or `postgres` on a server that runs."""
    if kind == "sqlite":
        yield str(folder / f"{new_id()}.db")
        return
    async with fresh_database(postgres) as dsn:
        yield dsn


@contextlib.contextmanager
def postgres_for(kinds: Sequence[str]) -> Iterator[str]:
    """DSN of a PostgreSQL where one of the stores needs it."""
    if "postgres" not in kinds:
        yield ""
        return
    with postgres_server() as dsn:
        yield dsn


async def prepare(store: str, roles: Sequence[str]) -> Prepared:
    """Tables, keys, one account for each role, and a device signed in for each of `roles` in order."""
    database = await open_database(store)
    try:
        clock, settings = SystemClock(), ServerSettings()
        people = Administration(settings, database, clock)
        await people.begin(LINE, Cabinet(database, _MASTER))
        accounts = {role: await people.add(LINE, role, "示例", role, "", PASSWORD) for role in dict.fromkeys(roles)}
        now = clock.now()

        async def work(at: Transaction) -> list[Signed]:
            return [await _signed_in(at, accounts[role], now) for role in roles]

        seats = await database.write(work)
        return Prepared(store, await _epoch(database), tuple(seats))
    finally:
        await database.close()


async def _epoch(database: Database) -> str:
    [(epoch,)] = await database.fetch("SELECT value FROM meta WHERE jurisdiction = '' AND name = 'epoch'")
    return str(epoch)


async def _signed_in(at: Transaction, account: Account, now: int) -> Signed:
    device, token = new_id(), drawn()
    key = await devices.enrol(at, account, device, "12", "", now)
    until = now + 24 * HOUR
    person = (account.jurisdiction, account.account, device, "12")
    await at.execute(_SESSION, new_id(), *person, hash_of(token), until, hash_of(drawn()), now)
    await note_person(at, Person(account.account, account.actor, device, account.jurisdiction), now)
    return Signed(device, key, token)


class Process:
    """A server that was started for the measurement."""

    def __init__(self, command: Sequence[str], port: int, environment: dict[str, str]) -> None:
        """Start it, and wait until it listens."""
        self.port = port
        self._child = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
        self.pid = self._child.pid
        end = time.monotonic() + _UNTIL_UP_SECONDS
        while not _listens(port):
            if self._child.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{' '.join(command)}: {self._child.poll()}")
            time.sleep(0.05)

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return _cpu(self.pid)

    def memory(self) -> int:
        """Resident bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE

    def stop(self) -> None:
        """Have it end by itself."""
        self._child.terminate()
        self._child.wait(30)


@contextlib.contextmanager
def serving(store: str, folder: Path) -> Iterator[Process]:
    """The real server as its own process on that store."""
    port = free_port()
    environment = {
        "AGENT_CONSOLE_SERVER_DSN": store,
        "AGENT_CONSOLE_SERVER_FOLDER": str(folder / "server"),
        "AGENT_CONSOLE_SERVER_PORT": str(port),
        "AGENT_CONSOLE_SERVER_LOG_LEVEL": "error",
        "AGENT_CONSOLE_HOME": str(folder),
        VARIABLE: base64.b64encode(_MASTER).decode(),
    }
    yield from _running([sys.executable, "-m", "agent_console", "server", "run"], port, environment)


@contextlib.contextmanager
def serving_bare(store: str) -> Iterator[Process]:
    """The baseline as its own process on that store."""
    port = free_port()
    yield from _running([sys.executable, "-m", "benchmarks.server_bare", store, str(port)], port, {})


def _running(command: Sequence[str], port: int, environment: dict[str, str]) -> Iterator[Process]:
    process = Process(command, port, environment)
    try:
        yield process
    finally:
        process.stop()


def free_port() -> int:
    """A port of this machine nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


async def postmaster(store: str) -> int:
    """Process of the PostgreSQL behind a DSN, 0 for another store."""
    if not store.startswith("postgres"):
        return 0
    connection = await asyncpg.connect(store)
    try:
        return _fields(int(await connection.fetchval("SELECT pg_backend_pid()")))[1]
    finally:
        await connection.close()


def store_cpu(pid: int) -> float:
    """Processor time of a PostgreSQL and all its processes, 0 where there is none."""
    return _cpu(pid) + sum(_cpu(child) for child in _children(pid)) if pid else 0.0


def _fields(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *(int(field) for field in text[1:])]


def _cpu(pid: int) -> float:
    """Its own and of its children that have ended."""
    try:
        return sum(_fields(pid)[11:15]) / _TICKS
    except (OSError, IndexError):
        return 0.0


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def load() -> str:
    """Load average and processors, to be read beside every wall-clock figure."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
