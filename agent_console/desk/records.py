"""Reading what the seat's file holds: lists, look-ups, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from sqlite3 import Connection

import msgspec

from agent_console.domain.confidentiality.sight import EVERYTHING, Sight
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import HOUR, Instant, at, iso, local_date
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import Refused
from agent_console.domain.short_ids import whole_id
from agent_console.domain.work_order.order_numbers import TAIL, plain
from agent_console.domain.work_order.orders import RUNNING, Order
from agent_console.store.connection import rows
from agent_console.store.mirror import KeptOutline
from agent_console.store.projections.calls import CALLS
from agent_console.store.projections.lists import ListBoard
from agent_console.store.projections.orders import ORDERS
from agent_console.store.projections.seen import Look, looks
from agent_console.store.projections.sights import within
from agent_console.store.projections.work import WorkBoard
from agent_console.store.seat_file import Store

DAY: Instant = 24 * HOUR
_AT_ONCE = 500
_CANDIDATES = 20


class History(msgspec.Struct, frozen=True):
    """What a number brought before: its calls, its orders that still run, and how often it was refused.

    not_compared: confidential orders that still run; they stand in no index, so none of them was looked at.
    elsewhere: orders of other seats that still run, as their server last told.
    """

    calls: tuple[Call, ...] = ()
    open_orders: tuple[Order, ...] = ()
    refusals: int = 0
    not_compared: int = 0
    elsewhere: tuple[KeptOutline, ...] = ()


class Records:
    """Questions to the projections of one seat's file."""

    def __init__(self, store: Store) -> None:
        """Ask this file."""
        self._store = store

    @property
    def _connection(self) -> Connection:
        return self._store.connection

    @property
    def lists(self) -> ListBoard:
        """What lists of supervision are told from."""
        return ListBoard(self._connection)

    @property
    def work(self) -> WorkBoard:
        """What the lists people work from are told from."""
        return WorkBoard(self._connection)

    def history(self, number: str, *, without_call: str = "") -> History:
        """Earlier calls and open orders of a telephone number, newest first."""
        key = self._store.sealing.number_hash(number)
        if not key:
            return History()
        calls = CALLS.states(
            self._connection, "number_hash = ? AND stream != ?", (key, f"call:{without_call}"), limit=50
        )
        gaps = ", ".join("?" for _ in RUNNING)
        running = f"number_hash = ? AND status IN ({gaps})"
        orders = ORDERS.states(self._connection, running, (key, *RUNNING), limit=50)
        refusals = sum(isinstance(matter.outcome, Refused) for call in calls for matter in call.matters)
        not_compared = ORDERS.count(self._connection, f"outline IS NOT NULL AND status IN ({gaps})", RUNNING)
        elsewhere = self._store.outlines.of_caller(key, RUNNING)
        return History(tuple(calls), tuple(orders), refusals, not_compared, tuple(elsewhere))

    def outlines(self, number: str) -> list[KeptOutline]:
        """Orders of other seats by their number or the last five digits of it."""
        return self._store.outlines.of_number(plain(number))

    def unfinished_calls(self) -> list[Call]:
        """Calls of this seat without an outcome for every matter, oldest first."""
        return CALLS.states(self._connection, "status IN ('live', 'parked')", order="taken_at", limit=500)

    def calls_of_day(self, now: Instant) -> list[Call]:
        """Calls taken on the day of `now`, newest first."""
        start = at(local_date(now), time())
        return CALLS.states(
            self._connection, "taken_at >= ? AND taken_at < ?", (start, start + DAY), "taken_at DESC", limit=500
        )

    def orders_of_day(self, now: Instant, sight: Sight = EVERYTHING) -> list[Order]:
        """Orders raised on the day of `now`, newest first; of those that `sight` lists."""
        start = at(local_date(now), time())
        return self._listed("raised_at >= ? AND raised_at < ?", (start, start + DAY), sight, 500)

    def _listed(self, where: str, parameters: tuple[object, ...], sight: Sight, limit: int) -> list[Order]:
        shown, more = within(sight)
        return ORDERS.states(self._connection, f"{where} AND ({shown})", (*parameters, *more), "raised_at DESC", limit)

    def calls(self, limit: int) -> list[Call]:
        """The newest calls."""
        return CALLS.states(self._connection, "1", (), "taken_at DESC", limit)

    def orders(self, limit: int, *, status: str = "", sight: Sight = EVERYTHING) -> list[Order]:
        """The newest orders, of one status where it is given; of those that `sight` lists."""
        where, parameters = ("status = ?", (status,)) if status else ("1", ())
        return self._listed(where, parameters, sight, limit)

    def orders_of(self, streams: Sequence[str]) -> list[Order]:
        """The orders of these streams, in this sequence; those erased are left out."""
        found: dict[str, Order] = {}
        for start in range(0, len(streams), _AT_ONCE):
            part = tuple(streams[start : start + _AT_ONCE])
            gaps = ", ".join("?" for _ in part)
            states = ORDERS.states(self._connection, f"stream IN ({gaps})", part, limit=_AT_ONCE)
            found |= {f"order:{order.id}": order for order in states}
        return [found[stream] for stream in streams if stream in found]

    def calls_of(self, streams: Sequence[str]) -> list[Call]:
        """The calls of these few streams, in this sequence; those erased or confidential are left out."""
        states = (CALLS.state(self._connection, stream) for stream in streams)
        return [call for call in states if call is not None and not call.withheld]

    def urgent_orders(self, limit: int, sight: Sight = EVERYTHING) -> list[Order]:
        """Urgent orders somebody still has to handle, newest first; of those that `sight` lists."""
        gaps = ", ".join("?" for _ in RUNNING)
        return self._listed(f"urgent = 1 AND status IN ({gaps})", RUNNING, sight, limit)

    def looks(
        self, sight: Sight, *, order: str = "", by: str = "", since: Instant = 0, until: Instant = 0, limit: int = 200
    ) -> list[Look]:
        """Who looked at orders that `sight` lists, the last look first.

        Of one order (its id), of one person (name), from `since` to before `until` (UTC microseconds).
        """
        asked: dict[str, object] = {
            "stream = ?": f"order:{order}" if order else "",
            "actor = ?": by,
            "seen_at >= ?": since,
            "seen_at < ?": until,
        }
        told = {question: value for question, value in asked.items() if value}
        shown, more = within(sight)
        return looks(self._connection, " AND ".join((*told, f"({shown})")), (*told.values(), *more), limit)

    def call(self, call_id: str) -> Call:
        """One call by its id, or by an unambiguous beginning or end of it. Raises UnknownName, BadInput."""
        part = _like(call_id)
        found = {
            call.id: call
            for where in (f"call:{part}%", f"call:%{part}")
            for call in CALLS.states(self._connection, "stream LIKE ?", (where,), limit=_CANDIDATES)
        }
        return found[whole_id(call_id, found, lambda: UnknownName("error.call", "advice.call", name=call_id))]

    def order(self, name: str) -> Order:
        """One order by its number, the last five digits of it, or its id. Raises UnknownName, BadInput."""
        digits = plain(name)
        column = "tail" if len(digits) == TAIL else "number"
        found = ORDERS.states(self._connection, f"{column} = ? OR stream = ?", (digits, f"order:{name}"), limit=20)
        if not found:
            aliased = self._store.numbers.streams_of_alias(digits)
            found = [order for stream in aliased if (order := ORDERS.state(self._connection, stream))]
        if not found:
            raise self._no_order(name)
        if len(found) > 1:
            raise BadInput("error.order_ambiguous", "advice.order", name=name, count=len(found))
        return found[0]

    def _no_order(self, name: str) -> UnknownName:
        known = self.outlines(name)
        if not known:
            return UnknownName("error.order", "advice.order", name=name)
        told = {"number": known[0].number, "at": iso(known[0].as_of)}
        return UnknownName("error.order_elsewhere", "advice.order_elsewhere", **told)

    def screened(self, first_day: str, last_day: str, agent: str = "") -> list[tuple[str, str, str]]:
        """Matters of calls taken on these days: the call's id, the classes proposed with spaces between, the one taken.

        agent: only of this person. Matters without a proposal or without a class are left out; the newest come first.
        """
        sql = (
            "SELECT substr(stream, 6), proposed, taken FROM call_figure WHERE day BETWEEN ? AND ?"
            " AND proposed != '' AND taken != '' AND (? = '' OR agent = ?) ORDER BY taken_at DESC, stream DESC"
        )
        return rows(self._connection, sql, (first_day, last_day, agent, agent))

    def unsent(self) -> int:
        """Entries the server has not judged."""
        return self._store.outbox.unsent_count()

    def callbacks_owed(self) -> int:
        """Callback tasks nobody has done."""
        return int(rows(self._connection, "SELECT count(*) FROM callback WHERE done_at = 0")[0][0])


def _like(text: str) -> str:
    return "".join(character for character in text if character.isalnum() or character == "-") or "?"
