"""The line of a seat to its server: client, session and clock, as one thread uses them.

What the threads of one engine share stands in `LineStatus`; each has its own `Line` over its own file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import MINUTE, Instant
from agent_console.domain.messages import Message, message
from agent_console.settings import Settings
from agent_console.store.link_state import DOUBTFUL_OFFSET, ClockOffset, LinkState
from agent_console.sync.answers import NotServed
from agent_console.sync.client import ServerClient
from agent_console.sync.link import Link, look
from agent_console.sync.people import DeviceKeys, people_of
from agent_console.sync.ports import SeatSide
from agent_console.sync.session import Sessions
from agent_console.sync.wire import PROTOCOL

_FRESH, _FAILING = "fresh_at", "failing"
_AS_GOOD: Instant = 10 * MINUTE
"""A measurement this old gives way to a rougher one, and is made again."""
_BETWEEN_LOOKS = 30.0
"""Seconds between two looks at the server's clock while the line is up, at least."""


def fresh_at(state: LinkState) -> Instant | None:
    """When the mirror was last in step with the server, by the seat's clock; None where it never was."""
    return state.note(_FRESH, int)


class _Failing(msgspec.Struct, frozen=True):
    entry: str
    times: int


class Line:
    """One thread's way to the server."""

    def __init__(self, seat: SeatSide, client: ServerClient, home: Path, settings: Settings, clock: Clock) -> None:
        """Over the file of `seat`; the client is shared."""
        self.seat = seat
        self.client = client
        self.clock = clock
        self.settings = settings
        self.state = seat.store.link
        self.device = seat.store.identity.device
        self.people = people_of(self.state, home, settings, clock)
        self.keys = DeviceKeys(home)
        self.sessions = Sessions(client, self.people, self.keys, clock)
        self._looked = 0.0

    @property
    def offset(self) -> Instant | None:
        """Microseconds from the seat's clock to the server's."""
        measured = self.state.measured_clock()
        return measured.offset if measured else None

    def now_there(self) -> Instant:
        """The server's clock, as far as it is known."""
        return self.clock.now() + (self.offset or 0)

    def look(self) -> Link:
        """Ask whether the server is there; keeps what its clock said, and notices one that speaks no longer with us."""
        link = look(self.client, self.clock)
        self._looked = time.monotonic()
        if link.clock is not None:
            self._keep_offset(link.clock)
        return link

    @property
    def is_clock_due(self) -> bool:
        """Whether the offset grew old, or the seat's clock was set since it was measured: then it is time to look."""
        if time.monotonic() - self._looked < _BETWEEN_LOOKS:
            return False
        measured = self.state.measured_clock()
        return measured is not None and not 0 <= self.clock.now() - measured.measured_at < _AS_GOOD

    def token(self, refreshing: threading.Lock) -> str:
        """A token that counts. A refresh token counts once, so only one thread asks at a time. Raises NotServed."""
        with refreshing:
            signed = self.people.current()
            if signed is None:
                raise NotServed("sign_in", message("link.sign_in"))
            return self.sessions.fresh(signed, self.device, self.now_there()).token

    @contextmanager
    def asking(self, refreshing: threading.Lock) -> Iterator[str]:
        """A token for what is asked inside; one the server takes no longer is renewed for the next time.

        Raises NotServed.
        """
        token = self.token(refreshing)
        try:
            yield token
        except NotServed as error:
            if error.kind == "sign_in":
                self._renew(refreshing, token)
            raise

    def _renew(self, refreshing: threading.Lock, spent: str) -> None:
        """Ask for another token than the one that is spent, unless somebody has. Raises NotServed."""
        with refreshing:
            signed = self.people.current()
            if signed is None:
                raise NotServed("sign_in", message("link.sign_in"))
            if signed.token == spent:
                self.sessions.renew(signed, self.device)

    def failed(self, entry_id: str) -> int:
        """Note that the server could not take an entry that was sent alone; how often that has happened to it."""
        before = self.state.note(_FAILING, _Failing)
        times = before.times + 1 if before is not None and before.entry == entry_id else 1
        self.state.write(_FAILING, _Failing(entry_id, times))
        return times

    def in_step(self) -> None:
        """The mirror holds everything up to now."""
        self.state.write(_FRESH, self.clock.now())

    def _keep_offset(self, measured: ClockOffset) -> None:
        """The better of two measurements, unless it grew old or the seat's clock has jumped since."""
        kept = self.state.measured_clock()
        if kept is not None and 0 <= measured.measured_at - kept.measured_at < _AS_GOOD:
            agree = abs(kept.offset - measured.offset) <= kept.error + measured.error
            if agree and kept.error <= measured.error:
                return
        self.state.keep_clock(measured)


def too_old_for(link: Link) -> bool:
    """Whether the server speaks no protocol of this program any more."""
    return link.protocol is not None and link.protocol[0] > PROTOCOL


class LineStatus(msgspec.Struct, frozen=True):
    """What a header says of the line. trouble: why nothing is sent or taken in though the server answers.

    reading: up to which place of how many the feed was read, while there is more to read at once, else None.
    offset: microseconds from the seat's clock to the server's, None while never measured. cut_off_since: 0 while up.
    """

    link: str = "alone"
    cut_off_since: Instant = 0
    trouble: Message | None = None
    offset: Instant | None = None
    fresh_at: Instant | None = None
    outdated: bool = False
    reading: tuple[int, int] | None = None

    @property
    def clock_is_off(self) -> bool:
        """Whether the screen has to say that the seat's clock is wrong."""
        return self.offset is not None and abs(self.offset) > DOUBTFUL_OFFSET
