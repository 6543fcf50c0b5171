"""Another table of holidays moves an order's end once, however many seats have loaded it."""

from __future__ import annotations

import msgspec

from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.domain.instants import HOUR, local_date
from agent_console.domain.time_limits.working_time import make_calendar
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.store.connection import rows

from .seats import Centre, Seat


def with_another_holiday(seat: Seat) -> None:
    """The seat loads a table with one more day off, and its orders follow."""
    calendar = seat.desk.calendar
    tomorrow = local_date(seat.server.clock.now() + 24 * HOUR)
    seat.desk.calendar = make_calendar({**calendar.off, tomorrow: "台风停工"}, calendar.worked, calendar.years)
    bring_up_to_date(seat.desk)


def moved_at(seat: Seat, order: str) -> list[Recalculated]:
    """Changes the order tells of at a seat."""
    facts = (event.fact for event in seat.opened.store.log.load(f"order:{order}"))
    return [fact for fact in facts if isinstance(fact, Recalculated)]


def pending(seat: Seat) -> int:
    return int(rows(seat.opened.store.connection, "SELECT count(*) FROM event WHERE seq IS NULL")[0][0])


async def test_the_first_seat_to_say_so_counts_and_the_others_are_not_told_of_a_conflict(centre: Centre) -> None:
    first, second = await centre.sit("li"), await centre.sit("li", "the other desk")
    order = first.dispatched()
    await first.in_step()
    await second.in_step()
    for seat in (first, second):
        with_another_holiday(seat)
        assert moved_at(seat, order)
        assert {verdict.status for verdict in await seat.push()} <= {"applied", "duplicate"}
    for seat in (second, first):
        await seat.pull()
        assert (pending(seat), seat.opened.store.outbox.in_tray()) == (0, 0)
    told = moved_at(first, order)
    assert [msgspec.structs.astuple(one) for one in moved_at(second, order)] == [
        msgspec.structs.astuple(one) for one in told
    ]
    assert len({one.limit for one in told}) == len(told)


async def test_a_seat_that_heard_of_it_says_nothing_of_its_own(centre: Centre) -> None:
    first, second = await centre.sit("li"), await centre.sit("li", "the other desk")
    order = first.dispatched()
    await first.in_step()
    await second.in_step()
    with_another_holiday(first)
    await first.in_step()
    await second.pull()
    told = moved_at(second, order)
    with_another_holiday(second)
    assert moved_at(second, order) == told
    assert second.waiting() == []
