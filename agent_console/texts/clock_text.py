"""A clock of an order in a few words: when it is due, what working time is left, by which clause."""

from __future__ import annotations

from agent_console.domain.instants import HOUR, MINUTE, local
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.time_limits.working_time import end_of_day
from agent_console.domain.work_order.clock_history import ClockChange
from agent_console.domain.work_order.clock_states import Left
from agent_console.texts import say
from agent_console.texts.wording import moment, name_of

ENDS = ("due", "before", "after")
"""Fields of a fact that say when a clock ends."""


def short_due(clock: Deadline) -> str:
    """03-04 for whole days, 03-04 10:30 for a time of day; marked where the date is provisional."""
    if clock.due is None or clock.day is None:
        return say("clock.no_due")
    if clock.immediate:
        return say("clock.at_once")
    whole = clock.due == end_of_day(clock.day)
    text = f"{clock.day:%m-%d}" if whole else f"{local(clock.due):%m-%d %H:%M}"
    return say("order.provisional", due=text) if clock.provisional else text


def left_text(left: Left | None) -> str:
    """What is left, or by how much it is late; "" where there is nothing to count."""
    if left is None:
        return ""
    side = "over" if left.over else "left"
    match left.unit:
        case "today":
            return say("clock.left.today")
        case "working_days":
            return say(f"clock.{side}.working_days", days=left.days)
        case "days":
            return say(f"clock.{side}.days", days=left.days)
    hours, minutes = left.span // HOUR, left.span % HOUR // MINUTE
    text = say("clock.hours", hours=hours, minutes=minutes) if hours else say("clock.minutes", minutes=minutes)
    return say(f"clock.{side}.{left.unit}", text=text)


def change_text(change: ClockChange) -> str:
    """What became of a clock: began, ended, moved or started anew; when, why, before and after."""
    return say(
        f"clock.{_sort(change)}",
        at=moment(change.at),
        limit=name_of("limit", change.limit),
        what=name_of("fact", change.cause),
        start=moment(change.start_after),
        before=moment(change.before),
        after=moment(change.after),
        clause=change.clause,
    )


def _sort(change: ClockChange) -> str:
    if not change.after:
        return "ended"
    if not change.before:
        return "began"
    if change.start_before == change.start_after:
        return "moved"
    return "started_anew_same" if moment(change.before) == moment(change.after) else "started_anew"


def cited(clock: Deadline) -> str:
    """The clause it rests on; a reading or a house rule says so."""
    return clock.clause if clock.basis == "letter" else say("clock.basis", clause=clock.clause, basis=clock.basis)
