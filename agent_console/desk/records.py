"""Reading what the seat's file holds: lists, look-ups, counts."""

from __future__ import annotations

from datetime import time
from sqlite3 import Connection

import msgspec

from agent_console.domain.calls import Call
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import HOUR, Instant, at, local_date
from agent_console.domain.order_numbers import TAIL, plain
from agent_console.domain.orders import RUNNING, Order
from agent_console.domain.outcomes import Refused
from agent_console.store.connection import rows
from agent_console.store.projections.calls import CALLS
from agent_console.store.projections.orders import ORDERS
from agent_console.store.seat_file import Store

DAY: Instant = 24 * HOUR


class History(msgspec.Struct, frozen=True):
    """What a number brought before: its calls, its orders that still run, and how often it was refused."""

    calls: tuple[Call, ...] = ()
    open_orders: tuple[Order, ...] = ()
    refusals: int = 0


class Records:
    """Questions to the projections of one seat's file."""

    def __init__(self, store: Store) -> None:
        """Ask this file."""
        self._store = store

    @property
    def _connection(self) -> Connection:
        return self._store.connection

    def history(self, number: str, *, without_call: str = "") -> History:
        """Earlier calls and open orders of a telephone number, newest first."""
        key = self._store.sealing.number_hash(number)
        if not key:
            return History()
        calls = CALLS.states(
            self._connection, "number_hash = ? AND stream != ?", (key, f"call:{without_call}"), limit=50
        )
        orders = ORDERS.states(self._connection, "number_hash = ? AND status != 'completed'", (key,), limit=50)
        refusals = sum(isinstance(matter.outcome, Refused) for call in calls for matter in call.matters)
        return History(tuple(calls), tuple(orders), refusals)

    def unfinished_calls(self) -> list[Call]:
        """Calls of this seat without an outcome for every matter, oldest first."""
        return CALLS.states(self._connection, "status IN ('live', 'parked')", order="taken_at", limit=500)

    def calls_of_day(self, now: Instant) -> list[Call]:
        """Calls taken on the day of `now`, newest first."""
        start = at(local_date(now), time())
        return CALLS.states(
            self._connection, "taken_at >= ? AND taken_at < ?", (start, start + DAY), "taken_at DESC", limit=500
        )

    def orders_of_day(self, now: Instant) -> list[Order]:
        """Orders raised on the day of `now`, newest first."""
        start = at(local_date(now), time())
        return ORDERS.states(
            self._connection, "raised_at >= ? AND raised_at < ?", (start, start + DAY), "raised_at DESC", limit=500
        )

    def calls(self, limit: int) -> list[Call]:
        """The newest calls."""
        return CALLS.states(self._connection, "1", (), "taken_at DESC", limit)

    def orders(self, limit: int, *, status: str = "") -> list[Order]:
        """The newest orders, of one status where it is given."""
        where, parameters = ("status = ?", (status,)) if status else ("1", ())
        return ORDERS.states(self._connection, where, parameters, "raised_at DESC", limit)

    def urgent_orders(self, limit: int) -> list[Order]:
        """Urgent orders somebody still has to handle, newest first."""
        gaps = ", ".join("?" for _ in RUNNING)
        return ORDERS.states(self._connection, f"urgent = 1 AND status IN ({gaps})", RUNNING, "raised_at DESC", limit)

    def call(self, call_id: str) -> Call:
        """One call by its id or an unambiguous beginning of it. Raises UnknownName."""
        found = CALLS.states(self._connection, "stream LIKE ?", (f"call:{_like(call_id)}%",), limit=2)
        if len(found) != 1:
            raise UnknownName("error.call", "advice.call", name=call_id)
        return found[0]

    def order(self, name: str) -> Order:
        """One order by its number, the last five digits of it, or its id. Raises UnknownName, BadInput."""
        digits = plain(name)
        column = "tail" if len(digits) == TAIL else "number"
        found = ORDERS.states(self._connection, f"{column} = ? OR stream = ?", (digits, f"order:{name}"), limit=20)
        if not found:
            aliased = self._store.numbers.streams_of_alias(digits)
            found = [order for stream in aliased if (order := ORDERS.state(self._connection, stream))]
        if not found:
            raise UnknownName("error.order", "advice.order", name=name)
        if len(found) > 1:
            raise BadInput("error.order_ambiguous", "advice.order", name=name, count=len(found))
        return found[0]

    def unsent(self) -> int:
        """Events the server has not acknowledged."""
        return self._store.log.unsent_count()

    def callbacks_owed(self) -> int:
        """Callback tasks nobody has done."""
        return int(rows(self._connection, "SELECT count(*) FROM callback WHERE done_at = 0")[0][0])


def _like(text: str) -> str:
    return "".join(character for character in text if character.isalnum() or character == "-") or "?"
