"""Live streams and pushing seats at one server: how long a push takes, how late a stream hears of it, what one costs.

`python -m benchmarks server_live` or `python -m benchmarks.server_live [--streams 2000] [--seats 200] [--seconds 20]
[--stores sqlite postgres]`: operators hold the streams; each pushing seat sends one order every `--every` seconds. The
delay is from before the push is sent until a stream has the page that covers it. The bare figure is that of a push
while no stream is open.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles

import msgspec

from agent_console.clock import SystemClock
from agent_console.sync.wire import PushAnswer
from benchmarks.server_http import Connection
from benchmarks.server_process import Prepared, Process, load, postgres_for, prepare, serving, store_of
from benchmarks.server_work import Pattern, push_body

_SEED = 12345
_AT_ONCE = 50
"""Streams opened at a time."""
_SETTLE_SECONDS = 3.0
_LISTENED = 50
"""One stream in so many is listened to for its delay."""
_SPARE_FILES = 200


class Listening(asyncio.Protocol):
    """One live stream, which keeps when it was told of what."""

    def __init__(self, token: str, after: int, told: list[tuple[int, float]] | None) -> None:
        """after: its cursor. told: place in the feed and moment of each page, where the delay is measured."""
        self._token = token
        self._after = after
        self._told = told
        self.pages = 0
        self.lost = False

    def told(self) -> list[tuple[int, float]]:
        """What it kept; nothing where it was not listened to."""
        return self._told or []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        head = f"GET /v1/feed/stream?after={self._after} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
        transport.write(f"{head}Authorization: Bearer {self._token}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        at = data.find(b"id: ")
        while at >= 0:
            self.pages += 1
            if self._told is not None:
                self._told.append((int(data[at + 4 : data.index(b"\n", at)]), time.perf_counter()))
            at = data.find(b"\nid: ", at + 4)
            at += at >= 0

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.lost = True


class Pushing:
    """Seats that send one order after the other, each at its own moment."""

    def __init__(self, process: Process, prepared: Prepared, seats: int, every: float) -> None:
        """The first `seats` devices push."""
        self._process, self._prepared, self._seats, self._every = process, prepared, seats, every
        self._clock, self._pattern, self._chance = SystemClock(), Pattern(SystemClock()), Random(_SEED)
        self._numbers = [0] * seats
        self.taken: list[float] = []
        self.placed: list[tuple[int, float]] = []

    async def run(self, seconds: float) -> None:
        """Push for so long."""
        self.taken, self.placed = [], []
        end = time.perf_counter() + seconds
        await asyncio.gather(*(self._seat(number, end) for number in range(self._seats)))

    async def _seat(self, number: int, end: float) -> None:
        line, seat = await Connection.open(self._process.port), self._prepared.seats[number]
        await asyncio.sleep(self._chance.uniform(0, self._every))
        while time.perf_counter() < end:
            self._numbers[number] += 1
            entry = self._pattern.copy(self._numbers[number])
            body = push_body(seat.device, seat.device_key, self._prepared.epoch, self._clock.now(), [entry])
            began = time.perf_counter()
            status, answer = await line.post("/v1/push", body, seat.token)
            self.taken.append(time.perf_counter() - began)
            if status != 200:
                raise SystemExit(f"{status} {answer[:200]!r}")
            self.placed.append((msgspec.json.decode(answer, type=PushAnswer).verdicts[0].seq, began))
            await asyncio.sleep(self._every * self._chance.uniform(0.8, 1.2))
        line.close()


async def listen(process: Process, tokens: Sequence[str], after: int) -> list[Listening]:
    """Open a stream for each token from a cursor on."""
    loop = asyncio.get_running_loop()
    opened: list[Listening] = []
    for number, token in enumerate(tokens):
        opened.append(Listening(token, after, [] if number % _LISTENED == 0 else None))
        await loop.create_connection(partial(opened.__getitem__, number), "127.0.0.1", process.port)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0.05)
    await asyncio.sleep(_SETTLE_SECONDS)
    return opened


def delays(placed: Sequence[tuple[int, float]], streams: Sequence[Listening]) -> list[float]:
    """Seconds from before each push until each stream that is listened to was told of it."""
    found: list[float] = []
    for stream in streams:
        pages = iter(stream.told())
        page = next(pages, None)
        for seq, began in sorted(placed):
            while page is not None and page[0] < seq:
                page = next(pages, None)
            if page is not None:
                found.append(page[1] - began)
    return found


def _cuts(taken: Sequence[float]) -> str:
    cuts = quantiles(taken, n=100)
    return f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, most {max(taken) * 1000:.0f} ms"


async def measure(kind: str, streams: int, seats: int, every: float, seconds: float, postgres: str) -> None:
    """Print the figures of one store."""
    with tempfile.TemporaryDirectory() as folder:
        async with store_of(kind, Path(folder), postgres) as store:
            prepared = await prepare(store, ["operator"] * (seats + streams))
            with serving(store, Path(folder)) as process:
                pushing = Pushing(process, prepared, seats, every)
                await pushing.run(every)
                await pushing.run(seconds)
                print(f"{kind}: {len(pushing.taken)} pushes, no stream: {_cuts(pushing.taken)}; {load()}", flush=True)
                memory = process.memory()
                opened = await listen(process, [seat.token for seat in prepared.seats[seats:]], max(pushing.placed)[0])
                each = (process.memory() - memory) / streams / 1024
                cpu, pages = process.cpu(), sum(one.pages for one in opened)
                await pushing.run(seconds)
                await asyncio.sleep(_SETTLE_SECONDS)
                used = (process.cpu() - cpu) / (seconds + _SETTLE_SECONDS)
                pages = sum(one.pages for one in opened) - pages
                late = delays(pushing.placed, opened)
                print(f"{kind}: {len(pushing.taken)} pushes beside {streams} streams: {_cuts(pushing.taken)}; {load()}")
                print(f"{kind}: a stream hears of a push after {_cuts(late)}; {pages / seconds:.0f} pages/s,"
                      f" {used:.0%} of a core, {each:.0f} KB a stream, {sum(one.lost for one in opened)} lost",
                      flush=True)  # fmt: skip
                for one in opened:
                    one.transport.abort()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--streams", type=int, default=2000)
    options.add_argument("--seats", type=int, default=200)
    options.add_argument("--every", type=float, default=10.0)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--stores", nargs="+", default=["sqlite", "postgres"])
    given = options.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, given.streams + given.seats + _SPARE_FILES), most))
    with postgres_for(given.stores) as postgres:
        for kind in given.stores:
            asyncio.run(measure(kind, given.streams, given.seats, given.every, given.seconds, postgres))


if __name__ == "__main__":
    main()
