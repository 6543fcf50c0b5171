"""The change feed: everything after a cursor that a reader may be told.

A cursor can skip nothing, for places in the feed are given out under a lock that lasts until the commit. A stretch of
the log is read once for all who ask for it at the same time, and readers who may be told the same are told the same
bytes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from agent_console.clock import Clock
from agent_console.server.feeding.sight import Reader, reader_of
from agent_console.server.feeding.slices import Slice, read_slice
from agent_console.server.feeding.telling import Teller
from agent_console.server.pushing.books import Shelf
from agent_console.server.pushing.directories import read_directory
from agent_console.server.pushing.streams import States
from agent_console.server.store.database import Database
from agent_console.server.web.ports import Keys, Person

MOST_ROWS = 500
"""Events of the log in one page; the history of an order that enters a reader's sight comes on top."""

_SLICES_KEPT = 6
_TOLD_KEPT = 64


Rows = tuple[bytes, ...]
"""Rows of the feed, each as JSON."""


class Page(NamedTuple):
    """A page as JSON, its cursor, and whether it tells anything."""

    body: bytes
    next: int
    rows: int
    more: bool


class _Kind(NamedTuple):
    """Readers who are told the same, but for what concerns their own device."""

    role: str
    unit: str


class Feed:
    """Pages for the readers of all lines this process serves."""

    def __init__(self, database: Database, shelf: Shelf, clock: Clock, keys: Keys) -> None:
        """Read from this database."""
        self._database = database
        self._shelf = shelf
        self._clock = clock
        self._keys = keys
        self._states: dict[str, States] = {}
        self._slices: OrderedDict[tuple[str, int, int], asyncio.Task[Slice]] = OrderedDict()
        self._told: OrderedDict[tuple[str, int, int, _Kind], Rows] = OrderedDict()

    async def reader(self, person: Person) -> Reader:
        """What a person may be told, by the rule book and the directory as they are now."""
        book = self._shelf.present(person.jurisdiction)
        states = self._states.setdefault(person.jurisdiction, States())
        directory = await read_directory(self._database, person.jurisdiction, book.code, states)
        return reader_of(person.actor, person.jurisdiction, person.device, book, directory)

    async def page(self, reader: Reader, after: int, epoch: str, *, limit: int = MOST_ROWS, last: int = 0) -> Page:
        """Everything after a cursor, at most `limit` events; `last`: where the feed ends, as far as that is known."""
        if after >= last:
            last = await self.last_seq(reader.jurisdiction)
        if after > last:
            return self._written((), epoch, last, more=False, resync=True)
        if after == last:
            return self._written((), epoch, last, more=False)
        slice_ = await self._slice(reader.jurisdiction, after, last, limit)
        if not slice_.rows:
            return self._written((), epoch, after, more=False, last=last)
        told = await self._tell(reader, slice_, after)
        end = slice_.rows[-1].seq
        return self._written(told, epoch, end, more=end < last, last=last)

    async def last_seq(self, jurisdiction: str) -> int:
        """The last place that was given out."""
        sql = "SELECT last_seq FROM counter WHERE jurisdiction = $1"
        return max((int(row[0]) for row in await self._database.fetch(sql, jurisdiction)), default=0)

    def teller(self, reader: Reader) -> Teller:
        """Who tells this reader."""
        rule = self._shelf.present(reader.jurisdiction).roles.get(reader.actor.role)
        return Teller(reader, rule.hidden if rule is not None else ())

    async def held(self, jurisdiction: str) -> Mapping[str, bytes]:
        """Keys that open confidential orders."""
        return await self._keys.role_keys(jurisdiction)

    def _written(self, rows: Rows, epoch: str, end: int, *, more: bool, resync: bool = False, last: int = 0) -> Page:
        frame = {
            "epoch": epoch, "next": end, "now": self._clock.now(), "more": more, "resync": resync, "last": last or end,
        }  # fmt: skip
        head = msgspec.json.encode(frame)[:-1]
        return Page(b'%s,"rows":[%s]}' % (head, b",".join(rows)), end, len(rows), more)

    async def _tell(self, reader: Reader, slice_: Slice, after: int) -> Rows:
        actor = reader.actor
        alike = (reader.jurisdiction, after, slice_.rows[-1].seq, _Kind(actor.role, actor.unit))
        teller = self.teller(reader)
        alone = reader.device in slice_.devices
        if alike in self._told and not alone:
            return self._told[alike]
        wanted = teller.wants_whole(slice_)
        if wanted:
            held = await self.held(reader.jurisdiction)
            await slice_.read_histories(self._database, reader.jurisdiction, wanted, held)
        told = teller.tell(slice_)
        if not alone:
            self._told[alike] = told
            while len(self._told) > _TOLD_KEPT:
                self._told.popitem(last=False)
        return told

    async def _slice(self, jurisdiction: str, after: int, last: int, limit: int) -> Slice:
        """The same task for all who ask for the same stretch; what it read is dropped soon after."""
        count = min(limit, last - after)
        key = (jurisdiction, after, count)
        if key not in self._slices:
            self._slices[key] = asyncio.create_task(self._read(jurisdiction, after, count))
            while len(self._slices) > _SLICES_KEPT:
                self._slices.popitem(last=False)
        try:
            return await asyncio.shield(self._slices[key])
        except Exception:
            self._slices.pop(key, None)
            raise

    async def _read(self, jurisdiction: str, after: int, count: int) -> Slice:
        held = await self.held(jurisdiction)
        return await self._database.read(lambda at: read_slice(at, jurisdiction, after, count, held))
