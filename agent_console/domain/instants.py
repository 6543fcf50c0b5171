"""Points in time.

An instant is an integer: microseconds since 1970-01-01 UTC. Calendar dates are those of Asia/Shanghai, fixed
at +08:00 (convention C1), whatever the time zone of the machine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from agent_console.domain.errors import BadInput

Instant = int

SHANGHAI = timezone(timedelta(hours=8))
SECOND: Instant = 1_000_000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Instant:
    """Instant of a date and time; one without offset is taken as +08:00."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return (aware - _EPOCH) // _MICROSECOND


def local(instant: Instant) -> datetime:
    """Date and time in Asia/Shanghai."""
    return (_EPOCH + timedelta(microseconds=instant)).astimezone(SHANGHAI)


def local_date(instant: Instant) -> date:
    """Calendar date in Asia/Shanghai."""
    return local(instant).date()


def at(day: date, moment: time) -> Instant:
    """Instant of a local date and time of day."""
    return from_datetime(datetime.combine(day, moment, SHANGHAI))


def parse(text: str) -> Instant:
    """Read ISO 8601; without offset it means +08:00. Raises BadInput."""
    try:
        return from_datetime(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:
        raise BadInput("error.time", "advice.time", text=text) from error


def iso(instant: Instant) -> str:
    """ISO 8601 to the second, always with +08:00."""
    return local(instant).isoformat(timespec="seconds")
