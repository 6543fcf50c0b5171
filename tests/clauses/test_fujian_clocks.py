"""Fujian: what is due when, and what urgency changes."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import NewCase, allowed, missing

MONDAY = "2026-03-02T10:00+08:00"
SATURDAY_IN_HOLIDAY = "2026-10-03T22:15+08:00"
NOTICE = {"called_person": "值班员小林", "called_at": "2026-03-02T10:05"}


@pytest.mark.clause("FJ-14.2")
def test_the_platform_hands_on_within_one_working_day_and_owes_it_itself(case: NewCase, ask: Ask) -> None:
    order = case("fujian").raised(MONDAY)
    assert (order.due("dispatch"), order.clause("dispatch")) == ("2026-03-03T23:59:59+08:00", "FJ-14.2")
    order.clock.set("2026-03-04T00:00:00+08:00")
    assert set(order.clocks) == {"dispatch"}
    assert order.order.units == ()
    friday = case("fujian").raised("2026-03-06T23:59+08:00")
    assert friday.due("dispatch") == "2026-03-09T23:59:59+08:00"
    facts(friday.do(DispatchOrder()))
    assert "dispatch" not in friday.clocks


@pytest.mark.clause("FJ-14.3")
def test_an_urgent_order_goes_at_once_and_stays_red_until_the_unit_was_telephoned(case: NewCase, ask: Ask) -> None:
    order = case("fujian").raised(MONDAY, urgency="urgent")
    clock = order.clocks["dispatch"]
    assert (clock.immediate, clock.clause) == (True, "FJ-14.3")
    assert order.due("dispatch") == "2026-03-02T10:00:00+08:00"
    facts(order.do(DispatchOrder()))
    assert order.owes == {"phone_notice": True}
    facts(order.sign())
    assert order.owes == {"phone_notice": True}
    shown = ask("order", "show", order.order.number, "--jurisdiction=FJ", "--json").json
    assert [(owed["record"], owed["urgent"]) for owed in shown["owed"]] == [("phone_notice", True)]
    assert missing(order.record("phone_notice")) == (("called_person", "called_at"), "FJ-14.3")
    assert blocked(order.record("phone_notice", CLERK, **NOTICE)) == (("FJ-14.3",), "order.not_your_step")
    facts(order.record("phone_notice", **NOTICE))
    assert order.owes == {}
    assert order.order.recorded("phone_notice")[0].by == "张三"
    assert case("fujian").dispatched(MONDAY).owes == {}


@pytest.mark.clause("FJ-15")
@pytest.mark.parametrize("actor", [CENTRE, CLERK])
def test_a_matter_of_emergency_management_is_reported_before_it_is_closed(case: NewCase, actor: Actor) -> None:
    order = case("fujian").signed(MONDAY)
    facts(order.flag("emergency_management", actor))
    assert blocked(order.complete()) == (("FJ-15",), "duty.owed")
    assert missing(order.record("emergency_report", actor)) == (("reported_at", "recipient"), "FJ-15")
    told = {"reported_at": "2026-03-02T11:00", "recipient": "市应急管理局"}
    facts(order.record("emergency_report", actor, **told))
    facts(order.complete())
    late = case("fujian").completed(MONDAY)
    facts(late.flag("emergency_management", LEAD))
    facts(late.record("platform_file", materials="全案"))
    facts(late.record("unit_file", CLERK, materials="照片"))
    assert blocked(late.archive()) == (("FJ-15",), "duty.owed")
    facts(late.record("emergency_report", LEAD, **told))
    facts(late.archive())


@pytest.mark.clause("FJ-17.1")
def test_unsigned_orders_are_reminded_by_three_means_and_no_signing_limit_is_shown(case: NewCase) -> None:
    order = case("fujian").dispatched(MONDAY)
    assert "sign" not in order.clocks
    for means in ("system", "sms", "phone"):
        facts(order.record("reminder", OPERATOR, "2026-03-04T09:00+08:00", means=means))
    assert blocked(order.record("reminder", means="letter")) == (("FJ-17.1",), "record.not_allowed")
    assert missing(order.record("reminder")) == (("means",), "FJ-17.1")
    assert blocked(order.record("reminder", CLERK, means="sms")) == (("FJ-17.1",), "order.not_your_step")
    assert order.log()[-1] == ("order.recorded", "2026-03-04T09:00:00+08:00")
    facts(order.sign())
    assert blocked(order.record("reminder", means="sms")) == (("FJ-17.1",), "record.not_now")


@pytest.mark.clause("FJ-18.1")
def test_signing_names_department_and_officer_and_starts_the_clock(case: NewCase) -> None:
    order = case("fujian").dispatched(MONDAY)
    assert missing(order.sign(without="department")) == (("department",), "FJ-18.1")
    assert missing(order.sign(without="officer")) == (("officer",), "FJ-18.1")
    assert blocked(order.sign(actor=LEAD)) == (("FJ-18.1",), "order.not_your_step")
    facts(order.sign("2026-03-05T16:00+08:00"))
    assert order.due() == "2026-03-19T23:59:59+08:00"


@pytest.mark.clause("FJ-20.0")
def test_every_dispatched_order_shows_when_it_is_due_and_by_which_clause(case: NewCase, ask: Ask) -> None:
    clauses = {}
    for kind in ("咨询", "投诉", "建议", "求助"):
        order = case("fujian").dispatched(MONDAY, kind=kind)
        assert order.due()
        shown = ask("order", "show", order.order.number, "--jurisdiction=FJ", "--json").json
        [clock] = [clock for clock in shown["clocks"] if clock["limit"] == "handle"]
        clauses[kind] = clock["clause"]
    assert clauses == {"咨询": "FJ-20.1", "投诉": "FJ-20.2a", "建议": "FJ-20.3", "求助": "FJ-20.4a"}


@pytest.mark.parametrize(
    ("kind", "listed", "due", "clause"),
    [
        pytest.param("咨询", False, "2026-03-04", "FJ-20.1", marks=pytest.mark.clause("FJ-20.1")),
        pytest.param("投诉", False, "2026-03-16", "FJ-20.2a", marks=pytest.mark.clause("FJ-20.2a")),
        pytest.param("投诉", True, "2026-03-05", "FJ-20.2b", marks=pytest.mark.clause("FJ-20.2b")),
        pytest.param("咨询", True, "2026-03-04", "FJ-20.1", marks=pytest.mark.clause("FJ-20.2b")),
        pytest.param("建议", True, "2026-03-09", "FJ-20.3", marks=pytest.mark.clause("FJ-20.2b")),
        pytest.param("求助", True, "2026-03-05", "FJ-20.4a", marks=pytest.mark.clause("FJ-20.2b")),
        pytest.param("建议", False, "2026-03-09", "FJ-20.3", marks=pytest.mark.clause("FJ-20.3")),
        pytest.param("求助", False, "2026-03-05", "FJ-20.4a", marks=pytest.mark.clause("FJ-20.4a")),
    ],
)
def test_each_kind_has_its_working_days_from_signing(
    case: NewCase, kind: str, listed: bool, due: str, clause: str
) -> None:
    order = case("fujian").dispatched("2026-02-27T10:00+08:00", kind=kind, listed=listed)
    facts(order.sign(MONDAY))
    assert (order.due(), order.clause()) == (f"{due}T23:59:59+08:00", clause)


@pytest.mark.clause("FJ-20.1")
def test_the_clock_stops_only_when_result_and_answer_are_recorded(case: NewCase) -> None:
    order = case("fujian").signed(MONDAY, kind="咨询")
    facts(order.record("caller_answer", CLERK, answered_at="2026-03-02T11:00", answer="可以网上办"))
    assert order.due() == "2026-03-04T23:59:59+08:00"
    assert missing(order.complete(without="answered_at")) == (("answered_at",), "FJ-18.2")
    assert missing(order.complete(without="result")) == (("result",), "FJ-18.2")
    assert missing(order.complete(without="leader")) == (("leader",), "FJ-18.2")
    assert blocked(order.complete(resolution="perhaps"))[1] == "record.not_allowed"
    suggestion = case("fujian").signed(MONDAY, kind="建议")
    assert missing(suggestion.complete()) == (("adopted", "adopted_reason"), "FJ-6.4")
    assert order.due() == "2026-03-04T23:59:59+08:00"
    facts(order.complete())
    assert order.due() == ""


@pytest.mark.clause("FJ-20.4b")
def test_who_asks_for_help_is_called_within_one_working_day_and_only_a_recorded_contact_counts(case: NewCase) -> None:
    order = case("fujian").dispatched("2026-02-27T10:00+08:00", kind="求助")
    facts(order.sign(MONDAY))
    assert (order.due("contact"), order.clause("contact")) == ("2026-03-03T23:59:59+08:00", "FJ-20.4b")
    facts(order.record("handling", CLERK, note="已派人"))
    facts(order.record("caller_answer", CLERK, answered_at="2026-03-02T11:00", answer="会处理"))
    assert order.due("contact") == "2026-03-03T23:59:59+08:00"
    assert missing(order.record("contact", CLERK)) == (("contacted_at", "contact_note"), "FJ-20.4b")
    assert blocked(order.record("contact", LEAD, contacted_at="x", contact_note="x"))[1] == "order.not_your_step"
    facts(order.record("contact", CLERK, contacted_at="2026-03-02T15:00", contact_note="已了解情况"))
    assert order.due("contact") == ""
    for kind in ("咨询", "投诉", "建议"):
        assert case("fujian").signed(MONDAY, kind=kind).due("contact") == ""


@pytest.mark.clause("FJ-20.5")
@pytest.mark.parametrize("kind", ["咨询", "投诉", "建议", "求助"])
@pytest.mark.parametrize("fact", [{"urgency": "urgent"}, {"simple": True}])
def test_urgent_or_simple_is_answered_the_same_calendar_day_holidays_included(
    case: NewCase, kind: str, fact: dict[str, object]
) -> None:
    order = case("fujian").signed(SATURDAY_IN_HOLIDAY, kind=kind, listed=True, **fact)
    assert (order.due(), order.clause()) == ("2026-10-03T23:59:59+08:00", "FJ-20.5")
    assert case("fujian").signed(SATURDAY_IN_HOLIDAY, kind=kind).clause() != "FJ-20.5"


@pytest.mark.clause("FJ-19.3")
def test_a_safety_hazard_is_made_safe_before_the_first_unit_passes_the_order_on(case: NewCase) -> None:
    returning = case("fujian").dispatched(MONDAY)
    facts(returning.flag("safety_hazard"))
    assert blocked(returning.return_()) == (("FJ-19.3",), "duty.owed")
    assert missing(returning.record("safety_measure", CLERK)) == (("measure",), "FJ-19.3")
    assert blocked(returning.record("safety_measure", measure="x")) == (("FJ-19.3",), "order.not_your_step")
    facts(returning.record("safety_measure", CLERK, measure="拉起警戒线"))
    facts(returning.return_())
    passing = case("fujian").signed(MONDAY)
    facts(passing.flag("safety_hazard", CLERK))
    facts(passing.record("reassign_request", CLERK, basis="三定方案", suggestion="水利局"))
    assert blocked(passing.reassign("水利局", LEAD)) == (("FJ-19.3",), "duty.owed")
    facts(passing.record("safety_measure", CLERK, measure="拉起警戒线"))
    facts(passing.reassign("水利局", LEAD))
    assert allowed(case("fujian").dispatched(MONDAY).return_())
