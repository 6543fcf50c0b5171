"""Sending what waits, in order, one batch in flight; what came of each entry is kept as the server said it.

A batch that cannot be taken is halved down to one entry. One that fails alone again and again is parked, so that those
after it go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import msgspec

from agent_console.domain.messages import message
from agent_console.store.outbox import EntryLocked
from agent_console.sync.answers import NotServed
from agent_console.sync.line import Line
from agent_console.sync.wire import MOST_BYTES, MOST_ENTRIES, PROTOCOL, Entry, Push, PushAnswer, Verdict

MOST_FAILURES = 5
"""An entry that the server could not take so many times, sent alone, is parked."""
_PATIENCE = 4
"""Where the next one fails as well it is rather the server that is ill: each has so many times more tries."""

_SETTLED_AT_ONCE = 25
_BREATH_SECONDS = 0.02
"""The file is free in between: whoever sits at the console writes, too, and must not wait for a whole day of calls."""

_ROOM = 2048
"""Bytes of a push beside its entries."""


class Pushed(msgspec.Struct, frozen=True):
    """What a step came to: entries the server answered for, those among them that took no effect, and parked ones.

    sorted_out: nothing was sent, but what waits for a key was set aside or put back.
    """

    answered: int = 0
    refused: int = 0
    parked: int = 0
    sorted_out: bool = False


class Pusher:
    """Sends from one outbox."""

    def __init__(self, line: Line, refreshing: threading.Lock) -> None:
        """Over this line; `refreshing` is held while a token is renewed."""
        self._line = line
        self._refreshing = refreshing
        self._most = MOST_ENTRIES
        self._parked_in_a_row = 0

    def step(self) -> Pushed:
        """Send one batch; nothing where nothing waits. Raises NotServed: then the outbox is as it was."""
        seat = self._line.seat
        try:
            if seat.may_go_on():
                return self._sort_out()
            entries = seat.entries_to_send(self._most, MOST_BYTES - _ROOM, self._line.offset)
        except EntryLocked:
            return self._sort_out()
        if not entries:
            self._most = MOST_ENTRIES
            return Pushed()
        try:
            answer = self._send(entries)
        except NotServed as error:
            return self._not_taken(entries, error)
        self._most = min(MOST_ENTRIES, self._most * 2)
        self._parked_in_a_row = 0
        return self._settle(answer)

    def _sort_out(self) -> Pushed:
        """Have the queue go on without what waits for a key: an answer that was lost may have used up its number."""
        seat = self._line.seat
        answer = self._send(())
        if answer.epoch != seat.epoch:
            seat.rewind(answer.last_n, answer.epoch)
        else:
            seat.sort_out(answer.last_n)
        return Pushed(sorted_out=True)

    def _send(self, entries: Sequence[Entry]) -> PushAnswer:
        line = self._line
        push = Push(
            device=line.device,
            device_key=line.keys.of(line.client.address),
            epoch=line.seat.epoch,
            protocol=PROTOCOL,
            now=line.clock.now(),
            entries=tuple(entries),
            left=max(0, line.seat.waiting().unsent - len(entries)),
        )
        with line.asking(self._refreshing) as token:
            answer = line.client.post("/v1/push", push, PushAnswer, token=token)
        if not _fits(answer, entries, push.epoch):
            raise NotServed("down", message("link.not_ours"))
        return answer

    def _settle(self, answer: PushAnswer) -> Pushed:
        seat = self._line.seat
        if answer.epoch != seat.epoch:
            seat.rewind(answer.last_n, answer.epoch)
            return Pushed()
        verdicts = [verdict for verdict in answer.verdicts if verdict.status != "gap"]
        for first in range(0, len(verdicts), _SETTLED_AT_ONCE):
            if first:
                time.sleep(_BREATH_SECONDS)
            seat.settle(verdicts[first : first + _SETTLED_AT_ONCE])
        if len(verdicts) < len(answer.verdicts):
            seat.rewind(answer.verdicts[-1].want - 1, answer.epoch)
        refused = sum(verdict.status in ("rejected", "conflict") for verdict in verdicts)
        return Pushed(len(verdicts), refused)

    def _not_taken(self, entries: Sequence[Entry], error: NotServed) -> Pushed:
        """Halve, count or park what the server cannot take; anything else is no fault of the entries."""
        if error.kind not in ("too_large", "broken"):
            raise error
        if len(entries) > 1:
            self._most = max(1, len(entries) // 2)
            if error.kind == "too_large":
                return Pushed()
            raise error
        [entry] = entries
        tries = MOST_FAILURES * _PATIENCE**self._parked_in_a_row
        if self._line.failed(entry.id) < tries:
            raise error
        self._line.seat.park(entry.id, error.code or error.kind)
        self._parked_in_a_row += 1
        return Pushed(parked=1)


def _fits(answer: PushAnswer, entries: Sequence[Entry], epoch: str) -> bool:
    """Whether these are verdicts on what was sent: the first of the entries in order, a gap only as the last.

    A server whose log is another one may give none, and there is none where nothing was sent.
    """
    if not answer.epoch or len(answer.verdicts) > len(entries):
        return False
    if not answer.verdicts:
        return answer.epoch != epoch or not entries
    if any(verdict.status == "gap" for verdict in answer.verdicts[:-1]):
        return False
    pairs = zip(answer.verdicts, entries, strict=False)
    return all(_is_of(verdict, entry) for verdict, entry in pairs)


def _is_of(verdict: Verdict, entry: Entry) -> bool:
    if verdict.status == "gap":
        return verdict.want > 0
    return (verdict.n, verdict.id) == (entry.n, entry.id)
