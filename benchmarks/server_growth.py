"""How a push and a page of the feed slow down as the store grows.

`python -m benchmarks server_growth` or `python -m benchmarks.server_growth [--sizes 1000 1000000] [--stores sqlite
postgres]`: two servers run side by side, one on a store of each size. One seat at each pushes a single order and reads
the newest page, the one and the other in turn, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import msgspec

from agent_console.clock import SystemClock
from agent_console.sync.wire import TAKEN_ENTRIES, PushAnswer
from benchmarks.server_filling import fill_up
from benchmarks.server_http import Connection
from benchmarks.server_process import Prepared, Process, load, postgres_for, prepare, serving, store_of
from benchmarks.server_work import Pattern, push_body

_WARM, _MEASURED = 100, 1000
_PAGE = 200
_WANTED = {"p50": 1.2, "p99": 1.5}

Taken = dict[str, list[float]]
"""Seconds, by what was asked."""


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


async def prepared_with(store: str, size: int, folder: Path, pattern: Pattern) -> Prepared:
    """A store of so many orders: the first are pushed, the others are copies of their rows under ids of their own."""
    prepared = await prepare(store, ["operator"] * 2)
    pushed = min(size, TAKEN_ENTRIES)
    with serving(store, folder) as process:
        await fill([Sender(process, prepared, 0, pattern)], pushed)
    await fill_up(store, size - pushed)
    return prepared


async def in_turn(senders: Sequence[Sender]) -> list[Taken]:
    """A push and a page of each, the other way round every second time."""
    taken: list[Taken] = [{"push": [], "page": []} for _ in senders]
    for sender in senders:
        await sender.open()
    both = list(zip(senders, taken, strict=True))
    for number in range(_WARM + _MEASURED):
        for sender, times in both if number % 2 else both[::-1]:
            pushed, last = await sender.push(1)
            read = await sender.read(last - _PAGE)
            if number >= _WARM:
                times["push"].append(pushed)
                times["page"].append(read)
    for sender in senders:
        sender.line.close()
    return taken


async def measure(kind: str, sizes: Sequence[int], folder: Path, postgres: str) -> None:
    """Print the figures of one store."""
    pattern = Pattern(SystemClock())
    async with contextlib.AsyncExitStack() as stack:
        senders: list[Sender] = []
        for size in sizes:
            own = folder / f"{kind}-{size}"
            own.mkdir(mode=0o700)
            store = await stack.enter_async_context(store_of(kind, own, postgres))
            began = time.perf_counter()
            prepared = await prepared_with(store, size, own, pattern)
            print(f"{kind}: {size} orders, filled in {time.perf_counter() - began:.0f} s; {load()}", flush=True)
            process = stack.enter_context(serving(store, own))
            senders.append(Sender(process, prepared, 1, pattern))
        found = await in_turn(senders)
        print(f"{kind}: measured; {load()}", flush=True)
    for name in found[0]:
        cuts = [quantiles(taken[name], n=100) for taken in found]
        for share in (50, 99):
            times = [one[share - 1] * 1000 for one in cuts]
            told = "".join(f"{value:>9.1f}" for value in times)
            wanted = _WANTED[f"p{share}"]
            print(f"{kind:<10}{name} p{share:<5}{told}{times[-1] / times[0]:>7.2f} (wanted {wanted})", flush=True)


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
