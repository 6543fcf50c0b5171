"""The operator's shift: signing in, breaks, signing out."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake, shift
from agent_console.domain.decisions import Blocked, Done, Missing
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


def test_a_parked_call_goes_over_with_the_note_and_blocks_signing_out_no_more(office: Office) -> None:
    first = office(actor=Actor("张三"))
    shift.sign_in(first.desk)
    _, call = intake.take_call(first.desk, "13800000001")
    intake.park(first.desk, call)
    assert isinstance(shift.change(first.desk, "signed_out", records=first.records), Blocked)
    assert isinstance(shift.hand_over(first.desk, first.records, " "), Missing)
    assert isinstance(shift.hand_over(first.desk, first.records, "等水务回电"), Done)
    assert isinstance(shift.change(first.desk, "signed_out", records=first.records), Done)
    assert isinstance(shift.take_over(first.desk), Blocked)
    second = office(actor=Actor("李四"))
    shift.sign_in(second.desk)
    assert shift.unfinished_calls(second.desk, second.records) == []
    assert isinstance(shift.take_over(second.desk), Done)
    assert [mine.id for mine in shift.unfinished_calls(second.desk, second.records)] == [call]
    assert shift.unfinished_calls(first.desk, first.records) == []
