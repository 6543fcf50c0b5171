"""A stretch of the log with everything that says who may be told of it, read once for all who ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from agent_console.domain.events import Envelope, Event
from agent_console.domain.instants import Instant
from agent_console.domain.oversight.lead_messages import MessageSent
from agent_console.server.feeding.sight import Words
from agent_console.server.pushing.sealing import OwnerKeys
from agent_console.server.pushing.streams import ENVELOPE_COLUMNS, ERASED_BY, load_keys, read_fact, whole_body
from agent_console.server.pushing.writing import TELLING, Telling
from agent_console.server.store.database import Database, Row, Transaction
from agent_console.sync.wire import FeedRow, Outline

ORDER = "order:"
_DEVICE = "device:"
_COLUMNS = f"seq, recorded_at, time_doubtful, body, sealed, {ENVELOPE_COLUMNS}"
_OF_ROW = "stream, number, status, kind, urgency, number_hash, lead, raised_at, sealed"


class Spell(NamedTuple):
    """A word holds for a stream from one place in the feed until before another."""

    who: str
    first: int
    end: int


class LogRow(msgspec.Struct, frozen=True):
    """One event as it stands in the log, opened with the keys of its owner."""

    seq: int
    envelope: Envelope
    recorded_at: Instant
    time_doubtful: bool
    body: bytes
    fact: msgspec.Struct | None

    @property
    def stream(self) -> str:
        """Its stream."""
        return self.envelope.stream

    @property
    def erases(self) -> bool:
        """Whether with it the personal part of the stream was destroyed."""
        return isinstance(self.fact, ERASED_BY)

    @property
    def event(self) -> Event:
        """It as the desk knows it."""
        return Event(self.envelope, self.fact)

    def told(self, seq: int, body: bytes | None = None) -> FeedRow:
        """It as a row of the feed at that place; `body` where it is told otherwise than it was written."""
        return FeedRow(
            seq=seq,
            kind="erase" if self.erases else "event",
            stream=self.stream,
            envelope=msgspec.Raw(msgspec.json.encode(self.envelope)),
            body=msgspec.Raw(self.body if body is None else body),
            recorded_at=self.recorded_at,
            time_doubtful=self.time_doubtful,
        )


class Slice:
    """Rows after a cursor, in order. histories: of the streams somebody was told whole."""

    def __init__(self, rows: list[LogRow], spells: Mapping[str, list[Spell]], outlines: Mapping[str, Outline]) -> None:
        """Made by `read_slice`."""
        self.rows = rows
        self.spells = spells
        self.outlines = outlines
        self.histories: dict[str, list[LogRow]] = {}
        self.encoded: dict[int, bytes] = {}
        self._words: dict[int, tuple[Words, Words]] = {}
        self.devices = frozenset(_devices(rows, spells))
        """Devices that something here concerns otherwise than others like them."""

    def words(self, row: LogRow) -> tuple[Words, Words]:
        """Words that held for its stream until a row happened, and those that hold once it has; looked up once."""
        if row.seq not in self._words:
            spells, seq = self.spells.get(row.stream, ()), row.seq
            before = frozenset(spell.who for spell in spells if spell.first < seq <= spell.end)
            now = frozenset(spell.who for spell in spells if spell.first <= seq < spell.end)
            self._words[seq] = before, now
        return self._words[row.seq]

    def whole(self, row: LogRow) -> bytes:
        """A row told in full, encoded once."""
        if row.seq not in self.encoded:
            self.encoded[row.seq] = msgspec.json.encode(row.told(row.seq))
        return self.encoded[row.seq]

    async def read_histories(self, database: Database, jurisdiction: str, streams: Iterable[str], held: Keys) -> None:
        """Have these streams whole, up to the end of the slice."""
        missing = sorted(set(streams) - self.histories.keys())
        if missing:
            last = self.rows[-1].seq
            self.histories.update(await database.read(lambda at: _histories(at, jurisdiction, missing, last, held)))


Keys = Mapping[str, bytes]


def _devices(rows: Iterable[LogRow], spells: Mapping[str, list[Spell]]) -> Iterator[str]:
    for row in rows:
        yield row.envelope.device
        if isinstance(row.fact, MessageSent):
            yield row.fact.device
    for told in spells.values():
        yield from (spell.who.partition(_DEVICE)[2] for spell in told if _DEVICE in spell.who)


async def read_slice(at: Transaction, jurisdiction: str, after: int, limit: int, held: Keys) -> Slice:
    """At most so many rows after a cursor."""
    sql = f"SELECT {_COLUMNS} FROM event WHERE jurisdiction = $1 AND seq > $2 ORDER BY seq LIMIT $3"
    found = await at.fetch(sql, jurisdiction, after, limit)
    streams = sorted({row[6] for row in found})
    if not streams:
        return Slice([], {}, {})
    keys = await load_keys(at, jurisdiction, streams, held)
    spells: dict[str, list[Spell]] = {}
    sql = "SELECT stream, who, from_seq, to_seq FROM sight WHERE stream {among} AND jurisdiction = $2"
    for stream, *spell in await at.fetch_among(sql, streams, jurisdiction):
        spells.setdefault(stream, []).append(Spell(*spell))
    orders = [stream for stream in streams if stream.startswith(ORDER)]
    outlines = await read_outlines(at, jurisdiction, orders, keys)
    return Slice([opened(row, keys) for row in found], spells, outlines)


async def _histories(
    at: Transaction, jurisdiction: str, streams: list[str], last: int, held: Keys
) -> dict[str, list[LogRow]]:
    keys = await load_keys(at, jurisdiction, streams, held)
    sql = (
        f"SELECT {_COLUMNS} FROM event WHERE stream {{among}} AND jurisdiction = $2 AND seq <= $3"
        " ORDER BY stream, version"
    )
    told: dict[str, list[LogRow]] = {stream: [] for stream in streams}
    for row in await at.fetch_among(sql, streams, jurisdiction, last):
        told[row[6]].append(opened(row, keys))
    return told


async def read_history(at: Transaction, jurisdiction: str, stream: str, held: Keys) -> list[LogRow]:
    """All rows of one stream."""
    return (await _histories(at, jurisdiction, [stream], 1 << 62, held))[stream]


async def read_outlines(
    at: Transaction, jurisdiction: str, orders: list[str], keys: Mapping[str, OwnerKeys]
) -> dict[str, Outline]:
    """What everybody at the line may know of these orders."""
    sql = f"SELECT {_OF_ROW} FROM order_row WHERE stream {{among}} AND jurisdiction = $2"
    return {row[0]: _outline(row, keys[row[0]]) for row in await at.fetch_among(sql, orders, jurisdiction)}


def _outline(row: Row, keys: OwnerKeys) -> Outline:
    stream, number, status, kind, urgency, number_hash, lead, raised_at, sealed = row
    content = keys.unseal(bytes(sealed), TELLING) if sealed is not None else None
    telling = msgspec.json.decode(content, type=Telling) if content is not None else Telling("", "")
    return Outline(
        stream=stream,
        number=number,
        status=status,
        kind=kind,
        topic=telling.topic,
        place=telling.place,
        urgency=urgency,
        number_hash=number_hash,
        lead=lead,
        raised_at=raised_at,
    )


def opened(row: Row, keys: Mapping[str, OwnerKeys]) -> LogRow:
    """A row of the table `event`, read with the keys of its owner."""
    seq, recorded_at, doubtful, body, sealed, *columns = row
    envelope = Envelope(*columns)
    told = whole_body(body, sealed, keys[envelope.stream], envelope.id)
    fact, _ = read_fact(envelope.type, envelope.schema, told)
    return LogRow(seq, envelope, recorded_at, bool(doubtful), b"null" if told is None else told, fact)
