"""Orders taken in per second, beside a baseline that writes the same rows with the same driver and no rules.

`python -m benchmarks server_ingest` or `python -m benchmarks.server_ingest [--sizes 1 50 500] [--stores sqlite
postgres]`: 16 seats push as fast as they are answered; a tenth of the entries is refused, a tenth was sent before.
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
_TIMES = {1: 60, 50: 12, 500: 3}
"""Pushes of a seat that are measured, by their size."""
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


async def timed(process: Process, database: int, seats: Sequence[Ask], times: int, orders: int) -> Figures:
    """Let every seat send its pushes, one after the other; the first few are not counted."""
    taken: list[float] = []

    async def send(connection: Connection, ask: Ask, numbers: range, keep: bool) -> None:
        for number in numbers:
            began = time.perf_counter()
            await ask(connection, number)
            if keep:
                taken.append(time.perf_counter() - began)

    lines = [await Connection.open(process.port) for _ in seats]
    pairs = list(zip(lines, seats, strict=True))
    await asyncio.gather(*(send(line, ask, range(_WARM), keep=False) for line, ask in pairs))
    own, others, began = process.cpu(), store_cpu(database), time.perf_counter()
    await asyncio.gather(*(send(line, ask, range(_WARM, _WARM + times), keep=True) for line, ask in pairs))
    seconds = time.perf_counter() - began
    cost, store_cost = (process.cpu() - own) / orders * 1e6, (store_cpu(database) - others) / orders * 1e6
    for line in lines:
        line.close()
    cuts = quantiles(taken, n=100)
    return Figures(orders / seconds, cost, store_cost, cuts[49] * 1000, cuts[98] * 1000)


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
    async with store_of(kind, folder, postgres) as store, store_of(kind, folder, postgres) as bare:
        prepared: Prepared = await prepare(store, ["operator"] * _SEATS)
        with serving(store, folder) as process:
            asking = [pushing(seat, prepared.epoch, one) for seat, one in zip(prepared.seats, sent, strict=True)]
            server = await timed(process, await postmaster(store), asking, times, orders)
        database = await open_database(store)
        rows = await rows_of(database)
        told = await database.fetch("SELECT status, count(*) FROM entry GROUP BY status")
        counted = {str(status): int(count) for status, count in told}
        await database.close()
        counted["again"] = sum(len(push.entries) - push.fresh for one in sent for push in one)
        database = await open_database(bare)
        await database.add_jurisdiction(LINE)
        await database.close()
        with serving_bare(bare) as process:
            asking = [writing(seat.device, one, rows) for seat, one in zip(prepared.seats, sent, strict=True)]
            baseline = await timed(process, await postmaster(bare), asking, times, orders)
    return server, baseline, counted


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
