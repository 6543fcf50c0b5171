"""Questions of the monitor to the open columns: orders by clock, what waits for a decision, the day's refusals, topics.

Nothing is opened here. Instants are UTC microseconds; a limit such as 立即 is no breach (C9).
"""

from __future__ import annotations

from sqlite3 import Connection
from typing import NamedTuple

from agent_console.domain.confidentiality.sight import Sight
from agent_console.domain.instants import HOUR, Instant
from agent_console.store.connection import rows
from agent_console.store.projections.figures import ENDING_CLOCKS, IS_RUNNING, NEXT_END
from agent_console.store.projections.lists import Moments
from agent_console.store.projections.sights import within

_BOOK = "rule_book IN ('', :book)"


def _ending(first: str, last: str) -> str:
    """Where one of the clocks ends between two moments."""
    return "(" + " OR ".join(f"(due_{clock} >= {first} AND due_{clock} < {last})" for clock in ENDING_CLOCKS) + ")"


_TIMED = f"{IS_RUNNING} AND immediate = 0"
ORDER_LISTS: dict[str, str] = {
    "due_hour": f"{_TIMED} AND {_ending(':now', ':soon')}",
    "due_today": f"{_TIMED} AND {_ending(':now', ':tomorrow')}",
    "overdue": f"{_TIMED} AND due_handle > 0 AND due_handle < :now",
    "unsigned": f"{IS_RUNNING} AND status = 'dispatched'",
    "returns": f"{IS_RUNNING} AND (status = 'returned' OR return_requested = 1)",
    "extensions": f"{IS_RUNNING} AND extension_requested = 1",
    "dissatisfied": "status = 'completed' AND satisfaction = 'dissatisfied'",
}
"""Lists of orders by name, and what holds of those on it."""


class OnList(NamedTuple):
    """An order on a list; due: the clock that ends next, 0 where none runs, with its name."""

    stream: str
    due: Instant
    clock: str


class Turned(NamedTuple):
    """A matter of the day that was refused or is an emergency: where, when, by whom, its class and clause."""

    stream: str
    at: Instant
    agent: str
    taken: str
    proposed: str
    outcome: str
    clause: str


class Topic(NamedTuple):
    """A topic at a place: its key, how often in the last hour and the last day, and its newest order."""

    topic: str
    district: str
    hour: int
    day: int
    newest: str


class WatchBoard:
    """What is watched of one seat's file, under one rule book, as far as a person sees."""

    def __init__(self, connection: Connection, book: str, sight: Sight) -> None:
        """Ask this file."""
        self._connection = connection
        self._book = book
        self._shown, told = within(sight)
        self._told = {f"sight_{number}": value for number, value in enumerate(told)}
        for name in self._told:
            self._shown = self._shown.replace("?", f":{name}", 1)

    def counts(self, moments: Moments) -> dict[str, int]:
        """How many orders stand on each list."""
        live = {name: where for name, where in ORDER_LISTS.items() if name != "dissatisfied"}
        sums = ", ".join(f"coalesce(sum({where}), 0)" for where in live.values())
        running = rows(self._connection, self._of_orders(sums, IS_RUNNING), self._asked(moments))[0]
        handled = self._of_orders("count(*)", ORDER_LISTS["dissatisfied"])
        [(dissatisfied,)] = rows(self._connection, handled, self._asked(moments))
        return {**dict(zip(live, running, strict=True)), "dissatisfied": int(dissatisfied)}

    def orders(self, name: str, moments: Moments, limit: int) -> list[OnList]:
        """The orders on a list, those first whose clock ends first."""
        told = ", ".join(f"due_{clock}" for clock in ENDING_CLOCKS)
        sql = self._of_orders(f"stream, {told}", ORDER_LISTS[name]) + f" ORDER BY {NEXT_END}, raised_at LIMIT :limit"
        found = rows(self._connection, sql, {**self._asked(moments), "limit": limit})
        return [OnList(stream, *_next(dues)) for stream, *dues in found]

    def ending(self, until: Instant, moments: Moments, limit: int) -> list[OnList]:
        """Orders one of whose clocks ends from now until then."""
        asked = {**self._asked(moments), "soon": until, "limit": limit}
        told = ", ".join(f"CASE WHEN due_{clock} >= :now THEN due_{clock} ELSE 0 END" for clock in ENDING_CLOCKS)
        where = ORDER_LISTS["due_hour"]
        sql = self._of_orders(f"stream, {told}", where) + f" ORDER BY {NEXT_END}, raised_at LIMIT :limit"
        return [OnList(stream, *_next(dues)) for stream, *dues in rows(self._connection, sql, asked)]

    def urgent(self, limit: int) -> list[str]:
        """Urgent orders somebody still has to handle, the oldest first."""
        sql = self._of_orders("stream", f"{IS_RUNNING} AND urgent = 1") + " ORDER BY raised_at LIMIT :limit"
        return [stream for (stream,) in rows(self._connection, sql, {"book": self._book, "limit": limit, **self._told})]

    def refused(self, day: str, limit: int) -> list[Turned]:
        """Matters refused on that local day, the last first."""
        return self._turned("outcome = 'refused'", day, (), limit)

    def emergencies(self, day: str, classes: tuple[str, ...], limit: int) -> list[Turned]:
        """Matters of that day that came to an emergency, or began as one, the last first."""
        gaps = ", ".join("?" * len(classes))
        first = "substr(proposed || ' ', 1, instr(proposed || ' ', ' ') - 1)"
        return self._turned(f"(taken IN ({gaps}) OR {first} IN ({gaps}))", day, (*classes, *classes), limit)

    def _turned(self, where: str, day: str, told: tuple[object, ...], limit: int) -> list[Turned]:
        sql = (
            "SELECT stream, max(taken_at, concluded_at), agent, taken, proposed, outcome, refusal FROM call_figure"
            f" WHERE day = ? AND source = '' AND {where} ORDER BY max(taken_at, concluded_at) DESC LIMIT ?"
        )
        return [Turned(*row) for row in rows(self._connection, sql, (day, *told, limit))]

    def topics(self, now: Instant, limit: int) -> list[Topic]:
        """What orders of the last 24 hours are about, and where, the most frequent of the last hour first."""
        of_hour = "sum(raised_at > :now - :hour)"
        sql = (
            self._of_orders(
                f"topic, district, {of_hour}, count(*), stream, max(raised_at)",
                "raised_at > :now - :day AND raised_at <= :now",
            )
            + " AND topic != '' AND status != 'voided' GROUP BY topic, district"
            f" ORDER BY {of_hour} DESC, count(*) DESC, max(raised_at) DESC LIMIT :limit"
        )
        asked = {"book": self._book, "now": now, "hour": HOUR, "day": 24 * HOUR, "limit": limit, **self._told}
        return [Topic(*row[:-1]) for row in rows(self._connection, sql, asked)]

    def curve(self, now: Instant, topic: str = "", district: str = "") -> list[int]:
        """Orders raised in each of the last 24 hours, the oldest first; of one topic at one place where it is named."""
        sql = (
            self._of_orders("(:now - raised_at) / :hour, count(*)", "raised_at > :now - :day AND raised_at <= :now")
            + " AND status != 'voided' AND (:topic = '' OR (topic = :topic AND district = :district)) GROUP BY 1"
        )
        asked = {"book": self._book, "now": now, "hour": HOUR, "day": 24 * HOUR, "topic": topic, "district": district}
        counted = dict(rows(self._connection, sql, {**asked, **self._told}))
        return [counted.get(ago, 0) for ago in range(23, -1, -1)]

    def _of_orders(self, what: str, where: str) -> str:
        return f"SELECT {what} FROM order_figure WHERE {_BOOK} AND ({where}) AND ({self._shown})"

    def _asked(self, moments: Moments) -> dict[str, object]:
        return {"book": self._book, "soon": moments.now + HOUR, **moments._asdict(), **self._told}


def _next(dues: list[Instant]) -> tuple[Instant, str]:
    running = [(due, clock) for due, clock in zip(dues, ENDING_CLOCKS, strict=True) if due]
    return min(running, default=(0, ""))
