"""Looking up: the history of a number, lists of the day, an order by the digits a caller remembers."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.desk.records import History
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.intake.outcomes import Answered, Refused
from tests.conftest import Office
from tests.support.clock import SettableClock
from tests.support.rule_of import CLERK, facts
from tests.support.stories import RESULT, SIGNING, form

NUMBER = "13800138000"
REFUSED = Refused("FJ-13.7", explained=True, guided=True)


def call_about(seat: OpenDesk, outcome: Answered | Refused, number: str = NUMBER) -> str:
    """A finished call with one matter."""
    _, call = intake.take_call(seat.desk, number)
    matter = seat.desk.call(call).open_matter
    assert matter is not None
    facts(intake.conclude(seat.desk, call, matter.id, outcome, intake.Telling()))
    facts(intake.close(seat.desk, call))
    return call


def order_of(seat: OpenDesk, **details: object) -> tuple[str, str]:
    raised = intake.raise_order(seat.desk, "", "", form("fujian", **details), intake.Telling())
    return raised.order, raised.number


def test_a_number_opens_its_earlier_calls_open_orders_and_refusals(office: Office, clock: SettableClock) -> None:
    seat = office()
    first = call_about(seat, REFUSED)
    clock.set("2026-03-03T10:00+08:00")
    second = call_about(seat, Answered("kb-1", 1))
    call_about(seat, REFUSED, "13900139000")
    order, _ = order_of(seat)
    history = seat.records.history(NUMBER)
    assert [call.id for call in history.calls] == [second, first]
    assert [open_order.id for open_order in history.open_orders] == [order]
    assert history.refusals == 1


@pytest.mark.parametrize("spelling", ["138 0013 8000", "+86 138-0013-8000", "013800138000", "１３８００１３８０００"])
def test_a_number_is_known_however_the_exchange_spells_it(office: Office, spelling: str) -> None:
    seat = office()
    call = call_about(seat, Answered("kb-1", 1))
    assert [known.id for known in seat.records.history(spelling).calls] == [call]


@pytest.mark.parametrize("number", ["", "匿名", "13900139000"])
def test_a_number_nobody_knows_has_no_history(office: Office, number: str) -> None:
    seat = office()
    call_about(seat, Answered("kb-1", 1))
    call_about(seat, Answered("kb-1", 1), "")
    assert seat.records.history(number) == History()


def test_the_call_that_is_being_taken_is_not_its_own_history(office: Office) -> None:
    seat = office()
    earlier = call_about(seat, Answered("kb-1", 1))
    _, call = intake.take_call(seat.desk, NUMBER)
    assert [known.id for known in seat.records.history(NUMBER, without_call=call).calls] == [earlier]


def test_an_order_that_is_completed_is_no_open_order(office: Office) -> None:
    seat, unit = office(), office(actor=CLERK)
    order, _ = order_of(seat)
    facts(handling.dispatch(seat.desk, order))
    assert len(seat.records.history(NUMBER).open_orders) == 1
    facts(handling.sign(unit.desk, order, SIGNING))
    facts(handling.complete(unit.desk, order, RESULT["fujian"]))
    assert seat.records.history(NUMBER).open_orders == ()


def test_an_order_is_found_by_number_id_or_its_last_five_digits(office: Office) -> None:
    seat = office()
    order, number = order_of(seat)
    grouped = f"{number[:6]} {number[6:10]} {number[10:]}"
    for name in (number, grouped, number[-5:], f" {number[-5:]} ", order):
        assert seat.records.order(name).id == order, name


def test_five_digits_that_two_orders_share_are_not_guessed(office: Office, clock: SettableClock) -> None:
    seat = office()
    tails: dict[str, str] = {}
    for day in range(1, 29):
        clock.set(f"2026-03-{day:02d}T10:00+08:00")
        _, number = order_of(seat)
        if number[-5:] in tails:
            break
        tails[number[-5:]] = number
    with pytest.raises(BadInput) as caught:
        seat.records.order(number[-5:])
    assert caught.value.message.key == "error.order_ambiguous"
    assert caught.value.message.fields["count"] == 2
    assert seat.records.order(number).number == number


def test_an_order_is_found_under_a_number_it_once_had(office: Office) -> None:
    seat = office()
    order, _ = order_of(seat)
    seat.store.numbers.keep_alias("260301123400017", f"order:{order}")
    assert seat.records.order("260301 1234 00017").id == order


@pytest.mark.parametrize("name", ["", "00000", "260302000000000", "%", "不存在"])
def test_an_order_that_does_not_exist_is_not_found(office: Office, name: str) -> None:
    seat = office()
    order_of(seat)
    with pytest.raises(UnknownName) as caught:
        seat.records.order(name)
    assert caught.value.message.key == "error.order"


def test_a_call_is_found_by_the_beginning_of_its_id(office: Office, clock: SettableClock) -> None:
    seat = office()
    call = call_about(seat, Answered("kb-1", 1))
    assert seat.records.call(call[:20]).id == call
    call_about(seat, Answered("kb-1", 1))
    for name in ("", "%", "zzz", call[:2]):
        with pytest.raises(UnknownName):
            seat.records.call(name)


def test_the_lists_of_the_day_begin_and_end_at_midnight_in_shanghai(office: Office, clock: SettableClock) -> None:
    seat = office()
    for moment in ("2026-03-01T23:59:59+08:00", "2026-03-02T00:00:00+08:00", "2026-03-02T23:59:59+08:00"):
        clock.set(moment)
        call_about(seat, Answered("kb-1", 1))
        order_of(seat)
    clock.set("2026-03-03T00:00:00+08:00")
    assert (seat.records.calls_of_day(clock.now()), seat.records.orders_of_day(clock.now())) == ([], [])
    clock.set("2026-03-02T12:00:00+08:00")
    assert len(seat.records.calls_of_day(clock.now())) == 2
    assert [order.number[10:14] for order in seat.records.orders_of_day(clock.now())] == ["0002", "0001"]
    assert len(seat.records.calls(10)) == 3
    assert len(seat.records.calls(2)) == 2


def test_orders_are_listed_by_their_state(office: Office) -> None:
    seat = office()
    first, _ = order_of(seat)
    order_of(seat)
    facts(handling.dispatch(seat.desk, first))
    assert [order.id for order in seat.records.orders(10, status="dispatched")] == [first]
    assert len(seat.records.orders(10)) == 2


def test_what_no_server_has_seen_is_counted(office: Office) -> None:
    seat = office()
    assert seat.records.unsent() == 0
    call_about(seat, Answered("kb-1", 1))
    assert seat.records.unsent() == 3
