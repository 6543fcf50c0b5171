"""What the seats of the line are doing, as the server streams it: the latest is kept in memory, nothing is written.

The state of a seat passes by: the server keeps it for a minute, and so does whoever watches once the line is cut.
"""

from __future__ import annotations

import threading
import time
from random import Random

import msgspec

from agent_console.sync.answers import NotServed
from agent_console.sync.backoff import Backoff
from agent_console.sync.line import Line
from agent_console.sync.wire import SeatNow, Seats

STREAM, ONCE = "/v1/seats/stream", "/v1/seats"
_SILENCE = 25.0
"""The server gives a sign of life every 15 seconds; a line without one for so long is dead."""
_KEPT_SECONDS = 60.0
"""What was heard last counts for so long after the stream broke off, as it would at the server."""
_NOT_MINE_SECONDS = 30.0
"""Pause where the server does not show the seats to this person."""
_PASSING = {"fresh_at": 0, "at": 0, "unsent": 0, "oldest_unsent": 0}


def is_news(before: SeatNow | None, now: SeatNow) -> bool:
    """Whether a seat's state changed in a way that is told at once; the rest goes along every 20 seconds."""
    if before is None:
        return True
    return msgspec.structs.replace(before, **_PASSING) != msgspec.structs.replace(now, **_PASSING)


class SeatWatch:
    """The latest states. One thread listens, any other reads."""

    def __init__(self) -> None:
        """Nothing was heard yet, and nobody wants to hear."""
        self.wanted = threading.Event()
        self.changes = 0
        self._seats: tuple[SeatNow, ...] = ()
        self._heard_at = 0.0
        self._live = False

    @property
    def is_live(self) -> bool:
        """Whether what is read here is what the server says now."""
        return self._live

    @property
    def seats(self) -> tuple[SeatNow, ...]:
        """Every seat the server knows; for a minute after the stream broke off those it knew then."""
        is_kept = self._live or time.monotonic() - self._heard_at < _KEPT_SECONDS
        return self._seats if is_kept else ()

    def listen(self, line: Line, refreshing: threading.Lock, stop: threading.Event, is_up: threading.Event) -> None:
        """Listen whenever somebody wants to hear, until `stop`; after a break again, at once where the line is back."""
        backoff = Backoff(Random())
        while not stop.is_set():
            if not self.wanted.wait(1.0):
                continue
            asked = 0.0
            try:
                self._follow(line, refreshing, stop, backoff)
            except NotServed as error:
                asked = _NOT_MINE_SECONDS if error.kind == "forbidden" else error.retry_after
            self._broke_off()
            pause = backoff.failed(asked)
            (stop if is_up.is_set() else is_up).wait(pause)

    def _follow(self, line: Line, refreshing: threading.Lock, stop: threading.Event, backoff: Backoff) -> None:
        with line.asking(refreshing) as token:
            for told in line.client.listen(STREAM, Seats, token=token, silence=_SILENCE):
                backoff.worked()
                if told is not None:
                    self._told(told)
                if stop.is_set() or not self.wanted.is_set():
                    return

    def _told(self, told: Seats) -> None:
        self._seats, self._live = told.seats, True
        self.changes += 1

    def _broke_off(self) -> None:
        if self._live:
            self._live, self._heard_at = False, time.monotonic()
            self.changes += 1
