"""Binzhou: the result, the call back after it, handling again, the archive."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.desk.orders import callbacks
from agent_console.domain.intake.outcomes import Answered, Refused
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_records import WriteRecord
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from .conftest import Case, NewCase, NewLine, allowed, missing

CALLER_BACK = Actor("小周", "callback_agent")
BZ = "--jurisdiction=BZ"
CONTENT = {"solved": "yes", "satisfaction": "satisfied", "opinions": "没有意见"}
UNHAPPY = {"solved": "no", "satisfaction": "dissatisfied", "opinions": "还是不亮"}
GROUNDS = ["已有决定或正在处理", "不符合规定", "重复提出", "其他法定情形"]


def called_back(order: Case, at: str = "2026-03-05T10:00+08:00", **fields: str) -> Case:
    """An order whose citizen was reached."""
    facts(order.record("callback", CALLER_BACK, at, **{**CONTENT, **fields}))
    return order


def unanswered(order: Case, *times: str) -> None:
    for at in times:
        facts(order.record("callback", CALLER_BACK, at, reached="no"))


# --- who answers, and what a result is


@pytest.mark.clause("BZ-3")
def test_only_the_unit_that_handles_the_order_records_the_answer_to_the_caller(case: NewCase) -> None:
    order = case("binzhou").signed()
    assert blocked(order.complete(actor=STRANGER))[1] == "order.not_your_order"
    for actor in (OPERATOR, LEAD, CENTRE, BUREAU):
        assert blocked(order.complete(actor=actor))[1] == "order.not_your_step"
    facts(order.complete(actor=CLERK))
    assert order.order.result["answered_at"] == "2026-03-03T09:00+08:00"


@pytest.mark.clause("BZ-14.3a")
@pytest.mark.parametrize("report", ["answered_at", "reported_at"])
def test_closing_needs_the_report_to_the_caller_and_the_report_to_the_mayors_line(case: NewCase, report: str) -> None:
    order = case("binzhou").signed()
    assert missing(order.complete(without=report)) == ((report,), "BZ-14.3a")
    assert allowed(order.complete())


@pytest.mark.clause("BZ-14.3b")
@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("依照《城市照明管理规定》第五条，《城市道路管理条例》第三条，您的诉求已收悉。", True),
        ("路灯电缆被挖断，3月3日已换新并试亮，联系人王工。依照《城市照明管理规定》办理。", False),
    ],
)
def test_a_reply_of_mostly_articles_is_warned_of_and_one_that_says_what_was_done_is_not(
    case: NewCase, ask: Ask, text: str, warned: bool
) -> None:
    order = case("binzhou").signed()
    fields = ("--answered-at=2026-03-03", "--reported-at=2026-03-03", "--acceptance=accepted", f"--result={text}")
    answer = ask("order", "complete", order.order.number, BZ, "--as=unit_clerk:城市管理局:王", *fields, "--json")
    assert answer.json["status"] == "completed"
    assert ("条文" in answer.err) is warned


@pytest.mark.clause("BZ-14.3b")
def test_a_reply_needs_a_text_and_one_that_says_nothing_is_sent_back_by_the_reviewer(case: NewCase) -> None:
    order = case("binzhou").signed()
    assert missing(order.complete(without="result")) == (("result",), "BZ-14.3b")
    facts(order.complete())
    facts(order.record("reply_review", LEAD, "2026-03-04T09:00+08:00", finding="doubtful", reason="只列条文"))
    facts(order.redo("doubtful_reply", LEAD, "2026-03-04T10:00+08:00"))
    assert order.order.status == "signed"


@pytest.mark.clause("BZ-24.1")
def test_the_unit_records_whether_the_caller_accepts_and_reports_an_accepted_result(case: NewCase) -> None:
    order = case("binzhou").signed()
    assert missing(order.complete(without="acceptance")) == (("acceptance",), "BZ-24.1")
    assert blocked(order.complete(acceptance="unknown")) == (("BZ-24.1",), "record.not_allowed")
    assert missing(order.complete(acceptance="accepted", without="reported_at"))[0] == ("reported_at",)
    facts(order.complete(acceptance="accepted"))
    assert order.order.result["acceptance"] == "accepted"
    assert allowed(case("binzhou").signed().complete(acceptance="not_accepted"))


@pytest.mark.clause("BZ-24.2")
def test_a_result_that_is_not_accepted_is_handled_again_by_the_unit_within_the_limit_anew(case: NewCase) -> None:
    order = case("binzhou").signed("2026-03-02T10:00+08:00")
    facts(order.complete(at="2026-03-04T10:00+08:00", acceptance="not_accepted"))
    assert blocked(order.redo("not_accepted", STRANGER)) == (("BZ-24.2",), "order.not_your_order")
    assert blocked(order.redo("not_accepted", OPERATOR)) == (("BZ-24.2",), "order.not_your_step")
    called_back(order, "2026-03-04T10:30+08:00")
    assert blocked(order.archive("投诉", LEAD)) == (("BZ-24.2",), "archive.redo_owed")
    facts(order.redo("not_accepted", CLERK, "2026-03-04T11:00+08:00"))
    assert (order.order.status, order.due(), order.clause()) == ("signed", "2026-03-11T23:59:59+08:00", "BZ-24.2")
    assert order.clocks["handle"].basis == "推定"


@pytest.mark.clause("BZ-24.2")
def test_an_accepted_result_is_no_ground_to_handle_it_again(case: NewCase) -> None:
    order = case("binzhou").completed()
    assert blocked(order.redo("not_accepted", CLERK)) == (("BZ-24.2",), "redo.not_so")
    assert blocked(order.redo("failed_check", LEAD)) == (("BZ-24.2",), "redo.no_ground")


@pytest.mark.clause("BZ-18.2")
def test_the_second_tier_reports_to_the_mayors_line_also_what_the_third_tier_did(case: NewCase) -> None:
    order = case("binzhou").signed()
    down = {"unit": "某街道办事处", "handed_over_at": "2026-03-02T11:00+08:00"}
    assert blocked(order.record("third_tier_result", CLERK, result="已换灯泡")) == (("BZ-18.2",), "record.needs_record")
    assert missing(order.record("third_tier", CLERK)) == (("unit", "handed_over_at"), "BZ-18.2")
    assert blocked(order.record("third_tier", LEAD, **down)) == (("BZ-18.2",), "order.not_your_step")
    facts(order.record("third_tier", CLERK, **down))
    assert order.owes == {"third_tier_result": False}
    assert blocked(order.complete()) == (("BZ-18.2",), "duty.owed")
    assert missing(order.record("third_tier_result", CLERK)) == (("result",), "BZ-18.2")
    street = Actor("街道经办", "unit_clerk", "某街道办事处")
    for record in ("third_tier", "third_tier_result"):
        assert blocked(order.record(record, street, result="x", **down)) == (("BZ-18.2",), "order.not_your_order")
        assert blocked(order.record(record, LEAD, result="x", **down)) == (("BZ-18.2",), "order.not_your_step")
    facts(order.record("third_tier_result", CLERK, result="已换灯泡"))
    assert blocked(order.complete(actor=street))[1] == "order.not_your_order"
    assert missing(order.complete(without="reported_at"))[0] == ("reported_at",)
    assert allowed(order.complete())


# --- no further handling


@pytest.mark.clause("BZ-23.0")
def test_the_unit_may_stop_on_one_of_four_grounds_with_explanation_and_written_statement(case: NewCase) -> None:
    order = case("binzhou").signed()
    asked = ("ground", "explained_at", "written_statement")
    assert missing(order.record("no_further_handling", CLERK)) == (asked, "BZ-23.0")
    full = {"ground": GROUNDS[1], "explained_at": "2026-03-03", "written_statement": "附件一"}
    for field in asked:
        rest = {name: value for name, value in full.items() if name != field}
        assert missing(order.record("no_further_handling", CLERK, **rest)) == ((field,), "BZ-23.0")
    other = order.record("no_further_handling", CLERK, **{**full, "ground": "太麻烦"})
    assert blocked(other) == (("BZ-23.0",), "record.not_allowed")
    assert blocked(order.record("no_further_handling", LEAD, **full)) == (("BZ-23.0",), "order.not_your_step")
    assert allowed(order.record("no_further_handling", CLERK, **full))


@pytest.mark.clause("BZ-23.0")
@pytest.mark.parametrize(
    ("ground", "more"),
    [
        pytest.param(GROUNDS[0], {}, marks=pytest.mark.clause("BZ-23.1")),
        pytest.param(GROUNDS[1], {}, marks=pytest.mark.clause("BZ-23.2")),
        pytest.param(
            GROUNDS[2],
            {"earlier_order": "260202900100012"},
            marks=[pytest.mark.clause("BZ-23.3"), pytest.mark.clause("BZ-23.3b")],
        ),
        pytest.param(GROUNDS[3], {"ground_text": "某条例第九条"}, marks=pytest.mark.clause("BZ-23.4")),
    ],
)
def test_what_is_not_handled_further_is_not_handled_again_because_the_caller_objects(
    case: NewCase, ground: str, more: dict[str, str]
) -> None:
    order = case("binzhou").signed()
    told = {"ground": ground, "explained_at": "2026-03-03", "written_statement": "附件一"}
    if more:
        asked = tuple(more)
        clause = {"earlier_order": "BZ-23.3", "ground_text": "BZ-23.4"}[asked[0]]
        assert missing(order.record("no_further_handling", CLERK, **told)) == (asked, clause)
    facts(order.record("no_further_handling", CLERK, **told, **more))
    [entry] = order.order.recorded("no_further_handling")
    assert entry.fields == {**told, **more}
    facts(order.complete(acceptance="not_accepted"))
    assert blocked(order.redo("not_accepted", CLERK)) == (("BZ-24.2",), "redo.not_so")
    called_back(order)
    assert allowed(order.archive("投诉"))


# --- called back


@pytest.mark.clause("BZ-14.4a")
def test_every_transferred_order_is_in_the_queue_until_it_was_called_back_and_nothing_else_is(
    case: NewCase, line: NewLine
) -> None:
    orders = [case("binzhou").completed(kind=kind) for kind in ("咨询", "求助", "投诉", "意见建议", "其他")]
    case("binzhou").signed()
    seat = line("binzhou")
    facts(seat.conclude(seat.take(), Answered("kb-1", 1)))
    facts(seat.conclude(seat.take(), Refused("BZ-6.4", explained=True, guided=True)))

    def queue() -> set[str]:
        return {order.id for order in callbacks.queue(seat.desk, seat.opened.records)}

    assert queue() == {order.id for order in orders}
    called_back(orders[0])
    assert queue() == {order.id for order in orders[1:]}


@pytest.mark.clause("BZ-14.4a")
def test_nothing_is_archived_without_a_callback(case: NewCase) -> None:
    order = case("binzhou").completed()
    assert blocked(order.archive("投诉")) == (("BZ-14.4a",), "archive.needs_callback")
    assert allowed(called_back(order).archive("投诉"))


@pytest.mark.clause("BZ-14.4a")
@pytest.mark.parametrize(
    ("times", "counts"),
    [
        (("2026-03-04T09:00+08:00", "2026-03-05T09:00+08:00"), False),
        (("2026-03-04T09:00+08:00", "2026-03-04T10:00+08:00", "2026-03-04T15:00+08:00"), False),
        (("2026-03-04T09:00+08:00", "2026-03-04T10:00+08:00", "2026-03-05T15:00+08:00"), True),
    ],
)
def test_three_attempts_on_two_days_count_as_called_back(case: NewCase, times: tuple[str, ...], counts: bool) -> None:
    order = case("binzhou").completed()
    unanswered(order, *times)
    assert allowed(order.archive("投诉")) is counts


@pytest.mark.clause("BZ-14.4a")
def test_after_handling_again_the_citizen_is_called_back_again(case: NewCase) -> None:
    order = called_back(case("binzhou").completed(), reasonable="yes", **UNHAPPY)
    facts(order.redo("dissatisfied", CALLER_BACK, "2026-03-05T11:00+08:00"))
    facts(order.complete(at="2026-03-06T10:00+08:00"))
    assert blocked(order.archive("投诉")) == (("BZ-14.4a",), "archive.needs_callback")


@pytest.mark.clause("BZ-14.4b")
def test_the_callback_form_asks_whether_it_is_solved_whether_they_are_satisfied_and_what_they_think(
    case: NewCase,
) -> None:
    order = case("binzhou").completed()
    three = ("solved", "satisfaction", "opinions")
    assert missing(order.record("callback", CALLER_BACK)) == (three, "BZ-14.4b")
    for field in three:
        rest = {name: value for name, value in CONTENT.items() if name != field}
        assert missing(order.record("callback", CALLER_BACK, **rest)) == ((field,), "BZ-14.4b")
    for wrong in ({"solved": "half"}, {"satisfaction": "neutral"}, {"reached": "perhaps"}):
        assert blocked(order.record("callback", CALLER_BACK, **{**CONTENT, **wrong}))[1] == "record.not_allowed"
    assert blocked(order.record("callback", CLERK, **CONTENT)) == (("BZ-14.4b",), "order.not_your_step")
    assert blocked(case("binzhou").signed().record("callback", **CONTENT)) == (("BZ-14.4b",), "record.not_now")
    facts(order.record("callback", CALLER_BACK, **CONTENT))
    facts(order.record("callback", CALLER_BACK, solved="no", satisfaction="satisfied", opinions="无"))
    assert [entry.fields["opinions"] for entry in order.order.recorded("callback")] == ["没有意见", "无"]


@pytest.mark.clause("BZ-14.4b")
@pytest.mark.clause("BZ-14.4c")
def test_a_dissatisfied_caller_gets_it_handled_again_where_the_demand_is_reasonable(case: NewCase) -> None:
    order = case("binzhou").completed()
    told = order.record("callback", CALLER_BACK, **UNHAPPY)
    assert missing(told) == (("reasonable",), "BZ-14.4c")
    called_back(order, reasonable="yes", **UNHAPPY)
    assert blocked(order.archive("投诉")) == (("BZ-14.4c",), "archive.redo_owed")
    assert blocked(order.redo("dissatisfied", CLERK)) == (("BZ-14.4c",), "order.not_your_step")
    facts(order.redo("dissatisfied", CALLER_BACK, "2026-03-05T11:00+08:00"))
    assert order.due() == "2026-03-12T23:59:59+08:00"


@pytest.mark.clause("BZ-14.4b")
@pytest.mark.clause("BZ-14.4c")
def test_an_unreasonable_demand_closes_with_the_reason(case: NewCase) -> None:
    order = case("binzhou").completed()
    told = order.record("callback", CALLER_BACK, reasonable="no", **UNHAPPY)
    assert missing(told) == (("unreasonable_reason",), "BZ-14.4c")
    called_back(order, reasonable="no", unreasonable_reason="要求超出政策", **UNHAPPY)
    assert blocked(order.redo("dissatisfied", LEAD)) == (("BZ-14.4c",), "redo.not_so")
    assert allowed(order.archive("投诉"))


@pytest.mark.clause("BZ-14.4c")
def test_who_is_satisfied_is_not_asked_whether_the_demand_is_reasonable(case: NewCase) -> None:
    order = called_back(case("binzhou").completed())
    assert blocked(order.redo("dissatisfied", LEAD)) == (("BZ-14.4c",), "redo.not_so")
    maybe = case("binzhou").completed().record("callback", CALLER_BACK, reasonable="maybe", **UNHAPPY)
    assert blocked(maybe) == (("BZ-14.4c",), "record.not_allowed")


@pytest.mark.clause("BZ-14.4d")
def test_a_doubtful_reply_goes_back_whatever_the_caller_says(case: NewCase) -> None:
    order = called_back(case("binzhou").completed())
    assert blocked(order.redo("doubtful_reply", LEAD)) == (("BZ-14.4d",), "redo.not_so")
    assert missing(order.record("reply_review", LEAD)) == (("finding", "reason"), "BZ-14.4d")
    assert missing(order.record("reply_review", LEAD, finding="clear")) == (("reason",), "BZ-14.4d")
    strange = order.record("reply_review", LEAD, finding="good", reason="x")
    assert blocked(strange) == (("BZ-14.4d",), "record.not_allowed")
    for actor in (CLERK, OPERATOR):
        unasked = order.do(WriteRecord("reply_review", {"finding": "doubtful", "reason": "答非所问"}), actor)
        assert blocked(unasked) == (("BZ-14.4d",), "order.not_your_step")
    facts(order.record("reply_review", BUREAU, finding="clear", reason="具体"))
    assert blocked(order.redo("doubtful_reply", BUREAU)) == (("BZ-14.4d",), "redo.not_so")
    facts(order.record("reply_review", BUREAU, finding="doubtful", reason="答非所问"))
    assert blocked(order.archive("投诉")) == (("BZ-14.4d",), "archive.redo_owed")
    assert blocked(order.redo("doubtful_reply", CLERK)) == (("BZ-14.4d",), "order.not_your_step")
    facts(order.redo("doubtful_reply", BUREAU, "2026-03-06T09:00+08:00"))
    assert order.order.redo_ground == "doubtful_reply"


# --- put away


@pytest.mark.clause("BZ-14.5a")
def test_every_archived_order_has_one_of_the_classes(case: NewCase, ask: Ask) -> None:
    for file_class in ("咨询", "求助", "投诉", "意见建议", "其他"):
        order = called_back(case("binzhou").completed())
        assert missing(order.archive()) == (("file_class",), "BZ-14.5a")
        assert missing(order.archive("杂项")) == (("file_class",), "BZ-14.5a")
        assert blocked(order.archive(file_class, CLERK)) == (("BZ-14.5a",), "order.not_your_step")
        facts(order.archive(file_class))
        assert (order.order.status, order.order.file_class) == ("archived", file_class)
    waiting = called_back(case("binzhou").completed())
    put_away = ask("order", "archive", waiting.order.number, BZ, "--class=投诉", "--json")
    assert put_away.json["status"] == "archived"


@pytest.mark.clause("BZ-14.0")
def test_an_order_passes_the_five_stages_in_the_order_of_the_text(case: NewCase, ask: Ask) -> None:
    seen: list[str] = []

    def stage(order: Case) -> None:
        told = ask("order", "show", order.order.number, BZ, "--json").json["stage"]
        if told not in seen:
            seen.append(told)

    order = case("binzhou").raised()
    stage(order)
    facts(order.do(DispatchOrder()))
    stage(order)
    facts(order.sign())
    stage(order)
    facts(order.complete())
    stage(order)
    called_back(order)
    stage(order)
    facts(order.archive("投诉"))
    stage(order)
    assert seen == ["受理", "办理", "反馈", "回访", "存档"]


@pytest.mark.clause("BZ-22.1c")
def test_a_refusal_is_told_with_its_reason_and_leaves_no_order_and_no_callback(line: NewLine) -> None:
    seat = line("binzhou")
    call_id = seat.take()
    assert missing(seat.conclude(call_id, Refused("BZ-6.4"))) == (("explained", "guided"), "BZ-22.1c")
    assert missing(seat.conclude(call_id, Refused("BZ-6.4", guided=True))) == (("explained",), "BZ-22.1c")
    assert missing(seat.conclude(call_id, Refused("BZ-6.4", explained=True))) == (("guided",), "BZ-22.1c")
    facts(seat.conclude(call_id, Refused("BZ-6.4", explained=True, guided=True)))
    facts(intake.close(seat.desk, call_id))
    assert seat.opened.records.orders(10) == []
    assert callbacks.queue(seat.desk, seat.opened.records) == []
    assert seat.opened.records.callbacks_owed() == 0
