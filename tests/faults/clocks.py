"""Clocks that somebody else sets while a program runs."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from agent_console.domain.instants import Instant

CLOCK_OFF = "clock-is-off-by"
"""The file that says by how many microseconds, beside the data of the program."""


class UnsteadyClock:
    """The machine's clock, off by what a file says."""

    is_test = False

    def __init__(self, file: Path) -> None:
        """The file need not be there."""
        self._file = file

    def now(self) -> Instant:
        """As it is believed here."""
        return time.time_ns() // 1000 + off_by(self._file)


def off_by(file: Path) -> Instant:
    """Microseconds a clock is off by; 0 where nobody moved it."""
    with suppress(FileNotFoundError, ValueError):
        return int(file.read_text())
    return 0


def set_clock(folder: Path, off: Instant) -> None:
    """Set the clock of the program whose data stand there."""
    fresh = folder / f"{CLOCK_OFF}.new"
    fresh.write_text(str(off))
    fresh.rename(folder / CLOCK_OFF)
