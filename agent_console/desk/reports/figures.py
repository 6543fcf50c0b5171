"""What is counted of orders: rows with open columns, and the due times that the desk adds to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import msgspec

from agent_console.desk import recalculating
from agent_console.domain.context import Context
from agent_console.domain.instants import Instant, at
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import RUNNING, Order, evolve
from agent_console.domain.work_order.timeliness import handled_in_time, in_time_throughout
from agent_console.store.projections.figures import Dues, OrderFigure

if TYPE_CHECKING:
    from agent_console.desk.desk import Desk

_BATCH = 500
Progress = Callable[[int, int], None]
"""Told how many of how many were done."""
Telling = Callable[[Order, Recalculated], None]
"""Told of a clock whose end moved with the calendar."""


class Period(msgspec.Struct, frozen=True):
    """Local days from `first` to `last`, both included; `label` as a person writes it."""

    first: date
    last: date
    label: str = ""

    @property
    def start(self) -> Instant:
        """The first moment of it."""
        return at(self.first, time())

    @property
    def end(self) -> Instant:
        """The first moment after it."""
        return at(self.last + timedelta(days=1), time())


def keep(desk: Desk, stream: str, order: Order) -> None:
    """Inside the transaction of a step: write the due times of the order as it stands after it."""
    desk.store.figures.note_dues(stream, _dues(desk, stream, order))


def _dues(desk: Desk, stream: str, order: Order) -> Dues:
    context = desk.context_for(order)
    clocks = running(order, context)
    limit = clocks.get("handle")
    return Dues(
        due={name: clock.due for name, clock in clocks.items() if clock.due is not None},
        on_time=_on_time(desk, stream, order, context),
        immediate=limit is not None and limit.immediate,
        provisional=limit is not None and limit.provisional,
        calendar=context.calendar.version,
        book_version=context.rule_book.version,
    )


def _on_time(desk: Desk, stream: str, order: Order, context: Context) -> int | None:
    if not order.redos:
        answer = handled_in_time(order, context)
    else:
        answer = in_time_throughout((event.fact for event in desk.store.log.load(stream)), context)
    return None if answer is None else int(answer)


def bring_up_to_date(desk: Desk, progress: Progress | None = None, tell: Telling | None = None) -> int:
    """Compute the due times anew that rest on another calendar or rule book, or are missing; how many there were.

    Where another calendar moves the end of a clock, the order says so; `tell` is told of each.

    Orders that no longer run keep theirs, as do confidential ones whose key is not here. In batches, each in a
    transaction of its own, so that others can work.
    """
    now = desk.clock.now()
    under = desk.store.figures.books()
    books = {(code, version): desk.books.under(code, version, now).version for code, version in under}
    streams = desk.store.figures.outdated(books, desk.calendar.version)
    for start in range(0, len(streams), _BATCH):
        with desk.transaction():
            for stream in streams[start : start + _BATCH]:
                order = desk.order(stream.removeprefix("order:"))
                if not order.withheld:
                    _compute_anew(desk, stream, order, tell)
        if progress is not None:
            progress(min(start + _BATCH, len(streams)), len(streams))
    return len(streams)


def _compute_anew(desk: Desk, stream: str, order: Order, tell: Telling | None) -> None:
    kept = desk.store.figures.figures("stream = ?", (stream,))
    for change in recalculating.moved(desk, order, kept[0]) if kept and order.id else ():
        desk.note(stream, change)
        order = evolve(order, change)
        if tell is not None:
            tell(order, change)
    desk.store.figures.note_dues(stream, _dues(desk, stream, order))


def figures(desk: Desk, period: Period | None = None, *, is_running: bool = False) -> list[OrderFigure]:
    """Rows of the orders under the desk's rule book, raised in the period where one is given, oldest first.

    is_running: only those somebody still has to handle. Due times are up to date.
    """
    bring_up_to_date(desk)
    where = "rule_book IN ('', ?)"
    parameters: list[object] = [desk.rule_book.code]
    if period is not None:
        where += " AND raised_at >= ? AND raised_at < ?"
        parameters += [period.start, period.end]
    if is_running:
        where += f" AND status IN ({', '.join('?' * len(RUNNING))})"
        parameters += RUNNING
    return desk.store.figures.figures(where, tuple(parameters))
