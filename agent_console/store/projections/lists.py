"""Questions of supervision to the figures of orders and to the table of records: who waits, who is late, since when.

Nothing is opened: lines are told from the open columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import NamedTuple

from agent_console.domain.instants import Instant
from agent_console.store.connection import rows
from agent_console.store.projections.figures import IS_RUNNING

_IS_OVERDUE = "(due_handle > 0 AND due_handle < :now AND immediate = 0)"
_WAS_OVERDUE = f"(on_time IS 0 OR {_IS_OVERDUE})"
_ASKED_BACK = (
    "(status = 'signed' AND EXISTS (SELECT 1 FROM entry WHERE entry.stream = order_figure.stream"
    " AND entry.at >= order_figure.received_at AND instr(:requests, '、' || entry.record || '、') > 0))"
)
_CONDITIONS = {
    "open": IS_RUNNING,
    "due_today": "due_handle >= :today AND due_handle < :tomorrow AND immediate = 0",
    "overdue": _IS_OVERDUE,
    "unsigned": "status = 'dispatched'",
    "return_waiting": f"(status = 'returned' OR (return_requested = 1 AND {IS_RUNNING}) OR {_ASKED_BACK})",
    "dissatisfied": "satisfaction = 'dissatisfied'",
    "dissatisfied_again": "dissatisfied_again = 1",
    "supervised": "flags LIKE '%、supervised、%'",
}
"""What a selection of `domain.list_rules` asks of an order; a limit such as 立即 is no breach (C9)."""
_COUNTED = "rule_book IN ('', :book) AND status != 'voided' AND raised_at >= :start AND raised_at < :end"


class Moments(NamedTuple):
    """Now, the beginning of today and of tomorrow."""

    now: Instant
    today: Instant
    tomorrow: Instant


class Span(NamedTuple):
    """From `start` until before `end`."""

    start: Instant
    end: Instant


ALWAYS = Span(0, 2**62)


class Waiting(NamedTuple):
    """An order on a list, by its open columns; units and flags are joined by 、 with one at either end."""

    stream: str
    lead: str
    supporting: str
    fallback: int
    status: str
    confidential: int
    flags: str
    received_at: Instant
    due: Instant


class UnitCounts(NamedTuple):
    """What is counted of one unit."""

    unit: str
    overdue: int
    unsigned: int
    complaints: int
    satisfied: int
    rated: int


class LateDispatch(NamedTuple):
    """An order the line still has beyond its limit; at_once: it has to go at once, which is no limit."""

    agent: str
    number: str
    at_once: int


class ListBoard:
    """The lists of one seat's file."""

    def __init__(self, connection: Connection) -> None:
        """Ask this file."""
        self._connection = connection

    def waiting(
        self, book: str, selects: Sequence[str], requests: Sequence[str], moments: Moments, raised: Span = ALWAYS
    ) -> list[Waiting]:
        """Orders under that book of which all of `selects` hold, first those due first, then those that came first."""
        where = " AND ".join(_CONDITIONS[name] for name in selects) or "1"
        sql = (
            "SELECT stream, lead, supporting, fallback, status, confidential, flags, received_at, due_handle"
            " FROM order_figure WHERE rule_book IN ('', :book) AND raised_at >= :start AND raised_at < :end"
            f" AND {where} ORDER BY CASE due_handle WHEN 0 THEN received_at ELSE due_handle END, stream"
        )
        asked = {"book": book, "requests": f"、{'、'.join(requests)}、", **moments._asdict(), **raised._asdict()}
        return [Waiting(*row) for row in rows(self._connection, sql, asked)]

    def of_units(self, book: str, complaints: Sequence[str], now: Instant, raised: Span) -> list[UnitCounts]:
        """Counts of every unit over the orders raised in that time."""
        sql = (
            f"SELECT lead, sum({_WAS_OVERDUE}), sum(status = 'dispatched'),"
            " sum(instr(:kinds, '、' || kind || '、') > 0), sum(satisfaction = 'satisfied'),"
            " sum(satisfaction IN ('satisfied', 'dissatisfied'))"
            f" FROM order_figure WHERE {_COUNTED} AND received_at > 0 GROUP BY lead"
        )
        asked = {"book": book, "kinds": f"、{'、'.join(complaints)}、", "now": now, **raised._asdict()}
        return [UnitCounts(*row) for row in rows(self._connection, sql, asked)]

    def late_dispatches(self, book: str, now: Instant) -> list[LateDispatch]:
        """Orders nobody has handed on in time, oldest first."""
        sql = (
            "SELECT agent, number, due_dispatch <= accepted_at FROM order_figure WHERE rule_book IN ('', ?)"
            " AND status = 'raised' AND due_dispatch > 0 AND due_dispatch < ? ORDER BY raised_at"
        )
        return [LateDispatch(*row) for row in rows(self._connection, sql, (book, now))]

    def to_supervise(self, book: str, now: Instant, lately: Instant) -> list[tuple[str, str, int, int, int, int]]:
        """Orders that run or wait to be put away and are not supervised, newest first.

        Of each: stream, kind, how many were alike since `lately`, and whether it is overdue, was told again, did not
        satisfy.
        """
        sql = (
            "WITH alike AS (SELECT kind, topic, count(*) AS number FROM order_figure WHERE raised_at >= :lately"
            " AND rule_book IN ('', :book) AND topic != '' AND status != 'voided' GROUP BY kind, topic)"
            f" SELECT stream, figure.kind, coalesce(alike.number, 0), {_IS_OVERDUE}, joined > 0 OR repeat = 1,"
            " rating = 'dissatisfied' OR redo_ground = 'dissatisfied'"
            " FROM order_figure AS figure LEFT JOIN alike ON alike.kind = figure.kind AND alike.topic = figure.topic"
            f" WHERE rule_book IN ('', :book) AND ({IS_RUNNING} OR status = 'completed')"
            " AND flags NOT LIKE '%、supervised、%' ORDER BY raised_at DESC, stream"
        )
        return rows(self._connection, sql, {"book": book, "now": now, "lately": lately})

    def units(self, book: str) -> list[str]:
        """Units that ever had an order under that book."""
        sql = "SELECT DISTINCT lead FROM order_figure WHERE rule_book IN ('', ?) AND received_at > 0 ORDER BY lead"
        return [unit for (unit,) in rows(self._connection, sql, (book,))]

    def streams_with(self, book: str, records: Sequence[str], written: Span) -> list[str]:
        """Streams with a record of one of these names that was written in that time under that book."""
        sql = (
            f"SELECT stream, min(at) AS first FROM entry WHERE record IN ({', '.join('?' * len(records))})"
            " AND jurisdiction = ? AND at >= ? AND at < ? GROUP BY stream ORDER BY first, stream"
        )
        return [stream for stream, _ in rows(self._connection, sql, (*records, book, *written))]
