"""The confirmed part of the log: what the server's feed said, in its order, and the cursor up to where it was taken in.

Own events stand in the file before the server has judged them: they are pending, their `seq` is empty. A stream is
written anew where the feed brings something else than what is pending; everything here runs inside the transaction
that stores the cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection
from typing import Any

import msgspec

from agent_console.domain.events import Envelope, Event, known
from agent_console.domain.instants import Instant
from agent_console.store.bodies import split
from agent_console.store.connection import joined, rows
from agent_console.store.log import EventLog
from agent_console.store.projecting import Projector, refold, take_in
from agent_console.store.sealing import Sealing


class Told(msgspec.Struct, frozen=True):
    """An event as the feed tells it. body: JSON of all its fields, b"" where it was erased.

    fact: None where it was erased or a newer program wrote it.
    """

    seq: int
    envelope: Envelope
    fact: msgspec.Struct | None
    body: bytes


class Standing(msgspec.Struct, frozen=True):
    """How far a seat is with its server. epoch: of the server's log; cursor: up to where the feed was taken in."""

    epoch: str
    cursor: int


class Mirror:
    """The confirmed part of one seat's log."""

    def __init__(
        self, connection: Connection, log: EventLog, sealing: Sealing, projectors: Sequence[Projector]
    ) -> None:
        """Work on this file."""
        self._sealing = sealing
        self._connection = connection
        self._log = log
        self._projectors = projectors

    def standing(self) -> Standing:
        """Where the seat stands."""
        [(epoch, cursor)] = rows(self._connection, "SELECT epoch, cursor FROM link")
        return Standing(epoch, cursor)

    def stand(self, epoch: str, cursor: int) -> None:
        """Store where the seat stands, in the transaction of what it has taken in."""
        self._connection.execute("UPDATE link SET epoch = ?, cursor = ?", (epoch, cursor))

    def begin_anew(self, epoch: str) -> None:
        """The server's log is another one: nothing counts as confirmed until its feed has said so."""
        with joined(self._connection):
            self._connection.execute("UPDATE event SET seq = NULL WHERE seq IS NOT NULL")
            self.stand(epoch, 0)
            self._connection.execute("UPDATE link SET anew = 1")
            self._connection.execute("DELETE FROM feed_left")

    def is_anew(self) -> bool:
        """Whether the feed is being read from its beginning again."""
        return bool(rows(self._connection, "SELECT anew FROM link")[0][0])

    def is_in_step(self) -> None:
        """It was read to its end."""
        self._connection.execute("UPDATE link SET anew = 0")

    def confirm(self, id_: str, seq: int) -> None:
        """The server has this event as it stands here."""
        self._connection.execute("UPDATE event SET seq = ? WHERE id = ?", (seq, id_))

    def append(self, told: Told, version: int) -> Event:
        """Append an event as the server has it; no projection hears of it. Returns it as it will be read again."""
        envelope = msgspec.structs.replace(told.envelope, version=version)
        entry = known(envelope.type)
        if told.fact is None or entry is None:
            # What a newer program keeps open is not known here: all of it counts as personal.
            self._log.write_row(envelope, b"{}", told.body, told.seq)
            return Event(envelope, None)
        body, personal = split(entry, told.fact, secret=self._sealing.is_secret(envelope.stream))
        self._log.write_row(envelope, body, personal, told.seq)
        is_gone = personal is not None and self._sealing.is_erased(envelope.stream)
        return Event(envelope, None if is_gone else told.fact)

    def project(self, events: Sequence[Event]) -> None:
        """Let the projections take these events of one stream in."""
        for projector in self._projectors:
            take_in(self._connection, events, projector)

    def fold_anew(self, stream: str) -> list[Event]:
        """Empty the rows of a stream and fold them again from the log; the events they are folded from."""
        events = [event for event, _ in self._log.to_fold(stream)]
        refold(self._connection, stream, events, self._projectors)
        return events

    @contextmanager
    def rewriting(self, stream: str, *, forgetting: bool = False) -> Iterator[None]:
        """Let pending events of this one stream be taken out; confirmed ones too where it is being forgotten."""
        sql = "UPDATE link SET rewriting = ?, forgetting = ?"
        self._connection.execute(sql, (stream, int(forgetting)))
        yield
        self._connection.execute(sql, ("", 0))

    def drop_pending(self, stream: str) -> None:
        """Take out the pending events of the stream that is being rewritten."""
        self._connection.execute("DELETE FROM event WHERE stream = ? AND seq IS NULL", (stream,))

    def drop_all(self, stream: str) -> None:
        """Take out every event of the stream that is being forgotten, and what is folded from them."""
        self._connection.execute("DELETE FROM event WHERE stream = ?", (stream,))
        refold(self._connection, stream, (), self._projectors)

    def pending_streams(self) -> list[str]:
        """Streams with events the server has not confirmed."""
        return [name for (name,) in rows(self._connection, "SELECT DISTINCT stream FROM event WHERE seq IS NULL")]

    def leave(self, stream: str, seq: int) -> None:
        """Note that rows of a stream could not be kept, for want of a role key; there they can be fetched with one."""
        self._connection.execute("INSERT OR REPLACE INTO feed_left (stream, seq) VALUES (?, ?)", (stream, seq))

    def is_left(self, stream: str) -> bool:
        """Whether some of its rows are not here: those that follow make no sense without them."""
        return bool(rows(self._connection, "SELECT 1 FROM feed_left WHERE stream = ?", (stream,)))

    def fetched(self, stream: str) -> None:
        """All of its rows are here now, or none is for this person."""
        with joined(self._connection):
            self._connection.execute("DELETE FROM feed_left WHERE stream = ?", (stream,))

    def left(self) -> list[str]:
        """Streams whose rows could not be kept."""
        return [stream for (stream,) in rows(self._connection, "SELECT stream FROM feed_left ORDER BY seq")]


class KeptOutline(msgspec.Struct, frozen=True):
    """What is known of an order of another seat, as of an instant (UTC microseconds)."""

    stream: str
    number: str
    status: str
    kind: str
    topic: str
    place: str
    urgency: str
    lead: str
    raised_at: Instant
    as_of: Instant


class _Words(msgspec.Struct, frozen=True):
    topic: str
    place: str


_OWNER = "outlines"
"""All outlines share a key: what one says goes with its row."""
_IN_OPEN = ("stream", "number", "status", "kind", "urgency", "lead", "raised_at", "as_of")


class Outlines:
    """Orders of others: enough to recognise a repeat and to answer who has it.

    Topic and place stand sealed, for people write names into them.
    """

    def __init__(self, connection: Connection, sealing: Sealing) -> None:
        """Ask this file."""
        self._connection = connection
        self._sealing = sealing

    def keep(self, outline: KeptOutline, number_hash: str) -> None:
        """Write what is known now."""
        sealed = self._sealing.seal(_OWNER, msgspec.json.encode(_Words(outline.topic, outline.place)), outline.stream)
        names = (*_IN_OPEN, "number_hash", "tail", "sealed")
        told = (getattr(outline, name) for name in _IN_OPEN)
        values = (*told, number_hash, outline.number[-_TAIL:], sealed)
        self._connection.execute(
            f"INSERT OR REPLACE INTO order_outline ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values
        )

    def forget(self, stream: str) -> None:
        """Let go of one: it is here in full now, or out of sight."""
        self._connection.execute("DELETE FROM order_outline WHERE stream = ?", (stream,))

    def forget_all(self) -> None:
        """Let go of all: the feed begins anew."""
        self._connection.execute("DELETE FROM order_outline")

    def of_number(self, digits: str) -> list[KeptOutline]:
        """Outlines of an order number or its last five digits."""
        column = "tail" if len(digits) == _TAIL else "number"
        return self._found(f"{column} = ?", (digits,), 20)

    def of_caller(self, number_hash: str, statuses: Sequence[str]) -> list[KeptOutline]:
        """Outlines of orders a telephone number brought, in one of these states; newest first."""
        gaps = ", ".join("?" * len(statuses))
        return self._found(f"number_hash = ? AND status IN ({gaps})", (number_hash, *statuses), 50)

    def _found(self, where: str, parameters: tuple[object, ...], limit: int) -> list[KeptOutline]:
        sql = f"SELECT sealed, {', '.join(_IN_OPEN)} FROM order_outline WHERE {where} ORDER BY raised_at DESC LIMIT ?"
        return [self._opened(*row) for row in rows(self._connection, sql, (*parameters, limit))]

    def _opened(self, sealed: bytes, *told: Any) -> KeptOutline:
        stream = told[0]
        content = self._sealing.unseal(_OWNER, sealed, stream) if sealed else None
        words = msgspec.json.decode(content, type=_Words) if content is not None else _Words("", "")
        return KeptOutline(**dict(zip(_IN_OPEN, told, strict=True)), topic=words.topic, place=words.place)


_TAIL = 5
