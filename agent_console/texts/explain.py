"""Says in sentences what the domain computed about due times."""

from __future__ import annotations

from datetime import date

from agent_console.domain.deadlines import Deadline
from agent_console.domain.instants import Instant, local
from agent_console.domain.messages import Field, Message
from agent_console.domain.working_time import CountedDay, end_of_day
from agent_console.texts import TEXTS, say

_NAMED = ("event", "given", "unit", "limit")
_INSTANTS = ("at", "applied")
_ROLES = ("role", "roles")


def named(sort: str, name: str) -> str:
    """Name on the screen of an event, unit or limit; one that only a rule book knows stands as it is."""
    return TEXTS.get(f"{sort}.{name}", name)


def weekday(day: date) -> str:
    """周一 to 周日."""
    return say("weekdays").split()[day.weekday()]


def moment(instant: Instant) -> str:
    """Date and time to the minute, Asia/Shanghai."""
    return f"{local(instant):%Y-%m-%d %H:%M}"


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
    return [sentence(reason) for reason in deadline.reasons]


def explain(deadline: Deadline) -> list[str]:
    """Why it is due then, one sentence each, the days counted and skipped included."""
    first, *others = reasons(deadline)
    return [first, *_days(deadline), *others]


def sentence(reason: Message) -> str:
    """Wording of a message that the domain named: instants as times, events, units, limits and roles by name."""
    fields = {name: _field(name, value) for name, value in reason.fields.items()}
    if reason.fields.get("unit") == "half_working_day":
        fields["amount"] = f"{int(reason.fields['amount']) / 2:g}"
    return say(reason.key, **fields)


def _field(name: str, value: Field) -> Field:
    if name in _NAMED:
        return named("event" if name == "given" else name, str(value))
    if name in _INSTANTS and isinstance(value, int):
        return moment(value)
    if name in _ROLES:
        return say("sign.list").join(named("role", role) for role in str(value).split("、"))
    return value


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
