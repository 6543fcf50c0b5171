"""What was erased stays erased on every seat, and hinders none of them from reading on."""

from __future__ import annotations

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.leaving import retention
from agent_console.desk.leaving.retention import Due
from agent_console.domain.confidentiality.secrecy_facts import OrderErased
from agent_console.domain.events import Event
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.intake.outcomes import Answered
from tests.support.rule_of import facts

from .seats import Centre, Seat


def _finished_call(seat: Seat) -> str:
    _, call = intake.take_call(seat.desk, "13800138000")
    matter = seat.desk.call(call).matters[0].id
    facts(intake.conclude(seat.desk, call, matter, Answered(), Telling(note="住在五四路")))
    facts(intake.close(seat.desk, call))
    return call


def _confirmed(seat: Seat, stream: str) -> list[Event]:
    """Events of a stream, the server having confirmed all of them."""
    kept = seat.side.store.log.to_fold(stream)
    assert [event.envelope.id for event, seq in kept if seq is None] == []
    return [event for event, _ in kept]


async def test_an_erasure_is_confirmed_on_the_seat_that_did_it(centre: Centre) -> None:
    seat = await centre.sit("li")
    call = _finished_call(seat)
    await seat.in_step()
    intake.erase_call(seat.desk, call, "保存期满")
    await seat.in_step()
    events = _confirmed(seat, f"call:{call}")
    assert isinstance(events[-1].fact, CallErased)
    assert events[0].fact is None


async def test_every_seat_hears_of_an_erased_order_also_one_that_comes_later(centre: Centre) -> None:
    seat, other = await centre.sit("li"), await centre.sit("li", "other")
    order, kept = seat.raise_order(), seat.raise_order()
    await seat.in_step()
    await other.in_step()
    retention.erase(seat.opened, [Due("orders", f"order:{order}", "", 0, 0, "", "推定")])
    await seat.in_step()
    await other.in_step()
    late = await centre.sit("li", "late")
    await late.in_step()
    for reader in (seat, other, late):
        [raised, erased] = _confirmed(reader, f"order:{order}")
        assert raised.fact is None
        assert isinstance(erased.fact, OrderErased)
        assert reader.desk.order(kept).details.content


async def test_a_seat_that_reads_anew_takes_its_erased_call_in_as_it_is_now(centre: Centre) -> None:
    seat = await centre.sit("li")
    call = _finished_call(seat)
    intake.erase_call(seat.desk, call, "保存期满")
    await seat.in_step()
    before = [event.envelope.id for event in _confirmed(seat, f"call:{call}")]
    seat.side.store.mirror.begin_anew(seat.side.epoch)
    await seat.pull()
    assert [event.envelope.id for event in _confirmed(seat, f"call:{call}")] == before
