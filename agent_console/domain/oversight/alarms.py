"""Alarms a lead hears and sees, and who takes care of each.

An alarm itself is no fact: it follows from seats, calls and clocks, and is gone when they are in order. That somebody
takes care of it is one, on the stream `alarm:<id>`, so that two do not chase the same.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.events import fact
from agent_console.domain.instants import HOUR, MINUTE, Instant
from agent_console.domain.messages import message
from agent_console.domain.oversight.hot_events import no_lead

AlarmKind = Literal["emergency", "urgent_call", "abuse", "clock", "silent", "parked", "outbox"]
KINDS: tuple[AlarmKind, ...] = ("emergency", "urgent_call", "abuse", "clock", "silent", "parked", "outbox")
"""What comes first."""
ABUSE_TOLD: Instant = 12 * HOUR
"""How long a call that was ended for abuse is told of: nothing puts it in order again, so a shift has to do."""


class Thresholds(msgspec.Struct, frozen=True):
    """From when on something is an alarm: minutes of natural time, and facts the server does not have yet."""

    silent_minutes: int = 10
    parked_minutes: int = 30
    urgent_minutes: int = 5
    clock_minutes: int = 30
    unsent: int = 200

    def over(self, minutes: int, since: Instant, now: Instant) -> bool:
        """Whether so many minutes have gone by."""
        return bool(since) and now - since >= minutes * MINUTE


class Alarm(msgspec.Struct, frozen=True):
    """One thing to look after. id: the same for as long as it is the same trouble; since: when it began to be one.

    seat, call, order, number, limit: what it is about, as far as the kind has it; count: of facts that wait. by: who
    takes care of it, "" while nobody does.
    """

    id: str
    kind: AlarmKind
    since: Instant
    seat: str = ""
    operator: str = ""
    order: str = ""
    number: str = ""
    limit: str = ""
    due: Instant = 0
    count: int = 0
    by: str = ""
    call: str = ""


@fact("alarm.taken")
class AlarmTaken(msgspec.Struct, frozen=True):
    """A lead takes care of it."""

    alarm: str
    by: str
    occurred_at: Instant


@fact("alarm.released")
class AlarmReleased(msgspec.Struct, frozen=True):
    """Who took care of it does so no longer."""

    by: str
    occurred_at: Instant


class Care(msgspec.Struct, frozen=True):
    """Who takes care of an alarm, since when."""

    by: str = ""
    at: Instant = 0


class TakeAlarm(msgspec.Struct, frozen=True):
    """Take care of it."""

    alarm: str


class ReleaseAlarm(msgspec.Struct, frozen=True):
    """Leave it to others again."""


Command = TakeAlarm | ReleaseAlarm


def decide(care: Care, command: Command, context: Context) -> Decision:
    """Whoever leads the line takes one that nobody has."""
    refused = no_lead(context)
    if refused is not None:
        return refused
    name = context.actor.name
    if care.by and care.by != name:
        return Blocked((), message("alarm.taken_by", name=care.by), message("alarm.ask"))
    if isinstance(command, ReleaseAlarm):
        return Done((AlarmReleased(name, context.now),) if care.by else ())
    return Done(() if care.by else (AlarmTaken(command.alarm, name, context.now),))


def evolve(care: Care, happened: msgspec.Struct | None) -> Care:
    """State after a fact; facts of other kinds change nothing."""
    if isinstance(happened, AlarmTaken):
        return Care(happened.by, happened.occurred_at)
    return Care() if isinstance(happened, AlarmReleased) else care
