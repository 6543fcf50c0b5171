"""Fujian: the result, what is told to the caller, and the archive."""

from __future__ import annotations

import pytest

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
FJ = "--jurisdiction=FJ"


@pytest.mark.clause("FJ-6.4")
def test_the_result_of_a_suggestion_says_adopted_or_not_and_why(case: NewCase) -> None:
    order = case("fujian").signed(kind="建议")
    assert missing(order.complete(adopted_reason="已有规划")) == (("adopted",), "FJ-6.4")
    assert missing(order.complete(adopted="否")) == (("adopted_reason",), "FJ-6.4")
    assert blocked(order.complete(adopted="也许", adopted_reason="再看")) == (("FJ-6.4",), "record.not_allowed")
    facts(order.complete(adopted="否", adopted_reason="已有规划"))
    assert (order.order.result["adopted"], order.order.result["adopted_reason"]) == ("否", "已有规划")
    facts(case("fujian").signed(kind="建议").complete(adopted="是", adopted_reason="可行"))
    facts(case("fujian").signed(kind="投诉").complete())


@pytest.mark.clause("FJ-11.2")
def test_the_unit_handles_answers_verifies_and_reports_each_with_its_time(case: NewCase) -> None:
    order = case("fujian").signed(MONDAY)
    for step in ("handling", "caller_answer"):
        assert blocked(order.record(step, OPERATOR, note="x", answered_at="x", answer="x"))[1] == "order.not_your_step"
    assert missing(order.record("handling", CLERK)) == (("note",), "FJ-11.2")
    assert missing(order.record("caller_answer", CLERK)) == (("answered_at", "answer"), "FJ-11.2")
    facts(order.record("handling", CLERK, "2026-03-02T14:00+08:00", note="已换灯"))
    facts(order.record("caller_answer", CLERK, "2026-03-02T15:00+08:00", answered_at="15:00", answer="已修好"))
    checked = {"means": "site_visit", "finding": "unit_not_responsible"}
    facts(order.record("verification", CLERK, "2026-03-02T16:00+08:00", **checked))
    facts(order.complete("2026-03-02T17:00+08:00"))
    assert [at for _, at in order.log()[-4:]] == [
        "2026-03-02T14:00:00+08:00",
        "2026-03-02T15:00:00+08:00",
        "2026-03-02T16:00:00+08:00",
        "2026-03-02T17:00:00+08:00",
    ]
    assert [entry.record for entry in order.order.records] == ["handling", "caller_answer", "verification"]


@pytest.mark.clause("FJ-18.2")
def test_no_result_without_the_reviewing_leader_and_the_answer_to_the_caller(case: NewCase) -> None:
    order = case("fujian").signed()
    for field in ("result", "leader", "answered_at"):
        assert missing(order.complete(without=field)) == ((field,), "FJ-18.2")
    assert blocked(order.complete(actor=LEAD))[1] == "order.not_your_step"
    facts(order.complete())


@pytest.mark.clause("FJ-20.7")
def test_what_cannot_be_solved_now_needs_a_contact_and_is_told_apart_from_what_was_solved(
    case: NewCase, ask: Ask
) -> None:
    unsolved, solved = case("fujian").signed(), case("fujian").signed()
    assert blocked(unsolved.complete(resolution="unsolved")) == (("FJ-20.7",), "duty.owed")
    assert blocked(unsolved.complete(resolution="later")) == (("FJ-20.7",), "record.not_allowed")
    facts(unsolved.record("contact", CLERK, contacted_at="2026-03-02T15:00", contact_note="已耐心解释"))
    facts(unsolved.complete(resolution="unsolved"))
    facts(solved.complete(resolution="solved"))
    listed = {line["number"]: line["resolution"] for line in ask("order", "list", FJ, "--json").json}
    assert listed == {unsolved.order.number: "unsolved", solved.order.number: "solved"}


@pytest.mark.clause("FJ-9.9")
def test_a_closed_order_is_archived_by_the_line_with_the_materials_of_the_platform(case: NewCase) -> None:
    order = case("fujian").completed()
    facts(order.record("unit_file", CLERK, materials="现场照片3张"))
    assert blocked(order.archive()) == (("FJ-9.9",), "archive.needs")
    assert missing(order.record("platform_file")) == (("materials",), "FJ-9.9")
    assert blocked(order.record("platform_file", CLERK, materials="x")) == (("FJ-9.9",), "order.not_your_step")
    facts(order.record("platform_file", materials="通话录音、工单、回访记录"))
    assert blocked(order.archive(actor=CLERK)) == (("FJ-9.9",), "order.not_your_step")
    facts(order.archive())
    assert order.order.status == "archived"
    running = case("fujian").signed()
    assert blocked(running.archive()) == (("FJ-9.9",), "order.step_not_now.signed")


@pytest.mark.clause("FJ-9.9")
@pytest.mark.clause("FJ-11.4")
def test_the_units_own_materials_are_part_of_the_archive_apart_from_those_of_the_platform(case: NewCase) -> None:
    order = case("fujian").completed()
    facts(order.record("platform_file", CENTRE, materials="工单"))
    assert blocked(order.archive()) == (("FJ-9.9",), "archive.needs")
    for actor in (OPERATOR, LEAD, CENTRE):
        assert blocked(order.record("unit_file", actor, materials="x")) == (("FJ-11.4",), "order.not_your_step")
    assert missing(order.record("unit_file", CLERK)) == (("materials",), "FJ-11.4")
    facts(order.record("unit_file", CLERK, materials="现场照片3张"))
    facts(order.archive())
    kept = [(entry.record, entry.unit, entry.fields["materials"]) for entry in order.order.records]
    assert kept == [("platform_file", "", "工单"), ("unit_file", "城市管理局", "现场照片3张")]
