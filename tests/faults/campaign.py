"""Seats that work, a line and machines that fail, and afterwards the question whether anything was lost.

What happens follows from a seed; only the moments at which processes reach a point are their own. See checks.py for
what has to hold at the end.
"""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import httpx
import msgspec

from agent_console.clock import SystemClock
from agent_console.desk.at_work import SEAT_FILE
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.admin import Administration
from agent_console.server.people.keys import Cabinet, draw_master_key, load_master_key
from agent_console.server.store.database import Database, open_database
from agent_console.settings import Settings, save_settings
from tests.faults.broken import BROKEN_SEATS, BROKEN_SERVERS
from tests.faults.processes import Program
from tests.faults.proxy import CALM, FaultyLine, Weather
from tests.faults.seat import CLOCK_OFF, FINISH, LONGEST_NAME, PASSWORD, READY, STOP, Part
from tests.faults.work import LINE, UNIT

_PEOPLE = (
    ("zhang", "张三", "operator", ""),
    ("li", "李班长", "lead", ""),
    ("clerk", "甲经办", "unit_clerk", UNIT),
    ("wang", "王四", "operator", ""),
    ("clerk2", "乙经办", "unit_clerk", UNIT),
    ("zhao", "赵班长", "lead", ""),
)
_LOOK_SECONDS = 0.05
_START_SECONDS = 90.0
_LONGEST_STORM = 10
_HOUR = 3_600_000_000
_JUMPS = (-_HOUR, -90_000_000, 0, 90_000_000, _HOUR)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a campaign goes. seconds: of faults; rate: things a person does in a second; pace: see `Part`.

    dsn: PostgreSQL, "" for the embedded store. broken: name of the mistake to be found. longest: seconds that seats get
    to send and take in everything once all is well; deaths: how often a server dies, among some 80 other acts.
    statuses: of answers that others give in the server's place. until, times: the storm goes on until this has happened
    so often, at most ten times as long.
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


class SeatOf:
    """One seat: its folder, its paper, its process."""

    def __init__(self, folder: Path, number: int, address: str, plan: Plan) -> None:
        self.account, self.name, self.role, self.unit = _PEOPLE[number]
        self.home = folder / self.account
        self.paper = folder / f"{self.account}.paper"
        self.number = 10 + number
        self._plan = plan
        self._starts = 0
        self.settings = Settings(jurisdiction=LINE, seat=str(self.number), operator=self.name, server=address)
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
        """Entries that wait, or were set aside though they can be sent, and the cursor; read beside the process."""
        hopeless = f"SELECT 1 FROM outbox_step WHERE entry = outbox.id AND length(stream) > {LONGEST_NAME}"
        waits = (
            "SELECT count(*) FROM outbox WHERE closed_at = 0"
            f" AND (state = 'queued' OR (state = 'parked' AND NOT EXISTS ({hopeless})))"
        )
        with closing(sqlite3.connect(f"file:{self.home / SEAT_FILE}?mode=ro", uri=True, timeout=10)) as file:
            [[waiting]], [[cursor]] = file.execute(waits).fetchall(), file.execute("SELECT cursor FROM link").fetchall()
        return waiting, cursor


class Campaign:
    """One campaign in a folder of its own."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        """Nothing runs yet."""
        self.folder = folder
        self.plan = plan
        self.happened: Counter[str] = Counter()
        self.healed_after = 0.0
        self.is_drained = False
        self.database: Database
        self.settings = ServerSettings(dsn=plan.dsn, folder=str(folder / "server"))
        self._random = Random(plan.seed)
        self._ports = tuple(_free_port() for _ in range(plan.servers))
        self.line = FaultyLine(self._ports, Random(plan.seed + 1))
        self.servers: list[Program] = []
        self.seats: list[SeatOf] = []

    @property
    def address(self) -> str:
        """The first server, without the line between."""
        return f"http://127.0.0.1:{self._ports[0]}"

    async def run(self) -> None:
        """Begin, let it storm, heal; servers still run and seats have gone home afterwards. `close` ends it."""
        await self._begin()
        await self._storm()
        await self._heal()

    async def close(self) -> None:
        """End everything that was started."""
        for program in (*(seat.program for seat in self.seats), *self.servers):
            program.kill()
        await self.line.stop()
        await self.database.close()

    # beginning

    async def _begin(self) -> None:
        Path(self.settings.home).mkdir(parents=True, exist_ok=True)
        draw_master_key(self.settings)
        self.database = await open_database(self.settings.store)
        people = Administration(self.settings, self.database, SystemClock())
        await people.begin(LINE, Cabinet(self.database, load_master_key(self.settings)))
        for account, name, role, unit in _PEOPLE[: self.plan.seats]:
            await people.add(LINE, account, name, role, unit, PASSWORD)
        for port in self._ports:
            self.servers.append(self._server(port))
            self.servers[-1].start(*self._broken_server())
        await self.line.start()
        await _until(self._serves, _START_SECONDS, "server does not start")
        address = f"http://127.0.0.1:{self.line.port}"
        self.seats += (SeatOf(self.folder, number, address, self.plan) for number in range(self.plan.seats))
        for seat in self.seats:
            seat.start()
        await _until(self._is_seated, _START_SECONDS, "seats do not start")

    def _server(self, port: int) -> Program:
        told = {"FOLDER": self.settings.folder, "PORT": str(port), "LOG_LEVEL": "error", "DSN": self.plan.dsn}
        environment = {f"AGENT_CONSOLE_SERVER_{name}": text for name, text in told.items() if text}
        return Program(("-m", "tests.faults.server"), self.folder / f"server-{port}.log", environment)

    def _broken_server(self) -> tuple[str, ...]:
        return (self.plan.broken,) if self.plan.broken in BROKEN_SERVERS else ()

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

    # the storm

    async def _storm(self) -> None:
        acts: dict[str, tuple[int, Callable[[], Awaitable[None]]]] = {
            "seat killed": (30, self._kill_seat),
            "server killed": (self.plan.deaths, self._kill_server),
            "line cut": (12, self._cut_line),
            "connections reset": (10, self._reset),
            "disk full": (12, self._fill_disk),
            "clock set": (10, self._set_clock),
            "weather": (10, self._change_weather),
        }
        await self._change_weather()
        began = time.monotonic()
        while self._goes_on(time.monotonic() - began):
            await asyncio.sleep(self._random.uniform(0.2, 0.8))
            [name] = self._random.choices(tuple(acts), [share for share, _ in acts.values()])
            self.happened[name] += 1
            await acts[name][1]()

    def _goes_on(self, seconds: float) -> bool:
        plan = self.plan
        is_short = self.happened[plan.until] + self.line.happened[plan.until] < plan.times
        return seconds < plan.seconds * (_LONGEST_STORM if is_short else 1)

    async def _kill_seat(self) -> None:
        seat = self._random.choice(self.seats)
        seat.program.kill()
        seat.start()

    async def _kill_server(self) -> None:
        server = self._random.choice(self.servers)
        server.kill()
        await asyncio.sleep(self._random.uniform(0, 0.5))
        server.start(*self._broken_server())

    async def _cut_line(self) -> None:
        self.line.is_cut = True
        await asyncio.sleep(self._random.uniform(0.2, 1.5))
        self.line.is_cut = False

    async def _reset(self) -> None:
        self.line.reset_all()

    async def _fill_disk(self) -> None:
        """Sizes at which the log is cut short as well as none at all."""
        program = self._random.choice(self.seats).program
        program.limit_files(self._random.choice((0, 4096, 1 << 16, 1 << 19)))
        await asyncio.sleep(self._random.uniform(0.1, 0.8))
        program.limit_files()

    async def _set_clock(self) -> None:
        self._random.choice(self.seats).tell(CLOCK_OFF, str(self._random.choice(_JUMPS)))

    async def _change_weather(self) -> None:
        share = self._random.choice((0.02, 0.06, 0.12))
        self.line.weather = Weather(
            latency=self._random.choice((0.0, 0.003, 0.02)),
            **dict.fromkeys(("reset", "lost", "truncated", "doubled", "status"), share),
            stalled=share / 3,
            stall_seconds=30 * self.plan.pace,
            statuses=self.plan.statuses,
        )

    # healing

    async def _heal(self) -> None:
        self.line.weather, self.line.is_cut = CALM, False
        began = time.monotonic()
        for seat in self.seats:
            seat.program.limit_files()
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
        [(last,)] = await self.database.fetch("SELECT last_seq FROM counter WHERE jurisdiction = $1", LINE)
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
