"""The real program in a real pseudo-terminal: keys go in as bytes, what comes out is drawn as a terminal draws it."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pexpect
import pyte

from tests.support.proc import running

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which something that has not come will not come."""
KEYS = {
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f9": "\x1b[20~",
    "enter": "\r",
    "left": "\x1b[D",
    "leader": "\x07",
}
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<=>][0-9;]*[a-zA-Z]|\x1b\[\?\d+\$p")


class Ending(NamedTuple):
    """The exit code of a process that ended by itself, or the signal that ended it."""

    code: int | None
    signal: int | None


class Terminal:
    """A terminal window with the console in it; closing it kills what is still alive."""

    def __init__(self, home: Path, *, columns: int = 120, lines: int = 40, arguments: tuple[str, ...] = ()) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        environment = {**os.environ, "AGENT_CONSOLE_HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        for name in ("COLUMNS", "LINES"):
            environment.pop(name, None)
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "agent_console", *arguments],
            cwd=str(ROOT),
            env=environment,
            dimensions=(lines, columns),
        )
        self.pid: int = self._child.pid
        self._watch = os.pidfd_open(self.pid)
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            self._child.close(force=True)
        os.close(self._watch)

    # the person's side

    def press(self, *keys: str) -> None:
        """Press keys by name, or type text."""
        for key in keys:
            self._child.send(KEYS.get(key, key))

    @property
    def text(self) -> str:
        """What stands on the screen, wide characters as one, lines without their ends."""
        rows = (self._screen.buffer[row] for row in range(self._screen.lines))
        return "\n".join("".join(row[column].data for column in range(self._screen.columns)).rstrip() for row in rows)

    @property
    def note(self) -> str:
        """The note of the call, which fills the screen left of the line, without its line breaks."""
        rows = self.text.splitlines()[2:-1]
        left = [row.partition("│")[0].strip() for row in rows]
        return "".join(row for row in left if not row.startswith("已保存"))

    def wait(self, seen: Callable[[], object]) -> None:
        """Draw what comes until the screen shows it."""
        end = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > end or not self.draw(end):
                raise AssertionError(f"not shown:\n{self.text}")

    def wait_for(self, words: str) -> None:
        """Draw what comes until these words stand on the screen."""
        self.wait(lambda: words in self.text)

    def draw(self, until: float) -> bool:
        """Draw what comes next; false where nothing comes until then, or nothing will."""
        try:
            data = self._child.read_nonblocking(1 << 16, timeout=max(0.0, until - time.monotonic()))
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return False
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))
        return True

    def rest(self, seconds: float) -> None:
        """Take the hands off the keys for a while; the screen is drawn on."""
        end = time.monotonic() + seconds
        while self.draw(end):
            pass

    # the end

    def hang_up(self) -> None:
        """Close the window: the console's terminal is gone."""
        self._child.ptyproc.fileobj.close()
        self._child.closed = self._child.ptyproc.closed = True
        self._open = False

    def signal(self, number: int) -> None:
        """Send a signal to the console."""
        os.kill(self.pid, number)

    def ended(self) -> Ending:
        """Wait for the console to end by itself; how it did. Fails where it does not."""
        end = time.monotonic() + PATIENCE
        while not select.select([self._watch], [], [], 0)[0]:
            if self._open:
                self.draw(time.monotonic() + 0.05)
            else:
                select.select([self._watch], [], [], PATIENCE)
            assert time.monotonic() < end, "the console does not end"
        if self._open:
            self.rest(0.0)
        self._child.isalive()
        return Ending(self._child.exitstatus, self._child.signalstatus)

    def left_over(self) -> list[int]:
        """Processes of this terminal's session that are still there."""
        return [one.pid for one in running() if one.session == self.pid]
