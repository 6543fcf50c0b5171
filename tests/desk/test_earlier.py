"""What earlier calls and orders tell of the matter in hand, whoever brought them."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.calls.earlier import Earlier, EarlierMatters, read_again
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done
from agent_console.domain.intake.outcomes import Answered, Ordered
from agent_console.domain.work_order import order_life
from agent_console.domain.work_order.order_endings import VoidOrder
from agent_console.store.connection import open_connection
from tests.conftest import Office
from tests.support.rule_of import CLERK, LEAD, STRANGER, facts
from tests.support.secret_keys import in_environment
from tests.support.stories import form

OTHER = "13900139000"
NOTE = "市民说五四路的路灯又坏了"


def raised(seat: OpenDesk, **details: object) -> str:
    """Id of an order that was just made: a street lamp at 五四路, unless it is said otherwise."""
    raising = intake.raise_order(seat.desk, "", "", form("fujian", **details), intake.Telling())
    assert isinstance(raising.decision, Done)
    return raising.order


def answered(seat: OpenDesk, note: str, number: str = OTHER) -> str:
    """Id of a call whose matter was answered on the spot."""
    decision, call = intake.take_call(seat.desk, number)
    facts(decision)
    matter = seat.desk.call(call).matters[0].id
    facts(intake.conclude(seat.desk, call, matter, Answered(), intake.Telling(note, "已说明")))
    facts(intake.close(seat.desk, call))
    return call


def found(seat: OpenDesk, note: str = NOTE, number: str = OTHER) -> Earlier:
    """What a thread of its own finds and the desk shows."""
    connection = open_connection(seat.store.path)
    try:
        return read_again(seat, EarlierMatters(connection).like(note, number))
    finally:
        connection.close()


def test_an_order_of_another_caller_about_the_same_trouble_in_the_same_street_comes_up(office: Office) -> None:
    seat = office()
    order = raised(seat)
    earlier = found(seat)
    assert [one.id for one in earlier.orders] == [order]
    assert (earlier.why[order].same_place, earlier.why[order].same_number) == (True, False)


def test_another_street_or_another_trouble_does_not(office: Office) -> None:
    seat = office()
    raised(seat)
    assert not found(seat, "八一路的路灯又坏了").orders
    assert not found(seat, "五四路垃圾没人收").orders
    assert not found(seat, "").orders


def test_of_the_same_number_the_trouble_is_enough(office: Office) -> None:
    seat = office()
    order = raised(seat)
    earlier = found(seat, "我上次说的路灯还是不亮", "13800138000")
    assert [one.id for one in earlier.orders] == [order]
    assert (earlier.why[order].same_place, earlier.why[order].same_number) == (False, True)
    assert not found(seat, "我上次说的路灯还是不亮", OTHER).orders


def test_the_same_number_and_place_come_before_the_same_place_alone(office: Office) -> None:
    seat = office()
    own, others = raised(seat), raised(seat, caller_number=OTHER)
    assert [one.id for one in found(seat, number="13800138000").orders] == [own, others]
    assert [one.id for one in found(seat, number=OTHER).orders] == [others, own]


def test_a_call_that_became_no_order_comes_up_and_one_that_did_comes_up_once(office: Office) -> None:
    seat = office()
    call = answered(seat, "问五四路路灯坏了找谁")
    decision, ordered = intake.take_call(seat.desk, OTHER)
    facts(decision)
    matter = seat.desk.call(ordered).matters[0].id
    raising = intake.raise_order(seat.desk, ordered, matter, form("fujian"), intake.Telling("五四路路灯不亮"))
    assert isinstance(seat.desk.call(ordered).matters[0].outcome, Ordered)
    earlier = found(seat)
    assert [one.id for one in earlier.calls] == [call]
    assert [one.id for one in earlier.orders] == [raising.order]


def test_what_is_written_after_the_first_look_is_found_by_the_next(office: Office) -> None:
    seat = office()
    matters = EarlierMatters(seat.store.connection)
    assert matters.like(NOTE) == ()
    order = raised(seat)
    assert [alike.stream for alike in matters.like(NOTE)] == [f"order:{order}"]
    facts(intake.conclude(seat.desk, *_taken(seat), Answered(), intake.Telling("问别的", "已说明")))
    assert [alike.stream for alike in matters.like(NOTE)] == [f"order:{order}"]


def _taken(seat: OpenDesk) -> tuple[str, str]:
    decision, call = intake.take_call(seat.desk, OTHER)
    facts(decision)
    return call, seat.desk.call(call).matters[0].id


def test_after_the_file_was_written_anew_everything_is_still_found(office: Office) -> None:
    seat = office()
    orders = [raised(seat, title=f"五四路第{number}盏路灯不亮") for number in range(3)]
    matters = EarlierMatters(seat.store.connection)
    assert len(matters.like(NOTE)) == 3
    seat.store.erase(f"order:{orders[0]}")
    seat.store.compact()
    order = raised(seat)
    shown = read_again(seat, matters.like(NOTE))
    assert {one.id for one in shown.orders} == {*orders[1:], order}


def test_more_than_one_look_brings_in_what_is_older(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_console.desk.calls.earlier._AT_ONCE", 2)
    seat = office()
    oldest = raised(seat)
    for number in range(4):
        raised(seat, title="别处的事", content=f"第{number}处垃圾没人收")
    matters = EarlierMatters(seat.store.connection)
    assert matters.like(NOTE) == ()
    matters.like(NOTE)
    assert [alike.stream for alike in matters.like(NOTE)] == [f"order:{oldest}"]
    assert matters.compared == 5


def test_only_the_newest_are_compared(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_console.desk.calls.earlier.MOST", 2)
    seat = office()
    matters = EarlierMatters(seat.store.connection)
    raised(seat)
    assert len(matters.like(NOTE)) == 1
    raised(seat, title="别处的事", content="垃圾没人收")
    raised(seat, title="别处的事", content="树倒了")
    assert matters.like(NOTE) == ()
    assert matters.compared == 2


def test_a_confidential_order_is_not_compared_and_that_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    seat = office("binzhou")
    details = form("binzhou", confidential=True, caller_number=OTHER)
    assert isinstance(intake.raise_order(seat.desk, "", "", details, intake.Telling()).decision, Done)
    assert not found(seat).orders
    assert seat.records.history(OTHER).not_compared == 1


def test_an_order_that_was_voided_is_nothing_to_add_to(office: Office) -> None:
    seat = office()
    order = raised(seat)
    lead = office("fujian", LEAD)
    facts(lead.desk.order_step(order, order_life.decide, VoidOrder("重复")))
    assert not found(seat).orders


def test_a_unit_is_shown_only_its_own(office: Office) -> None:
    seat = office()
    facts(handling.dispatch(seat.desk, raised(seat)))
    alike = EarlierMatters(seat.store.connection).like(NOTE)
    assert len(read_again(office("fujian", CLERK), alike).orders) == 1
    assert not read_again(office("fujian", STRANGER), alike).orders


def test_calls_and_orders_from_before_the_line_shared_its_key_are_found_by_their_number_afterwards(
    office: Office,
) -> None:
    seat = office()
    call, order = answered(seat, NOTE), raised(seat, caller_number=OTHER)
    before = seat.store.sealing.number_hash(OTHER)
    figures = seat.store.figures.figures()
    seat.store.share_number_key(b"k" * 32)
    assert seat.store.sealing.number_hash(OTHER) != before
    history = seat.records.history(OTHER)
    assert [one.id for one in history.calls] == [call]
    assert [one.id for one in history.open_orders] == [order]
    assert seat.store.figures.figures() == figures
