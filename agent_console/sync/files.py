"""Files by the hash of their content: sent in pieces, gone on with where the line broke, fetched and checked.

A piece is small enough that a bad line gets it through; how much the server has is asked before the first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from random import Random

import msgspec

from agent_console.domain.errors import ConsoleError
from agent_console.domain.messages import message
from agent_console.sync.answers import PASSING, NotServed
from agent_console.sync.backoff import Backoff
from agent_console.sync.line import Line
from agent_console.sync.ports import LinkedFile
from agent_console.sync.wire import FileState

PIECE = 128 * 1024
"""Bytes of one piece that is sent; the server takes twice as many."""
PUT_OFF_SECONDS = 60.0
"""What the server would not take, or did not have yet, is tried again after this."""
MOST_TRIES = 6
LOOK_SECONDS = 1.0
"""How often it is looked whether a file has come to be sent: a look into shared memory."""

_PATH = "/v1/files/"


class FileCarrier:
    """Brings files of one seat to the server, one piece a step, and what the seat needs from there."""

    def __init__(self, line: Line, refreshing: threading.Lock, pause: Callable[[float], object] = time.sleep) -> None:
        """Over this line; `refreshing` is held while a token is renewed, `pause` waits so many seconds."""
        self._line = line
        self._pause = pause
        self._refreshing = refreshing
        self._under_way: _UnderWay | None = None
        self._put_off: dict[str, float] = {}

    def step(self) -> bool:
        """Send a piece, or fetch a file the seat works with; False where nothing is to be done.

        Raises NotServed where the line or the session hinders; a file the server does not take waits.
        """
        with self._line.asking(self._refreshing) as token:
            return self._step(token)

    def _step(self, token: str) -> bool:
        under_way = self._under_way
        file = under_way.file if under_way is not None else self._next()
        if file is None:
            return self._fetch_wanted(token)
        try:
            self._under_way = self._sent(under_way or self._begun(file, token), token)
        except NotServed as error:
            self._under_way = None
            self._hindered(error, file)
        except ConsoleError:
            # Its bytes are damaged or cannot be opened here: it stays among what is unsent, and others go on.
            self._under_way = None
            self._put_off[file.event] = time.monotonic() + PUT_OFF_SECONDS
        return True

    def _next(self) -> LinkedFile | None:
        now = time.monotonic()
        self._put_off = {event: until for event, until in self._put_off.items() if until > now}
        return self._line.seat.file_to_send(self._put_off)

    def _begun(self, file: LinkedFile, token: str) -> _UnderWay:
        there = self._line.client.get(
            f"{_PATH}{file.sha256}/state", FileState, token=token, parameters={"stream": file.stream}
        )
        if there.whole:
            return _UnderWay(file, file.size, iter(()))
        return _UnderWay(file, there.size, chunks(self._line.seat.file_content(file), PIECE, there.size))

    def _sent(self, under_way: _UnderWay, token: str) -> _UnderWay | None:
        file, first = under_way.file, under_way.first
        piece = next(under_way.pieces, b"")
        if piece:
            last = first + len(piece) - 1
            there = self._line.client.put(
                f"{_PATH}{file.sha256}",
                piece,
                FileState,
                token=token,
                parameters={"stream": file.stream},
                content_range=f"bytes {first}-{last}/{file.size}",
            )
            if there.size <= last:
                raise NotServed("refused", message("link.not_ours"))
            if not there.whole:
                return msgspec.structs.replace(under_way, first=last + 1)
        self._line.seat.file_sent(file)
        return None

    def _hindered(self, error: NotServed, file: LinkedFile) -> None:
        if error.kind in PASSING:
            raise error
        self._put_off[file.event] = time.monotonic() + PUT_OFF_SECONDS

    def _fetch_wanted(self, token: str) -> bool:
        file = self._line.seat.file_wanted(self._put_off)
        if file is None:
            return False
        try:
            self._line.seat.take_file(file, pieces_of(self._line, token, file, self._pause))
        except NotServed as error:
            self._hindered(error, file)
        except ConsoleError:
            self._put_off[file.event] = time.monotonic() + PUT_OFF_SECONDS
        return True


def carry(line: Line, refreshing: threading.Lock, stop: threading.Event, is_up: threading.Event) -> None:
    """Send and fetch files until `stop`, on a connection of their own: no entry waits behind a video."""
    carrier, backoff = FileCarrier(line, refreshing, stop.wait), Backoff(Random())
    while not stop.is_set():
        if not is_up.wait(1.0) or stop.is_set():
            continue
        try:
            has_more = carrier.step()
        except NotServed as error:
            stop.wait(backoff.failed(error.retry_after))
            continue
        except ConsoleError:
            # A full disk passes: the thread must not, for nobody would begin another.
            stop.wait(backoff.failed())
            continue
        backoff.worked()
        if not has_more:
            _until_changed(line, stop)


def _until_changed(line: Line, stop: threading.Event) -> None:
    """Until somebody has written into the seat's file, or a file that was put off is due."""
    end = time.monotonic() + PUT_OFF_SECONDS
    while not (stop.is_set() or line.seat.store.changed() or time.monotonic() > end):
        stop.wait(LOOK_SECONDS)


class _UnderWay(msgspec.Struct, frozen=True):
    """A file that is being sent: how many bytes the server has, and the pieces after them."""

    file: LinkedFile
    first: int
    pieces: Iterator[bytes]


def pieces_of(
    line: Line, token: str, file: LinkedFile, pause: Callable[[float], object] = time.sleep
) -> Iterator[bytes]:
    """The content of a file from the server, piece by piece; where the line breaks it goes on at that byte.

    What came is not checked yet. pause: waits so many seconds before a next try. Raises NotServed, where the server has
    it not, or not in this person's sight, too.
    """
    first, size, backoff = 0, 1, Backoff(Random())
    while first < size:
        try:
            content, size = line.client.part(
                f"{_PATH}{file.sha256}", first, token=token, parameters={"stream": file.stream}
            )
        except NotServed as error:
            seconds = backoff.failed(error.retry_after)
            if error.kind not in ("down", "busy") or backoff.failures >= MOST_TRIES:
                raise
            pause(seconds)
            continue
        backoff.worked()
        first += len(content)
        yield content


def chunks(pieces: Iterable[bytes], size: int, skip: int = 0) -> Iterator[bytes]:
    """Content in pieces of `size` bytes, the last one shorter, without the first `skip` bytes."""
    waiting = b""
    for piece in pieces:
        waiting += piece[skip:]
        skip = max(0, skip - len(piece))
        while len(waiting) >= size:
            yield waiting[:size]
            waiting = waiting[size:]
    if waiting:
        yield waiting
