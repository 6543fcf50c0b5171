"""Zhijiang: after the result: callback, rating, redo, professional evaluation, archive."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import callbacks
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase, missing

CALLBACK = Actor("周回访", "callback_agent")
EVALUATOR = Actor("吴评价", "evaluator")
BLAME = {"note": "现场未修"}
NO_BLAME = {"finding": "unit_not_responsible", "note": "诉求人要求超出政策", "confirmed_by": "李班长"}


def redone(case: NewCase) -> Case:
    """An order that was handled a second time."""
    order = case("zhijiang").completed()
    facts(order.rate("dissatisfied"))
    facts(order.record("verification", **BLAME))
    facts(order.redo())
    facts(order.complete("2026-03-04T10:00+08:00"))
    return order


@pytest.mark.clause("ZJ-20.1a")
def test_a_satisfied_caller_closes_and_archives_the_order_at_once(case: NewCase) -> None:
    order = case("zhijiang").completed()
    facts(order.rate("satisfied"))
    assert order.order.status == "archived"
    assert [name for name, _ in order.log()][-2:] == ["order.rated", "order.archived"]
    other = case("zhijiang").completed()
    facts(other.rate("dissatisfied"))
    assert other.order.status == "completed"
    assert blocked(other.rate("neutral"))[0] == ("ZJ-20.1a",)


@pytest.mark.clause("ZJ-19.3a")
def test_a_redo_waits_for_the_verification_of_who_is_to_blame(case: NewCase) -> None:
    order = case("zhijiang").completed()
    facts(order.rate("dissatisfied"))
    assert blocked(order.redo())[1] == "redo.needs_record"
    assert missing(order.record("verification")) == (("note",), "ZJ-19.3a")
    assert blocked(order.record("verification", CLERK, **BLAME)) == (("ZJ-19.3a",), "order.not_your_step")
    facts(order.record("verification", **BLAME))
    assert order.order.recorded("verification")[0].fields["finding"] == "unit_responsible"
    facts(order.redo())


@pytest.mark.clause("ZJ-19.3a")
def test_not_doing_it_again_takes_a_finding_and_the_name_of_a_lead(case: NewCase) -> None:
    order = case("zhijiang").completed()
    facts(order.rate("dissatisfied"))
    assert blocked(order.archive()) == (("ZJ-19.3a",), "duty.owed")
    without_name = {**NO_BLAME, "confirmed_by": ""}
    assert missing(order.record("verification", **without_name)) == (("confirmed_by",), "ZJ-19.3a")
    facts(order.record("verification", **NO_BLAME))
    assert blocked(order.redo()) == (("ZJ-20.1b",), "redo.not_to_blame")
    facts(order.archive())


@pytest.mark.clause("ZJ-20.1b")
def test_a_dissatisfied_caller_sends_the_order_back_to_its_unit_on_a_new_limit(case: NewCase) -> None:
    order = case("zhijiang").completed("2026-03-02T10:00+08:00")
    assert blocked(order.redo()) == (("ZJ-20.1b",), "redo.not_rated")
    facts(order.rate("dissatisfied"))
    facts(order.record("verification", **BLAME))
    assert blocked(order.archive()) == (("ZJ-20.1b",), "archive.redo_owed")
    assert blocked(order.redo(actor=CLERK)) == (("ZJ-20.1b",), "order.not_your_step")
    facts(order.redo(at="2026-03-05T10:00+08:00"))
    assert (order.order.status, order.order.redos, order.order.lead) == ("signed", 1, "城市管理局")
    assert order.due() == "2026-03-12T23:59:59+08:00"
    assert order.clause() == "ZJ-20.1b"


@pytest.mark.clause("ZJ-20.2")
def test_a_second_dissatisfaction_leads_to_the_evaluation_and_never_to_a_third_round(case: NewCase) -> None:
    order = redone(case)
    assert blocked(order.record("evaluation_decision", LEAD, choice="start", reason="争议大"))[1] == (
        "record.not_this_order"
    )
    facts(order.rate("dissatisfied"))
    assert blocked(order.redo()) == (("ZJ-20.2",), "redo.no_more")
    assert blocked(order.archive()) == (("ZJ-20.2",), "duty.owed")
    assert missing(order.record("evaluation_decision", LEAD, choice="start")) == (("reason",), "ZJ-20.2")
    assert blocked(order.record("evaluation_decision", OPERATOR, choice="start", reason="争议大")) == (
        ("ZJ-20.2",),
        "order.not_your_step",
    )
    facts(order.record("evaluation_decision", LEAD, choice="start", reason="争议大"))
    assert blocked(order.archive()) == (("ZJ-20.2",), "duty.owed")
    facts(order.record("professional_evaluation", EVALUATOR, conclusion="handled_properly", opinions="已按规定办理"))
    facts(order.archive())
    assert order.order.status == "archived"


@pytest.mark.clause("ZJ-20.2")
def test_where_the_centre_starts_no_evaluation_its_reason_is_enough(case: NewCase) -> None:
    order = redone(case)
    facts(order.rate("dissatisfied"))
    facts(order.record("evaluation_decision", CENTRE, choice="waive", reason="诉求无政策依据"))
    facts(order.archive())


@pytest.mark.clause("ZJ-7.4")
def test_an_evaluator_fills_in_the_review_of_a_dissatisfied_order(case: NewCase) -> None:
    order = case("zhijiang").completed()
    review = {"conclusion": "handled_poorly", "opinions": "未到现场"}
    assert blocked(order.record("professional_evaluation", EVALUATOR, **review))[1] == "record.not_this_order"
    facts(order.rate("dissatisfied"))
    for nobody in (CLERK, LEAD, OPERATOR):
        assert blocked(order.record("professional_evaluation", nobody, **review)) == (
            ("ZJ-7.4",),
            "order.not_your_step",
        )
    for field in review:
        rest = {name: value for name, value in review.items() if name != field}
        assert missing(order.record("professional_evaluation", EVALUATOR, **rest)) == ((field,), "ZJ-7.4")
    assert blocked(order.record("professional_evaluation", EVALUATOR, conclusion="好", opinions="无"))[1] == (
        "record.not_allowed"
    )
    facts(order.record("professional_evaluation", EVALUATOR, **review))


@pytest.mark.clause("ZJ-19.3b")
def test_a_unit_tells_the_centre_of_a_special_case_and_the_answer_is_kept(case: NewCase) -> None:
    order = case("zhijiang").signed()
    assert blocked(order.record("special_case", OPERATOR, note="需跨省协调")) == (("ZJ-19.3b",), "order.not_your_step")
    assert blocked(order.record("special_answer", LEAD, answer="可以"))[1] == "record.needs_record"
    facts(order.record("special_case", CLERK, note="需跨省协调"))
    assert "special" in order.order.flags
    facts(order.complete())
    assert blocked(order.archive()) == (("ZJ-19.3b",), "duty.owed")
    assert blocked(order.record("special_answer", CLERK, answer="可以"))[1] == "order.not_your_step"
    facts(order.record("special_answer", LEAD, answer="由中心联系宜昌"))
    assert order.order.recorded("special_answer")[0].fields == {"answer": "由中心联系宜昌"}
    facts(order.archive())


@pytest.mark.clause("ZJ-7.5")
def test_calling_back_and_archiving_are_for_the_centre_and_not_for_the_unit(case: NewCase) -> None:
    order = case("zhijiang").completed()
    told = {"satisfaction": "satisfied"}
    for nobody in (CLERK, BUREAU):
        assert blocked(order.record("callback", nobody, **told)) == (("ZJ-7.5",), "order.not_your_step")
        assert blocked(order.archive(actor=nobody)) == (("ZJ-7.5",), "order.not_your_step")
    assert missing(order.record("callback", CALLBACK)) == (("satisfaction",), "ZJ-7.5")
    facts(order.record("callback", CALLBACK, reached="no"))
    facts(order.record("callback", CALLBACK, **told))
    facts(order.archive(actor=CALLBACK))


@pytest.mark.clause("ZJ-19.2")
def test_samples_are_called_back_and_the_dissatisfied_stand_first(case: NewCase) -> None:
    finished = [case("zhijiang").completed() for _ in range(40)]
    angry = finished[20:23]
    for order in angry:
        facts(order.rate("dissatisfied"))
    desk, records = finished[0].desk(), finished[0].opened.records
    assert {order.id for order in callbacks.queue(desk, records)} == {order.id for order in angry}
    assert blocked(callbacks.set_share(desk, 50)) == (("ZJ-19.2",), "order.not_your_step")
    facts(callbacks.set_share(finished[0].desk(LEAD), 50))
    queue = [order.id for order in callbacks.queue(desk, records)]
    assert set(queue[:3]) == {order.id for order in angry}
    assert 3 < len(queue) < 40
    facts(angry[0].record("callback", CALLBACK, satisfaction="dissatisfied"))
    assert angry[0].id not in [order.id for order in callbacks.queue(desk, records)]


@pytest.mark.clause("ZJ-20.3")
def test_what_is_finished_and_not_archived_is_listed_and_put_away_by_hand(case: NewCase, ask: Ask) -> None:
    left, satisfied = case("zhijiang").completed(), case("zhijiang").completed()
    facts(satisfied.rate("satisfied"))
    case("zhijiang").signed()

    def listed() -> list[str]:
        found = ask("order", "list", "--status=completed", "--jurisdiction=ZJ", "--json").json
        return [order["number"] for order in found]

    assert listed() == [left.order.number]
    assert ask("order", "archive", left.order.number, "--jurisdiction=ZJ", "--as=unit_clerk:城市管理局").code == 3
    assert ask("order", "archive", left.order.number, "--jurisdiction=ZJ").code == 0
    assert listed() == []
    assert left.order.status == "archived"
