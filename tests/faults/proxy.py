"""A line that goes wrong on purpose: stands between seats and server, reads whole HTTP messages, and spoils some.

Which fault meets which request follows from the seed and the order of the requests.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from random import Random
from typing import NamedTuple

import msgspec

_LONGEST = 1 << 25
_LINE_END = b"\r\n"
_HEAD_END = b"\r\n\r\n"
_PORTAL = b"<html><body>sign in to the guest network</body></html>"
_RESET = struct.pack("ii", 1, 0)
_LOOK_SECONDS = 0.02


class Weather(msgspec.Struct, frozen=True):
    """How often each fault happens, as a share of the requests; seconds for what takes time.

    reset: cut before the whole request was there. lost: served, but the answer never comes back. truncated: half an
    answer. doubled: the server is asked twice. stalled: the answer comes late. status: somebody else answers.
    """

    latency: float = 0.0
    reset: float = 0.0
    lost: float = 0.0
    truncated: float = 0.0
    doubled: float = 0.0
    stalled: float = 0.0
    stall_seconds: float = 0.0
    status: float = 0.0
    statuses: tuple[int, ...] = (200, 401, 413, 429, 503)


CALM = Weather()


class _Line(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class FaultyLine:
    """A proxy to several server processes on this machine; which one serves a connection goes round."""

    def __init__(self, ports: Iterable[int], random: Random) -> None:
        """Towards these ports, by this seed; quiet until the weather is set."""
        self.weather = CALM
        self.is_cut = False
        self.happened: Counter[str] = Counter()
        self.port = 0
        self._ports = tuple(ports)
        self._random = random
        self._served = 0
        self._listening: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen at a free port of this machine."""
        self._listening = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_LONGEST)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody."""
        if self._listening is not None:
            self._listening.close()
        self.reset_all()
        await asyncio.gather(*self._open, return_exceptions=True)

    def reset_all(self) -> None:
        """Cut every connection that is open."""
        for task in self._open:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._serve(_Line(reader, writer))
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            _cut(writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, seat: _Line) -> None:
        server: _Line | None = None
        try:
            while (asked := await _message(seat.reader)) is not None:
                await self._travel()
                if self._hits("status"):
                    seat.writer.write(self._forged())
                    await seat.writer.drain()
                    continue
                server = server or await self._dial()
                if not await self._pass_on(asked, seat, server):
                    _cut(seat.writer)
                    return
        finally:
            if server is not None:
                server.writer.close()

    async def _dial(self) -> _Line:
        self._served += 1
        port = self._ports[self._served % len(self._ports)]
        return _Line(*await asyncio.open_connection("127.0.0.1", port, limit=_LONGEST))

    async def _pass_on(self, asked: bytes, seat: _Line, server: _Line) -> bool:
        """One request and its answer; False where the line is cut over it."""
        if self._hits("reset"):
            server.writer.write(asked[: self._random.randrange(1, len(asked))])
            await server.writer.drain()
            _cut(server.writer)
            return False
        if self._hits("doubled"):
            await self._ask_beside(asked)
        server.writer.write(asked)
        await server.writer.drain()
        answer = await _message(server.reader)
        if answer is None or self._hits("lost"):
            return False
        if self._hits("stalled"):
            await asyncio.sleep(self.weather.stall_seconds)
        await self._travel()
        if self._hits("truncated"):
            seat.writer.write(answer[: self._random.randrange(len(answer))])
            await seat.writer.drain()
            return False
        seat.writer.write(answer)
        await seat.writer.drain()
        return True

    async def _ask_beside(self, asked: bytes) -> None:
        """The same request over a connection of its own, as a gateway that tries again would."""
        other = await self._dial()
        other.writer.write(asked)
        await other.writer.drain()
        await _message(other.reader)
        other.writer.close()

    async def _travel(self) -> None:
        if self.weather.latency:
            await asyncio.sleep(self._random.uniform(0, 2 * self.weather.latency))
        while self.is_cut:
            await asyncio.sleep(_LOOK_SECONDS)

    def _hits(self, fault: str) -> bool:
        share: float = getattr(self.weather, fault)
        if not share or self._random.random() >= share:
            return False
        self.happened[fault] += 1
        return True

    def _forged(self) -> bytes:
        status = self._random.choice(self.weather.statuses)
        self.happened[f"status {status}"] += 1
        head = b"HTTP/1.1 %d Spoilt\r\ncontent-type: text/html\r\ncontent-length: %d" % (status, len(_PORTAL))
        return head + _HEAD_END + _PORTAL


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """One HTTP message as it came; None at the end of the connection."""
    try:
        head = await reader.readuntil(_HEAD_END)
    except asyncio.IncompleteReadError:
        return None
    fields = dict(line.lower().split(b":", 1) for line in head.split(_LINE_END)[1:] if b":" in line)
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return head + await _chunks(reader)
    return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while True:
        size = await reader.readuntil(_LINE_END)
        whole += size + await reader.readexactly(int(size, 16) + len(_LINE_END))
        if not int(size, 16):
            return whole


def _cut(writer: asyncio.StreamWriter) -> None:
    """End a connection as a dead router would: reset, not closed."""
    connected = writer.get_extra_info("socket")
    if connected is not None:
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
