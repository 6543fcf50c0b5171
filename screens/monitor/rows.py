"""The lines of the monitor's lists, written for a width; what is late is said in words as well as in colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import msgspec

from agent_console.desk.monitor.lists import HotTopic, Watched
from agent_console.desk.monitor.seat_wall import is_away
from agent_console.domain.instants import HOUR, Instant, local
from agent_console.domain.intake.calls import Call
from agent_console.domain.oversight.alarms import Alarm
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.clock_states import ClockState
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.store.outbox import KeptEntry
from agent_console.store.projections.watching import Turned
from agent_console.sync.wire import SeatNow
from agent_console.texts import say
from agent_console.texts.masking import masked_name, masked_number
from agent_console.texts.wording import name_of
from screens.columns import columns
from screens.my_orders import number_at
from screens.timing import clock_time, day_and_time, span, until

_NARROW = 80
"""Cells below which a list shows what matters most only."""
_LIST_CELLS = 17


class Line(msgspec.Struct, frozen=True):
    """A line of a list: its id, how it is written at a width, how it stands; order: what Enter opens."""

    id: str
    text: Callable[[int], str]
    state: ClockState = "calm"
    order: str = ""


def named_list(name: str, count: str) -> Line:
    """A list by its name, with how many stand on it."""
    cells = [(say(f"monitor.list.{name}"), 0), (count, 4)]
    return Line(name, lambda width: columns(cells, min(width, _LIST_CELLS)))


def seat(one: SeatNow, now: Instant) -> Line:
    """Who sits there, doing what, since when, with what in hand, how fresh that is; how it was where it went off."""
    away = is_away(one, now)

    def text(width: int) -> str:
        activity = name_of("activity", one.state) + (f"（{one.reason}）" if one.reason else "")
        activity = say("seat_wall.away", activity=activity) if away else activity
        beside = [say("seat_wall.parked", count=one.parked)] if one.parked else []
        beside += [say("seat_wall.unsent", count=one.unsent)] if one.unsent else []
        colour = name_of("colour", one.colour) if one.colour else ""
        wide, lasting = width >= _NARROW, span(now - (one.at if away else one.since))
        cells = [(one.seat, 4), (one.operator, 8 if wide else 6), (activity, 16 if wide else 9)]
        cells += [(lasting, 8 if wide else 7), (one.call_kind, 4), (colour, 6), (" ".join(beside), 0)]
        return columns([*cells, (clock_time(one.fresh_at), 8)] if wide else cells, width)

    state: ClockState = "over" if one.colour == "emergency" else "near" if one.colour == "urgent" else "calm"
    return Line(one.device, text, "closed" if away or one.state == "signed_out" else state)


class SeatLines(Sequence[Line]):
    """The lines of all seats, each made when it is looked at."""

    def __init__(self, seats: Sequence[SeatNow], now: Instant) -> None:
        """As of `now`."""
        self._seats = seats
        self._now = now

    def __len__(self) -> int:
        return len(self._seats)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return SeatLines(self._seats[index], self._now)
        return seat(self._seats[index], self._now)


def alarm_text(alarm: Alarm, now: Instant) -> str:
    """What it is, where, and for how long."""
    return say(
        f"alarm.{alarm.kind}",
        seat=alarm.seat,
        operator=alarm.operator,
        number=grouped(alarm.number),
        limit=name_of("limit", alarm.limit),
        due=f"{local(alarm.due):%H:%M}",
        count=alarm.count,
        span=_lasting(now - alarm.since),
    )


def _lasting(duration: Instant) -> str:
    return span(duration) if duration < HOUR else until(duration, 0)


def alarm(one: Alarm, now: Instant) -> Line:
    """The alarm, and who takes care of it."""
    told = alarm_text(one, now)
    shown = say("alarm.by", alarm=told, by=one.by) if one.by else told
    return Line(one.id, lambda width: columns([(shown, 0)], width), "closed" if one.by else "over", one.order)


def order(one: Watched, now: Instant, *, chosen: bool) -> Line:
    """The order with the clock that ends next."""
    work = one.order
    late = bool(one.due) and one.due < now
    clock = name_of("limit", one.clock) if one.clock else ""
    due = " ".join((clock, day_and_time(one.due, now))) if one.due else ""
    left = say("clock.over.time" if late else "clock.left.time", text=until(now, one.due)) if one.due else ""
    mark = "◆" if chosen else "!" if work.details.urgency == "urgent" else " "

    def text(width: int) -> str:
        status, title = name_of("order_status", work.status), (work.details.title, 0)
        if width < _NARROW:
            ends = (" ".join((clock, left)), 14)
            return columns([(mark, 1), (number_at(work, width), 5), (status, 6), ends, title], width)
        cells = [(mark, 1), (number_at(work, width), 5), (status, 6), (due, 16), (left, 10), (work.details.kind, 4)]
        return columns([*cells, title, (work.lead or work.details.lead, 12)], width)

    return Line(work.id, text, "over" if late else "calm", work.id)


def turned(one: Turned, number: int, now: Instant, book: RuleBook) -> Line:
    """A matter that was refused or is an emergency: when, by whom, as what, on which clause."""
    name = name_of("class", one.taken or one.proposed.partition(" ")[0])
    item = book.refusal(one.clause)
    outcome = name_of("outcome", one.outcome)
    cells = [(day_and_time(one.at, now), 5), (one.agent, 8), (name, 16), (outcome, 8)]
    cells += [(f"{one.clause} {item.title if item else ''}".strip(), 0)]
    return Line(f"{number}:{one.stream}", lambda width: columns(cells, width))


def topic(one: HotTopic, number: int) -> Line:
    """What it is about, where, how often in the last hour and day, and how that went."""
    counts = f"{one.hour}/{one.day}"
    cells = [(counts, 8), (one.district, 8), (one.name, 0)]
    return Line(f"topic:{number}", lambda width: columns(cells, width), "near" if one.hour > 1 else "calm")


def conflict(entry: KeptEntry, now: Instant) -> Line:
    """An entry of this seat that took no effect: when, whose, what, and what the server said."""
    done = say("sign.list").join(dict.fromkeys(name_of("step", step.command.partition(".")[2]) for step in entry.steps))
    streams = [step.stream.removeprefix("order:") for step in entry.steps if step.stream.startswith("order:")]
    cells = [(day_and_time(entry.at, now), 11), (entry.actor, 8), (say(f"sync.state.{entry.state}"), 10), (done, 0)]
    return Line(entry.id, lambda width: columns(cells, width), "near", next(iter(streams), ""))


def hot(one: HotEvent) -> Line:
    """The event and how many were answered from it."""
    counted = say("hot.count", count=one.answered)
    cells = [(f"{local(one.pinned_at):%m-%d %H:%M}", 11), (counted, 8), (one.words.title, 0), (one.words.number, 15)]
    return Line(one.id, lambda width: columns(cells, width), "near", one.words.order)


def caller(one: Call, now: Instant, *, unmasked: bool) -> Line:
    """Who called, masked unless it was asked for."""
    number = one.number if unmasked else masked_number(one.number)
    name = one.caller_name if unmasked else masked_name(one.caller_name)
    told = say("hot.caller", time=day_and_time(one.taken_at, now), number=number or say("call_line.hidden"), name=name)
    return Line(one.id, lambda _: told)
