"""Fujian: verification, redo, callback, and the supervision that follows."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import callbacks
from agent_console.domain.decisions import Decision
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..conftest import Office
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from .conftest import Case, NewCase, allowed, missing

MONDAY = "2026-03-02T10:00+08:00"
PROVINCE = Actor("省级", "province")
CALLER = Actor("回访员甲", "callback_agent")
BLAMED = {"means": "phone", "finding": "unit_responsible"}
CLEARED = {"means": "phone", "finding": "unit_not_responsible"}
TALKED = {"means": "phone", "handling": "已办", "feedback": "已答复", "satisfaction": "satisfied", "opinions": "无"}
LEDGER = {"means": "整改通知", "issued_on": "2026-03-10", "rectify_by": "2026-03-20"}


def filed(order: Case) -> Decision:
    """Put away, with the materials of both sides."""
    facts(order.record("platform_file", materials="工单"))
    facts(order.record("unit_file", CLERK, materials="照片"))
    return order.archive()


def dissatisfied(order: Case, **verified: str) -> Case:
    facts(order.rate("dissatisfied"))
    facts(order.record("verification", CALLER, **verified))
    return order


@pytest.mark.clause("FJ-8.4")
def test_an_important_order_is_investigated_and_the_record_says_who_when_and_what_was_found(case: NewCase) -> None:
    order = case("fujian").signed()
    found = {"investigator": "省督查组", "investigated_at": "2026-03-05", "finding": "属实"}
    assert blocked(order.record("investigation", PROVINCE, **found)) == (("FJ-8.4",), "record.needs_flag")
    assert blocked(order.flag("important", CLERK)) == (("FJ-8.4",), "order.not_your_step")
    facts(order.flag("important", PROVINCE))
    for field in found:
        rest = {name: value for name, value in found.items() if name != field}
        assert missing(order.record("investigation", PROVINCE, **rest)) == ((field,), "FJ-8.4")
    assert blocked(order.record("investigation", CLERK, **found)) == (("FJ-8.4",), "order.not_your_step")
    facts(order.record("investigation", PROVINCE, **found))
    assert order.order.recorded("investigation")[0].fields == found


@pytest.mark.clause("FJ-21")
def test_platform_and_units_verify_by_four_means(case: NewCase) -> None:
    order = case("fujian").completed()
    for means in ("caller_rating", "phone", "site_visit", "interview"):
        for actor in (OPERATOR, CALLER, CLERK):
            facts(order.record("verification", actor, means=means, finding="unit_not_responsible"))
    wrong = order.record("verification", means="hearsay", finding="unit_responsible")
    assert blocked(wrong) == (("FJ-21",), "record.not_allowed")
    assert missing(order.record("verification", finding="unit_responsible")) == (("means",), "FJ-21")
    assert missing(order.record("verification", means="phone")) == (("finding",), "FJ-22.1")
    assert blocked(order.record("verification", STRANGER, **CLEARED))[1] == "order.not_your_order"


@pytest.mark.clause("FJ-22.1")
def test_a_dissatisfied_caller_gets_a_redo_only_where_the_unit_is_found_responsible(case: NewCase) -> None:
    order = case("fujian").completed(MONDAY)
    facts(order.record("verification", **BLAMED))
    assert blocked(order.redo()) == (("FJ-22.1",), "redo.not_rated")
    order = case("fujian").completed(MONDAY)
    facts(order.rate("dissatisfied"))
    assert blocked(order.redo()) == (("FJ-22.1",), "redo.needs_record")
    assert missing(order.record("verification", means="phone")) == (("finding",), "FJ-22.1")
    facts(order.record("verification", **CLEARED))
    assert blocked(order.redo()) == (("FJ-22.1",), "redo.not_to_blame")
    facts(order.record("verification", **BLAMED))
    assert blocked(order.redo(actor=CLERK)) == (("FJ-22.1",), "order.not_your_step")
    assert blocked(order.redo("doubtful_reply")) == (("FJ-22.1",), "redo.no_ground")
    assert blocked(filed(order)) == (("FJ-22.1",), "archive.redo_owed")
    facts(order.redo(at="2026-03-04T10:00+08:00"))
    assert (order.order.status, order.order.redos, order.order.lead) == ("signed", 1, "城市管理局")
    assert (order.due(), order.clause()) == ("2026-03-18T23:59:59+08:00", "FJ-22.1")
    assert order.clocks["handle"].basis == "推定"
    assert "supervised" not in order.order.flags


@pytest.mark.clause("FJ-22.1")
def test_where_the_unit_is_not_to_blame_the_case_closes_with_that_finding(case: NewCase) -> None:
    order = case("fujian").completed()
    facts(order.rate("dissatisfied"))
    assert blocked(filed(order)) == (("FJ-22.1",), "duty.owed")
    facts(order.record("verification", **CLEARED))
    facts(order.archive())
    assert order.order.recorded("verification")[-1].fields["finding"] == "unit_not_responsible"
    facts(filed(case("fujian").completed()))


@pytest.mark.clause("FJ-22.1")
@pytest.mark.clause("FJ-22.2")
def test_the_second_dissatisfaction_verified_again_is_redone_and_enters_the_ledger(case: NewCase) -> None:
    order = dissatisfied(case("fujian").completed(MONDAY), **BLAMED)
    facts(order.redo(at="2026-03-03T10:00+08:00"))
    facts(order.complete("2026-03-04T10:00+08:00"))
    facts(order.rate("dissatisfied"))
    assert blocked(order.redo())[1] == "redo.needs_record"
    facts(order.record("verification", **BLAMED))
    facts(order.redo(at="2026-03-05T10:00+08:00"))
    assert order.order.redos == 2
    assert "supervised" in order.order.flags
    [entry] = order.order.recorded("supervision")
    assert (entry.about, entry.fields["reason"], entry.fields["automatic"]) == ("城市管理局", "FJ-22.2", "true")
    facts(order.complete("2026-03-06T10:00+08:00"))
    dissatisfied(order, **BLAMED)
    assert blocked(order.redo()) == (("FJ-22.2",), "redo.no_more")
    assert blocked(filed(order)) == (("FJ-22.2",), "duty.owed")
    assert blocked(order.record("supervision_end", CENTRE, reason="已解决")) == (("FJ-22.2",), "order.not_your_step")
    assert missing(order.record("supervision_end", LEAD)) == (("reason",), "FJ-22.2")
    facts(order.record("supervision_end", LEAD, reason="已解决"))
    facts(order.archive())


@pytest.mark.clause("FJ-23.1")
def test_a_share_that_the_lead_sets_is_drawn_by_chance_and_asked_about_four_things(
    case: NewCase, office: Office, ask: Ask
) -> None:
    orders = [case("fujian").completed() for _ in range(24)]
    line, lead = orders[0].opened, office("fujian", LEAD).desk
    assert callbacks.queue(line.desk, line.records) == []
    for actor in (OPERATOR, CENTRE, CLERK):
        assert blocked(callbacks.set_share(office("fujian", actor).desk, 50)) == (("FJ-23.1",), "order.not_your_step")
    facts(callbacks.set_share(lead, 50))
    drawn = [order.id for order in callbacks.queue(line.desk, line.records)]
    assert 0 < len(drawn) < 24
    assert drawn == [order.id for order in callbacks.queue(line.desk, line.records)]
    facts(callbacks.set_share(lead, 100))
    assert len(callbacks.queue(line.desk, line.records)) == 24
    facts(orders[0].record("callback", CALLER, **TALKED))
    assert orders[0].id not in [order.id for order in callbacks.queue(line.desk, line.records)]
    assert len(callbacks.queue(office("fujian", CLERK).desk, line.records)) == 23
    assert callbacks.queue(office("fujian", STRANGER).desk, line.records) == []
    assert len(ask("order", "callbacks", "--jurisdiction=FJ", "--json").json) == 23


@pytest.mark.clause("FJ-23.1")
def test_platform_and_units_call_back_by_four_means_and_write_down_four_things(case: NewCase, ask: Ask) -> None:
    [asked] = [one for one in ask("order", "records", "-j", "FJ", "--json").json if one["id"] == "callback"]
    ticks = {"reached", "problem", "rude", "retaliation"}
    assert set(asked["fields"]) == {"means", "handling", "feedback", "satisfaction", "opinions"} | ticks
    order = case("fujian").completed()
    for means in ("phone", "interview", "site_visit", "spot_check"):
        for actor in (CALLER, CLERK):
            facts(order.record("callback", actor, **{**TALKED, "means": means}))
    for field in ("means", "handling", "feedback", "satisfaction", "opinions"):
        rest = {name: value for name, value in TALKED.items() if name != field}
        assert missing(order.record("callback", CALLER, **rest)) == ((field,), "FJ-23.1")
    assert blocked(order.record("callback", CALLER, **{**TALKED, "means": "letter"}))[1] == "record.not_allowed"
    facts(order.record("callback", CALLER, means="phone", reached="no"))


@pytest.mark.clause("FJ-23.2")
def test_a_supervised_order_may_be_called_on_in_person(case: NewCase) -> None:
    order = case("fujian").completed()
    visit = {**TALKED, "means": "in_person"}
    assert blocked(order.record("callback", CALLER, **visit)) == (("FJ-23.1",), "record.not_allowed")
    facts(order.record("supervision", LEAD, **LEDGER))
    facts(order.record("callback", CALLER, **visit))


@pytest.mark.clause("FJ-23.3")
def test_a_problem_found_in_a_callback_is_a_task_the_unit_has_to_put_right(case: NewCase) -> None:
    order = case("fujian").completed()
    facts(order.record("callback", CALLER, **TALKED))
    assert "rectification" not in order.owes
    facts(order.record("callback", CALLER, **TALKED, problem="只答复未修"))
    [task] = order.order.recorded("rectification_task")
    assert (task.fields["reason"], task.about) == ("只答复未修", "城市管理局")
    assert "rectification" in order.owes
    assert blocked(filed(order)) == (("FJ-23.3",), "duty.owed")
    done = {"measure": "已换灯", "done_on": "2026-03-06"}
    assert blocked(order.record("rectification", CALLER, **done)) == (("FJ-23.3",), "order.not_your_step")
    assert blocked(order.record("rectification", CLERK, measure="x", done_on="明天"))[1] == "record.not_allowed"
    assert missing(order.record("rectification", CLERK)) == (("measure", "done_on"), "FJ-23.3")
    facts(order.record("rectification", CLERK, **done))
    assert "rectification" not in order.owes
    facts(order.archive())
    other = case("fujian").completed()
    assert blocked(other.record("rectification", CLERK, **done)) == (("FJ-23.3",), "record.needs_record")
    assert missing(other.record("rectification_task", CALLER)) == (("reason",), "FJ-23.3")
    assert blocked(other.record("rectification_task", CLERK, reason="x")) == (("FJ-23.3",), "order.not_your_step")
    facts(other.record("rectification_task", CALLER, reason="答复不实"))
    facts(other.record("rectification", CLERK, **done))


@pytest.mark.clause("FJ-24")
def test_the_ledger_holds_order_unit_means_dates_and_result(case: NewCase, ask: Ask) -> None:
    known = {one["id"]: one["fields"] for one in ask("order", "records", "-j", "FJ", "--json").json}
    assert known["supervision"] == ["means", "issued_on", "rectify_by"]
    assert known["supervision_result"] == ["result", "measure"]
    order = case("fujian").signed()
    for means in ("督查专报", "整改通知", "督查建议", "约谈提醒"):
        facts(order.record("supervision", LEAD, **{**LEDGER, "means": means}))
    assert blocked(order.record("supervision", LEAD, **{**LEDGER, "means": "电话"}))[1] == "record.not_allowed"
    for field in LEDGER:
        rest = {name: value for name, value in LEDGER.items() if name != field}
        assert missing(order.record("supervision", LEAD, **rest)) == ((field,), "FJ-24")
    for field in ("issued_on", "rectify_by"):
        assert blocked(order.record("supervision", LEAD, **{**LEDGER, field: "尽快"}))[1] == "record.not_allowed"
    for actor in (OPERATOR, CLERK):
        assert blocked(order.record("supervision", actor, **LEDGER)) == (("FJ-24",), "order.not_your_step")
    assert "supervised" in order.order.flags
    assert missing(order.record("supervision_result", LEAD)) == (("result",), "FJ-24")
    assert blocked(order.flag("supervised", OPERATOR, on=False)) == (("FJ-24",), "order.not_your_step")
    facts(case("fujian").signed().flag("supervised", PROVINCE))
    facts(order.record("supervision_result", LEAD, result="已整改", measure="通报批评"))
    entries = order.order.recorded("supervision")
    assert {entry.about for entry in entries} == {"城市管理局"}
    assert entries[1].fields == LEDGER
    other = case("fujian").signed()
    early = other.record("supervision_result", LEAD, result="x")
    assert blocked(early) == (("FJ-24",), "record.needs_record")


@pytest.mark.clause("FJ-30.2")
def test_a_result_is_marked_perfunctory_false_or_beside_the_point_and_counts_for_the_unit(case: NewCase) -> None:
    order = case("fujian").completed()
    for defect in ("敷衍", "弄虚作假", "答非所问"):
        facts(order.record("mark", LEAD, defect=defect))
    assert blocked(order.record("mark", LEAD, defect="推诿")) == (("FJ-30.2",), "record.not_allowed")
    assert missing(order.record("mark", LEAD)) == (("defect",), "FJ-30.2")
    for actor in (OPERATOR, CLERK):
        assert blocked(order.record("mark", actor, defect="敷衍")) == (("FJ-30.2",), "order.not_your_step")
    marked = [(entry.about, entry.fields["defect"]) for entry in order.order.recorded("mark")]
    assert marked == [("城市管理局", "敷衍"), ("城市管理局", "弄虚作假"), ("城市管理局", "答非所问")]
    assert not allowed(case("fujian").signed().record("mark", LEAD, defect="敷衍"))


@pytest.mark.clause("FJ-30.6")
@pytest.mark.parametrize("tick", ["rude", "retaliation"])
def test_rude_treatment_or_retaliation_ticked_in_a_callback_alerts_the_lead(case: NewCase, ask: Ask, tick: str) -> None:
    quiet, order = case("fujian").completed(), case("fujian").completed()
    facts(quiet.record("callback", CALLER, **TALKED))
    assert quiet.order.flags == ()
    assert blocked(order.record("callback", CALLER, **TALKED, **{tick: "no"})) == (("FJ-30.6",), "record.not_allowed")
    facts(order.record("callback", CALLER, **TALKED, **{tick: "yes"}))
    assert list(order.order.flags) == ["conduct_alert"]
    alerted = ask("order", "flagged", "conduct_alert", "--jurisdiction=FJ", "--as=lead", "--json").json
    assert [line["number"] for line in alerted] == [order.order.number]
    assert blocked(order.flag("conduct_alert", CALLER, on=False)) == (("FJ-30.6",), "order.not_your_step")
    facts(order.flag("conduct_alert", LEAD, on=False))
    assert list(order.order.flags) == []
