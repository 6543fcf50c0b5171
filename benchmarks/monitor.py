"""The team lead's monitor on a seat's own file: how long it takes to open, to read each list, and to look again.

`python -m benchmarks monitor` or `python -m benchmarks.monitor [--sizes 1000 100000]`: the orders are those of
`benchmarks.orders`. "opens" is the real program in a pseudo-terminal, from its start until the counts stand there. Then
the same over the stream of a server (`benchmarks.monitor_live`).
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from agent_console.clock import NOW_VARIABLE, FixedClock
from agent_console.desk.monitor import alarms, hot, lists
from agent_console.desk.monitor.seat_wall import LocalWall
from agent_console.desk.monitor.shift_figures import figures as shift_figures
from agent_console.desk.monitor.snapshot import glance
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.desk.reports import figures
from agent_console.domain.instants import iso, parse
from agent_console.domain.oversight.hot_events import HotWords
from agent_console.domain.people import Actor
from agent_console.settings import HOME_VARIABLE, Settings, save_settings
from benchmarks import monitor_live
from benchmarks.orders import fill, timed
from benchmarks.pseudo_terminal import PseudoTerminal

_NOW = parse("2026-12-31T18:00:00+08:00")
_LEAD = Actor("示例", "lead", self_declared=True)
_ROUNDS = 5
_OPENS_MS, _LIST_MS = 1000.0, 100.0
"""What the issue asks for, in milliseconds."""
_COUNTED = re.compile(r"热点事件 +\d")
"""What is drawn last of the lists: their names stand there before the counts."""


def questions(opened: OpenDesk, settings: Settings) -> dict[str, Callable[[], object]]:
    """What the monitor asks, by name."""
    wall = LocalWall(opened, settings)
    limits = alarms.thresholds(settings)
    return {
        "glance": lambda: glance(opened, wall, settings),
        "seats": wall.seats,
        "counts": lambda: lists.counts(opened),
        "alarms": lambda: alarms.in_order(opened, alarms.of_file(opened, limits, opened.desk.context().now)),
        **{name: _list(opened, name) for name in lists.ORDERS},
        "refused": lambda: lists.refused(opened),
        "emergencies": lambda: lists.emergencies(opened),
        "topics": lambda: lists.topics(opened),
        "hot": lambda: hot.pinned(opened),
        "figures of the shift": lambda: shift_figures(opened, settings),
    }


def _list(opened: OpenDesk, name: str) -> Callable[[], object]:
    return lambda: lists.orders(opened, name)


def opens(home: Path) -> tuple[float, float]:
    """Seconds from the start of the program until the counts stand on its screen, and of the processor; medians."""
    environment = {**os.environ, HOME_VARIABLE: str(home), NOW_VARIABLE: iso(_NOW), "TERM": "xterm-256color"}
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    taken, used = [], []
    for _ in range(_ROUNDS):
        with PseudoTerminal([sys.executable, "-m", "agent_console", "monitor"], environment) as terminal:
            arrived = terminal.wait(lambda: _COUNTED.search(terminal.text()) is not None, _COUNTED.pattern)
            taken.append(arrived - terminal.started_at)
            used.append(terminal.usage().cpu_ms / 1000)
    return median(taken), median(used)


def measure(size: int) -> dict[str, float]:
    """Seconds of each question in a file of `size` orders."""
    with tempfile.TemporaryDirectory() as folder:
        home, settings = Path(folder), Settings(jurisdiction="fujian", seat="1", operator="示例")
        save_settings(home, settings)
        opened = open_desk(home, settings, FixedClock(_NOW), _LEAD)
        try:
            fill(opened.desk, 0, size)
            figures.bring_up_to_date(opened.desk)
            hot.pin(opened.desk, HotWords("示例路停水", "今晚恢复", ("示例路",), ("停水",)))
            found = {name: timed(ask) for name, ask in questions(opened, settings).items()}
            on_lists = lists.counts(opened).orders
            print(f"{size} orders; on the lists: {on_lists}", flush=True)
        finally:
            opened.close()
        on_clock, of_processor = opens(home)
        return {"opens": on_clock, "opens, processor": of_processor, **found}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--minutes", type=float, default=6.0, help="memory is looked at over the stream")
    given = options.parse_args()
    found = [measure(size) for size in given.sizes]
    print(f"{'ms':<24}" + "".join(f"{size:>10}" for size in given.sizes) + f"{'wanted':>10}")
    for name in found[0]:
        wanted = _OPENS_MS if name.startswith("opens") else _LIST_MS
        print(f"{name:<24}" + "".join(f"{answers[name] * 1000:>10.1f}" for answers in found) + f"{wanted:>10.0f}")
    monitor_live.measure(monitor_live.SEATS, monitor_live.SPEED, given.minutes)


if __name__ == "__main__":
    main()
