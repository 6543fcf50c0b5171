"""The alarms there are now, and taking care of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.listing import visible
from agent_console.desk.monitor import lists
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.order_lists import moments
from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.domain.decisions import Decision
from agent_console.domain.instants import MINUTE, Instant
from agent_console.domain.oversight import alarms
from agent_console.domain.oversight.alarms import (
    ABUSE_TOLD,
    KINDS,
    Alarm,
    AlarmKind,
    Care,
    ReleaseAlarm,
    TakeAlarm,
    Thresholds,
)
from agent_console.domain.work_order.duties import pending
from agent_console.domain.work_order.order_clocks import lateness
from agent_console.domain.work_order.orders import Order
from agent_console.settings import Settings
from agent_console.store.connection import rows
from agent_console.store.projections.monitor import ALARM
from agent_console.store.projections.watching import OnList
from agent_console.sync.wire import SeatNow

MOST = 50
"""Alarms of one kind that are looked for."""
_AT_WORK = ("busy", "wrap_up")


def thresholds(settings: Settings) -> Thresholds:
    """As the settings have them."""
    return Thresholds(
        silent_minutes=settings.alarm_silent_minutes,
        parked_minutes=settings.alarm_parked_minutes,
        urgent_minutes=settings.alarm_urgent_minutes,
        clock_minutes=settings.alarm_clock_minutes,
        unsent=settings.alarm_unsent,
    )


def take(desk: Desk, alarm: str) -> Decision:
    """Take care of an alarm."""
    return _step(desk, alarm, TakeAlarm(alarm))


def release(desk: Desk, alarm: str) -> Decision:
    """Leave it to others again."""
    return _step(desk, alarm, ReleaseAlarm())


def _step(desk: Desk, alarm: str, command: alarms.Command) -> Decision:
    with desk.transaction():
        return desk.step(f"{ALARM}{alarm}", Care(), alarms.evolve, alarms.decide, command)


def of_seats(opened: OpenDesk, seats: Iterable[SeatNow], limits: Thresholds, at: Instant) -> tuple[Alarm, ...]:
    """Those of the seats."""
    own = opened.store.identity.device
    return tuple(alarm for seat in seats for alarm in _of_seat(seat, limits, at, is_own=seat.device == own))


def of_file(opened: OpenDesk, limits: Thresholds, at: Instant) -> tuple[Alarm, ...]:
    """Those of calls and orders that stand in this file."""
    bring_up_to_date(opened.desk)
    of_calls = (*_parked(opened, limits, at), *_abuse(opened, at))
    return (*of_calls, *_urgent(opened, limits, at), *_clocks(opened, limits, at))


def in_order(opened: OpenDesk, found: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """The most pressing kind first, then the oldest; with who takes care of it now."""
    cares = _cares(opened, found)
    cared = (msgspec.structs.replace(alarm, by=cares.get(alarm.id, "")) for alarm in found)
    return tuple(sorted(cared, key=lambda alarm: (KINDS.index(alarm.kind), alarm.since, alarm.id)))


def _of_seat(seat: SeatNow, limits: Thresholds, at: Instant, *, is_own: bool) -> Iterable[Alarm]:
    def alarm(kind: AlarmKind, since: Instant, mark: Instant, count: int = 0) -> Alarm:
        return Alarm(f"{kind}:{seat.device}:{mark}", kind, since, seat.seat, seat.operator, count=count)

    fresh = seat.fresh_at or seat.since
    if seat.colour == "emergency":
        yield alarm("emergency", fresh, seat.since)
    if seat.state in _AT_WORK and limits.over(limits.silent_minutes, fresh, at):
        yield alarm("silent", fresh, fresh)
    if not is_own and limits.over(limits.parked_minutes, seat.oldest_parked, at):
        yield alarm("parked", seat.oldest_parked, seat.oldest_parked)
    if limits.unsent and seat.unsent >= limits.unsent:
        yield alarm("outbox", seat.oldest_unsent, seat.oldest_unsent, seat.unsent)


def _parked(opened: OpenDesk, limits: Thresholds, at: Instant) -> Iterable[Alarm]:
    sql = (
        "SELECT call.stream, call.operator, max(event.occurred_at), max(event.seat) FROM call CROSS JOIN event"
        " ON event.stream = call.stream"
        " WHERE call.status = 'parked' AND event.type = 'call.parked' GROUP BY call.stream LIMIT ?"
    )
    for stream, operator, since, seat in rows(opened.store.connection, sql, (MOST,)):
        if limits.over(limits.parked_minutes, since, at):
            call = stream.removeprefix("call:")
            yield Alarm(f"parked:{call}:{since}", "parked", since, seat=seat, operator=operator)


def _abuse(opened: OpenDesk, at: Instant) -> Iterable[Alarm]:
    """Calls of this shift that an operator had to end for abuse."""
    sql = (
        "SELECT call.stream, call.operator, call.abused_at, max(event.seat) FROM call CROSS JOIN event"
        " ON event.stream = call.stream"
        " WHERE call.abused_at > 0 AND call.abused_at > ? AND event.type = 'call.marked'"
        " GROUP BY call.stream ORDER BY call.abused_at DESC LIMIT ?"
    )
    for stream, operator, since, seat in rows(opened.store.connection, sql, (at - ABUSE_TOLD, MOST)):
        call = stream.removeprefix("call:")
        yield Alarm(f"abuse:{call}", "abuse", since, seat=seat, operator=operator, call=call)


def _urgent(opened: OpenDesk, limits: Thresholds, at: Instant) -> Iterable[Alarm]:
    """Urgent orders that owe a record the book wants at once: the telephone call to their unit."""
    desk = opened.desk
    urgent = lists.board(opened).urgent(MOST)
    for order in visible(desk, opened.records.orders_of(urgent)):
        if not order.withheld and limits.over(limits.urgent_minutes, order.raised_at, at) and _owes(desk, order):
            yield Alarm(f"urgent_call:{order.id}", "urgent_call", order.raised_at, order=order.id, number=order.number)


def _owes(desk: Desk, order: Order) -> bool:
    context = desk.context_for(order)
    owed = pending(order, context.rule_book.life, lateness(order, context))
    return any(duty.urgent for duty in owed)


def _clocks(opened: OpenDesk, limits: Thresholds, at: Instant) -> Iterable[Alarm]:
    desk = opened.desk
    ending = lists.board(opened).ending(at + limits.clock_minutes * MINUTE, moments(opened), MOST)
    numbers = {f"order:{order.id}": order.number for order in visible(desk, _orders(opened, ending))}
    for one in ending:
        if one.stream in numbers:
            order, since = one.stream.removeprefix("order:"), one.due - limits.clock_minutes * MINUTE
            yield Alarm(
                f"clock:{order}:{one.clock}:{one.due}",
                "clock",
                since,
                order=order,
                number=numbers[one.stream],
                limit=one.clock,
                due=one.due,
            )


def _orders(opened: OpenDesk, ending: list[OnList]) -> list[Order]:
    return opened.records.orders_of([one.stream for one in ending])


def _cares(opened: OpenDesk, found: Sequence[Alarm]) -> dict[str, str]:
    gaps = ", ".join("?" * len(found))
    sql = f"SELECT stream, taken_by FROM alarm_care WHERE stream IN ({gaps})"
    told = rows(opened.store.connection, sql, tuple(f"{ALARM}{alarm.id}" for alarm in found))
    return {stream.removeprefix(ALARM): by for stream, by in told}
