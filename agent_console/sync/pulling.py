"""Taking in what the server tells: pages after the seat's cursor, each kept in one transaction with the cursor."""

from __future__ import annotations

import threading
from itertools import pairwise

import msgspec

from agent_console.domain.messages import message
from agent_console.sync.answers import NotServed
from agent_console.sync.line import Line
from agent_console.sync.wire import FeedPage, StreamHistory

PAGE_ROWS = 100
"""Taken in in one transaction, which whoever sits at the console has to wait for."""
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


class Puller:
    """Takes in for one seat."""

    def __init__(self, line: Line, refreshing: threading.Lock) -> None:
        """Over this line; `refreshing` is held while a token is renewed."""
        self._line = line
        self._refreshing = refreshing
        self._asked: set[str] = set()

    def step(self, wait: int = 0) -> Pulled:
        """Ask for one page, waiting at most `wait` seconds for the first row, and take it in.

        Raises NotServed: then mirror and cursor are as they were.
        """
        line = self._line
        token = line.token(self._refreshing)
        cursor = line.seat.cursor
        asked: dict[str, str | int] = {"after": cursor, "limit": PAGE_ROWS, "wait": wait, "epoch": line.seat.epoch}
        try:
            page = line.client.get("/v1/feed", FeedPage, token=token, parameters=asked, seconds=wait + _MARGIN)
        except NotServed as error:
            if error.kind == "sign_in":
                line.renew(self._refreshing, token)
            raise
        if not _follows(page, cursor):
            raise NotServed("down", message("link.not_ours"))
        line.seat.take_page(page)
        if not page.more:
            self._fetch_left(token)
            line.in_step()
        return Pulled(len(page.rows), page.more, page.next, max(page.last, page.next))

    def _fetch_left(self, token: str) -> None:
        """Ask once for each stream that could not be kept when it came; raises NotServed where the line hinders."""
        for stream in self._line.seat.streams_left():
            if stream in self._asked:
                continue
            self._asked.add(stream)
            try:
                history = self._line.client.get(f"/v1/streams/{stream}", StreamHistory, token=token)
            except NotServed as error:
                if error.kind != "refused":
                    self._asked.discard(stream)
                    raise
                continue
            if history.stream == stream:
                self._line.seat.take_stream(history)


def _follows(page: FeedPage, cursor: int) -> bool:
    """Whether a page goes on where the mirror ends: rows in order, none of them before or past its cursors."""
    if not page.epoch or page.resync:
        return bool(page.epoch)
    places = [row.seq for row in page.rows]
    in_order = all(earlier <= later for earlier, later in pairwise(places))
    inside = not places or (cursor < places[0] and places[-1] <= page.next)
    return in_order and inside and page.next >= cursor
