"""Working days and working minutes: counting them, forward and back, with every day told.

All dates and times of day are Asia/Shanghai (C1); spans are in microseconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, time, timedelta

import msgspec

from agent_console.domain.instants import SECOND, Instant, at, local_date
from agent_console.domain.messages import Message, message
from agent_console.domain.time_limits.limits import Session, WorkingHours

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LAST_SECOND = time(23, 59, 59)


class Calendar(msgspec.Struct, frozen=True):
    """Working days as published (C2): days off and days worked against the week, with the name of each.

    years: the years whose arrangement is known; beyond them every date is provisional (C15). version: hash of
    the content, recorded with every event that used it.
    """

    off: dict[date, str]
    worked: dict[date, str]
    years: frozenset[int]
    version: str

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day; Monday to Friday where the arrangement is not known."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def covers(self, day: date) -> bool:
        """Whether the arrangement of that day's year is known."""
        return day.year in self.years

    @property
    def covered_from(self) -> date | None:
        """First day of the known years."""
        return date(min(self.years), 1, 1) if self.years else None

    @property
    def covered_until(self) -> date | None:
        """Last day of the known years."""
        return date(max(self.years), 12, 31) if self.years else None

    def why(self, day: date) -> Message:
        """Why that day is a working day or a day off."""
        if not self.covers(day):
            return message("day.uncovered")
        if name := self.worked.get(day):
            return message("day.worked", name=name)
        if name := self.off.get(day):
            return message("day.off", name=name)
        return message("day.weekend" if day.weekday() >= _SATURDAY else "day.weekday")


def make_calendar(off: dict[date, str], worked: dict[date, str], years: frozenset[int]) -> Calendar:
    """A calendar with the hash of its content."""
    content = msgspec.json.encode(
        (
            sorted((day.isoformat(), name) for day, name in off.items()),
            sorted((day.isoformat(), name) for day, name in worked.items()),
            sorted(years),
        )
    )
    return Calendar(off, worked, years, hashlib.sha256(content).hexdigest()[:16])


class CountedDay(msgspec.Struct, frozen=True):
    """A day the count came by: counted or skipped, and why."""

    day: date
    counts: bool
    why: Message


class DayCount(msgspec.Struct, frozen=True):
    """Where a count of days ended and every day on the way; provisional: one of them is not covered (C15)."""

    day: date
    days: tuple[CountedDay, ...]
    provisional: bool


class Moment(msgspec.Struct, frozen=True):
    """Where a count of working minutes ended."""

    at: Instant
    days: tuple[CountedDay, ...]
    provisional: bool


def _told(calendar: Calendar, day: date) -> CountedDay:
    return CountedDay(day, calendar.is_working(day), calendar.why(day))


def _count(calendar: Calendar, day: date, number: int, step: timedelta) -> DayCount:
    days: list[CountedDay] = []
    left = number
    while left > 0:
        day += step
        days.append(_told(calendar, day))
        left -= days[-1].counts
    days.sort(key=lambda told: told.day)
    return DayCount(day, tuple(days), not all(calendar.covers(told.day) for told in days))


def working_days_after(calendar: Calendar, day: date, number: int) -> DayCount:
    """The `number`-th working day after `day`, which is itself not counted (C3)."""
    return _count(calendar, day, number, _ONE_DAY)


def working_days_before(calendar: Calendar, day: date, number: int) -> DayCount:
    """The `number`-th working day before `day` (C7)."""
    return _count(calendar, day, number, -_ONE_DAY)


def natural_days_after(calendar: Calendar, day: date, number: int) -> DayCount:
    """The `number`-th day after `day`; a last day off moves to the next working day (C11)."""
    last = day + timedelta(days=number)
    days = [_told(calendar, last)]
    while not days[-1].counts:
        last += _ONE_DAY
        days.append(_told(calendar, last))
    return DayCount(last, tuple(days), not all(calendar.covers(told.day) for told in days))


def end_of_day(day: date) -> Instant:
    """24:00 of that day, stored as its last second (C4)."""
    return at(day, _LAST_SECOND)


def closing_time(hours: WorkingHours, day: date) -> Instant:
    """Close of business of that day, were it a working day."""
    return at(day, hours.on(day)[-1].closes)


def half_day(hours: WorkingHours, day: date) -> Instant:
    """Half the working time of that day, in microseconds (C5)."""
    return sum(_length(day, session) for session in hours.on(day)) // 2


def session_end(hours: WorkingHours, instant: Instant) -> Instant:
    """End of the working session in which the instant lies; the instant itself outside of sessions."""
    day = local_date(instant)
    inside = (at(day, session.closes) for session in hours.on(day) if at(day, session.opens) <= instant)
    return max((end for end in inside if end >= instant), default=instant)


def _length(day: date, session: Session) -> Instant:
    return at(day, session.closes) - at(day, session.opens)


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step


def working_time_after(calendar: Calendar, hours: WorkingHours, start: Instant, span: Instant) -> Moment:
    """The instant at which `span` of working time after `start` is used up (C5).

    Used up exactly at a closing minute: that minute, not the next opening.
    """
    days: list[CountedDay] = []
    for day in _days_from(local_date(start), _ONE_DAY):
        days.append(_told(calendar, day))
        for session in hours.on(day) if days[-1].counts else ():
            opens = max(at(day, session.opens), start)
            usable = at(day, session.closes) - opens
            if usable > 0 and usable >= span:
                return _moment(calendar, opens + span, days)
            span -= max(usable, 0)
    raise AssertionError("unreachable: days do not end")


def working_time_before(calendar: Calendar, hours: WorkingHours, end: Instant, span: Instant) -> Moment:
    """The instant from which `span` of working time is left until `end` (C6)."""
    days: list[CountedDay] = []
    for day in _days_from(local_date(end), -_ONE_DAY):
        days.append(_told(calendar, day))
        for session in reversed(hours.on(day)) if days[-1].counts else ():
            closes = min(at(day, session.closes), end)
            usable = closes - at(day, session.opens)
            if usable > 0 and usable >= span:
                return _moment(calendar, closes - span, days)
            span -= max(usable, 0)
    raise AssertionError("unreachable: days do not end")


def _moment(calendar: Calendar, instant: Instant, days: list[CountedDay]) -> Moment:
    told = tuple(sorted(days, key=lambda day: day.day))
    return Moment(instant, told, not all(calendar.covers(day.day) for day in told))


def just_after(instant: Instant) -> Instant:
    """First instant that is late: a due time covers the whole of its last second."""
    return instant + SECOND
