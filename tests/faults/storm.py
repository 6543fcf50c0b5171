"""What goes wrong between the beginning of a campaign and its healing: drawn by the seed, one thing after the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random

from tests.faults.campaign import MOVED, Campaign
from tests.faults.clocks import set_clock
from tests.faults.proxy import Weather

_LONGEST = 10
_HOUR = 3_600_000_000
_SEAT_JUMPS = (-_HOUR, -90_000_000, 0, 90_000_000, _HOUR)
_SERVER_JUMPS = (24 * _HOUR, -_HOUR, 0)
_ROOM = (0, 20_000, 200_000)
"""Bytes that are left on a full disk."""
_COPIED, _MOVED = 0.35, 0.6
"""When a copy of the server's data is made and when it takes their place, as a share of the storm."""
_COMES_TO_COMMIT = 1.0

Acts = dict[str, tuple[int, Callable[[], Awaitable[None]]]]


async def storm(campaign: Campaign) -> None:
    """Let it storm for as long as the plan says."""
    await _Storm(campaign).run()


class _Storm:
    def __init__(self, campaign: Campaign) -> None:
        self._at = campaign
        self._plan = campaign.plan
        self._random = Random(campaign.plan.seed)
        self._copy: Path | None = None
        self._is_moved = not campaign.plan.moves_to

    async def run(self) -> None:
        await self._change_weather()
        began = time.monotonic()
        while self._goes_on(time.monotonic() - began):
            await asyncio.sleep(self._random.uniform(0.2, 0.8))
            acts = self._acts()
            [name] = self._random.choices(tuple(acts), [share for share, _ in acts.values()])
            await acts[name][1]()
            self._at.happened[name] += 1
            self._at.revive()
            await self._copy_and_move((time.monotonic() - began) / self._plan.seconds)
        await self._copy_and_move(1.0)

    def _goes_on(self, seconds: float) -> bool:
        plan = self._plan
        is_short = self._at.happened[plan.until] + self._at.line.happened[plan.until] < plan.times
        return seconds < plan.seconds * (_LONGEST if is_short else 1)

    def _acts(self) -> Acts:
        acts: Acts = {
            "seat killed": (30, self._kill_seat),
            "server killed": (self._plan.deaths, self._kill_server),
            "line cut": (12, self._cut_line),
            "connections reset": (10, self._reset),
            "disk full": (12, self._limit_files),
            "clock set": (10, self._set_clock),
            "server's clock set": (8, self._set_clock_of_server),
            "weather": (10, self._change_weather),
        }
        if self._plan.broken:
            return acts
        if self._at.disk is not None and not self._at.settings.dsn:
            acts["server's disk full"] = (12, self._fill_disk)
        if self._at.host is not None and self._at.settings.on_postgres:
            acts["database frozen"] = (12, self._freeze_database)
            acts["database killed"] = (8, self._kill_database)
            acts["killed in a commit"] = (16, self._kill_in_commit)
        return acts

    # machines of the line

    async def _kill_seat(self) -> None:
        seat = self._random.choice(self._at.seats)
        seat.program.kill()
        seat.start()

    async def _kill_server(self) -> None:
        server = self._random.choice(self._at.servers)
        server.kill()
        await asyncio.sleep(self._random.uniform(0, 0.5))
        self._at.start(server)

    async def _limit_files(self) -> None:
        """Sizes at which the log is cut short as well as none at all."""
        program = self._random.choice(self._at.seats).program
        program.limit_files(self._random.choice((0, 4096, 1 << 16, 1 << 19)))
        await asyncio.sleep(self._random.uniform(0.1, 0.8))
        program.limit_files()

    async def _fill_disk(self) -> None:
        assert self._at.disk is not None
        self._at.disk.fill(self._random.choice(_ROOM))
        await asyncio.sleep(self._random.uniform(0.3, 1.2))
        self._at.disk.make_room()

    async def _set_clock(self) -> None:
        set_clock(self._random.choice(self._at.seats).home, self._random.choice(_SEAT_JUMPS))

    async def _set_clock_of_server(self) -> None:
        set_clock(Path(self._at.settings.folder), self._random.choice(_SERVER_JUMPS))

    # the line

    async def _cut_line(self) -> None:
        self._at.line.is_cut = True
        await asyncio.sleep(self._random.uniform(0.2, 1.5))
        self._at.line.is_cut = False

    async def _reset(self) -> None:
        self._at.line.reset_all()

    async def _change_weather(self) -> None:
        share = self._random.choice((0.02, 0.06, 0.12))
        self._at.line.weather = Weather(
            latency=self._random.choice((0.0, 0.003, 0.02)),
            **dict.fromkeys(("reset", "lost", "truncated", "doubled", "status"), share),
            stalled=share / 3,
            stall_seconds=30 * self._plan.pace,
            statuses=self._plan.statuses,
        )

    # the database

    async def _freeze_database(self) -> None:
        """Shorter and longer than a server waits for it."""
        assert self._at.host is not None
        self._at.host.freeze()
        try:
            await asyncio.sleep(self._random.choice((0.3, 1.0, 2.5)))
        finally:
            self._at.host.thaw()

    async def _kill_database(self) -> None:
        assert self._at.host is not None
        self._at.host.freeze()
        await asyncio.sleep(self._random.uniform(0, 0.5))
        self._at.host.kill()
        await asyncio.to_thread(self._at.host.start)

    async def _kill_in_commit(self) -> None:
        """A server has asked for a commit, it happens, and nobody is left to hear of it."""
        host = self._at.host
        assert host is not None
        server = None
        await host.hold_commits()
        try:
            server = self._at.server_named(await host.who_commits(_COMES_TO_COMMIT))
            if server is not None:
                server.kill()
                self._at.happened["server killed in a commit"] += 1
        finally:
            await host.let_commits_go()
        if server is not None:
            self._at.start(server)

    # the server's data

    async def _copy_and_move(self, share: float) -> None:
        if self._is_moved:
            return
        if self._copy is None and share >= _COPIED:
            self._copy = await self._at.copy()
            self._at.happened["copy made"] += 1
        elif self._copy is not None and share >= _MOVED:
            await self._at.move(self._copy)
            self._is_moved = True
            self._at.happened[MOVED] += 1
