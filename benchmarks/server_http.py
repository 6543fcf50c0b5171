"""A client that costs as little as it can: one kept connection, bodies made beforehand."""

from __future__ import annotations

import asyncio
from typing import Self

_MOST = 64 * 1024 * 1024


class Connection:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Made by `open`."""
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=_MOST))

    async def post(self, path: str, body: bytes, token: str = "") -> tuple[int, bytes]:
        """Status and body of the answer."""
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return await self._exchange(head, body, token)

    async def get(self, path: str, token: str = "") -> tuple[int, bytes]:
        """The same for a question."""
        return await self._exchange(f"GET {path} HTTP/1.1\r\nHost: x\r\n", b"", token)

    async def _exchange(self, head: str, body: bytes, token: str) -> tuple[int, bytes]:
        told = f"Authorization: Bearer {token}\r\n" if token else ""
        self._writer.write((head + told + "\r\n").encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(answer.split(b" ", 2)[1]), await self._reader.readexactly(length)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()
