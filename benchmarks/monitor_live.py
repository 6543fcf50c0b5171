"""The monitor over the stream of a real server with thousands of seats: `python -m benchmarks.monitor_live`.

Seats, server, monitor and the bare Textual program share the machine, so that its load falls on all of them. A key on
the monitor is the arrow down on the wall of seats, until the cursor stands on the next line. "seat to screen" is from a
state being sent until the wall shows it. Memory is the monitor's own, sampled while the seats go ten times as fast:
`--minutes 6` is an hour's worth of changes, `--minutes 60` the hour itself.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import msgspec

from agent_console.clock import SystemClock
from agent_console.desk.signing_in import sign_in_at
from agent_console.settings import HOME_VARIABLE, Settings, save_settings
from agent_console.sync.wire import SeatNow
from benchmarks.monitor_seats import crowd
from benchmarks.pseudo_terminal import WHOLE, PseudoTerminal
from benchmarks.server_http import Connection
from benchmarks.server_process import PASSWORD, Prepared, Signed, prepare, serving
from benchmarks.server_work import LINE
from benchmarks.terminal import Typist, p95

SEATS, SPEED = 2000, 10.0
_BARE = [sys.executable, str(Path(__file__).with_name("bare_app.py"))]
_MONITOR = [sys.executable, "-m", "agent_console", "monitor"]
_DOWN = "\x1b[B"
_COLUMN, _TOP = 24, 2
"""A cell of the wall, and its first line on the screen."""
_KEYS, _PACE_MS, _ROUNDS, _PROBES = 30, 100, 3, 10
_SAMPLE_SECONDS = 5.0
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROBED = ("小休", "示闲")


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    return {**kept, HOME_VARIABLE: str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


def _monitor_home(folder: Path, port: int) -> Path:
    home = folder / "lead"
    settings = Settings(LINE, seat="9999", operator="示例", server=f"http://127.0.0.1:{port}", alarm_bell=False)
    save_settings(home, settings)
    sign_in_at(home, settings, SystemClock(), "lead", PASSWORD)
    return home


@contextmanager
def _seats_at_work(
    port: int, prepared: Prepared, speed: float, seconds: float, *, straight: bool = False
) -> Iterator[None]:
    told, how = (port, prepared, speed, seconds), {"straight": straight}
    of_seats = multiprocessing.get_context("spawn").Process(target=crowd, args=told, kwargs=how)
    of_seats.start()
    try:
        yield
    finally:
        of_seats.join()


def keys_on_monitor(terminal: PseudoTerminal) -> list[float]:
    """Milliseconds from the arrow down until the cursor stands on the next line."""
    delays = []
    for number in range(_KEYS):
        line = _TOP + 1 + number
        cursor = terminal.background(line - 1, _COLUMN)
        pressed = terminal.press(_DOWN)
        shown = terminal.wait(lambda line=line, cursor=cursor: terminal.background(line, _COLUMN) == cursor, "cursor")  # type: ignore[misc]
        delays.append(1000 * (shown - pressed))
        terminal.rest(pressed + _PACE_MS / 1000)
    for _ in range(_KEYS):
        terminal.press("\x1b[A")
    terminal.rest(time.perf_counter() + 1)
    return delays


def keys_on_bare(home: Path) -> list[float]:
    """The same for a character in the bare program."""
    with PseudoTerminal(_BARE, _environment(home)) as terminal:
        terminal.wait(lambda: bool(terminal.text()), "a first frame")
        typist = Typist(terminal, WHOLE)
        typist.one()
        return typist.wait_for_each(_KEYS, _PACE_MS).delays


def seat_to_screen(terminal: PseudoTerminal, port: int, probe: Signed) -> list[float]:
    """Milliseconds from one seat's state being sent until the wall shows it; the seat stands first."""

    async def tell(turn: int) -> None:
        now = SystemClock().now()
        told = SeatNow("", "0", "", ("break", "ready")[turn % 2], since=now, fresh_at=now)
        connection = await Connection.open(port)
        await connection.post("/v1/seat-state", msgspec.json.encode(told), probe.token)
        connection.close()

    delays = []
    for turn in range(_PROBES):
        sent = time.perf_counter()
        asyncio.run(tell(turn))
        word = _PROBED[turn % 2]
        if word not in _first(terminal):
            delays.append(1000 * (terminal.wait(lambda word=word: word in _first(terminal), word) - sent))  # type: ignore[misc]
        terminal.rest(time.perf_counter() + 0.3)
    return delays


def _first(terminal: PseudoTerminal) -> str:
    return terminal.text(WHOLE._replace(top=_TOP, bottom=_TOP + 1, left=_COLUMN))


def memory(terminal: PseudoTerminal, seconds: float) -> list[float]:
    """MiB of the monitor, sampled for so long."""
    samples, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        terminal.rest(time.perf_counter() + _SAMPLE_SECONDS)
        samples.append(int(Path(f"/proc/{terminal.pid}/statm").read_text().split()[1]) * _PAGE / (1 << 20))
    return samples


def measure(seats: int, speed: float, minutes: float) -> None:
    """Measure and print; nothing of it stays."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), seats, speed, minutes)


def _measure(folder: Path, seats: int, speed: float, minutes: float) -> None:
    prepared = asyncio.run(prepare(str(folder / "server.db"), ["operator"] * (seats + 1) + ["lead"]))
    probe = prepared.seats[0]
    working = msgspec.structs.replace(prepared, seats=prepared.seats[1 : seats + 1])
    with serving(prepared.store, folder) as server:
        home = _monitor_home(folder, server.port)
        with PseudoTerminal(_MONITOR, _environment(home)) as terminal:
            with _seats_at_work(server.port, working, 1.0, 90.0):
                terminal.wait(lambda: "实时" in terminal.text(), "the stream")
                terminal.rest(time.perf_counter() + 25)
                print(terminal.text(WHOLE._replace(bottom=1)), flush=True)
                _print_keys(terminal, home, server.port, probe)
            if minutes:
                with _seats_at_work(server.port, working, speed, minutes * 60, straight=True):
                    _print_memory(memory(terminal, minutes * 60), speed)


def _print_keys(terminal: PseudoTerminal, home: Path, port: int, probe: Signed) -> None:
    bare, ours = [], []
    for _ in range(_ROUNDS):
        bare.append(keys_on_bare(home))
        ours.append(keys_on_monitor(terminal))
    ratio = median(median(own) / median(theirs) for own, theirs in zip(ours, bare, strict=True))
    both = [[value for one in found for value in one] for found in (bare, ours)]
    print(
        f"key to frame, ms: bare {median(both[0]):.1f}, monitor {median(both[1]):.1f}, ratio {ratio:.2f}x (2x wanted)"
    )
    print(f"p95, ms: bare {p95(both[0]):.1f}, monitor {p95(both[1]):.1f}")
    told = seat_to_screen(terminal, port, probe)
    print(f"seat to screen, ms: median {median(told):.0f}, most {max(told):.0f} (1000 wanted)", flush=True)


def _print_memory(samples: list[float], speed: float) -> None:
    tenth = max(1, len(samples) // 10)
    parts = [median(samples[start : start + tenth]) for start in range(0, len(samples) - tenth + 1, tenth)]
    minutes = len(samples) * _SAMPLE_SECONDS / 60
    told = " ".join(f"{part:.0f}" for part in parts)
    print(f"memory of the monitor, MiB, each tenth of {minutes:.0f} min at {speed:g}x: {told}", flush=True)


_SWITCH_SECONDS = 0.0005
"""Drawing what a wave brought must not hold up the thread that stamps the next chunk."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seats", type=int, default=SEATS)
    options.add_argument("--speed", type=float, default=SPEED, help="of the seats while memory is looked at")
    options.add_argument("--minutes", type=float, default=6.0, help="memory is looked at; 0: not at all")
    given = options.parse_args()
    sys.setswitchinterval(_SWITCH_SECONDS)
    measure(given.seats, given.speed, given.minutes)


if __name__ == "__main__":
    main()
