"""How a push and a page of the feed slow down as the store grows.

`python -m benchmarks server_growth` or `python -m benchmarks.server_growth [--sizes 1000 1000000] [--stores sqlite
postgres]`: the store is filled through the real server, 500 orders to a push; then one seat pushes single orders and
reads the newest page, one after the other.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import msgspec

from agent_console.clock import SystemClock
from agent_console.sync.wire import TAKEN_ENTRIES, PushAnswer
from benchmarks.server_http import Connection
from benchmarks.server_process import Prepared, Process, load, postgres_for, prepare, serving, store_of
from benchmarks.server_work import Pattern, push_body

_FILLING = 4
"""Seats that fill the store."""
_WARM, _MEASURED = 100, 1000
_PAGE = 200
_WANTED = {"p50": 1.2, "p99": 1.5}


class Sender:
    """One seat's way to the server."""

    def __init__(self, process: Process, prepared: Prepared, number: int, pattern: Pattern) -> None:
        """Of the device of that number."""
        self._process, self._prepared, self._pattern = process, prepared, pattern
        self.seat = prepared.seats[number]
        self._n = 0
        self._clock = SystemClock()

    async def open(self) -> None:
        """Connect; the server hangs up on whoever has been silent for a minute."""
        self.line = await Connection.open(self._process.port)

    async def push(self, count: int) -> tuple[float, int]:
        """Send so many orders at once; seconds it took, and the last place in the feed."""
        entries = [self._pattern.copy(self._n + number) for number in range(1, count + 1)]
        self._n += count
        seat = self.seat
        body = push_body(seat.device, seat.device_key, self._prepared.epoch, self._clock.now(), entries)
        began = time.perf_counter()
        status, answer = await self.line.post("/v1/push", body, seat.token)
        taken = time.perf_counter() - began
        verdicts = msgspec.json.decode(answer, type=PushAnswer).verdicts if status == 200 else ()
        if not verdicts or {verdict.status for verdict in verdicts} != {"applied"}:
            raise SystemExit(f"{status} {answer[:200]!r}")
        return taken, verdicts[-1].seq

    async def read(self, after: int) -> float:
        """Ask for a page; seconds it took."""
        began = time.perf_counter()
        status, answer = await self.line.get(f"/v1/feed?after={after}&limit={_PAGE}", self.seat.token)
        if status != 200:
            raise SystemExit(f"{status} {answer[:200]!r}")
        return time.perf_counter() - began


async def fill(senders: Sequence[Sender], count: int) -> None:
    """Store so many further orders."""
    left = count

    async def run(sender: Sender) -> None:
        nonlocal left
        await sender.open()
        while left > 0:
            size = min(TAKEN_ENTRIES, left)
            left -= size
            await sender.push(size)
        sender.line.close()

    await asyncio.gather(*(run(sender) for sender in senders))


async def figures(sender: Sender) -> dict[str, float]:
    """Milliseconds of single pushes and of pages."""
    pushes: list[float] = []
    pages: list[float] = []
    await sender.open()
    for number in range(_WARM + _MEASURED):
        taken, last = await sender.push(1)
        read = await sender.read(last - _PAGE)
        if number >= _WARM:
            pushes.append(taken)
            pages.append(read)
    sender.line.close()
    cuts = {"push": quantiles(pushes, n=100), "page": quantiles(pages, n=100)}
    return {f"{name} p{share}": found[share - 1] * 1000 for name, found in cuts.items() for share in (50, 99)}


async def measure(kind: str, sizes: Sequence[int], folder: Path, postgres: str) -> None:
    """Print the figures of one store."""
    async with store_of(kind, folder, postgres) as store:
        prepared = await prepare(store, ["operator"] * (_FILLING + 1))
        with serving(store, folder) as process:
            pattern = Pattern(SystemClock())
            *filling, one = [Sender(process, prepared, number, pattern) for number in range(_FILLING + 1)]
            found: list[dict[str, float]] = []
            stored = 0
            for size in sizes:
                began = time.perf_counter()
                await fill(filling, size - stored)
                print(f"{kind}: {size} orders, filled in {time.perf_counter() - began:.0f} s; {load()}", flush=True)
                found.append(await figures(one))
                stored = size + _WARM + _MEASURED
    for name in found[0]:
        times = [answers[name] for answers in found]
        told = "".join(f"{value:>9.1f}" for value in times)
        print(f"{kind:<10}{name:<10}{told}{times[-1] / times[0]:>7.2f} (wanted {_WANTED[name[-3:]]})", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 1_000_000])
    options.add_argument("--stores", nargs="+", default=["sqlite", "postgres"])
    given = options.parse_args()
    with postgres_for(given.stores) as postgres, tempfile.TemporaryDirectory() as folder:
        for kind in given.stores:
            asyncio.run(measure(kind, given.sizes, Path(folder), postgres))


if __name__ == "__main__":
    main()
