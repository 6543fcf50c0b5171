"""A seat that comes back after an outage: how fast its outbox drains through the real client, and its keys meanwhile.

`python -m benchmarks server_drain` or `python -m benchmarks.server_drain [--entries 10000] [--stores sqlite postgres]`:
every entry is a call of its own. The console's thread keeps a draft and reads an order all the while, as a key press
does; the bare figure is that of the same without a line.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from agent_console.clock import SystemClock
from agent_console.desk.calls import intake
from agent_console.desk.listing import newest_orders
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.signing_in import sign_in_at
from agent_console.desk.sync.side import open_side
from agent_console.settings import Settings, save_settings
from agent_console.store.drafts import Draft
from agent_console.sync.engine import Engine
from benchmarks.server_process import PASSWORD, load, postgres_for, prepare, serving, store_of
from benchmarks.server_work import LINE, OPERATOR, raise_one

_ORDERS_OF = 10
"""One entry in so many is an order, the others are calls."""
_PAUSE_SECONDS = 0.02
_LONGEST_SECONDS = 600
_LOOK_SECONDS = 0.2
_DRAFT = "call:00000000-0000-7000-8000-000000000000"
_BEFORE_SECONDS = 5.0
"""Keys are pressed for so long before the line is there."""


def write(opened: OpenDesk, entries: int) -> None:
    """A day and more of calls in the outbox, which is not sent meanwhile."""
    desk = opened.desk
    # What a power cut would cost here is a benchmark.
    opened.store.connection.execute("PRAGMA synchronous=OFF")
    for number in range(entries):
        if number % _ORDERS_OF == 0:
            raise_one(desk)
        else:
            intake.take_call(desk, "13800000000", caller_name="示例")
    opened.store.connection.execute("PRAGMA synchronous=FULL")


def press(opened: OpenDesk, text: str) -> float:
    """Seconds of what stands behind a key: the draft is kept, the list read."""
    began = time.perf_counter()
    opened.store.drafts.save(Draft(_DRAFT, {"note": text}))
    newest_orders(opened, 50)
    return time.perf_counter() - began


def keys_until(opened: OpenDesk, done: threading.Event) -> list[float]:
    """Press keys until it is done."""
    taken: list[float] = []
    while not done.wait(_PAUSE_SECONDS):
        taken.append(press(opened, f"路灯不亮 {len(taken)}"))
    return taken


def drain(opened: OpenDesk, home: Path, settings: Settings) -> tuple[float, list[float]]:
    """Seconds until nothing waits, and those of each key press meanwhile."""
    clock, done = SystemClock(), threading.Event()
    engine = Engine(lambda: open_side(home, settings, clock, OPERATOR), home, settings, clock)
    watching = threading.Thread(target=_wait_until_empty, args=(home, settings, done), daemon=True)
    began = time.perf_counter()
    engine.start()
    watching.start()
    taken = keys_until(opened, done)
    seconds = time.perf_counter() - began
    engine.close()
    return seconds, taken


def _wait_until_empty(home: Path, settings: Settings, done: threading.Event) -> None:
    side = open_side(home, settings, SystemClock(), OPERATOR)
    end = time.monotonic() + _LONGEST_SECONDS
    while side.waiting().unsent and time.monotonic() < end:
        time.sleep(_LOOK_SECONDS)
    side.close()
    done.set()


async def measure(kind: str, entries: int, folder: Path, postgres: str) -> None:
    """Print the figures of one store."""
    home = folder / f"seat-{kind}"
    home.mkdir(mode=0o700)
    alone = Settings(jurisdiction=LINE, seat="12", operator=OPERATOR.name)
    opened = open_desk(home, alone, SystemClock(), OPERATOR)
    began = time.perf_counter()
    write(opened, entries)
    unsent = open_side(home, alone, SystemClock(), OPERATOR)
    waits = unsent.waiting().unsent
    unsent.close()
    print(f"{kind}: {waits} entries written in {time.perf_counter() - began:.0f} s", flush=True)
    calm = threading.Event()
    threading.Timer(_BEFORE_SECONDS, calm.set).start()
    bare = keys_until(opened, calm)
    async with store_of(kind, folder, postgres) as store:
        await prepare(store, [OPERATOR.role])
        with serving(store, folder) as process:
            settings = Settings(
                jurisdiction=LINE, seat="12", operator=OPERATOR.name, server=f"http://127.0.0.1:{process.port}"
            )
            save_settings(home, settings)
            sign_in_at(home, settings, SystemClock(), OPERATOR.role, PASSWORD)
            seconds, taken = await asyncio.to_thread(_drained, home, settings)
    opened.close()
    print(f"{kind}: {waits} entries drained in {seconds:.1f} s, {waits / seconds:.0f} a second; {load()}")
    print(f"{kind}: a key before {_cuts(bare)}; meanwhile {_cuts(taken)}", flush=True)


def _drained(home: Path, settings: Settings) -> tuple[float, list[float]]:
    opened = open_desk(home, settings, SystemClock(), OPERATOR)
    try:
        return drain(opened, home, settings)
    finally:
        opened.close()


def _cuts(taken: Sequence[float]) -> str:
    cuts = quantiles(taken, n=100)
    return f"p50 {cuts[49] * 1000:.1f} ms, p99 {cuts[98] * 1000:.1f} ms"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=10_000)
    options.add_argument("--stores", nargs="+", default=["sqlite", "postgres"])
    given = options.parse_args()
    with postgres_for(given.stores) as postgres, tempfile.TemporaryDirectory() as folder:
        for kind in given.stores:
            asyncio.run(measure(kind, given.entries, Path(folder), postgres))


if __name__ == "__main__":
    main()
