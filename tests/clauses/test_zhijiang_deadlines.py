"""Zhijiang: what the units have to do by when, how they send an order back, how they get more time."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_corrections import AmendOrder
from agent_console.domain.work_order.order_steps import DecideExtension, DecideReturn, DispatchOrder, SignOrder

from ..cli.conftest import Ask
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from .conftest import NewCase, allowed, missing

MONDAY = "2026-03-02T10:00+08:00"
UNIT_LEADER = Actor("陈局长", "unit_leader", "城市管理局")


@pytest.mark.clause("ZJ-17.1a")
@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        ("2026-03-02T10:00+08:00", "2026-03-02T15:45:00+08:00"),
        ("2026-03-02T16:00+08:00", "2026-03-03T10:15:00+08:00"),
        ("2026-03-07T09:00+08:00", "2026-03-09T11:45:00+08:00"),
    ],
)
def test_a_unit_signs_within_half_a_working_day_of_arrival(case: NewCase, arrived: str, due: str) -> None:
    arrived_order = case("zhijiang").dispatched(arrived)
    assert (arrived_order.due("sign"), arrived_order.clause("sign")) == (due, "ZJ-17.1a")
    facts(arrived_order.sign())
    assert arrived_order.due("sign") == ""


@pytest.mark.clause("ZJ-17.1a")
def test_only_the_unit_signs(case: NewCase) -> None:
    order = case("zhijiang").dispatched()
    assert blocked(order.sign(actor=OPERATOR)) == (("ZJ-17.1a",), "order.not_your_step")
    assert blocked(order.sign(actor=STRANGER)) == (("ZJ-17.1a",), "order.not_your_order")


@pytest.mark.clause("ZJ-17.1b")
def test_a_return_gives_its_reason_within_two_working_days_also_after_signing(case: NewCase) -> None:
    order = case("zhijiang").dispatched(MONDAY)
    assert (order.due("return"), order.clause("return")) == ("2026-03-04T23:59:59+08:00", "ZJ-17.1b")
    facts(order.sign())
    assert order.due("return") == "2026-03-04T23:59:59+08:00"
    assert missing(order.return_(without="reason")) == (("reason",), "ZJ-17.1b")
    assert blocked(order.return_(actor=LEAD)) == (("ZJ-17.1b",), "order.not_your_step")
    late = order.return_("2026-03-05T00:00:00+08:00")
    assert blocked(late) == (("ZJ-17.1b",), "order.return_too_late")
    facts(order.return_("2026-03-04T23:59:59+08:00"))
    facts(order.do(DecideReturn(granted=True), LEAD))
    assert order.order.status == "returned"


@pytest.mark.clause("ZJ-17.1c")
def test_the_line_decides_a_return_and_one_that_is_refused_neither_stops_the_clock_nor_comes_again(
    case: NewCase,
) -> None:
    order = case("zhijiang").signed(MONDAY)
    due = order.due()
    facts(order.return_("2026-03-03T09:00+08:00"))
    assert order.order.status == "signed"
    assert order.due() == due
    by_unit = order.do(DecideReturn(granted=False, reason="属贵单位"), CLERK)
    assert blocked(by_unit) == (("ZJ-17.1c",), "order.not_your_step")
    assert missing(order.do(DecideReturn(granted=False), CENTRE)) == (("reason",), "ZJ-17.1c")
    facts(order.do(DecideReturn(granted=False, reason="属贵单位"), CENTRE, "2026-03-03T15:00+08:00"))
    assert order.order.status == "signed"
    assert order.due() == due
    assert blocked(order.return_("2026-03-03T16:00+08:00")) == (("ZJ-17.1c",), "order.return_refused_before")


@pytest.mark.clause("ZJ-17.1c")
def test_a_return_that_is_granted_goes_to_another_unit_with_its_own_clock(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    facts(order.return_())
    facts(order.do(DecideReturn(granted=True), LEAD))
    assert order.order.status == "returned"
    facts(order.do(DispatchOrder("水利局"), OPERATOR, "2026-03-04T10:00+08:00"))
    facts(order.do(SignOrder({}), STRANGER))
    assert order.due() == "2026-03-11T23:59:59+08:00"


@pytest.mark.clause("ZJ-17.2a")
@pytest.mark.parametrize("kind", ["咨询", "求助", "投诉", "建议", "表扬", "举报"])
def test_a_general_matter_of_any_kind_has_five_working_days_from_signing(case: NewCase, kind: str) -> None:
    order = case("zhijiang").dispatched(MONDAY, kind=kind)
    facts(order.sign("2026-03-03T09:00+08:00"))
    assert (order.due(), order.clause()) == ("2026-03-10T23:59:59+08:00", "ZJ-17.2a")


@pytest.mark.clause("ZJ-17.2b")
@pytest.mark.parametrize("kind", ["咨询", "投诉"])
def test_a_complex_matter_has_fifteen_working_days_from_signing(case: NewCase, kind: str) -> None:
    order = case("zhijiang").dispatched(MONDAY, kind=kind, complexity="complex")
    facts(order.sign("2026-03-03T09:00+08:00"))
    assert (order.due(), order.clause()) == ("2026-03-24T23:59:59+08:00", "ZJ-17.2b")


@pytest.mark.clause("ZJ-17.2b")
def test_a_unit_asks_and_the_lead_says_that_it_is_complex_while_the_shorter_limit_runs(case: NewCase, ask: Ask) -> None:
    order = case("zhijiang").signed(MONDAY)
    assert missing(order.record("complexity_request", CLERK)) == (("reason",), "ZJ-17.2b")
    facts(order.record("complexity_request", CLERK, reason="涉及三个部门"))
    change = AmendOrder("complexity", "complex", "涉及三个部门")
    assert blocked(order.do(change, CLERK))[1] == "order.not_your_step"
    assert blocked(order.do(change, OPERATOR)) == (("ZJ-17.2b",), "order.not_your_step")
    facts(order.do(change, LEAD, "2026-03-09T16:00+08:00"))
    assert order.due() == "2026-03-23T23:59:59+08:00"
    history = ask("order", "show", order.order.number, "--jurisdiction=ZJ", "--json").json["history"]
    amended = next(event for event in history if event["type"] == "order.amended")
    assert (amended["actor"], amended["at"]) == ("李班长", "2026-03-09T16:00:00+08:00")
    assert amended["fields"]["new"] == "complex"


@pytest.mark.clause("ZJ-17.2b")
def test_a_late_order_does_not_become_complex_afterwards(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    late = order.do(AmendOrder("complexity", "complex"), LEAD, "2026-03-10T00:00:00+08:00")
    assert blocked(late) == (("ZJ-17.2b",), "amend.too_late")
    assert order.order.details.complexity == ""


@pytest.mark.clause("ZJ-17.2c")
def test_a_limit_of_the_law_with_number_unit_and_source_replaces_five_and_fifteen(case: NewCase, ask: Ask) -> None:
    law = {"statutory_amount": 30, "statutory_unit": "natural_day", "statutory_source": "信访工作条例"}
    for complexity in ("", "complex"):
        order = case("zhijiang").signed(MONDAY, complexity=complexity, **law)
        assert (order.due(), order.clause()) == ("2026-04-01T23:59:59+08:00", "ZJ-17.2c")
    refused = ask("order", "raise", *FORM, "--statutory-amount=30")
    assert refused.code == 3
    for word in ("ZJ-17.2c", "法定期限的单位", "法定期限的出处"):
        assert word in refused.err
    assert (
        ask("order", "raise", *FORM, *(f"--{name.replace('_', '-')}={value}" for name, value in law.items())).code == 0
    )


@pytest.mark.clause("ZJ-17.2c")
def test_a_limit_of_the_law_found_later_counts_from_the_same_signing(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    for field, text in (("statutory_amount", "20"), ("statutory_unit", "working_day")):
        facts(order.do(AmendOrder(field, text), LEAD))
        assert order.due() == "2026-03-09T23:59:59+08:00"
    facts(order.do(AmendOrder("statutory_source", "某条例"), LEAD))
    assert (order.due(), order.clause()) == ("2026-03-30T23:59:59+08:00", "ZJ-17.2c")


@pytest.mark.clause("ZJ-17.3")
@pytest.mark.parametrize(
    ("complexity", "more", "due"),
    [("", 5, "2026-03-16T23:59:59+08:00"), ("complex", 15, "2026-04-14T23:59:59+08:00")],
)
def test_an_extension_is_as_long_as_the_limit_and_rests_on_the_centre(
    case: NewCase, complexity: str, more: int, due: str
) -> None:
    order = case("zhijiang").signed(MONDAY, complexity=complexity)
    before = order.due()
    assert missing(order.extend(0, without="reason")) == (("reason",), "ZJ-17.3")
    for days in (more - 1, more + 1):
        assert blocked(order.extend(days))[0] == ("ZJ-17.3",)
    assert blocked(order.extend(0, actor=LEAD)) == (("ZJ-17.3",), "order.not_your_step")
    facts(order.extend(0))
    assert order.due() == before
    for nobody in (CLERK, UNIT_LEADER, BUREAU, OPERATOR):
        assert blocked(order.do(DecideExtension(granted=True), nobody)) == (("ZJ-17.3",), "order.not_your_step")
    facts(order.do(DecideExtension(granted=True), CENTRE))
    assert order.due() == due
    assert order.order.extended_days == more


@pytest.mark.clause("ZJ-17.3")
def test_there_is_one_extension_for_an_order_and_none_after_the_end(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    facts(order.extend(0, "2026-03-09T23:00+08:00"))
    facts(order.do(DecideExtension(granted=True), CENTRE))
    assert blocked(order.extend(0, "2026-03-12T09:00+08:00")) == (("ZJ-17.3",), "reason.times")
    other = case("zhijiang").signed(MONDAY)
    assert blocked(other.extend(0, "2026-03-10T00:00:00+08:00")) == (("ZJ-17.3",), "reason.late")


@pytest.mark.clause("ZJ-17.3")
def test_an_extension_that_is_refused_leaves_the_date(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    facts(order.extend(0))
    facts(order.do(DecideExtension(granted=False, reason="无客观条件限制"), CENTRE))
    assert order.due() == "2026-03-09T23:59:59+08:00"


@pytest.mark.clause("ZJ-16.2")
def test_what_is_not_answered_on_the_spot_becomes_an_order_with_a_unit_and_a_date(case: NewCase) -> None:
    order = case("zhijiang").raised(MONDAY)
    for nobody in (CLERK, BUREAU):
        assert blocked(order.do(DispatchOrder(), nobody)) == (("ZJ-16.2",), "order.not_your_step")
    facts(order.do(DispatchOrder()))
    assert order.order.lead == "城市管理局"
    assert order.due() == "2026-03-09T23:59:59+08:00"


@pytest.mark.clause("ZJ-16.4a")
def test_a_joint_order_has_one_lead_who_answers_for_the_date(case: NewCase) -> None:
    order = case("zhijiang").raised(MONDAY)
    assert blocked(order.do(DispatchOrder("城市管理局", ("城市管理局",))))[1] == "order.lead_supports_itself"
    facts(order.do(DispatchOrder("城市管理局", ("水利局", "公安局"))))
    assert (order.order.lead, order.order.supporting) == ("城市管理局", ("水利局", "公安局"))
    assert blocked(order.sign(actor=STRANGER))[1] == "order.not_your_order"
    facts(order.sign())
    assert order.due() == "2026-03-09T23:59:59+08:00"
    assert blocked(order.complete(actor=STRANGER))[1] == "order.not_your_order"
    facts(order.complete())


@pytest.mark.clause("ZJ-8.1")
def test_a_unit_receives_handles_and_reports_back(case: NewCase) -> None:
    order = case("zhijiang").dispatched(MONDAY)
    facts(order.sign())
    assert missing(order.complete(without="result")) == (("result",), "ZJ-19.1")
    assert blocked(order.complete(actor=CENTRE)) == (("ZJ-19.1",), "order.not_your_step")
    facts(order.complete())
    assert order.order.status == "completed"
    assert order.order.result["result"] == "已修好"


@pytest.mark.clause("ZJ-19.1")
@pytest.mark.parametrize("field", ["platform_reply_at", "phone_reply_at"])
def test_a_result_needs_the_reply_on_the_platform_and_the_one_by_telephone(case: NewCase, field: str) -> None:
    order = case("zhijiang").signed(MONDAY)
    assert missing(order.complete(without=field)) == ((field,), "ZJ-19.1")
    assert order.order.status == "signed"
    assert allowed(order.complete(means="书面答复"))


FORM = (
    "--jurisdiction=ZJ",
    "--kind=投诉",
    "--title=一号路路灯不亮",
    "--content=三天不亮",
    "--caller-type=citizen",
    "--caller-name=示例甲",
    "--caller-number=13800000001",
    "--street=马家店街道",
    "--lead=城市管理局",
)


@pytest.mark.clause("ZJ-17.1c")
def test_a_unit_cannot_finish_while_its_return_waits(case: NewCase) -> None:
    order = case("zhijiang").signed(MONDAY)
    facts(order.return_())
    assert blocked(order.complete()) == (("ZJ-19.1",), "order.return_waits")
