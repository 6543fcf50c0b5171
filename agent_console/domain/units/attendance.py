"""Which units took up their work on a day, and which did not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.time_limits.working_time import Calendar


@fact("unit.logged_in")
class UnitLoggedIn(msgspec.Struct, frozen=True):
    """Somebody of the unit began to work with the console, the first time that day."""

    unit: str
    occurred_at: Instant


class AttendanceDay(msgspec.Struct, frozen=True):
    """The units that came on one day."""

    units: frozenset[str] = frozenset()


class LogIn(msgspec.Struct, frozen=True):
    """The actor begins to work."""


def evolve_attendance(day: AttendanceDay, happened: msgspec.Struct | None) -> AttendanceDay:
    """The day after a fact."""
    return AttendanceDay(day.units | {happened.unit}) if isinstance(happened, UnitLoggedIn) else day


def decide_login(day: AttendanceDay, _command: LogIn, context: Context) -> Decision:
    """Written down once a day and unit, where the book asks who logs in; nothing for people of the line."""
    unit = context.actor.unit
    if context.rule_book.lists.attendance is None or not unit or unit in day.units:
        return Done(())
    return Done((UnitLoggedIn(unit, context.now),))


def absent(day: date, units: Iterable[str], came: AttendanceDay, calendar: Calendar) -> tuple[str, ...]:
    """Units that did not come on that day, in their order; none on a rest day, make-up days are working days (C2)."""
    return tuple(unit for unit in units if unit not in came.units) if calendar.is_working(day) else ()
