"""How a clock of an order stands: calm, near its end, over, and what working time is left until then.

Near from the last working day before the due date on; over from the first second after the due time, which for whole
days is the first day after. Days and times of day are Asia/Shanghai; spans are microseconds.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec

from agent_console.domain.instants import Instant, at, local_date
from agent_console.domain.time_limits.limits import WorkingHours
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.time_limits.working_time import Calendar, end_of_day, just_after, working_days_before

ClockState = Literal["calm", "near", "over", "closed"]
Unit = Literal["working_days", "days", "today", "working_time", "time"]

WINDOWS = ("return", "extension_apply_by")
"""Clocks whose end closes a door; nobody is late then."""

ORDER = ("dispatch", "sign", "return", "contact", "extension_apply_by", "handle", "callback")
"""Clocks as they stand side by side; any other the book knows follows."""

_CLOCKED = ("clock_hour", "at_once")


class Left(msgspec.Struct, frozen=True):
    """What is left until the due time, or, where `over`, what has gone by since: days, or a span of time."""

    unit: Unit
    over: bool = False
    days: int = 0
    span: Instant = 0


def state_of(limit: str, clock: Deadline, now: Instant, calendar: Calendar) -> ClockState:
    """How the clock stands at `now`; what is due at once is over until it is done."""
    if clock.due is None or clock.day is None:
        return "calm"
    if clock.immediate:
        return "over"
    if now >= just_after(clock.due):
        return "closed" if limit in WINDOWS else "over"
    return "near" if local_date(now) >= working_days_before(calendar, clock.day, 1).day else "calm"


def left_of(clock: Deadline, now: Instant, calendar: Calendar, hours: WorkingHours) -> Left | None:
    """Working time until the due time, or since; clock hours run on. None without due time and for what is at once."""
    if clock.due is None or clock.day is None or clock.immediate:
        return None
    over = now >= just_after(clock.due)
    first, last = sorted((now, clock.due))
    if clock.unit in _CLOCKED:
        return Left("time", over, span=last - first)
    today = local_date(now)
    days = sum(calendar.is_working(day) for day in _days_after(local_date(first), local_date(last)))
    if days:
        return Left("working_days", over, days)
    if today == clock.day and clock.due == end_of_day(clock.day):
        return Left("today", over)
    if today == clock.day:
        return Left("working_time", over, span=working_time_between(calendar, hours, first, last))
    return Left("days", over, abs((clock.day - today).days))


def working_time_between(calendar: Calendar, hours: WorkingHours, start: Instant, end: Instant) -> Instant:
    """Working time from `start` to `end`, in microseconds (C5)."""
    first = local_date(start)
    days = (first, *_days_after(first, local_date(end)))
    spans = (
        min(at(day, session.closes), end) - max(at(day, session.opens), start)
        for day in days
        if calendar.is_working(day)
        for session in hours.on(day)
    )
    return sum(span for span in spans if span > 0)


def _days_after(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))


def in_order(clocks: dict[str, Deadline]) -> dict[str, Deadline]:
    """The clocks as they stand side by side."""
    names = sorted(clocks, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return {name: clocks[name] for name in names}


def next_clock(clocks: dict[str, Deadline]) -> str:
    """The clock that ends first, windows left out; "" where none runs."""
    ending = {name: clock for name, clock in clocks.items() if name not in WINDOWS and clock.due is not None}
    return min(ending, key=lambda name: ending[name].due or 0, default="")
