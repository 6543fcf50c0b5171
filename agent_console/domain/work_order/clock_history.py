"""What became of the clocks of an order: every event that began, moved or ended one, with before and after."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.events import Event
from agent_console.domain.instants import Instant
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import Order, evolve

_STOPPED = Deadline("", 0)


class ClockChange(msgspec.Struct, frozen=True):
    """A clock that an event began (nothing before), moved, or ended (nothing after).

    cause: type of the event, `order.signed`; actor: who did it. start_…, before, after: UTC microseconds, 0 where the
    clock did not run. clause: what the end rests on afterwards, or rested on before.
    """

    limit: str
    at: Instant
    cause: str
    actor: str
    clause: str
    start_before: Instant = 0
    start_after: Instant = 0
    before: Instant = 0
    after: Instant = 0


def clock_history(events: Iterable[Event], context: Context) -> tuple[ClockChange, ...]:
    """Every change of a clock, oldest first; the context gives rule book and calendar of the order.

    Where a later table of holidays moved an end, the one announced last before stands as it was told; the tables of
    that time are not kept, so what stands still earlier is counted by the present one.
    """
    changes: list[ClockChange] = []
    order = Order()
    for event in events:
        after = evolve(order, event.fact)
        if isinstance(event.fact, Recalculated):
            _announced(changes, event.fact)
            changes.append(_by_calendar(event, event.fact, changes))
        else:
            changes += _between(order, after, event, context)
        order = after
    return tuple(changes)


def _between(before: Order, after: Order, event: Event, context: Context) -> list[ClockChange]:
    then = msgspec.structs.replace(context, now=event.envelope.occurred_at)
    old, new = (running(order, then) for order in (before, after))
    return [
        _change(limit, event, old.get(limit, _STOPPED), new.get(limit, _STOPPED))
        for limit in dict.fromkeys((*old, *new))
        if _stand(old.get(limit)) != _stand(new.get(limit))
    ]


def _stand(clock: Deadline | None) -> tuple[Instant, Instant | None]:
    return (clock.start, clock.due) if clock is not None else (0, None)


def _change(limit: str, event: Event, old: Deadline, new: Deadline) -> ClockChange:
    return ClockChange(
        limit=limit,
        at=event.envelope.occurred_at,
        cause=event.envelope.type,
        actor=event.envelope.actor,
        clause=new.clause or old.clause,
        start_before=old.start,
        start_after=new.start,
        before=old.due or 0,
        after=new.due or 0,
    )


def _announced(changes: list[ClockChange], moved: Recalculated) -> None:
    for number in reversed(range(len(changes))):
        change = changes[number]
        if change.limit != moved.limit:
            continue
        if change.after == moved.after:
            changes[number] = msgspec.structs.replace(change, after=moved.before)
        return


def _by_calendar(event: Event, moved: Recalculated, changes: list[ClockChange]) -> ClockChange:
    last = next((change for change in reversed(changes) if change.limit == moved.limit), None)
    start = last.start_after if last is not None else 0
    return ClockChange(
        limit=moved.limit,
        at=event.envelope.occurred_at,
        cause=event.envelope.type,
        actor=event.envelope.actor,
        clause=last.clause if last is not None else "",
        start_before=start,
        start_after=start,
        before=moved.before,
        after=moved.after,
    )
