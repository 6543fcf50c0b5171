"""How long a new seat takes to read the feed of a server with a long past, and how the time is spent.

`python -m benchmarks fresh_seat` or `python -m benchmarks.fresh_seat [--sizes 20000 100000] [--roles operator lead]`:
the store is filled through the real server, 500 orders to a push; then a seat without a file signs in and takes in all
there is, as `agent-console sync now` does. An operator is told outlines, a lead everything.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from agent_console.clock import SystemClock
from agent_console.desk.signing_in import sign_in_at
from agent_console.desk.sync.side import open_side
from agent_console.settings import Settings
from agent_console.sync.backoff import Backoff
from agent_console.sync.client import client_for
from agent_console.sync.line import Line
from agent_console.sync.once import exchange_once
from benchmarks.server_growth import Sender, fill
from benchmarks.server_process import PASSWORD, load, prepare, serving, store_of
from benchmarks.server_work import LINE, Pattern

_FILLING = 4
_WANTED_SECONDS = 60.0
"""Of a lead's seat at 100,000 orders."""


class Told:
    """Hears how far the seat is; keeps the longest time between two pages, which whoever sits there may wait for."""

    def __init__(self) -> None:
        """Nothing was taken in yet."""
        self.pages = 0
        self.longest = 0.0
        self._before = time.perf_counter()

    def __call__(self, _sent: int, _place: int, last: int) -> None:
        """One step of the exchange."""
        now = time.perf_counter()
        if last:
            self.pages, self.longest = self.pages + 1, max(self.longest, now - self._before)
        self._before = now


class Read(NamedTuple):
    """What a new seat took: seconds by the wall and of processor, pages and the longest of them, bytes of its file."""

    seconds: float
    processor: float
    told: Told
    size: int


def read_all(address: str, home: Path, role: str) -> Read:
    """Have a new seat sign in and take in all there is."""
    clock, settings = SystemClock(), Settings(jurisdiction=LINE, seat="12", operator="示例", server=address)
    sign_in_at(home, settings, clock, role, PASSWORD)
    side, client = open_side(home, settings, clock), client_for(settings)
    told, began, worked = Told(), time.perf_counter(), time.thread_time()
    try:
        done = exchange_once(Line(side, client, home, settings, clock), Backoff(Random(1)), told)
        if done.why is not None:
            raise SystemExit(done.why.key)
        taken, processor = time.perf_counter() - began, time.thread_time() - worked
        return Read(taken, processor, told, side.store.path.stat().st_size)
    finally:
        side.close()
        client.close()


async def measure(sizes: Sequence[int], roles: Sequence[str], folder: Path) -> None:
    """Print the figures."""
    async with store_of("sqlite", folder, "") as store:
        prepared = await prepare(store, ["operator"] * _FILLING + list(roles))
        with serving(store, folder) as process:
            pattern, stored = Pattern(SystemClock()), 0
            senders = [Sender(process, prepared, number, pattern) for number in range(_FILLING)]
            for size in sizes:
                await fill(senders, size - stored)
                stored = size
                for role in roles:
                    home, cpu = folder / f"{role}-{size}", process.cpu()
                    read = await asyncio.to_thread(read_all, f"http://127.0.0.1:{process.port}", home, role)
                    print(
                        f"{size} orders, {role}: {read.seconds:.1f} s, {read.processor:.1f} s of processor here and"
                        f" {process.cpu() - cpu:.1f} s at the server, {read.told.pages} pages, the longest"
                        f" {read.told.longest:.2f} s, file {read.size >> 20} MB; {load()}",
                        flush=True,
                    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    options.add_argument("--roles", nargs="+", default=["operator", "lead"])
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(given.sizes, given.roles, Path(folder)))
    print(f"wanted: {_WANTED_SECONDS:.0f} s at 100000 orders")


if __name__ == "__main__":
    main()
