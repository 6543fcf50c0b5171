"""Says in sentences what the domain computed about due times."""

from __future__ import annotations

from datetime import date

from agent_console.domain.instants import local
from agent_console.domain.time_limits.deadlines import Deadline
from agent_console.domain.time_limits.working_time import CountedDay, end_of_day
from agent_console.texts import say
from agent_console.texts.wording import moment, told


def weekday(day: date) -> str:
    """周一 to 周日."""
    return say("weekdays").split()[day.weekday()]


def due_text(deadline: Deadline) -> str:
    """The due time as a person says it: whole days end at 24:00."""
    if deadline.due is None or deadline.day is None:
        return say("deadline.no_due")
    if deadline.immediate:
        return say("deadline.immediate", at=moment(deadline.due))
    day = deadline.day
    if deadline.due == end_of_day(day):
        text = say("deadline.whole_day", day=str(day), weekday=weekday(day))
    else:
        time = f"{local(deadline.due):%H:%M}"
        text = say("deadline.moment", day=str(day), weekday=weekday(day), time=time)
    return say("deadline.provisional", due=text) if deadline.provisional else text


def told_day(told: CountedDay) -> str:
    """One day of a count; why it is what it is, unless it is a plain working day."""
    text = {"day": str(told.day), "weekday": weekday(told.day)}
    if told.why.key == "day.weekday":
        return say("day.plain", **text)
    return say("day.told", **text, why=say(told.why.key, **told.why.fields))


def reasons(deadline: Deadline) -> list[str]:
    """The rule and what else bears on it, one sentence each."""
    return [told(reason) for reason in deadline.reasons]


def explain(deadline: Deadline) -> list[str]:
    """Why it is due then, one sentence each, the days counted and skipped included."""
    first, *others = reasons(deadline)
    return [first, *_days(deadline), *others]


def _days(deadline: Deadline) -> list[str]:
    groups = {
        "reason.counted": [told for told in deadline.days if told.counts],
        "reason.skipped": [told for told in deadline.days if not told.counts],
    }
    return [
        say(key, count=len(days), days="、".join(told_day(told) for told in days))
        for key, days in groups.items()
        if days
    ]
