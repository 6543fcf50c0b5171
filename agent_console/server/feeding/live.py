"""Waiting for what is new: one look at the counters per process wakes everybody who waits.

Own commits wake at once, those of other processes within a quarter of a second; waves follow each other no faster than
`WAVE_SECONDS`, so that many commits make one wave. A wave wakes `TOGETHER` at a time, so that pushes get their turn in
between.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent_console.server.store.database import Database, DatabaseAway

WAVE_SECONDS = 0.05
FLOOR_SECONDS = 0.25
TOGETHER = 25
BREATH_SECONDS = 0.008
"""Between those who are woken together; two thousand are told within a second."""
PING_SECONDS = 15.0
SLOW_SECONDS = 20.0
"""A reader who does not take what was written for so long is hung up on; it comes back with its cursor."""

_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_LOG = logging.getLogger(__name__)


class Waker:
    """Watches the counters and wakes those who wait for a line."""

    def __init__(self, database: Database) -> None:
        """Look into this database."""
        self._database = database
        self._last: dict[str, int] = {}
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._nudged = asyncio.Event()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Whether the process is about to end: nobody should wait any more."""
        return self._stopped

    def nudge(self) -> None:
        """Something was committed here."""
        self._nudged.set()

    async def wait(self, jurisdiction: str, after: int, seconds: float) -> None:
        """Return once the line has something after a cursor, or so many seconds have passed."""
        if self._stopped or self._last.get(jurisdiction, after) > after:
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(jurisdiction, []).append(woken)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await woken

    def last(self, jurisdiction: str) -> int:
        """The last place in the feed as far as this process has heard, 0 before it has."""
        return self._last.get(jurisdiction, 0)

    async def run(self) -> None:
        """Watch until `stop`."""
        while not self._stopped:
            self._nudged.clear()
            try:
                await self._wake(dict(await self._counters()))
            except DatabaseAway:
                _LOG.warning("database away")
            await asyncio.sleep(WAVE_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), FLOOR_SECONDS - WAVE_SECONDS)

    async def _counters(self) -> list[tuple[str, int]]:
        rows = await self._database.fetch("SELECT jurisdiction, last_seq FROM counter")
        return [(str(row[0]), int(row[1])) for row in rows]

    async def _wake(self, counters: Mapping[str, int]) -> None:
        for jurisdiction, last in counters.items():
            if self._last.get(jurisdiction) != last:
                self._last[jurisdiction] = last
                waiting = [one for one in self._waiting.pop(jurisdiction, ()) if not one.done()]
                for first in range(0, len(waiting), TOGETHER):
                    if first:
                        await asyncio.sleep(BREATH_SECONDS)
                    _let_go(waiting[first : first + TOGETHER])
            else:
                self._forget_gone(jurisdiction)

    def _forget_gone(self, jurisdiction: str) -> None:
        """Those who have waited long enough or left."""
        waiting = self._waiting.get(jurisdiction, [])
        if any(one.done() for one in waiting):
            self._waiting[jurisdiction] = [one for one in waiting if not one.done()]

    def stop(self) -> None:
        """Let everybody go."""
        self._stopped = True
        self._nudged.set()
        for waiting in self._waiting.values():
            _let_go(waiting)


def _let_go(waiting: Iterable[asyncio.Future[None]]) -> None:
    for one in waiting:
        if not one.done():
            one.set_result(None)


Next = Callable[[], Awaitable[bytes | None]]
"""The next piece of a stream, waiting for it at most `PING_SECONDS`; b"" where there is none, None at the end."""


class EventStream(Response):
    """A live stream as an answer: pieces as they come, a comment when there are none, an end for slow readers."""

    def __init__(self, following: Next) -> None:
        """`following` gives the pieces."""
        super().__init__(headers=_HEADERS, media_type="text/event-stream")
        del self.headers["content-length"]
        self._following = following

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until the reader leaves, is too slow, or the stream ends."""
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        writing = asyncio.ensure_future(self._write(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, leaving):
                task.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)

    async def _write(self, send: Send) -> None:
        piece: bytes | None = b": hello\n\n"
        while piece is not None:
            body = {"type": "http.response.body", "body": piece or b": ping\n\n", "more_body": True}
            async with asyncio.timeout(SLOW_SECONDS):
                await send(body)
            piece = await self._following()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def piece(name: str, data: bytes, id_: int | None = None) -> bytes:
    """One event of a stream; data is JSON in one line."""
    head = b"" if id_ is None else b"id: %d\n" % id_
    return b"%sevent: %s\ndata: %s\n\n" % (head, name.encode(), data)
