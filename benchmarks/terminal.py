"""Start-up and typing beside a bare Textual app, both in a real pseudo-terminal: `python -m benchmarks terminal`.

A round starts both programs, one after the other; every ratio is taken inside a round, so that the load of the machine
falls on both, and the median over the rounds is printed. The seat starts on a folder that was used before, as on any
working day, and once more on an empty one. It types Chinese into the note of a call; the bare app into its one input.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.first_frame import modules_at_first_frame
from benchmarks.pseudo_terminal import WHOLE, Box, PseudoTerminal

_BARE = [sys.executable, str(Path(__file__).with_name("bare_app.py"))]
_SEAT = [sys.executable, "-m", "agent_console"]
_WHO = ["--jurisdiction", "fujian", "--seat", "3", "--operator", "张三"]
_NOTE = Box(top=2, bottom=16, right=70)
"""Where the note stands on the seat's screen; the answers beside it may repeat what is typed."""

_TEXT = (
    "您好我要反映楼下烧烤店每天晚上油烟很大一直吵到凌晨两点物业说管不了希望有人来看一看"
    "另外小区门口的路灯坏了三天还有我想问社保卡丢了到哪里补办需要带什么材料多久能拿到"
    "孩子今年上小学户口不在本区能不能就近入学报名时间是几号麻烦一并答复谢谢"
)
_EARLY_KEYS, _QUICK_KEYS, _CALM_KEYS, _FAST_KEYS = 32, 24, 16, 40
_TAIL = 3
"""How many of the last characters must stand together on the screen."""

_LEFT_OUT = ("NO_COLOR", "FORCE_COLOR", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")


class Start(NamedTuple):
    """Milliseconds from starting the program."""

    frame: float
    usable: float


class Typing(NamedTuple):
    """Milliseconds from each key until its character is shown; what the keys cost."""

    delays: list[float]
    cpu_ms: float
    bytes_out: int


class Round(NamedTuple):
    """What one program did in one round."""

    start: Start
    early: Typing
    quick: Typing
    calm: Typing
    fast: Typing
    peak_mib: float


class Typist:
    """Types one text on and on, and looks for it in one part of the screen."""

    def __init__(self, terminal: PseudoTerminal, box: Box) -> None:
        self._terminal = terminal
        self._box = box
        self._typed = 0

    def _shown(self, count: int) -> bool:
        return _TEXT[max(0, count - _TAIL) : count] in self._terminal.text(self._box)

    def _press(self) -> float:
        self._typed += 1
        return self._terminal.press(_TEXT[self._typed - 1])

    def one(self) -> tuple[float, float]:
        """A key, waited for: when it was pressed and when it was shown."""
        pressed = self._press()
        return pressed, self._terminal.wait(lambda: self._shown(self._typed), "the typed character")

    def wait_for_each(self, keys: int, pace_ms: float) -> Typing:
        """The next key when the last is shown and the pace has passed."""

        def typing() -> Iterator[float]:
            for _ in range(keys):
                pressed, shown = self.one()
                yield 1000 * (shown - pressed)
                self._terminal.rest(pressed + pace_ms / 1000)

        return self._measured(lambda: list(typing()))

    def by_the_clock(self, keys: int, pace_ms: float) -> Typing:
        """A key at every beat, shown or not: a stall shows in all keys behind it."""
        return self._measured(lambda: self._beat(keys, pace_ms / 1000))

    def _beat(self, keys: int, pace: float) -> list[float]:
        waiting: deque[tuple[int, float]] = deque()
        delays: list[float] = []

        def look(arrived: float) -> None:
            while waiting and waiting[0][1] < arrived and self._shown(waiting[0][0]):
                delays.append(1000 * (arrived - waiting.popleft()[1]))

        begun = time.perf_counter()
        for number in range(keys):
            while (arrived := self._terminal.draw(begun + number * pace)) is not None:
                look(arrived)
            waiting.append((self._typed + 1, self._press()))
        while waiting:
            look(self._terminal.wait(lambda: self._shown(waiting[0][0]), "the typed character"))
        return delays

    def _measured(self, typing: Callable[[], list[float]]) -> Typing:
        before, bytes_before = self._terminal.usage(), self._terminal.bytes_out
        delays = typing()
        used = self._terminal.usage().cpu_ms - before.cpu_ms
        return Typing(delays, used, self._terminal.bytes_out - bytes_before)


def _frame(terminal: PseudoTerminal) -> float:
    return terminal.wait(lambda: bool(terminal.text()), "a first frame")


def _start_bare(terminal: PseudoTerminal) -> tuple[Start, Typist]:
    framed = _frame(terminal)
    typist = Typist(terminal, WHOLE)
    return _since(terminal, framed, typist.one()[1]), typist


def _start_seat(terminal: PseudoTerminal) -> tuple[Start, Typist]:
    """Take a call as soon as the frame stands: F2, no number, and the first character of the note."""
    framed = _frame(terminal)
    terminal.press("\x1bOQ")
    terminal.wait(lambda: "来电号码" in terminal.text(), "the question for the number")
    terminal.press("\r")
    terminal.wait(lambda: "边听边记" in terminal.text(_NOTE), "the note of the open call")
    typist = Typist(terminal, _NOTE)
    return _since(terminal, framed, typist.one()[1]), typist


def _since(terminal: PseudoTerminal, framed: float, usable: float) -> Start:
    return Start(1000 * (framed - terminal.started_at), 1000 * (usable - terminal.started_at))


Starter = Callable[[PseudoTerminal], tuple[Start, Typist]]


def play(command: Sequence[str], home: Path, starter: Starter) -> Round:
    """Start a program, type at every pace, end it."""
    with PseudoTerminal(command, _environment(home)) as terminal:
        start, typist = starter(terminal)
        early = typist.wait_for_each(_EARLY_KEYS, 60)
        terminal.rest(time.perf_counter() + 1)
        quick = typist.wait_for_each(_QUICK_KEYS, 100)
        calm = typist.wait_for_each(_CALM_KEYS, 200)
        fast = typist.by_the_clock(_FAST_KEYS, 30)
        return Round(start, early, quick, calm, fast, terminal.usage().peak_mib)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "AGENT_CONSOLE"))}
    ours = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    ours |= {"AGENT_CONSOLE_HOME": str(home), "TEXTUAL_DISABLE_KITTY_KEY": "1"}
    return {name: value for name, value in kept.items() if name not in _LEFT_OUT} | ours


def first_start(home: Path) -> Start:
    """The seat on an empty folder."""
    with PseudoTerminal([*_SEAT, *_WHO], _environment(home)) as terminal:
        return _start_seat(terminal)[0]


def p95(values: Sequence[float]) -> float:
    """All but one in twenty are at most this."""
    return sorted(values)[int(0.95 * (len(values) - 1))]


def _all(rounds: Sequence[Round], pace: Callable[[Round], Typing]) -> list[Typing]:
    return [pace(played) for played in rounds]


class Table:
    """Lines of: what, bare, ours, ratio."""

    def __init__(self, bare: Sequence[Round], seat: Sequence[Round]) -> None:
        self._bare = bare
        self._seat = seat
        print(f"{'':34s}{'bare':>10s}{'seat':>10s}{'ratio':>8s}   aim")

    def line(self, what: str, value: Callable[[Round], float], aim: str = "") -> None:
        """One figure of every round: medians, and the median of the ratios."""
        bare, seat = [value(played) for played in self._bare], [value(played) for played in self._seat]
        ratio = median(ours / theirs for ours, theirs in zip(seat, bare, strict=True))
        self.say(what, median(bare), median(seat), ratio, aim)

    def total(self, what: str, value: Callable[[Sequence[Round]], float], aim: str = "") -> None:
        """One figure of all rounds together."""
        bare, seat = value(self._bare), value(self._seat)
        self.say(what, bare, seat, seat / bare, aim)

    @staticmethod
    def say(what: str, bare: float, seat: float, ratio: float, aim: str = "") -> None:
        """Print a line."""
        print(f"{what:34s}{bare:10.1f}{seat:10.1f}{ratio:7.2f}x   {aim}", flush=True)


def _report(bare: Sequence[Round], seat: Sequence[Round]) -> None:
    table = Table(bare, seat)
    table.line("first frame, ms", lambda played: played.start.frame, "1.5x")
    table.line("usable, ms", lambda played: played.start.usable, "2x")
    paces: list[tuple[str, Callable[[Round], Typing], str, str]] = [
        ("first 2 seconds, 60 ms pace", lambda played: played.early, "", ""),
        ("100 ms pace", lambda played: played.quick, "2x", "2x"),
        ("200 ms pace, search runs", lambda played: played.calm, "2x", "2x"),
        ("30 ms clock", lambda played: played.fast, "4x", "5x"),
    ]
    for name, pace, middle, high in paces:
        table.line(f"{name}: median, ms", lambda played, pace=pace: median(pace(played).delays), middle)  # type: ignore[misc]
        table.total(f"{name}: p95, ms", lambda rounds, pace=pace: p95(_pooled(rounds, pace)), high)  # type: ignore[misc]
    table.total("CPU ms a key, 100 ms pace", lambda rounds: _each(rounds, lambda typing: typing.cpu_ms))
    table.total("bytes a key, 100 ms pace", lambda rounds: _each(rounds, lambda typing: typing.bytes_out))
    table.line("peak memory, MiB", lambda played: played.peak_mib, "60 MiB")


def _pooled(rounds: Sequence[Round], pace: Callable[[Round], Typing]) -> list[float]:
    return [delay for typing in _all(rounds, pace) for delay in typing.delays]


def _each(rounds: Sequence[Round], cost: Callable[[Typing], float]) -> float:
    typings = _all(rounds, lambda played: played.quick)
    return sum(map(cost, typings)) / sum(len(typing.delays) for typing in typings)


class Homes:
    """Throw-away folders of the console: empty ones, and copies of one that was used before."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._count = 0
        self._used = self.empty()
        with PseudoTerminal([*_SEAT, *_WHO], _environment(self._used)) as terminal:
            terminal.wait(lambda: "今日" in terminal.text(), "the list of today")
            terminal.rest(time.perf_counter() + 2)

    def empty(self) -> Path:
        """A folder where the seat was never started."""
        self._count += 1
        return self._root / str(self._count)

    def used(self) -> Path:
        """A folder as on any working day."""
        return Path(copytree(self._used, self.empty()))


@contextmanager
def _homes() -> Iterator[Homes]:
    with TemporaryDirectory(prefix="agent-console-") as root:
        yield Homes(Path(root))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    sys.setswitchinterval(0.0005)  # so that the reading thread stamps a chunk at once
    options.add_argument("--rounds", type=int, default=4)
    rounds = options.parse_args().rounds
    with _homes() as homes:
        played = [
            (play(_BARE, homes.empty(), _start_bare), play(_SEAT, homes.used(), _start_seat)) for _ in range(rounds + 1)
        ][1:]
        _report([bare for bare, _ in played], [seat for _, seat in played])
        firsts = [first_start(homes.empty()) for _ in range(rounds)]
        bare_start = median(bare.start.usable for bare, _ in played)
        Table.say(
            "usable at the very first start, ms",
            bare_start,
            median(first.usable for first in firsts),
            median(first.usable for first in firsts) / bare_start,
        )
        bare_modules, modules = (len(modules_at_first_frame(name, homes.used())) for name in ("bare", "seat"))
        Table.say("modules at the first frame", bare_modules, modules, modules / bare_modules)


if __name__ == "__main__":
    main()
