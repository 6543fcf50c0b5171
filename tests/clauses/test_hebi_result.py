"""Hebi: from the result to the archive."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import callbacks
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import CompleteOrder, DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase, missing

MONDAY = "2026-03-02T10:00+08:00"
TUESDAY = "2026-03-03T10:00+08:00"
WEDNESDAY = "2026-03-04T10:00+08:00"
END = "T23:59:59+08:00"
ONLINE, HOTLINE, WEBSITE, HALL = "online_platform", "12345_hotline", "12345_website", "service_hall"
UNIT_LEADER = Actor("陈局长", "unit_leader", "城市管理局")
GOOD = {"facts_clear": "yes", "characterised_right": "yes", "handled_fully": "yes"}
FEEDBACK = {"answered_at": WEDNESDAY, "answer": "已修好"}
FOUND = {"applied_on": "2026-03-05", "reason": "未到现场"}


def replied(case: NewCase) -> Case:
    """A reply of the unit that waits for the check."""
    order = case("hebi").signed(MONDAY, channel=ONLINE)
    facts(order.record("leader_review", UNIT_LEADER, "", reviewed_on="2026-03-02"))
    facts(order.complete(TUESDAY))
    return order


def dissatisfied(case: NewCase, channel: str = HOTLINE) -> Case:
    """An order of the hotline whose caller is not content."""
    order = case("hebi").completed(MONDAY, channel=channel)
    facts(order.rate("dissatisfied"))
    return order


@pytest.mark.clause("HB-6.0b")
@pytest.mark.parametrize("channel", [ONLINE, HOTLINE, WEBSITE, HALL])
def test_every_case_is_handled_answered_and_called_back(case: NewCase, ask: Ask, channel: str) -> None:
    order = case("hebi").raised(MONDAY, channel=channel, form="oral")

    def stage() -> str:
        return str(ask("order", "show", order.order.number, "--jurisdiction=HB", "--json").json["stage"])

    assert stage() == "办理"
    facts(order.do(DispatchOrder()))
    facts(order.sign())
    assert stage() == "办理"
    if channel == ONLINE:
        facts(order.record("leader_review", UNIT_LEADER, "", reviewed_on="2026-03-02"))
    assert missing(order.complete(without="result"))[0] == ("result",)
    facts(order.complete())
    assert stage() == "回复"
    if channel == ONLINE:
        facts(order.record("quality_check", BUREAU, "", **GOOD))
        facts(order.record("caller_feedback", OPERATOR, "", **FEEDBACK))
    facts(order.record("callback", BUREAU, "", means="phone", satisfaction="satisfied"))
    assert stage() == "回访"
    facts(order.archive())
    assert stage() == "回访"


@pytest.mark.clause("HB-6.0b")
def test_a_case_of_the_hall_is_answered_before_it_is_complete(case: NewCase) -> None:
    order = case("hebi").signed(MONDAY, channel=HALL, form="oral")
    assert missing(order.complete(without="answered_at")) == (("answered_at",), "HB-6.0b")
    assert missing(order.complete(without="result")) == (("result",), "HB-6.0b")
    assert blocked(order.complete(actor=BUREAU)) == (("HB-6.0b",), "order.not_your_step")
    written = case("hebi").signed(MONDAY, channel=HALL, form="written")
    assert missing(written.complete())[0] == ("written_reply",)
    suggestion = case("hebi").signed(MONDAY, channel=HALL, kind="建议")
    assert missing(suggestion.complete())[0] == ("adopted",)


@pytest.mark.clause("HB-6.0b")
@pytest.mark.parametrize("channel", [HOTLINE, WEBSITE])
def test_a_case_of_the_hotline_is_answered_and_reported_before_it_is_complete(case: NewCase, channel: str) -> None:
    order = case("hebi").signed(MONDAY, channel=channel, kind="建议")
    assert missing(order.complete(without="answered_at"))[0] == ("answered_at",)
    assert missing(order.complete(without="reported_at"))[0] == ("reported_at",)
    facts(order.complete())


@pytest.mark.clause("HB-6.1.2a")
def test_the_check_has_three_criteria_and_each_is_answered(case: NewCase) -> None:
    order = replied(case)
    assert missing(order.record("quality_check", BUREAU)) == (tuple(GOOD), "HB-6.1.2a")
    for criterion in GOOD:
        decision = order.record("quality_check", BUREAU, "", **{**GOOD, criterion: "maybe"})
        assert blocked(decision) == (("HB-6.1.2a",), "record.not_allowed")


@pytest.mark.clause("HB-6.1.2b")
def test_the_leader_reviews_the_unit_replies_the_bureau_checks_in_this_order(case: NewCase) -> None:
    order = case("hebi").signed(MONDAY, channel=ONLINE)
    assert blocked(order.complete()) == (("HB-6.1.2b",), "duty.owed")
    assert blocked(order.record("quality_check", BUREAU, "", **GOOD)) == (("HB-6.1.2b",), "record.not_now")
    for actor in (CLERK, OPERATOR, BUREAU):
        decision = order.record("leader_review", actor, "", reviewed_on="2026-03-02")
        assert blocked(decision) == (("HB-6.1.2b",), "order.not_your_step")
    assert missing(order.record("leader_review", UNIT_LEADER)) == (("reviewed_on",), "HB-6.1.2b")
    facts(order.record("leader_review", UNIT_LEADER, "", reviewed_on="2026-03-02"))
    facts(order.do(CompleteOrder({"result": "已修好"}), CLERK))
    assert missing(order.record("quality_check", BUREAU))[0] == tuple(GOOD)
    for actor in (UNIT_LEADER, OPERATOR, LEAD, CENTRE):
        assert blocked(order.record("quality_check", actor, "", **GOOD)) == (("HB-6.1.2b",), "order.not_your_step")
    facts(order.record("quality_check", BUREAU, "", **GOOD))
    facts(order.record("caller_feedback", OPERATOR, "", **FEEDBACK))
    facts(case("hebi").signed(MONDAY).complete())


@pytest.mark.clause("HB-6.1.2c")
def test_the_caller_gets_nothing_before_all_three_criteria_are_passed(case: NewCase) -> None:
    order = replied(case)
    for waiting in (
        order.record("caller_feedback", OPERATOR, "", **FEEDBACK),
        order.record("callback", BUREAU, "", means="phone", satisfaction="satisfied"),
        order.rate("satisfied"),
        order.archive(),
    ):
        assert blocked(waiting) == (("HB-6.1.2c",), "duty.owed")
    assert set(order.owes) == {"quality_check", "caller_feedback"}
    facts(order.record("quality_check", BUREAU, "", **GOOD))
    for waiting in (order.record("callback", BUREAU, "", means="phone", satisfaction="satisfied"), order.archive()):
        assert blocked(waiting) == (("HB-6.1.2c",), "duty.owed")
    assert blocked(order.rate("satisfied")) == (("HB-6.1.2c",), "duty.owed")
    assert missing(order.record("caller_feedback", OPERATOR)) == (("answered_at", "answer"), "HB-6.1.2c")
    assert blocked(order.record("caller_feedback", BUREAU, "", **FEEDBACK))[1] == "order.not_your_step"
    facts(order.record("caller_feedback", OPERATOR, "", **FEEDBACK))
    facts(order.rate("satisfied"))
    facts(order.archive())


@pytest.mark.clause("HB-6.1.2a")
@pytest.mark.clause("HB-6.1.2c")
@pytest.mark.clause("HB-6.1.2d")
@pytest.mark.parametrize("criterion", list(GOOD))
def test_a_reply_that_fails_one_criterion_goes_back_on_the_old_due_date(case: NewCase, criterion: str) -> None:
    order = replied(case)
    facts(order.record("quality_check", BUREAU, WEDNESDAY, **{**GOOD, criterion: "no"}))
    assert (order.order.status, order.order.redos, order.order.redo_ground) == ("signed", 1, "failed_check")
    assert order.due() == "2026-03-09" + END
    assert blocked(order.record("caller_feedback", OPERATOR, "", **FEEDBACK))[1] == "record.not_now"
    assert blocked(order.complete(at="2026-03-05T09:00+08:00")) == (("HB-6.1.2b",), "duty.owed")
    facts(order.record("leader_review", UNIT_LEADER, "", reviewed_on="2026-03-05"))
    facts(order.complete())
    assert blocked(order.record("caller_feedback", OPERATOR, "", **FEEDBACK)) == (("HB-6.1.2c",), "duty.owed")
    facts(order.record("quality_check", BUREAU, "2026-03-06T09:00+08:00", **GOOD))
    assert order.order.status == "completed"
    assert blocked(order.redo("failed_check", BUREAU)) == (("HB-6.1.2d",), "redo.not_so")
    facts(order.record("caller_feedback", CLERK, "", **FEEDBACK))


@pytest.mark.clause("HB-6.1.3")
@pytest.mark.clause("HB-6.2.3a")
@pytest.mark.clause("HB-6.3.3")
@pytest.mark.parametrize(
    ("channel", "clause", "means"),
    [
        (ONLINE, "HB-6.1.3", {"spot_check", "file_review", "site_visit", "phone"}),
        (HOTLINE, "HB-6.2.3a", {"phone"}),
        (WEBSITE, "HB-6.2.3a", {"phone"}),
        (HALL, "HB-6.3.3", {"spot_check", "file_review", "phone"}),
    ],
)
def test_the_bureau_looks_into_cases_by_the_means_of_their_channel(
    case: NewCase, channel: str, clause: str, means: set[str]
) -> None:
    order = case("hebi").signed(MONDAY, channel=channel, form="oral") if channel != ONLINE else replied(case)
    if channel == ONLINE:
        facts(order.record("quality_check", BUREAU, "", **GOOD))
        facts(order.record("caller_feedback", OPERATOR, "", **FEEDBACK))
    else:
        facts(order.complete())
    assert missing(order.record("callback", BUREAU)) == (("means",), clause)
    for one in ("spot_check", "file_review", "site_visit", "phone", "letter"):
        decision = order.record("callback", BUREAU, "", means=one, satisfaction="satisfied")
        if one in means:
            facts(decision)
        else:
            assert blocked(decision) == ((clause,), "record.not_allowed")
    assert missing(order.record("callback", BUREAU, "", means="phone"))[0] == ("satisfaction",)
    facts(order.record("callback", BUREAU, "", means="phone", reached="no"))
    unsure = order.record("callback", BUREAU, "", means="phone", satisfaction="satisfied", reached="maybe")
    assert blocked(unsure)[1] == "record.not_allowed"
    for actor in (OPERATOR, LEAD, CENTRE, CLERK):
        decision = order.record("callback", actor, "", means="phone", satisfaction="satisfied")
        assert blocked(decision)[1] == "order.not_your_step"
    facts(order.archive())
    facts(order.record("callback", BUREAU, "2026-06-01T09:00+08:00", means="phone", satisfaction="satisfied"))


@pytest.mark.clause("HB-6.2.3a")
def test_the_bureau_sets_the_share_of_the_hotline_that_is_drawn_by_chance(case: NewCase) -> None:
    hotline = [case("hebi").completed(MONDAY, channel=channel) for channel in (HOTLINE, WEBSITE)]
    hall = case("hebi").completed(MONDAY, channel=HALL, form="oral")
    replied(case)
    for actor in (OPERATOR, LEAD, CENTRE):
        decision = callbacks.set_share(hall.desk(actor), 100)
        assert blocked(decision) == (("HB-6.2.3a",), "order.not_your_step")
    desk = hall.desk(BUREAU)
    assert callbacks.queue(desk, hall.opened.records) == []
    facts(callbacks.set_share(desk, 100))
    assert {order.id for order in callbacks.queue(desk, hall.opened.records)} == {order.id for order in hotline}


@pytest.mark.clause("HB-6.2.2")
@pytest.mark.parametrize("channel", [HOTLINE, WEBSITE])
def test_the_clock_of_the_hotline_runs_until_the_caller_has_the_answer(case: NewCase, channel: str) -> None:
    order = case("hebi").signed(MONDAY, channel=channel)
    assert missing(order.complete(without="answered_at")) == (("answered_at",), "HB-6.2.2")
    assert set(order.clocks) == {"handle"}
    facts(order.complete())
    assert order.clocks == {}


@pytest.mark.clause("HB-6.2.3b")
def test_a_dissatisfied_caller_may_ask_for_a_review_and_then_a_second_each_once(case: NewCase) -> None:
    content = case("hebi").completed(MONDAY)
    assert blocked(content.rate("neither")) == (("HB-6.2.3b",), "record.not_allowed")
    facts(content.rate("satisfied"))
    assert blocked(content.record("review", BUREAU, "", finding="处理适当", **FOUND))[0] == ("HB-6.2.3b",)
    order = dissatisfied(case)
    assert order.order.status == "completed"
    assert blocked(order.redo("dissatisfied", LEAD))[1] == "redo.no_ground"
    early = order.record("second_review", BUREAU, "", finding="处理适当", **FOUND)
    assert blocked(early) == (("HB-6.2.3b",), "record.needs_record")
    for name in ("review", "second_review"):
        assert missing(order.record(name, BUREAU)) == (("applied_on", "finding", "reason"), "HB-6.2.3b")
        for actor in (OPERATOR, LEAD, CENTRE, CLERK):
            refused = order.record(name, actor, "", finding="处理适当", **FOUND)
            assert blocked(refused)[0] == ("HB-6.2.3b",)
        facts(order.record(name, BUREAU, "", finding="处理适当", **FOUND))
        again = order.record(name, BUREAU, "", finding="处理适当", **FOUND)
        assert blocked(again) == (("HB-6.2.3b",), "record.no_more")
    assert missing(dissatisfied(case).record("review", BUREAU, "", finding="处理适当"))[0] == ("applied_on", "reason")
    assert order.clocks == {}
    facts(order.archive())
    hall = case("hebi").completed(MONDAY, channel=HALL, form="oral")
    facts(hall.rate("dissatisfied"))
    assert blocked(hall.record("review", BUREAU, "", finding="处理不当", **FOUND))[1] == "record.not_this_order"


@pytest.mark.clause("HB-6.2.3c")
@pytest.mark.parametrize("channel", [HOTLINE, WEBSITE])
@pytest.mark.parametrize("ground", ["review", "second_review"])
def test_only_the_finding_of_wrong_handling_sends_it_back_with_the_limit_anew(
    case: NewCase, channel: str, ground: str
) -> None:
    order = dissatisfied(case, channel)
    if ground == "second_review":
        facts(order.record("review", BUREAU, "", finding="处理适当", **FOUND))
    assert blocked(order.redo(ground, BUREAU)) == (("HB-6.2.3c",), "redo.needs_record")
    unsure = order.record(ground, BUREAU, "", finding="不好说", **FOUND)
    assert blocked(unsure) == (("HB-6.2.3c",), "record.not_allowed")
    facts(order.record(ground, BUREAU, "", finding="处理不当", **FOUND))
    assert blocked(order.archive()) == (("HB-6.2.3c",), "archive.redo_owed")
    for actor in (OPERATOR, CLERK):
        assert blocked(order.redo(ground, actor)) == (("HB-6.2.3c",), "order.not_your_step")
    facts(order.redo(ground, LEAD, "2026-03-16T10:00+08:00"))
    assert order.order.status == "signed"
    assert order.due() == "2026-03-30" + END
    well = dissatisfied(case)
    for one in dict.fromkeys(("review", ground)):
        facts(well.record(one, BUREAU, "", finding="处理适当", **FOUND))
    assert blocked(well.redo(ground, BUREAU)) == (("HB-6.2.3c",), "redo.not_to_blame")
