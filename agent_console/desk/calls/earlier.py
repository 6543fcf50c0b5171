"""Earlier calls and orders that tell of the matter in hand: of the same number, or the same place and trouble.

The newest ones are compared in the memory of the thread that looks things up, so that no key waits for it.
Confidential orders are in no index and are never compared. What is found is read again through the desk, which shows
only what whoever sits there may see.
"""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection
from typing import Generic, TypeVar

import msgspec

from agent_console.desk.listing import visible
from agent_console.desk.opening import OpenDesk
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import FollowedUp, Ordered
from agent_console.domain.work_order.orders import Order
from agent_console.store.connection import rows
from agent_console.store.projections.calls import CALLS
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.projections.orders import ORDERS
from agent_console.store.sealing import Sealing
from knowledge.same_matter import Traits, likeness, same_trouble, traits

MOST = 1000
"""So many of the newest orders, and half as many calls, are compared."""
_AT_ONCE = 100
"""Rows taken in at one look: about a hundredth of a second."""
_SHOWN = 5
_GONE = ("voided", "withdrawn")
"""Orders nothing is added to."""
_CERTAIN = 200.0
"""What the same number counts more than any likeness of words."""


class Alike(msgspec.Struct, frozen=True):
    """An earlier call or order by its stream; same_number, same_place: what it has in common beside the trouble."""

    stream: str
    same_number: bool
    same_place: bool


class Earlier(msgspec.Struct, frozen=True):
    """What a person is shown of them: orders and calls in their sequence."""

    orders: tuple[Order, ...] = ()
    calls: tuple[Call, ...] = ()
    why: dict[str, Alike] = {}


class _Kept(msgspec.Struct, frozen=True):
    row: int
    number: str
    traits: tuple[Traits, ...]


StateT = TypeVar("StateT", bound=msgspec.Struct)


class EarlierMatters:
    """The newest orders and calls, ready to be compared; brought up to date a little at every look."""

    def __init__(self, connection: Connection) -> None:
        """Read from this connection; nothing is read yet."""
        self._connection = connection
        self._sealing = Sealing(connection)
        self._orders = _Newest(connection, "work_order", ORDERS, _of_order, MOST)
        self._calls = _Newest(connection, "call", CALLS, _of_call, MOST // 2)

    @property
    def compared(self) -> int:
        """How many orders are compared by now."""
        return len(self._orders.kept)

    def like(self, note: str, number: str = "", *, without_call: str = "") -> tuple[Alike, ...]:
        """Those that tell of what the note tells, the likeliest first; `number` is who calls."""
        self._orders.refresh()
        self._calls.refresh()
        told = traits(note)
        caller = self._sealing.number_hash(number)
        if not (told.words or told.troubles):
            return ()
        found = []
        for newest in (self._orders, self._calls):
            for stream, kept in newest.kept.items():
                if stream != f"call:{without_call}":
                    found += _compared(stream, kept, told, caller)
        found.sort(key=lambda item: -item[0])
        return tuple(alike for _, alike in found[:_SHOWN])


def _compared(stream: str, kept: _Kept, told: Traits, caller: str) -> list[tuple[float, Alike]]:
    same_number = bool(caller) and kept.number == caller
    best = 0.0
    for matter in kept.traits:
        same_place = bool(matter.places & told.places)
        if (same_number or same_place) and same_trouble(matter, told):
            score = 1 + likeness(matter, told) + _CERTAIN * same_number + _CERTAIN * same_place
            best = max(best, score)
    if not best:
        return []
    same_place = any(matter.places & told.places for matter in kept.traits)
    return [(best, Alike(stream, same_number, same_place))]


class _Newest(Generic[StateT]):
    """The newest rows of a table of folded states; a row that is written again has a new, higher row number."""

    def __init__(
        self,
        connection: Connection,
        table: str,
        states: FoldedTable[StateT],
        read: Callable[[StateT], tuple[Traits, ...]],
        most: int,
    ) -> None:
        self._connection = connection
        self._table = table
        self._states = states
        self._read = read
        self._most = most
        self._first: int | None = None
        self._last = 0
        self.kept: dict[str, _Kept] = {}

    def refresh(self) -> None:
        """Take in what was written since the last look, then some of what is older."""
        [(last,)] = rows(self._connection, f"SELECT coalesce(max(rowid), 0) FROM {self._table}")
        if last < self._last:
            # The file was compacted: its rows are numbered anew.
            self._first = None
            self.kept.clear()
        if self._first is None:
            self._first, self._last = last + 1, last
        for number in self._take("rowid > ? ORDER BY rowid", self._last):
            self._last = number
        if len(self.kept) < self._most:
            for number in self._take("rowid < ? ORDER BY rowid DESC", self._first):
                self._first = number
        while len(self.kept) > self._most:
            del self.kept[min(self.kept, key=lambda stream: self.kept[stream].row)]

    def _take(self, which: str, since: int) -> list[int]:
        """Read some rows; their numbers."""
        sql = f"SELECT rowid, stream, number_hash, outline IS NOT NULL FROM {self._table} WHERE {which} LIMIT ?"
        found = rows(self._connection, sql, (since, _AT_ONCE))
        for number, stream, caller, is_secret in found:
            state = None if is_secret else self._states.state(self._connection, stream)
            self.kept.pop(stream, None)
            if state is not None:
                self.kept[stream] = _Kept(number, caller, self._read(state))
        return [number for number, *_ in found]


def _of_order(order: Order) -> tuple[Traits, ...]:
    details = order.details
    if order.status in _GONE:
        return ()
    written = (details.street, details.community, details.point)
    return (traits(f"{details.title}，{details.content}", *written),)


def _of_call(call: Call) -> tuple[Traits, ...]:
    told = (matter.note for matter in call.matters if not isinstance(matter.outcome, Ordered | FollowedUp))
    return tuple(traits(note) for note in told if note)


def read_again(opened: OpenDesk, alike: tuple[Alike, ...]) -> Earlier:
    """What was found, as it stands now and as far as whoever sits here may see it."""
    records = opened.records
    orders = visible(opened.desk, records.orders_of([found.stream for found in alike if _is_order(found.stream)]))
    calls = records.calls_of([found.stream for found in alike if not _is_order(found.stream)])
    why = {found.stream.partition(":")[2]: found for found in alike}
    return Earlier(tuple(orders), tuple(calls), why)


def _is_order(stream: str) -> bool:
    return stream.startswith("order:")
