"""The operator's shift: signing in, breaks, signing out."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake, shift
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.intake.seats import Seat
from agent_console.domain.people import Actor
from tests.conftest import Office
from tests.support.clock import SettableClock
from tests.support.rule_of import blocked, facts


def test_a_shift_is_kept_as_events(office: Office, clock: SettableClock) -> None:
    seat = office()
    facts(shift.sign_in(seat.desk))
    clock.set("2026-03-02T12:00+08:00")
    facts(shift.change(seat.desk, "break", "用餐"))
    assert office().desk.seat_state() == Seat("张三", "break", "用餐", clock.now())
    events = seat.store.log.load(seat.desk.seat_stream)
    assert [event.envelope.type for event in events] == ["seat.signed_in", "seat.changed", "seat.changed"]


@pytest.mark.parametrize("parked", [True, False])
def test_an_unfinished_call_blocks_signing_out(office: Office, parked: bool) -> None:
    seat = office()
    facts(shift.sign_in(seat.desk))
    _, call = intake.take_call(seat.desk, "13800138000")
    if parked:
        facts(intake.park(seat.desk, call))
    decision = shift.change(seat.desk, "signed_out", records=seat.records)
    assert blocked(decision) == (("FJ-5.2",), "seat.unfinished_calls")
    assert seat.desk.seat_state().activity == "ready"


def test_an_unfinished_call_does_not_block_the_next_call(office: Office) -> None:
    seat = office()
    _, first = intake.take_call(seat.desk, "13800138000")
    facts(intake.park(seat.desk, first))
    decision, _ = intake.take_call(seat.desk, "13900139000")
    facts(decision)
    assert len(seat.records.unfinished_calls()) == 2


def test_when_every_call_is_finished_the_operator_signs_out(office: Office) -> None:
    seat = office()
    facts(shift.sign_in(seat.desk))
    _, call = intake.take_call(seat.desk, "13800138000")
    matter = seat.desk.call(call).open_matter
    assert matter is not None
    facts(intake.conclude(seat.desk, call, matter.id, Answered("kb-1", 1), intake.Telling()))
    facts(intake.close(seat.desk, call))
    facts(shift.change(seat.desk, "signed_out", records=seat.records))
    assert seat.desk.seat_state().activity == "signed_out"


def test_signing_out_unseen_is_a_mistake_of_the_program(office: Office) -> None:
    with pytest.raises(ValueError, match="records"):
        shift.change(office().desk, "signed_out")


def test_the_next_operator_takes_the_same_seat(office: Office) -> None:
    facts(shift.sign_in(office().desk))
    facts(shift.sign_in(office(actor=Actor("李四")).desk))
    assert office().desk.seat_state().operator == "李四"
