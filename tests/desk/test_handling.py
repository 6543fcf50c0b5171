"""The steps of an order on a real file, taken by the people they fall to."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done, Missing, NeedsOverride
from agent_console.domain.people import Actor
from tests.conftest import Office
from tests.support.rule_of import BUREAU, CENTRE, CLERK, FIVE, STRANGER, blocked, clock_of, facts
from tests.support.stories import EXTENDING, RESULT, RETURNING, SIGNING, form


def raised(seat: OpenDesk, jurisdiction: str, **details: object) -> str:
    raising = intake.raise_order(seat.desk, "", "", form(jurisdiction, **details), intake.Telling())
    assert isinstance(raising.decision, Done), raising.decision
    return raising.order


@pytest.mark.parametrize("jurisdiction", FIVE)
def test_an_order_goes_from_the_line_to_the_unit_to_its_result(office: Office, jurisdiction: str) -> None:
    line, unit = office(jurisdiction).desk, office(jurisdiction, CLERK).desk
    order = raised(office(jurisdiction), jurisdiction)
    facts(handling.dispatch(line, order))
    facts(handling.sign(unit, order, SIGNING))
    facts(handling.complete(unit, order, RESULT[jurisdiction]))
    assert line.order(order).status == "completed"
    assert handling.clocks(line, order) == {}


def test_who_did_what_stands_in_the_log(office: Office) -> None:
    line, unit = office("zhijiang"), office("zhijiang", CLERK)
    order = raised(line, "zhijiang")
    facts(handling.dispatch(line.desk, order))
    facts(handling.sign(unit.desk, order, {}))
    events = [event.envelope for event in line.store.log.load(f"order:{order}")]
    assert [(event.type, event.actor, event.role) for event in events] == [
        ("order.raised", "张三", "operator"),
        ("order.dispatched", "张三", "operator"),
        ("order.signed", "王经办", "unit_clerk"),
    ]
    assert {event.seat for event in events} == {"12"}
    assert {event.jurisdiction for event in events} == {"zhijiang"}
    assert {event.rule_book for event in events} == {line.desk.rule_book.version}
    assert [event.version for event in events] == [1, 2, 3]


def test_a_step_that_is_refused_leaves_no_event(office: Office) -> None:
    line, unit, stranger = office("fujian"), office("fujian", CLERK).desk, office("fujian", STRANGER).desk
    order = raised(line, "fujian")
    facts(handling.dispatch(line.desk, order))
    assert handling.sign(unit, order, {}) == Missing(("department", "officer"), "FJ-18.1")
    assert blocked(handling.sign(stranger, order, SIGNING)) == (("FJ-18.1",), "order.not_your_order")
    assert blocked(handling.complete(unit, order, RESULT["fujian"]))[1] == "order.step_not_now.dispatched"
    assert line.store.log.version(f"order:{order}") == 2


def test_an_order_that_does_not_exist_takes_no_step(office: Office) -> None:
    decision = handling.dispatch(office("fujian").desk, "01a2-nothing")
    assert blocked(decision) == (("FJ-14.2",), "order.step_not_now.new")


def test_in_zhijiang_a_return_goes_to_the_line_and_on_to_another_unit(office: Office) -> None:
    line, unit, centre = (office("zhijiang", who).desk for who in (None, CLERK, CENTRE))
    order = raised(office("zhijiang"), "zhijiang")
    facts(handling.dispatch(line, order))
    facts(handling.return_(unit, order, RETURNING["zhijiang"]))
    facts(handling.decide_return(centre, order, granted=True, reason=""))
    facts(handling.dispatch(line, order, "水利局"))
    facts(handling.sign(office("zhijiang", STRANGER).desk, order, {}))
    assert line.order(order).units == ("城市管理局", "水利局")


def test_in_fujian_the_unit_extends_and_the_clock_shows_the_new_date(office: Office) -> None:
    line, unit = office("fujian").desk, office("fujian", CLERK).desk
    order = raised(office("fujian"), "fujian")
    facts(handling.dispatch(line, order))
    facts(handling.sign(unit, order, SIGNING))
    assert clock_of(handling.clocks(line, order)["handle"].due) == "2026-03-16T23:59:59+08:00"
    facts(handling.extend(unit, order, 5, EXTENDING))
    assert clock_of(handling.clocks(line, order)["handle"].due) == "2026-03-23T23:59:59+08:00"


def test_in_binzhou_more_than_ten_days_are_an_exception_on_record(office: Office) -> None:
    line, unit, bureau = (office("binzhou", who).desk for who in (None, CLERK, BUREAU))
    order = raised(office("binzhou"), "binzhou", complexity="especially_complex")
    facts(handling.dispatch(line, order))
    facts(handling.extend(unit, order, 12, {"reason": "工程量大"}))
    assert isinstance(handling.decide_extension(bureau, order, granted=True, reason=""), NeedsOverride)
    facts(handling.decide_extension(bureau, order, granted=True, reason="特批", override=True))
    assert clock_of(line.order(order).due) == "2026-03-25T23:59:59+08:00"


def test_the_operator_of_the_settings_declares_their_own_role(office: Office) -> None:
    assert office().desk.actor == Actor("张三", "operator", self_declared=True)
