"""Spans of local days that a report covers."""

from __future__ import annotations

import re
from datetime import date, timedelta

from agent_console.desk.reports.figures import Period
from agent_console.domain.errors import BadInput

_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-W(?P<week>\d{2})|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
)


def read_period(text: str) -> Period:
    """`2026`, `2026-Q1`, `2026-03`, `2026-W10` (from Monday, ISO 8601) or `2026-03-02`. Raises BadInput."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    try:
        if found is None:
            raise ValueError(text)
        told = {name: int(value) for name, value in found.groupdict().items() if value}
        return Period(*_days(**told), text.strip().upper())
    except (ValueError, OverflowError) as error:
        raise BadInput("error.period", "advice.period", text=text) from error


def _days(year: int, quarter: int = 0, week: int = 0, month: int = 0, day: int = 0) -> tuple[date, date]:
    if week:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + timedelta(days=6)
    if day:
        return date(year, month, day), date(year, month, day)
    first = date(year, month or quarter * 3 - 2 if quarter or month else 1, 1)
    months = 1 if month else 3 if quarter else 12
    after = date(first.year + (first.month + months - 1) // 12, (first.month + months - 1) % 12 + 1, 1)
    return first, after - timedelta(days=1)


def period_around(span: str, day: date) -> Period:
    """The day, week, month, quarter or year that `day` lies in."""
    week = day.isocalendar()
    written = {
        "day": day.isoformat(),
        "week": f"{week.year}-W{week.week:02d}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day:%Y}",
    }
    return read_period(written[span])


def asked_for(period: str, first: str, last: str, otherwise: str, today: date) -> Period:
    """What was asked for: from one day to another, a written period, else the span `otherwise` that runs today.

    Raises BadInput.
    """
    if first or last:
        return between(first or last, last or today.isoformat())
    return read_period(period) if period else period_around(otherwise, today)


def between(first: str, last: str) -> Period:
    """From one day to another, both included. Raises BadInput."""
    period = Period(read_period(first).first, read_period(last).last, f"{first}/{last}")
    if period.first > period.last:
        raise BadInput("error.period", "advice.period", text=period.label)
    return period
