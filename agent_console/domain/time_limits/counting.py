"""One amount of one unit, counted from an instant or back from one."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from agent_console.domain.instants import HOUR, MINUTE, Instant, local_date
from agent_console.domain.time_limits.limits import Unit, WorkingHours
from agent_console.domain.time_limits.working_time import (
    Calendar,
    CountedDay,
    DayCount,
    Moment,
    closing_time,
    end_of_day,
    half_day,
    natural_days_after,
    working_days_after,
    working_days_before,
    working_time_after,
    working_time_before,
)

MOST = 3660
"""Largest amount that can be asked for, ten years in days: larger numbers are slips of the keyboard."""


_WORKING_TIME = ("half_working_day", "working_minute")
_MICROSECOND = timedelta(microseconds=1)


class Counted(msgspec.Struct, frozen=True):
    """Where the count ended (None: no due time), every day told, and whether the holiday table covers it."""

    due: Instant | None
    days: tuple[CountedDay, ...] = ()
    provisional: bool = False


class Counter(msgspec.Struct, frozen=True):
    """Counts by one calendar and the working hours of one book."""

    calendar: Calendar
    hours: WorkingHours

    def forward(self, amount: int, unit: Unit, start: Instant) -> Counted:
        """Due time of `amount` `unit`s from `start`."""
        day = local_date(start)
        if unit == "working_day":
            return self._end(working_days_after(self.calendar, day, amount))
        if unit == "natural_day":
            return self._end(natural_days_after(self.calendar, day, amount))
        if unit in _WORKING_TIME:
            span = self._span(amount, unit, day)
            return _used_up(working_time_after(self.calendar, self.hours, start, span))
        if unit == "each_working_day":
            return self._today(start)
        by_the_clock = {"clock_hour": start + amount * HOUR, "same_day": end_of_day(day), "at_once": start}
        return Counted(by_the_clock.get(unit))

    def back(self, amount: int, unit: Unit, end: Instant) -> Counted:
        """Latest instant that lies `amount` `unit`s before `end`; `end` itself where the amount is 0."""
        day = local_date(end)
        if amount and unit == "working_day":
            return self._end(working_days_before(self.calendar, day, amount))
        if amount and unit in _WORKING_TIME:
            span = self._span(amount, unit, day)
            return _used_up(working_time_before(self.calendar, self.hours, end, span))
        back = {"natural_day": timedelta(days=amount), "clock_hour": timedelta(hours=amount)}
        return Counted(end - back.get(unit, timedelta()) // _MICROSECOND)

    def _span(self, amount: int, unit: Unit, day: date) -> Instant:
        return amount * (half_day(self.hours, day) if unit == "half_working_day" else MINUTE)

    def _end(self, count: DayCount) -> Counted:
        close = self.hours.day_end == "close" and self.calendar.is_working(count.day)
        due = closing_time(self.hours, count.day) if close else end_of_day(count.day)
        return Counted(due, count.days, count.provisional)

    def _today(self, start: Instant) -> Counted:
        day = local_date(start)
        told = CountedDay(day, self.calendar.is_working(day), self.calendar.why(day))
        return Counted(end_of_day(day) if told.counts else None, (told,), not self.calendar.covers(day))


def _used_up(moment: Moment) -> Counted:
    return Counted(moment.at, moment.days, moment.provisional)
