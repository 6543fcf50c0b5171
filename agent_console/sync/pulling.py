"""Taking in what the server tells: pages after the seat's cursor, each kept in one transaction with the cursor."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from itertools import pairwise

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.domain.messages import message
from agent_console.sync.answers import PASSING, NotServed
from agent_console.sync.line import Line
from agent_console.sync.wire import FeedPage, StreamHistory

PAGE_ROWS = 500
"""Events asked for at once."""
AT_ONCE = 250
"""Rows taken in in one transaction, which whoever sits at the console has to wait for."""
_BREATH_SECONDS = 0.005
"""The file is free in between for whoever writes there."""
LONGEST_WAIT = 25
"""Seconds the server may hold a question until there is something to tell."""
_MARGIN = 15.0
"""Seconds beyond that before the line counts as dead."""


class Pulled(msgspec.Struct, frozen=True):
    """What a step came to: rows taken in, and whether more are there at once; up to which place of how many it is."""

    rows: int = 0
    more: bool = False
    place: int = 0
    last: int = 0


class _Place(msgspec.Struct, frozen=True):
    """Where a mirror ends, in the log of which epoch."""

    cursor: int
    epoch: str


class _Ahead(msgspec.Struct, frozen=True):
    """A page that was asked for before the one before it was taken in."""

    place: _Place
    page: Future[FeedPage]


class Puller:
    """Takes in for one seat."""

    def __init__(self, line: Line, refreshing: threading.Lock) -> None:
        """Over this line; `refreshing` is held while a token is renewed."""
        self._line = line
        self._refreshing = refreshing
        self._asked: set[str] = set()
        self._ahead: _Ahead | None = None

    def step(self, wait: int = 0) -> Pulled:
        """Ask for one page, waiting at most `wait` seconds for the first row, and take it in.

        Raises NotServed: then mirror and cursor are as they were.
        """
        line = self._line
        page = self._page(_Place(line.seat.cursor, line.seat.epoch), wait)
        for portion in portions(page, AT_ONCE):
            line.seat.take_page(portion)
            if line.seat.cursor != portion.next:
                # The log is another one: its feed is read from the beginning.
                return Pulled(more=True)
            if page.more:
                time.sleep(_BREATH_SECONDS)
        if not page.more:
            self._fetch_left()
            line.in_step()
        return Pulled(len(page.rows), page.more, page.next, max(page.last, page.next))

    def _page(self, place: _Place, wait: int) -> FeedPage:
        """What follows on a place; while it is being taken in, the page after it is on its way already."""
        ahead, self._ahead = self._ahead, None
        with self._line.asking(self._refreshing) as token:
            known = ahead is not None and ahead.place == place
            page = ahead.page.result() if ahead is not None and known else self._asked_for(place, wait, token)
            if not _follows(page, place.cursor):
                raise NotServed("down", message("link.not_ours"))
            if page.more and page.epoch == place.epoch:
                self._ahead = self._ask_ahead(_Place(page.next, page.epoch), token)
        return page

    def _asked_for(self, place: _Place, wait: int, token: str) -> FeedPage:
        asked: dict[str, str | int] = {"after": place.cursor, "limit": PAGE_ROWS, "wait": wait, "epoch": place.epoch}
        return self._line.client.get("/v1/feed", FeedPage, token=token, parameters=asked, seconds=wait + _MARGIN)

    def _ask_ahead(self, place: _Place, token: str) -> _Ahead:
        answer: Future[FeedPage] = Future()

        def ask() -> None:
            # A client that was closed meanwhile says so as a RuntimeError; then nobody waits for the page.
            with suppress(RuntimeError):
                try:
                    answer.set_result(self._asked_for(place, 0, token))
                except NotServed as error:
                    answer.set_exception(error)

        threading.Thread(target=ask, name="sync-ahead", daemon=True).start()
        return _Ahead(place, answer)

    def _fetch_left(self) -> None:
        """Ask once for each stream that could not be kept when it came; one that cannot be had holds up no other.

        Raises NotServed where the line hinders.
        """
        for stream in self._line.seat.streams_left():
            if stream in self._asked:
                continue
            self._asked.add(stream)
            try:
                with self._line.asking(self._refreshing) as token:
                    history = self._line.client.get(f"/v1/streams/{stream}", StreamHistory, token=token)
            except NotServed as error:
                if error.kind in PASSING:
                    self._asked.discard(stream)
                    raise
                continue
            if history.stream == stream:
                with suppress(BadInput):
                    self._line.seat.take_stream(history)


def portions(page: FeedPage, most: int) -> Iterator[FeedPage]:
    """A page in parts of about so many rows, each with a cursor of its own: rows of one place stay together."""
    first = 0
    for last, (row, after) in enumerate(pairwise(page.rows), 1):
        if last - first >= most and row.seq < after.seq:
            yield msgspec.structs.replace(page, rows=page.rows[first:last], next=row.seq, more=True)
            first = last
    yield msgspec.structs.replace(page, rows=page.rows[first:])


def _follows(page: FeedPage, cursor: int) -> bool:
    """Whether a page goes on where the mirror ends: rows in order, none of them before or past its cursors."""
    if not page.epoch or page.resync:
        return bool(page.epoch)
    places = [row.seq for row in page.rows]
    in_order = all(earlier <= later for earlier, later in pairwise(places))
    inside = not places or (cursor < places[0] and places[-1] <= page.next)
    return in_order and inside and page.next >= cursor
