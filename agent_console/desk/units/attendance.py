"""Which units logged in on a day; written down where the rule book asks for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent_console.desk.desk import Desk
from agent_console.desk.leaving.shown import Row
from agent_console.desk.reports.figures import Period
from agent_console.domain.instants import local_date
from agent_console.domain.units.attendance import AttendanceDay, LogIn, absent, decide_login, evolve_attendance

if TYPE_CHECKING:
    from agent_console.desk.opening import OpenDesk


def log_in(desk: Desk) -> None:
    """Note that the actor's unit works today; once a day, nothing for people of the line or under other books."""
    if not desk.actor.unit or desk.rule_book.lists.attendance is None:
        return
    stream = _stream(desk, local_date(desk.clock.now()))
    if desk.actor.unit in _came(desk, stream).units:
        return
    with desk.transaction():
        desk.step(stream, AttendanceDay(), evolve_attendance, decide_login, LogIn())


def not_logged_in(opened: OpenDesk, period: Period, unit: str = "") -> tuple[Row, ...]:
    """Units that have not logged in, by working day of the period until today; `unit`: only this one."""
    desk = opened.desk
    last = min(period.last, local_date(desk.clock.now()))
    days = [period.first + timedelta(days=ahead) for ahead in range((last - period.first).days + 1)]
    wanted = [known for known in expected(opened) if unit in ("", known)]
    return tuple(
        {"day": day.isoformat(), "unit": missing}
        for day in days
        for missing in absent(day, wanted, _came(desk, _stream(desk, day)), desk.calendar)
    )


def expected(opened: OpenDesk) -> list[str]:
    """The units that have to log in: those of the directory; where none is loaded, those that ever had an order."""
    listed = opened.desk.directory().units
    return sorted(listed) or opened.records.lists.units(opened.desk.rule_book.code)


def _stream(desk: Desk, day: date) -> str:
    return f"attendance:{desk.rule_book.code}:{day.isoformat()}"


def _came(desk: Desk, stream: str) -> AttendanceDay:
    day = AttendanceDay()
    for event in desk.store.log.load(stream):
        day = evolve_attendance(day, event.fact)
    return day
