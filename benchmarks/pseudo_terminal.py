"""A program in a real pseudo-terminal, seen as a person sees it: by what stands on the screen, and when.

A thread stamps every chunk of output as it arrives; the chunks are drawn on an in-memory screen by whoever waits.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import NamedTuple, Self

import pyte

COLUMNS, LINES = 120, 40
PATIENCE = 20.0
"""Seconds after which a program that does not show what is waited for has failed."""

_TICKS = os.sysconf("SC_CLK_TCK")
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_ATTRIBUTES_QUERY = re.compile(rb"\x1b\[0?c")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?\d+\$p")


class NotShownError(Exception):
    """The screen did not come to show what was waited for."""


class Box(NamedTuple):
    """A part of the screen."""

    top: int = 0
    bottom: int = LINES
    left: int = 0
    right: int = COLUMNS


WHOLE = Box()


class Usage(NamedTuple):
    """What a process used so far."""

    cpu_ms: float
    peak_mib: float


class PseudoTerminal:
    """Starts the program; a context manager that ends it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._chunks: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        self._ended = threading.Event()
        self.bytes_out = 0
        self.started_at = time.perf_counter()
        self.pid, self._descriptor = pty.fork()
        if self.pid == 0:
            _become(command, environment)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    # the terminal's side

    def _read(self) -> None:
        while not self._ended.is_set():
            data = b""
            with suppress(OSError):
                data = os.read(self._descriptor, 1 << 16)
            if not data:
                self._ended.set()
                return
            self._chunks.put((time.perf_counter(), data))
            self._answer(data)

    def _answer(self, data: bytes) -> None:
        """Reply as a plain terminal does: synchronised output is known, other modes are not."""
        for mode in _MODE_QUERY.findall(data):
            self._send(b"\x1b[?%s;%d$y" % (mode, 2 if mode == b"2026" else 0))
        for _ in _ATTRIBUTES_QUERY.findall(data):
            self._send(b"\x1b[?62;22c")

    def _send(self, data: bytes) -> None:
        with suppress(OSError):
            os.write(self._descriptor, data)

    # the person's side

    def press(self, text: str) -> float:
        """Send keys; returns when that was."""
        now = time.perf_counter()
        self._send(text.encode())
        return now

    def text(self, box: Box = WHOLE) -> str:
        """What stands in a part of the screen, its lines joined where a text wraps."""
        return "".join(_line(self._screen, number, box).strip() for number in range(box.top, box.bottom))

    def background(self, line: int, column: int) -> str:
        """The colour behind one cell."""
        return str(self._screen.buffer[line][column].bg)

    def draw(self, until: float) -> float | None:
        """Draw the next chunk; when it arrived, or None where none came in time."""
        try:
            arrived, data = self._chunks.get(timeout=max(0.0, until - time.perf_counter()))
        except Empty:
            return None
        self.bytes_out += len(data)
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return arrived

    def wait(self, seen: Callable[[], bool], what: str) -> float:
        """Draw until the screen shows it; when the chunk arrived that brought it."""
        deadline = time.perf_counter() + PATIENCE
        while (arrived := self.draw(deadline)) is not None:
            if seen():
                return arrived
        raise NotShownError(f"{what}\n{os.linesep.join(self._screen.display)}")

    def rest(self, until: float) -> None:
        """Draw whatever comes until a moment."""
        while self.draw(until) is not None:
            pass

    # the process

    def usage(self) -> Usage:
        """Processor time and peak memory of the program."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return Usage(1000 * (int(stat[11]) + int(stat[12])) / _TICKS, int(peak[1]) / 1024 if peak else 0.0)

    def end(self) -> None:
        """Ask the program to end; insist where it does not."""
        for wish, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, PATIENCE)):
            with suppress(ProcessLookupError):
                os.kill(self.pid, wish)
            if self._ended.wait(seconds):
                break
        os.waitpid(self.pid, 0)
        self._reader.join()
        os.close(self._descriptor)


def _become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        os.execve(command[0], list(command), environment)
    finally:
        os._exit(127)


def _line(screen: pyte.Screen, number: int, box: Box) -> str:
    # The right half of a wide character is a cell of its own, and empty.
    cells = screen.buffer[number]
    return "".join(cells[column].data for column in range(box.left, box.right))
