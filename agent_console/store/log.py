"""The event log: appended, never edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import StoreError, StoreIsNewer
from agent_console.domain.events import Envelope, Event, known, type_of
from agent_console.domain.instants import Instant
from agent_console.store.bodies import join, split
from agent_console.store.connection import joined, path_of, rows
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from agent_console.store.projecting import Projector

_COLUMNS = Envelope.__struct_fields__
_WRITTEN = (*_COLUMNS, "body", "sealed", "seq")
_INSERT = f"INSERT INTO event ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"
_SELECT = f"SELECT {', '.join(_WRITTEN)}, position FROM event"
_BATCH = 500
Unseal = Callable[[str, bytes, str], bytes | None]


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """Who does it, where, and by which rules: what an envelope says beyond the fact.

    occurred_at: the instant the command was decided for, None for the clock's now. clock_offset: microseconds
    to add to reach the server's clock, None while never measured. cause: id of the command.
    """

    actor: str
    role: str
    unit: str = ""
    authority: str = "self_declared"
    seat: str
    jurisdiction: str
    rule_book: str
    calendar: str
    cause: str = ""
    occurred_at: Instant | None = None
    clock_offset: int | None = None


class StreamMoved(StoreError):
    """Somebody else has written to the stream since its state was read."""


class _Place(NamedTuple):
    id: str
    stream: str
    version: int
    n: int
    now: Instant


class EventLog:
    """Appends facts and loads them again."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        device: str,
        sealing: Sealing,
        projectors: Sequence[Projector],
    ) -> None:
        """Write as `device`; every event goes through the projectors in the transaction that appends it."""
        self._connection = connection
        self._clock = clock
        self._device = device
        self._sealing = sealing
        self._projectors = projectors

    def append(
        self,
        facts: Iterable[msgspec.Struct],
        *,
        stream: str,
        expected_version: int,
        context: Context,
        ids: Sequence[str] = (),
    ) -> list[Event]:
        """Append facts to a stream of `expected_version` events (0: a new one), all or none.

        ids: what the first of them are known by already; the others draw theirs.
        Joins the open transaction or makes its own. Raises StreamMoved where the stream has another version,
        StoreIsNewer where it has events of a newer program, StoreError where it was erased and a fact is
        personal, StoreFull, StoreReadOnly.
        """
        with joined(self._connection):
            version = self.version(stream)
            if version != expected_version:
                raise StreamMoved("error.store_moved", "advice.store_moved", stream=stream)
            self._refuse_newer(stream)
            now, first_n = self._clock.now(), self._last_n() + 1
            events = []
            for index, fact in enumerate(facts):
                id_ = ids[index] if index < len(ids) else new_id()
                place = _Place(id_, stream, version + 1 + index, first_n + index, now)
                events.append(Event(self._envelope(fact, place, context), fact))
                self._write(events[-1])
            self._connection.execute("UPDATE device SET last_clock = ? WHERE last_clock < ?", (now, now))
        return events

    def take_in(self, events: Sequence[Event]) -> None:
        """Append events that were made elsewhere, as they are; their versions follow on what the stream has.

        Inside the transaction that is open. Raises StreamMoved where they do not follow, or one of them is known under
        another stream or number, and what `append` raises.
        """
        stream = events[0].envelope.stream
        self._refuse_newer(stream)
        wanted = range(self.version(stream) + 1, self.version(stream) + 1 + len(events))
        if [event.envelope.version for event in events] != list(wanted):
            raise StreamMoved("error.store_moved", "advice.store_moved", stream=stream)
        taken = "SELECT 1 FROM event WHERE id = ? OR (device = ? AND n = ?)"
        for event in events:
            envelope = event.envelope
            if rows(self._connection, taken, (envelope.id, envelope.device, envelope.n)):
                raise StreamMoved("error.store_moved", "advice.store_moved", stream=stream)
            self._write(event)

    def load(self, stream: str) -> list[Event]:
        """All events of a stream in order of version; none where it does not exist.

        `fact` is None where a newer version of the program wrote it, where its personal part was erased, or where it is
        confidential and not for the role of this process.
        """
        return [
            self._read(row) for row in rows(self._connection, f"{_SELECT} WHERE stream = ? ORDER BY version", (stream,))
        ]

    def to_fold(self, stream: str) -> list[tuple[Event, int | None]]:
        """The same by any role key of this process, each with its place in the server's feed, None while pending."""
        found = rows(self._connection, f"{_SELECT} WHERE stream = ? ORDER BY version", (stream,))
        return [(self._read(row, self._sealing.unseal_to_fold), row[-2]) for row in found]

    def version(self, stream: str) -> int:
        """Number of events of a stream, 0 where it does not exist."""
        sql = "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?"
        return int(rows(self._connection, sql, (stream,))[0][0])

    def everything(self) -> Iterator[Event]:
        """Every event of the file in the order in which it was written, read in batches, to fold them again.

        Those of confidential orders are opened by any role key of this process.
        """
        position = 0
        while batch := rows(
            self._connection, f"{_SELECT} WHERE position > ? ORDER BY position LIMIT {_BATCH}", (position,)
        ):
            position = batch[-1][-1]
            for row in batch:
                yield self._read(row, self._sealing.unseal_to_fold)

    def of_types(self, names: Sequence[str]) -> Iterator[Event]:
        """Events of these types in the order in which they were written, opened by any role key of this process."""
        gaps = ", ".join("?" * len(names))
        for row in rows(self._connection, f"{_SELECT} WHERE type IN ({gaps}) ORDER BY position", tuple(names)):
            yield self._read(row, self._sealing.unseal_to_fold)

    def _refuse_newer(self, stream: str) -> None:
        for name, schema in rows(
            self._connection, "SELECT type, max(schema) FROM event WHERE stream = ? GROUP BY type", (stream,)
        ):
            if is_newer(name, schema):
                raise StoreIsNewer("error.store_stream_newer", "advice.store_newer", stream=stream, name=name)

    def _last_n(self) -> int:
        sql = "SELECT coalesce(max(n), 0) FROM event WHERE device = ?"
        return int(rows(self._connection, sql, (self._device,))[0][0])

    def _envelope(self, fact: msgspec.Struct, place: _Place, context: Context) -> Envelope:
        entry = type_of(fact)
        return Envelope(
            id=place.id,
            stream=place.stream,
            version=place.version,
            type=entry.name,
            schema=entry.schema,
            jurisdiction=context.jurisdiction,
            rule_book=context.rule_book,
            calendar=context.calendar,
            actor=context.actor,
            role=context.role,
            unit=context.unit,
            authority=context.authority,
            seat=context.seat,
            device=self._device,
            n=place.n,
            occurred_at=place.now if context.occurred_at is None else context.occurred_at,
            clock_offset=context.clock_offset,
            cause=context.cause,
        )

    def _write(self, event: Event) -> None:
        envelope, fact = event.envelope, event.fact
        assert fact is not None
        body, personal = split(type_of(fact), fact, secret=self._sealing.is_secret(envelope.stream))
        self.write_row(envelope, body, personal)
        for projector in self._projectors:
            projector.apply(self._connection, event)

    def write_row(self, envelope: Envelope, body: bytes, personal: bytes | None, seq: int | None = None) -> None:
        """Write one event, its personal part sealed; b"": it was erased elsewhere. No projection hears of it."""
        sealed = None
        if personal is not None and seq is not None and (not personal or self._sealing.is_erased(envelope.stream)):
            sealed = b""
        elif personal is not None:
            sealed = self._sealing.seal(envelope.stream, personal, envelope.id)
        self._connection.execute(_INSERT, (*msgspec.structs.astuple(envelope), body.decode(), sealed, seq))

    def _read(self, row: tuple[Any, ...], unseal: Unseal | None = None) -> Event:
        *columns, body, sealed, _, _ = row
        envelope = Envelope(*columns)
        return Event(envelope, self._fact(envelope, body.encode(), sealed, unseal or self._sealing.unseal))

    def _fact(self, envelope: Envelope, body: bytes, sealed: bytes | None, unseal: Unseal) -> msgspec.Struct | None:
        entry = known(envelope.type)
        if entry is None or is_newer(envelope.type, envelope.schema):
            return None
        personal = None
        if sealed is not None:
            personal = unseal(envelope.stream, sealed, envelope.id) if sealed else None
            if personal is None:
                return None
        try:
            return join(entry, body, personal)
        except msgspec.DecodeError as error:
            path = str(path_of(self._connection))
            raise StoreError("error.store_event", "advice.store_damaged", path=path, id=envelope.id) from error


def new_id() -> str:
    """A new identity, UUIDv7."""
    from uuid6 import uuid7

    return str(uuid7())


def is_newer(name: str, schema: int) -> bool:
    """Whether a newer version of the program wrote a fact of this type and form."""
    entry = known(name)
    return entry is None or schema > entry.schema
