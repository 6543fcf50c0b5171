"""Zhijiang: what is urgent, what is reported upward, what goes to and comes from the police line."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from .conftest import NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
REPORT = {"recipient": "市政务服务和大数据管理局", "reported_at": "2026-03-02T10:05"}


@pytest.mark.clause("ZJ-16.3")
@pytest.mark.parametrize("means", ["contacted", "on_site"])
def test_an_urgent_order_is_red_at_once_until_the_caller_is_contacted_or_somebody_is_there(
    case: NewCase, means: str
) -> None:
    order = case("zhijiang").dispatched("2026-03-01T23:50+08:00", urgency="urgent")
    clock = order.clocks["contact"]
    assert (order.due("contact"), order.clause("contact")) == ("2026-03-01T23:50:00+08:00", "ZJ-16.3")
    assert clock.immediate
    assert order.owes == {"contact": True}
    facts(order.sign())
    assert blocked(order.complete()) == (("ZJ-16.3",), "duty.owed")
    assert missing(order.record("contact", CLERK)) == (("means", "contacted_at"), "ZJ-16.3")
    by_letter = order.record("contact", CLERK, means="letter", contacted_at="23:58")
    assert blocked(by_letter) == (("ZJ-16.3",), "record.not_allowed")
    assert blocked(order.record("contact", OPERATOR, means=means, contacted_at="23:58"))[1] == "order.not_your_step"
    facts(order.record("contact", CLERK, means=means, contacted_at="2026-03-01T23:58"))
    assert "contact" not in order.clocks
    assert order.owes == {}
    facts(order.complete())


@pytest.mark.clause("ZJ-16.3")
def test_an_ordinary_order_owes_no_contact(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    assert "contact" not in order.clocks
    facts(order.complete())


@pytest.mark.clause("ZJ-6.3")
@pytest.mark.parametrize("cause", ["重大", "紧急", "突发"])
def test_a_grave_urgent_or_sudden_event_is_reported_upward_by_the_bureau(case: NewCase, cause: str) -> None:
    order = case("zhijiang").completed()
    assert blocked(order.record("upward_report", BUREAU, **REPORT)) == (("ZJ-6.3",), "record.needs_flag")
    assert missing(order.flag("major_event")) == (("cause",), "ZJ-6.3")
    assert blocked(order.flag("major_event", cause="一般")) == (("ZJ-6.3",), "record.not_allowed")
    facts(order.flag("major_event", cause=cause))
    assert order.owes == {"upward_report": True, "bureau_report": True}
    facts(order.record("bureau_report", CENTRE, **REPORT))
    assert blocked(order.archive()) == (("ZJ-6.3",), "duty.owed")
    for field in REPORT:
        rest = {name: value for name, value in REPORT.items() if name != field}
        assert missing(order.record("upward_report", BUREAU, **rest)) == ((field,), "ZJ-6.3")
    assert blocked(order.record("upward_report", CENTRE, **REPORT)) == (("ZJ-6.3",), "order.not_your_step")
    facts(order.record("upward_report", BUREAU, **REPORT))
    assert order.owes == {}
    facts(order.archive())


@pytest.mark.clause("ZJ-6.3")
def test_a_satisfied_caller_does_not_put_away_an_event_that_was_not_reported(case: NewCase) -> None:
    order = case("zhijiang").completed()
    facts(order.flag("major_event", cause="重大"))
    facts(order.rate("satisfied"))
    assert order.order.status == "completed"
    facts(order.record("bureau_report", CENTRE, **REPORT))
    facts(order.record("upward_report", BUREAU, **REPORT))
    facts(order.archive())


@pytest.mark.clause("ZJ-7.6")
@pytest.mark.parametrize(("flag", "cause"), [("major_event", "突发"), ("difficult", "")])
def test_the_centre_reports_events_and_difficult_orders_to_the_bureau(case: NewCase, flag: str, cause: str) -> None:
    order = case("zhijiang").completed()
    facts(order.flag(flag, cause=cause))
    assert order.owes["bureau_report"] is (flag == "major_event")
    assert "ZJ-7.6" in blocked(order.archive())[0]
    for nobody in (CLERK, BUREAU, OPERATOR):
        assert blocked(order.record("bureau_report", nobody, **REPORT)) == (("ZJ-7.6",), "order.not_your_step")
    for field in REPORT:
        rest = {name: value for name, value in REPORT.items() if name != field}
        assert missing(order.record("bureau_report", LEAD, **rest)) == ((field,), "ZJ-7.6")
    facts(order.record("bureau_report", LEAD, **REPORT))
    assert "bureau_report" not in order.owes


@pytest.mark.clause("ZJ-12")
@pytest.mark.parametrize("record", ["handover_110", "received_from_110"])
def test_a_hand_over_to_or_from_the_police_line_keeps_its_time_and_reference(
    case: NewCase, ask: Ask, record: str
) -> None:
    order = case("zhijiang").raised(MONDAY)
    told = {"handed_over_at": "2026-03-02T10:03", "reference": "110-0302-17"}
    for field in told:
        rest = {name: value for name, value in told.items() if name != field}
        assert missing(order.record(record, **rest)) == ((field,), "ZJ-12")
    assert blocked(order.record(record, Actor("某人", "evaluator"), **told)) == (("ZJ-12",), "order.not_your_step")
    fields = [f"--field={name}={value}" for name, value in told.items()]
    assert ask("order", "record", order.order.number, record, *fields, "--jurisdiction=ZJ").code == 0
    shown = ask("order", "show", order.order.number, "--jurisdiction=ZJ", "--json").json["history"][-1]
    assert (shown["fields"]["record"], shown["fields"]["reference"]) == (record, "110-0302-17")


@pytest.mark.clause("ZJ-16.3")
def test_a_stranger_cannot_say_that_somebody_was_there(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY, urgency="urgent")
    decision = order.record("contact", STRANGER, means="on_site", contacted_at="10:20")
    assert blocked(decision) == (("ZJ-16.3",), "order.not_your_order")
