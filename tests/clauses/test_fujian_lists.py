"""Fujian: units and agents supervised by lists."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from agent_console.desk.calls import intake
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..conftest import Office
from ..screens.conftest import Sit
from ..screens.working import opened_list
from ..support.lists import kept_from, numbers, rows, the_list
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase, NewLine

PROVINCE = Actor("省平台", "province")
MONDAY = "2026-03-02T10:00+08:00"
TUESDAY = "2026-03-03T10:00+08:00"
DUE_DAY = "2026-03-16T09:00+08:00"
LAST_SECOND = "2026-03-16T23:59:59+08:00"
LATE = "2026-03-17T00:00:00+08:00"


def dissatisfied(order: Case, at: str = "") -> None:
    """The caller is not content, and the unit is to blame."""
    facts(order.rate("dissatisfied", at=at))
    facts(order.record("verification", means="phone", finding="unit_responsible"))


@pytest.mark.clause("FJ-9.3")
def test_the_lead_sees_open_due_today_overdue_unsigned_and_returns_to_decide(case: NewCase, office: Office) -> None:
    signed, unsigned, done = (
        case("fujian").signed(MONDAY),
        case("fujian").dispatched(MONDAY),
        case("fujian").completed(MONDAY),
    )
    back = case("fujian").dispatched(MONDAY)
    facts(back.return_())
    lead = office("fujian", LEAD)
    assert numbers(lead, "open") == {order.order.number for order in (signed, unsigned, back)}
    assert numbers(lead, "unsigned") == {unsigned.order.number}
    assert numbers(lead, "return_waiting") == {back.order.number}
    assert done.order.status == "completed"
    facts(signed.record("reassign_request", CLERK, "", basis="三定方案", suggestion="水利局"))
    assert numbers(lead, "return_waiting") == {back.order.number, signed.order.number}
    for at, today, late in (
        ("2026-03-15T23:59:59+08:00", 0, 0),
        (DUE_DAY, 2, 0),
        (LAST_SECOND, 2, 0),
        (LATE, 0, 2),
    ):
        signed.clock.set(at)
        assert (len(numbers(lead, "due_today")), len(numbers(lead, "overdue"))) == (today, late), at


@pytest.mark.clause("FJ-9.3")
@pytest.mark.parametrize("name", ["open", "due_today", "overdue", "return_waiting"])
def test_the_lists_of_the_line_are_for_those_who_lead_it(case: NewCase, office: Office, name: str) -> None:
    case("fujian").signed(MONDAY)
    for actor in (LEAD, CENTRE, PROVINCE):
        the_list(office("fujian", actor), name)
    for actor in (OPERATOR, CLERK):
        assert kept_from(office("fujian", actor), name) == (("FJ-9.3",), "lists.not_yours")


@pytest.mark.clause("FJ-9.3")
def test_the_lists_are_read_on_the_command_line(case: NewCase, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", LATE)
    order = case("fujian").signed(MONDAY)
    told = ask("order", "lists", "overdue", "--jurisdiction=FJ", "--as=lead", "--json").json
    assert (told["clause"], [row["number"] for row in told["rows"]]) == ("FJ-9.3", [order.order.number])
    assert "陈女士" not in ask("order", "lists", "overdue", "--jurisdiction=FJ", "--as=lead").out
    refused = ask("order", "lists", "overdue", "--jurisdiction=FJ", "--as=operator")
    assert (refused.code, "FJ-9.3" in refused.err) == (3, True)
    known = ask("order", "lists", "--jurisdiction=FJ", "--as=lead", "--json").json
    assert {"open", "due_today", "overdue", "unsigned", "return_waiting"} <= {rule["id"] for rule in known}
    assert ask("order", "lists", "not_logged_in", "--jurisdiction=FJ", "--as=lead").code == 3


@pytest.mark.clause("FJ-29.2")
def test_the_lead_sees_per_agent_calls_without_outcome_and_orders_past_the_dispatch_limit(
    case: NewCase, line: NewLine, office: Office
) -> None:
    at_desk = line("fujian")
    at_desk.clock.set(MONDAY)
    order, urgent = case("fujian").raised(), case("fujian").raised(urgency="urgent")
    handed_on = case("fujian").dispatched()
    call = at_desk.take()
    lead = office("fujian", LEAD)
    assert rows(lead, "agents") == []
    intake.park(at_desk.desk, call)
    at_desk.clock.set("2026-03-03T23:59:59+08:00")
    told = {"agent": "张三", "calls_unfinished": 1, "dispatch_late": 0, "dispatch_at_once": 1}
    assert rows(lead, "agents") == [told | _which(call, urgent.order.number)]
    at_desk.clock.set("2026-03-04T00:00:00+08:00")
    told["dispatch_late"] = 1
    assert rows(lead, "agents") == [told | _which(call, order.order.number, urgent.order.number)]
    assert handed_on.order.number not in str(rows(lead, "agents"))
    facts(at_desk.conclude(call, Answered(), words="带身份证到窗口"))
    facts(order.do(DispatchOrder()))
    facts(urgent.do(DispatchOrder()))
    assert rows(lead, "agents") == []
    for actor in (OPERATOR, CENTRE, CLERK):
        assert kept_from(office("fujian", actor), "agents") == (("FJ-29.2",), "lists.not_yours")


def _which(*names: str) -> dict[str, str]:
    return {"which": "、".join(names)}


@pytest.mark.clause("FJ-30.1")
def test_unsigned_orders_stand_with_the_time_they_wait_per_unit(case: NewCase, office: Office) -> None:
    first, second = case("fujian").dispatched(MONDAY), case("fujian").dispatched("2026-03-02T11:00+08:00")
    other = case("fujian").dispatched("2026-03-02T11:30+08:00", lead="水利局")
    taken = case("fujian").signed("2026-03-02T11:30+08:00")
    taken.clock.set("2026-03-02T12:00+08:00")
    found = the_list(office("fujian", LEAD), "unsigned")
    assert {row["number"]: (row["lead"], row["waiting_minutes"]) for row in found.rows} == {
        first.order.number: ("城市管理局", 120),
        second.order.number: ("城市管理局", 60),
        other.order.number: ("水利局", 30),
    }
    assert list(found.totals) == [
        {"unit": "城市管理局", "count": 2, "longest_waiting_minutes": 120},
        {"unit": "水利局", "count": 1, "longest_waiting_minutes": 30},
    ]
    for actor in (CENTRE, PROVINCE):
        assert len(numbers(office("fujian", actor), "unsigned", unit="城市管理局")) == 2
    assert kept_from(office("fujian", OPERATOR), "unsigned") == (("FJ-30.1",), "lists.not_yours")


@pytest.mark.clause("FJ-30.3")
def test_orders_that_dissatisfy_again_after_a_redo_or_supervision_are_listed_per_unit(
    case: NewCase, office: Office
) -> None:
    lead = office("fujian", LEAD)
    redone, once = case("fujian").completed(MONDAY), case("fujian").completed(MONDAY)
    for order in (redone, once):
        dissatisfied(order, TUESDAY)
    facts(redone.redo())
    facts(redone.complete(at="2026-03-04T10:00+08:00"))
    assert numbers(lead, "dissatisfied_again") == set()
    facts(redone.rate("dissatisfied", at="2026-03-05T10:00+08:00"))
    assert numbers(lead, "dissatisfied_again") == {redone.order.number}
    supervised = case("fujian").completed("2026-03-05T10:00+08:00")
    ledger = {"means": "整改通知", "issued_on": "2026-03-05", "rectify_by": "2026-03-12"}
    facts(supervised.record("supervision", LEAD, "", **ledger))
    facts(once.record("supervision", LEAD, "", **ledger))
    facts(supervised.rate("dissatisfied", at="2026-03-06T10:00+08:00"))
    found = the_list(lead, "dissatisfied_again")
    assert {row["number"] for row in found.rows} == {redone.order.number, supervised.order.number}
    assert list(found.totals) == [{"unit": "城市管理局", "count": 2, "longest_waiting_minutes": 0}]
    for actor in (CENTRE, PROVINCE):
        assert len(numbers(office("fujian", actor), "dissatisfied_again")) == 2
    assert kept_from(office("fujian", OPERATOR), "dissatisfied_again") == (("FJ-30.3",), "lists.not_yours")


@pytest.mark.clause("FJ-30.4")
def test_overdue_orders_can_be_narrowed_to_those_who_lead_support_or_catch_them(case: NewCase, office: Office) -> None:
    alone = case("fujian").signed(MONDAY)
    joint = case("fujian").raised(MONDAY)
    facts(joint.do(DispatchOrder("城市管理局", ("水利局",))))
    caught = case("fujian").raised(MONDAY)
    facts(caught.flag("duty_unclear", LEAD, cause="职能交叉"))
    named = {"fallback_unit": "住房和城乡建设局", "decision_reference": "市政府专题纪要〔2026〕5号"}
    facts(caught.record("fallback_named", LEAD, "", **named))
    facts(caught.do(DispatchOrder("住房和城乡建设局"), LEAD))
    lead = office("fujian", LEAD)
    alone.clock.set(LATE)
    one, two, three = (order.order.number for order in (alone, joint, caught))
    assert numbers(lead, "overdue") == {one, two, three}
    assert numbers(lead, "overdue", part="lead") == {one, two, three}
    assert numbers(lead, "overdue", unit="城市管理局", part="lead") == {one, two}
    assert numbers(lead, "overdue", part="supporting") == {two}
    assert numbers(lead, "overdue", unit="水利局", part="supporting") == {two}
    assert numbers(lead, "overdue", unit="水利局", part="lead") == set()
    assert numbers(lead, "overdue", part="fallback") == {three}
    assert the_list(lead, "overdue", "", "fallback").totals[0]["unit"] == "住房和城乡建设局"
    assert kept_from(lead, "overdue", part="guest") == (("FJ-30.4",), "record.not_allowed")


@pytest.mark.clause("FJ-30.2")
def test_marks_of_the_reviewer_are_counted_per_unit(case: NewCase, office: Office) -> None:
    for defect, unit in (("敷衍", "城市管理局"), ("敷衍", "城市管理局"), ("答非所问", "城市管理局")):
        order = case("fujian").completed(MONDAY, lead=unit)
        facts(order.record("mark", LEAD, TUESDAY, defect=defect))
    counted = [
        {"unit": "城市管理局", "defect": "敷衍", "count": 2},
        {"unit": "城市管理局", "defect": "答非所问", "count": 1},
    ]
    for actor in (LEAD, CENTRE, PROVINCE):
        assert rows(office("fujian", actor), "marks") == counted
    assert rows(office("fujian", LEAD), "marks", period="2026-02") == []
    assert kept_from(office("fujian", OPERATOR), "marks") == (("FJ-30.2",), "lists.not_yours")
    assert blocked(order.record("mark", LEAD, "", defect="推诿"))[1] == "record.not_allowed"


@pytest.mark.clause("FJ-9.3")
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_lead_has_them_on_one_screen(case: NewCase, sit: Sit, size: tuple[int, int]) -> None:
    late = case("fujian").signed(MONDAY)
    unsigned = case("fujian").dispatched("2026-03-16T10:00+08:00", lead="水利局", title="河道垃圾")
    unsigned.clock.set(LATE)
    async with sit("fujian", size=size, actor=LEAD) as operator:
        screen = await opened_list(operator, "f3")
        title = str(screen.query_one("#list-title", Static).content)
        for count in ("在办 2", "今日到期 0", "已逾期 1", "未签收 1", "待定退件、改派 0"):
            assert count in title
        assert [row.id for row in screen.shown] == [late.id, unsigned.id]
        assert [row.state for row in screen.shown] == ["over", "calm"]
        await operator.key_in("未签收")
        await operator.settle()
        assert [row.id for row in screen.shown] == [unsigned.id]
        assert "河道垃圾" in screen.shown[0].line(size[0])
    async with sit("fujian", size=size, actor=OPERATOR) as operator:
        await operator.press("f3")
        await operator.until(lambda: "督查名单不给话务员看" in operator.told)
