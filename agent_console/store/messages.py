"""Messages from leads, as the feed brought them, until they are read; sealed with a key of their own."""

from __future__ import annotations

from sqlite3 import Connection

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import Instant
from agent_console.store.connection import joined, rows
from agent_console.store.sealing import Sealing

_OWNER = "messages"


class KeptMessage(msgspec.Struct, frozen=True):
    """One message: its place in the feed, when the server had it (UTC microseconds), and its content as JSON."""

    seq: int
    recorded_at: Instant
    body: bytes


class Messages:
    """The messages of one seat's file."""

    def __init__(self, connection: Connection, clock: Clock, sealing: Sealing) -> None:
        """Keep them in this file."""
        self._connection = connection
        self._clock = clock
        self._sealing = sealing

    def keep(self, message: KeptMessage) -> None:
        """Keep one; the same again changes nothing."""
        sealed = self._sealing.seal(_OWNER, message.body, str(message.seq))
        with joined(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO lead_message (seq, recorded_at, read_at, sealed) VALUES (?, ?, 0, ?)",
                (message.seq, message.recorded_at, sealed),
            )

    def unread(self) -> list[KeptMessage]:
        """Those nobody has read here, oldest first."""
        sql = "SELECT seq, recorded_at, sealed FROM lead_message WHERE read_at = 0 ORDER BY seq"
        opened = (
            (seq, at, self._sealing.unseal(_OWNER, sealed, str(seq))) for seq, at, sealed in rows(self._connection, sql)
        )
        return [KeptMessage(seq, at, body) for seq, at, body in opened if body is not None]

    def read(self, seq: int) -> None:
        """Note that a message was read."""
        with joined(self._connection):
            now = self._clock.now()
            self._connection.execute("UPDATE lead_message SET read_at = ? WHERE seq = ?", (now, seq))
