"""Times as the screens write them."""

from __future__ import annotations

from agent_console.domain.instants import HOUR, MINUTE, SECOND, Instant, local, local_date


def span(duration: Instant) -> str:
    """Minutes and seconds, with hours from an hour on: 03:21, 1:02:05."""
    seconds = max(0, duration) // SECOND
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def until(now: Instant, due: Instant) -> str:
    """How long still, or how long since, in the largest unit that says something."""
    left = abs(due - now)
    if left >= 24 * HOUR:
        amount = f"{left // (24 * HOUR)}天"
    elif left >= HOUR:
        amount = f"{left // HOUR}小时"
    else:
        amount = f"{left // MINUTE}分钟"
    return amount


def clock_time(instant: Instant) -> str:
    """Time of day."""
    return f"{local(instant):%H:%M:%S}"


def day_and_time(instant: Instant, now: Instant) -> str:
    """Time of day, with the date where it is another day than today's."""
    moment = local(instant)
    return f"{moment:%H:%M}" if local_date(instant) == local_date(now) else f"{moment:%m-%d %H:%M}"
