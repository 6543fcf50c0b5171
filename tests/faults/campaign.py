"""Seats that work, a line and machines that fail, and afterwards the question whether anything was lost.

What happens follows from a seed; only the moments at which processes reach a point are their own. See storm.py for
what goes wrong, checks.py for what has to hold at the end.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path
from random import Random

import httpx
import msgspec

from agent_console.clock import SystemClock
from agent_console.desk.at_work import SEAT_FILE
from agent_console.server.ops.backup import read_backup, write_backup
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import Cabinet, draw_master_key, load_master_key
from agent_console.server.store.database import Database, open_database
from agent_console.settings import Settings, save_settings
from tests.faults.broken import BROKEN_SEATS, BROKEN_SERVERS
from tests.faults.clocks import set_clock
from tests.faults.database_host import DatabaseHost
from tests.faults.disk import SmallDisk, small_disk
from tests.faults.processes import Program
from tests.faults.proxy import CALM, FaultyLine
from tests.faults.seat import FINISH, LONGEST_NAME, PASSWORD, READY, STOP, Part
from tests.faults.work import UNIT

_PEOPLE = (
    ("zhang", "张三", "operator", ""),
    ("li", "李主任", "centre", ""),
    ("clerk", "甲经办", "unit_clerk", UNIT),
    ("zhao", "赵班长", "lead", ""),
    ("zhou", "周局长", "unit_leader", UNIT),
    ("wang", "王四", "operator", ""),
)
"""Among them those who may read confidential orders, and those who may not."""
MOVED = "copy in its place"
"""What is counted where a copy has taken the place of the server's data."""
_LOOK_SECONDS = 0.05
_START_SECONDS = 90.0
_TRIES = "1000"
"""A sign-in that dies with its server counts as a wrong password; nobody guesses any here."""
_DISK = 48 << 20
"""Bytes of the disk of a server that may be full in earnest."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a campaign goes. seconds: of faults; rate: things a person does in a second; pace: see `Part`.

    dsn: PostgreSQL, "" for the embedded store. broken: name of the mistake to be found. longest: seconds that seats get
    to send and take in everything once all is well; deaths: how often a server dies, among some 80 other acts.
    statuses: of answers that others give in the server's place. until, times: the storm goes on until this has happened
    so often, at most ten times as long. line: jurisdiction. moves_to: DSN or path of the store into which a copy of the
    server's data, made in the middle of the storm, is put; "" for none.
    """

    seed: int
    seconds: float
    dsn: str = ""
    seats: int = 3
    servers: int = 1
    rate: float = 8.0
    pace: float = 0.05
    broken: str = ""
    longest: float = 60.0
    deaths: int = 20
    statuses: tuple[int, ...] = (200, 401, 413, 429, 503)
    until: str = ""
    times: int = 0
    line: str = "binzhou"
    moves_to: str = ""


class SeatOf:
    """One seat: its folder, its paper, its process."""

    def __init__(self, folder: Path, number: int, address: str, plan: Plan) -> None:
        self.account, self.name, self.role, self.unit = _PEOPLE[number]
        self.home = folder / self.account
        self.paper = folder / f"{self.account}.paper"
        self.number = 10 + number
        self._plan = plan
        self._starts = 0
        self.settings = Settings(jurisdiction=plan.line, seat=str(self.number), operator=self.name, server=address)
        save_settings(self.home, self.settings)
        self._part = folder / f"{self.account}.json"
        words = ("-m", "tests.faults.seat", str(self._part))
        self.program = Program(words, folder / f"{self.account}.log", {})

    def start(self) -> None:
        """Sit down; each time another seed."""
        self._starts += 1
        plan = self._plan
        broken = plan.broken if plan.broken in BROKEN_SEATS else ""
        seed = plan.seed * 10_000 + self.number * 100 + self._starts
        part = Part(str(self.home), str(self.paper), self.account, seed, plan.rate, plan.pace, broken)
        self._part.write_bytes(msgspec.json.encode(part))
        self.program.start()

    def tell(self, name: str, text: str = "") -> None:
        """Lay a word into its folder."""
        fresh = self.home / f"{name}.new"
        fresh.write_text(text)
        fresh.rename(self.home / name)

    @property
    def is_ready(self) -> bool:
        return (self.home / READY).exists()

    def standing(self) -> tuple[int, int]:
        """Entries and files that wait, or were set aside though they can be sent, and the cursor; read from outside."""
        hopeless = f"SELECT 1 FROM outbox_step WHERE entry = outbox.id AND length(stream) > {LONGEST_NAME}"
        waits = (
            "SELECT count(*) FROM outbox WHERE closed_at = 0"
            f" AND (state = 'queued' OR (state = 'parked' AND NOT EXISTS ({hopeless})))"
        )
        files = (
            "SELECT (SELECT count(*) FROM file_owed) + count(*) FROM event"
            " WHERE type IN ('order.attached', 'knowledge.imported') AND seq IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM file_settled WHERE file_settled.event = event.id)"
        )
        with closing(sqlite3.connect(f"file:{self.home / SEAT_FILE}?mode=ro", uri=True, timeout=10)) as file:
            [[waiting]], [[cursor]] = file.execute(waits).fetchall(), file.execute("SELECT cursor FROM link").fetchall()
            [[unsent]] = file.execute(files).fetchall()
        return waiting + unsent, cursor


class Campaign:
    """One campaign in a folder of its own."""

    def __init__(self, folder: Path, plan: Plan, host: DatabaseHost | None = None) -> None:
        """Nothing runs yet. host: of the PostgreSQL of the plan, where it is ours to freeze and to kill."""
        self.folder = folder
        self.plan = plan
        self.host = host
        self.happened: Counter[str] = Counter()
        self.healed_after = 0.0
        self.is_drained = False
        self.database: Database
        self.settings = ServerSettings(dsn=plan.dsn, folder=str(folder / "server"))
        self.disk: SmallDisk | None = None
        self._ports = tuple(_free_port() for _ in range(plan.servers))
        self.line = FaultyLine(self._ports, Random(plan.seed + 1))
        self.servers: list[Program] = []
        self.seats: list[SeatOf] = []
        self._opened = AsyncExitStack()

    @property
    def address(self) -> str:
        """The first server, without the line between."""
        return f"http://127.0.0.1:{self._ports[0]}"

    async def run(self, storm: Callable[[Campaign], Awaitable[None]]) -> None:
        """Begin, let it storm, heal; servers still run and seats have gone home afterwards. `close` ends it."""
        await self._begin()
        await storm(self)
        await self._heal()

    async def close(self) -> None:
        """End everything that was started."""
        for program in (*(seat.program for seat in self.seats), *self.servers):
            program.kill()
        await self.line.stop()
        await self.database.close()
        await self._opened.aclose()

    # beginning

    async def _begin(self) -> None:
        self._mount()
        Path(self.settings.home).mkdir(parents=True, exist_ok=True)
        draw_master_key(self.settings)
        self.database = await open_database(self.settings.store)
        people = Administration(self.settings, self.database, SystemClock())
        await people.begin(self.plan.line, Cabinet(self.database, load_master_key(self.settings)))
        for account, name, role, unit in _PEOPLE[: self.plan.seats]:
            await people.add(self.plan.line, account, name, role, unit, PASSWORD)
        for port in self._ports:
            self.servers.append(self._server(port))
            self.start(self.servers[-1])
        await self.line.start()
        await _until(self._serves, _START_SECONDS, "server does not start")
        address = f"http://127.0.0.1:{self.line.port}"
        self.seats += (SeatOf(self.folder, number, address, self.plan) for number in range(self.plan.seats))
        for seat in self.seats:
            seat.start()
        await _until(self._is_seated, _START_SECONDS, "seats do not start")

    def _mount(self) -> None:
        """Where this machine lets us, the embedded store gets a disk that can be full in earnest."""
        if not self.settings.on_postgres:
            with suppress(OSError):
                self.disk = self._opened.enter_context(small_disk(Path(self.settings.folder), _DISK))

    def start(self, server: Program) -> None:
        """Start a server that does not run, broken where the plan wants that."""
        server.start(*((self.plan.broken,) if self.plan.broken in BROKEN_SERVERS else ()))

    def revive(self) -> None:
        """Start those again that found no database when they began, as the service manager does."""
        for server in self.servers:
            if not server.is_running:
                self.start(server)

    def _server(self, port: int) -> Program:
        dsn = self.settings.dsn
        if self.settings.on_postgres:
            dsn += f"{'&' if '?' in dsn else '?'}application_name={port}"
        told = {"FOLDER": self.settings.folder, "PORT": str(port), "LOG_LEVEL": "error", "DSN": dsn, "TRIES": _TRIES}
        environment = {f"AGENT_CONSOLE_SERVER_{name}": text for name, text in told.items() if text}
        return Program(("-m", "tests.faults.server"), self.folder / f"server-{port}.log", environment)

    def server_named(self, name: str) -> Program | None:
        """The server that calls itself so at its database."""
        return dict(zip(map(str, self._ports), self.servers, strict=True)).get(name)

    async def _serves(self) -> bool:
        async with httpx.AsyncClient(trust_env=False) as client:
            for port in self._ports:
                try:
                    answer = await client.get(f"http://127.0.0.1:{port}/v1/ready")
                except httpx.HTTPError:
                    return False
                if answer.status_code != 200:
                    return False
        return True

    async def _is_seated(self) -> bool:
        for seat in self.seats:
            assert seat.program.is_running, seat.program.log.read_text("utf-8")[-3000:]
        return all(seat.is_ready for seat in self.seats)

    # the server's data

    async def copy(self) -> Path:
        """A copy of the server's data while it goes on."""
        file = self.folder / "copy.zip"
        await write_backup(self.database, file, SystemClock().now(), lambda *_: None)
        return file

    async def move(self, copy: Path) -> None:
        """The server's data are gone; what the copy has goes into another store, and the servers go on with that."""
        for server in self.servers:
            server.kill()
        await self.database.close()
        self.settings = msgspec.structs.replace(self.settings, dsn=self.plan.moves_to)
        self.database = await open_database(self.settings.store)
        await read_backup(self.database, copy, lambda *_: None)
        self.servers = [self._server(port) for port in self._ports]
        for server in self.servers:
            self.start(server)

    # healing

    async def _heal(self) -> None:
        self.line.weather, self.line.is_cut = CALM, False
        began = time.monotonic()
        self.revive()
        set_clock(Path(self.settings.folder), 0)
        for seat in self.seats:
            seat.program.limit_files()
            set_clock(seat.home, 0)
            seat.tell(FINISH)
        with suppress(TimeoutError):
            await _until(self._is_in_step, self.plan.longest, "seats do not come to rest")
            self.is_drained = True
        self.healed_after = time.monotonic() - began
        for seat in self.seats:
            seat.tell(STOP)
        for seat in self.seats:
            await asyncio.to_thread(seat.program.ended, 20.0)

    async def _is_in_step(self) -> bool:
        """Nothing waits, and every seat has read to the end. Twice alike, for an answer may bring a new entry."""
        self.revive()
        [(last,)] = await self.database.fetch("SELECT last_seq FROM counter WHERE jurisdiction = $1", self.plan.line)
        return all(seat.standing() == (0, last) for seat in self.seats)


async def _until(holds: Callable[[], Awaitable[bool]], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > end:
            raise TimeoutError(what)
        await asyncio.sleep(_LOOK_SECONDS)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
