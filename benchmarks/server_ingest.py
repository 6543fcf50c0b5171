"""Orders taken in per second, beside a baseline that writes the same rows with the same driver and no rules.

`python -m benchmarks server_ingest` or `python -m benchmarks.server_ingest [--sizes 1 50 500] [--stores sqlite
postgres]`: 16 seats push as fast as they are answered; a tenth of the entries is refused, a tenth was sent before. Both
servers are up at once and are measured in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import quantiles

import msgspec

from agent_console.clock import SystemClock
from agent_console.server.store.database import open_database
from agent_console.sync.wire import PushAnswer
from benchmarks.server_bare import Rows, rows_body, rows_of
from benchmarks.server_http import Connection
from benchmarks.server_process import (
    Prepared,
    Process,
    Signed,
    load,
    postgres_for,
    postmaster,
    prepare,
    serving,
    serving_bare,
    store_cpu,
    store_of,
)
from benchmarks.server_work import LINE, Pattern, Sent, push_body, pushes_of

_SEATS = 16
_WARM = 4
"""Pushes of a seat before the clock starts."""
_TIMES = {1: 240, 50: 36, 500: 6}
"""Pushes of a seat that are measured, by their size."""
_PARTS = 12
"""Stretches in which the pushes of a seat are measured, in turn with those of the baseline."""
_WANTED = {1: 0.5, 50: 0.35, 500: 0.35}

Ask = Callable[[Connection, int], Awaitable[None]]
"""Send the push of that number over a connection."""


class Figures(msgspec.Struct, frozen=True):
    """rate: orders a second; cpu: microseconds of the server for each, store_cpu: of PostgreSQL; p50, p99: of a push,
    in milliseconds.
    """

    rate: float
    cpu: float
    store_cpu: float
    p50: float
    p99: float


class Side:
    """A server and the seats that push to it, and what it took so far."""

    def __init__(self, process: Process, database: int, seats: Sequence[Ask]) -> None:
        """database: process of its PostgreSQL, 0 where it has none."""
        self._process, self._database, self._seats = process, database, seats
        self._taken: list[float] = []
        self._seconds = self._cpu = self._store_cpu = 0.0

    async def begin(self) -> None:
        """Let every seat send its first few pushes, which are not counted."""
        await self.run(range(_WARM))
        self._taken.clear()
        self._seconds = self._cpu = self._store_cpu = 0.0

    async def run(self, numbers: range) -> None:
        """Let every seat send these pushes, one after the other, over a line of its own that stands already."""
        lines = [await Connection.open(self._process.port) for _ in self._seats]
        own, others, began = self._process.cpu(), store_cpu(self._database), time.perf_counter()
        pairs = zip(lines, self._seats, strict=True)
        await asyncio.gather(*(self._send(line, ask, numbers) for line, ask in pairs))
        self._seconds += time.perf_counter() - began
        self._cpu += self._process.cpu() - own
        self._store_cpu += store_cpu(self._database) - others
        for line in lines:
            line.close()

    async def _send(self, line: Connection, ask: Ask, numbers: range) -> None:
        for number in numbers:
            began = time.perf_counter()
            await ask(line, number)
            self._taken.append(time.perf_counter() - began)

    def figures(self, orders: int) -> Figures:
        """What these orders took."""
        cuts = quantiles(self._taken, n=100)
        costs = (self._cpu / orders * 1e6, self._store_cpu / orders * 1e6)
        return Figures(orders / self._seconds, *costs, cuts[49] * 1000, cuts[98] * 1000)


async def in_turn(sides: Sequence[Side], times: int, orders: int) -> list[Figures]:
    """A few pushes to the one, the same to the other, and so on: whatever else the machine does falls on both."""
    for side in sides:
        await side.begin()
    part = max(1, times // _PARTS)
    for number, first in enumerate(range(_WARM, _WARM + times, part)):
        for side in sides if number % 2 else sides[::-1]:
            await side.run(range(first, min(first + part, _WARM + times)))
    return [side.figures(orders) for side in sides]


def pushing(seat: Signed, epoch: str, sent: Sequence[Sent]) -> Ask:
    """What a seat sends to the real server."""
    clock = SystemClock()

    async def ask(line: Connection, number: int) -> None:
        body = push_body(seat.device, seat.device_key, epoch, clock.now(), sent[number].entries)
        status, answer = await line.post("/v1/push", body, seat.token)
        if status != 200 or len(msgspec.json.decode(answer, type=PushAnswer).verdicts) != len(sent[number].entries):
            raise SystemExit(f"{status} {answer[:200]!r}")

    return ask


def writing(device: str, sent: Sequence[Sent], rows: dict[str, Rows]) -> Ask:
    """What the baseline is sent for the same pushes."""
    bodies = [rows_body(device, number, [rows[id_] for id_ in one.ids()]) for number, one in enumerate(sent, 1)]

    async def ask(line: Connection, number: int) -> None:
        status, answer = await line.post("/rows", bodies[number])
        if status != 200:
            raise SystemExit(f"{status} {answer[:200]!r}")

    return ask


async def measure(kind: str, size: int, folder: Path, postgres: str) -> tuple[Figures, Figures, dict[str, int]]:
    """The server, the baseline, and what became of the entries."""
    times = _TIMES.get(size, max(3, 600 // size))
    pattern = Pattern(SystemClock())
    sent = [pushes_of(pattern, size, _WARM + times, 1)[0] for _ in range(_SEATS)]
    orders = size * times * _SEATS
    async with store_of(kind, folder, postgres) as store:
        rows, counted = await written(store, folder, sent)
    async with store_of(kind, folder, postgres) as store, store_of(kind, folder, postgres) as bare:
        prepared: Prepared = await prepare(store, ["operator"] * _SEATS)
        database = await open_database(bare)
        await database.add_jurisdiction(LINE)
        await database.close()
        pairs = list(zip(prepared.seats, sent, strict=True))
        with serving(store, folder) as process, serving_bare(bare) as plain:
            pushed = [pushing(seat, prepared.epoch, one) for seat, one in pairs]
            copied = [writing(seat.device, one, rows) for seat, one in pairs]
            sides = [Side(process, await postmaster(store), pushed), Side(plain, await postmaster(bare), copied)]
            server, baseline = await in_turn(sides, times, orders)
    counted["again"] = sum(len(push.entries) - push.fresh for one in sent for push in one)
    return server, baseline, counted


async def written(store: str, folder: Path, sent: Sequence[Sequence[Sent]]) -> tuple[dict[str, Rows], dict[str, int]]:
    """What the server writes for these pushes, by entry, and how many entries it judged how; not measured."""
    prepared = await prepare(store, ["operator"] * len(sent))
    with serving(store, folder) as process:
        asking = [pushing(seat, prepared.epoch, one) for seat, one in zip(prepared.seats, sent, strict=True)]
        await Side(process, 0, asking).run(range(len(sent[0])))
    database = await open_database(store)
    try:
        told = await database.fetch("SELECT status, count(*) FROM entry GROUP BY status")
        return await rows_of(database), {str(status): int(count) for status, count in told}
    finally:
        await database.close()


async def run(sizes: Sequence[int], stores: Sequence[str]) -> None:
    """Print everything."""
    print(f"{'store':<10}{'at once':>8}{'orders/s':>10}{'baseline':>10}{'ratio':>7}{'wanted':>8}"
          f"{'cpu µs':>8}{'baseline':>10}{'store µs':>10}{'baseline':>10}{'p50 ms':>8}{'p99 ms':>8}")  # fmt: skip
    with postgres_for(stores) as postgres, tempfile.TemporaryDirectory() as folder:
        for kind in stores:
            for size in sizes:
                server, bare, counted = await measure(kind, size, Path(folder), postgres)
                print(f"{kind:<10}{size:>8}{server.rate:>10.0f}{bare.rate:>10.0f}{server.rate / bare.rate:>7.2f}"
                      f"{_WANTED.get(size, 0):>8}{server.cpu:>8.0f}{bare.cpu:>10.0f}{server.store_cpu:>10.0f}"
                      f"{bare.store_cpu:>10.0f}{server.p50:>8.1f}{server.p99:>8.1f}  {load()} {counted}",
                      flush=True)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=list(_TIMES))
    options.add_argument("--stores", nargs="+", default=["sqlite", "postgres"])
    given = options.parse_args()
    asyncio.run(run(given.sizes, given.stores))


if __name__ == "__main__":
    main()
