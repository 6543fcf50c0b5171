"""`sync now`: send all that waits and take in all there is, once, and say what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec

from agent_console.domain.messages import Message, message
from agent_console.store.link_state import new_holder
from agent_console.sync.answers import NotServed
from agent_console.sync.backoff import Backoff
from agent_console.sync.files import FileCarrier
from agent_console.sync.line import Line, too_old_for
from agent_console.sync.pulling import Puller
from agent_console.sync.pushing import Pusher

MOST_TRIES = 6
"""How often something that failed is tried again before it is told."""

_LOOK_SECONDS = 0.25
"""How often it is looked whether another process of the seat has sent everything."""

Progress = Callable[[int, int, int], None]
"""Told how many entries were sent, and up to which place of how many the feed was taken in; 0 before the first page."""


class Exchanged(msgspec.Struct, frozen=True):
    """What one exchange came to. why: what stopped it, None where everything was sent and taken in.

    held: of the unsent entries those that wait for the key of a role.
    """

    sent: int = 0
    refused: int = 0
    parked: int = 0
    taken: int = 0
    unsent: int = 0
    unsent_files: int = 0
    why: Message | None = None
    outdated: bool = False
    held: int = 0


def send_last(line: Line, backoff: Backoff, seconds: float, pause: Callable[[float], None] = time.sleep) -> int:
    """Send what waits for at most about so many seconds, before the session ends; how many entries are left unsent.

    Where another process of the seat is sending, it is given the time to.
    """
    holder, end = new_holder(), time.monotonic() + seconds
    try:
        pusher = Pusher(line, threading.Lock())
        while time.monotonic() < end and line.seat.waiting().can_be_sent:
            if not line.state.take_lease(holder):
                pause(_LOOK_SECONDS)
                continue
            try:
                pusher.step()
            except NotServed as error:
                if not _may_pass(error) or line.look().state != "up":
                    break
                pause(min(backoff.failed(error.retry_after), max(0.0, end - time.monotonic())))
    finally:
        line.state.give_back(holder)
    return line.seat.waiting().unsent


def exchange_once(
    line: Line, backoff: Backoff, progress: Progress, pause: Callable[[float], None] = time.sleep
) -> Exchanged:
    """Send and take in until nothing is left; `progress` hears of each step.

    Another process of the seat that is at it already is not disturbed. pause: waits so many seconds before a next try.
    """
    holder = new_holder()
    if not line.state.take_lease(holder):
        return Exchanged(unsent=line.seat.waiting().unsent, why=message("link.busy_elsewhere"))
    try:
        return _Exchange(line, backoff, progress, holder, pause).run()
    finally:
        line.state.give_back(holder)


class _Exchange:
    def __init__(
        self, line: Line, backoff: Backoff, progress: Progress, holder: str, pause: Callable[[float], None]
    ) -> None:
        refreshing = threading.Lock()
        self._line = line
        self._pusher = Pusher(line, refreshing)
        self._puller = Puller(line, refreshing)
        self._carrier = FileCarrier(line, refreshing, pause)
        self._backoff = backoff
        self._progress = progress
        self._holder = holder
        self._pause = pause
        self._done = Exchanged()

    def run(self) -> Exchanged:
        link = self._line.look()
        if link.state != "up":
            return self._ended(link.why)
        self._done = msgspec.structs.replace(self._done, outdated=too_old_for(link))
        why = self._until_quiet(self._push) or self._until_quiet(self._pull) or self._until_quiet(self._carrier.step)
        return self._ended(why)

    def _ended(self, why: Message | None) -> Exchanged:
        seat = self._line.seat
        waiting, files = seat.waiting(), seat.store.linked_files.unsent_count()
        return msgspec.structs.replace(
            self._done, unsent=waiting.unsent, held=waiting.held, unsent_files=files, why=why
        )

    def _until_quiet(self, step: Callable[[], bool]) -> Message | None:
        """Repeat a step while it finds something to do; what stops it, None where nothing did."""
        while True:
            self._line.state.take_lease(self._holder)
            try:
                if not step():
                    return None
                self._backoff.worked()
            except NotServed as error:
                seconds = self._backoff.failed(error.retry_after)
                if not _may_pass(error) or self._backoff.failures >= MOST_TRIES:
                    return error.why
                self._pause(seconds)

    def _push(self) -> bool:
        pushed = self._pusher.step()
        done = self._done
        self._done = msgspec.structs.replace(
            done,
            sent=done.sent + pushed.answered,
            refused=done.refused + pushed.refused,
            parked=done.parked + pushed.parked,
        )
        self._progress(self._done.sent, 0, 0)
        return self._line.seat.waiting().can_be_sent or self._line.seat.may_go_on()

    def _pull(self) -> bool:
        pulled = self._puller.step()
        self._done = msgspec.structs.replace(self._done, taken=self._done.taken + pulled.rows)
        self._progress(self._done.sent, pulled.place, pulled.last)
        return pulled.more


def _may_pass(error: NotServed) -> bool:
    """Whether trying again may help without anybody doing something first; a token is renewed by then."""
    return error.kind in ("down", "busy", "broken", "too_large") or (error.kind == "sign_in" and error.code != "")
