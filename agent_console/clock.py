"""The one clock. Everything that needs the time is handed one of these."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Protocol

import msgspec

from agent_console.domain.instants import Instant, parse

NOW_VARIABLE = "AGENT_CONSOLE_NOW"


class Clock(Protocol):
    """Tells the time."""

    @property
    def is_test(self) -> bool:
        """True where the time is not real: a store that saw it is marked as test data."""

    def now(self) -> Instant:
        """The instant now, UTC microseconds."""


class SystemClock(msgspec.Struct, frozen=True):
    """The machine's clock."""

    is_test: bool = False

    def now(self) -> Instant:
        """The instant now, UTC microseconds."""
        return time.time_ns() // 1000


class FixedClock(msgspec.Struct, frozen=True):
    """A clock that stands still."""

    instant: Instant
    is_test: bool = True

    def now(self) -> Instant:
        """The instant the clock was set to."""
        return self.instant


class ServerClock:
    """A seat's clock moved to the server's, as far as that is known: what limits are shown by."""

    def __init__(self, clock: Clock, offset: Callable[[], Instant]) -> None:
        """`offset` gives the microseconds to add, 0 while nothing is known."""
        self._clock = clock
        self._offset = offset

    @property
    def is_test(self) -> bool:
        """True where the time is not real."""
        return self._clock.is_test

    def now(self) -> Instant:
        """The instant now, UTC microseconds."""
        return self._clock.now() + self._offset()


def clock_from_environment() -> Clock:
    """The fixed clock of AGENT_CONSOLE_NOW where it is set, else the machine's. Raises BadInput."""
    text = os.environ.get(NOW_VARIABLE, "")
    return FixedClock(parse(text)) if text else SystemClock()
