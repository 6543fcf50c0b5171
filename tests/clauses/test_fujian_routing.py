"""Fujian: who sends an order where: upwards, across boundaries, to the unit of last resort; and the line it came by."""

from __future__ import annotations

import pytest

from agent_console.desk.orders import handling
from agent_console.desk.orders.routing import completed, suggestions_for
from agent_console.desk.units import directory
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.directory_steps import ListLine
from agent_console.domain.units.routing_steps import HandBackOrder
from agent_console.domain.work_order.order_life_facts import OrderPushed
from agent_console.domain.work_order.order_steps import DispatchOrder
from agent_console.domain.work_order.orders import OrderDispatched

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.stories import form
from ..support.units import PROVINCE, clerk_of, enter
from .conftest import Case, NewCase, NewLine, missing

MONDAY = "2026-03-02T10:00+08:00"
UNITS = (
    ListedUnit("省公安厅", "government", "province"),
    ListedUnit("福州市人民政府", "government", "city", region="福州市"),
    ListedUnit("城市管理局", "government", "city", "福州市人民政府", "福州市"),
    ListedUnit("水利局", "government", "city", "福州市人民政府", "福州市"),
    ListedUnit("公安局", "government", "city", "福州市人民政府", "福州市"),
    ListedUnit("仓山区人民政府", "government", "county", "福州市人民政府", "仓山区"),
)
ITEM = ServiceItem("路灯维修", responsible="城市管理局", fallback="公安局")
NAMED = {"fallback_unit": "水利局", "decision_reference": "榕政办〔2026〕1号"}
TO_THE_PROVINCE = DispatchOrder("省公安厅")


def raised(case: NewCase, **details: object) -> Case:
    """An order of a city whose centre has its directory."""
    return enter(case("fujian"), *UNITS, ITEM).raised(MONDAY, **details)


@pytest.mark.clause("FJ-8.3")
@pytest.mark.parametrize("actor", [OPERATOR, LEAD, CENTRE])
def test_only_the_province_hands_an_order_to_a_provincial_unit(case: NewCase, actor: Actor) -> None:
    order = raised(case)
    assert blocked(order.do(TO_THE_PROVINCE, PROVINCE)) == (("FJ-8.3",), "routing.not_pushed")
    facts(order.do(TO_THE_PROVINCE, actor))
    assert (order.order.lead, order.order.received_at) == ("", 0)
    facts(order.do(TO_THE_PROVINCE, PROVINCE, "2026-03-02T11:00+08:00"))
    assert (order.order.lead, order.order.status) == ("省公安厅", "dispatched")
    assert allowed_nowhere(order, clerk_of("省公安厅"))


def allowed_nowhere(order: Case, actor: Actor) -> bool:
    """Whether somebody of a unit can hand the order on as if they were the line."""
    return blocked(order.do(DispatchOrder("水利局"), actor))[0] == ("FJ-14.2",)


@pytest.mark.clause("FJ-9.4")
def test_a_city_that_chooses_a_provincial_unit_pushes_the_order_upwards_and_no_clock_moves(
    case: NewCase, ask: Ask
) -> None:
    order = raised(case)
    assert order.due("dispatch") == "2026-03-03T23:59:59+08:00"
    [pushed] = facts(order.do(TO_THE_PROVINCE, OPERATOR, "2026-03-02T15:00+08:00"))
    assert isinstance(pushed, OrderPushed)
    assert (pushed.agency, pushed.lead) == ("省级工作机构", "省公安厅")
    assert (order.order.status, order.due("dispatch")) == ("raised", "2026-03-03T23:59:59+08:00")
    assert blocked(order.do(DispatchOrder("水利局"), LEAD)) == (("FJ-9.4",), "routing.is_pushed")
    shown = ask("order", "show", order.order.number, "--jurisdiction=FJ", "--json").json
    assert shown["pushed"] == {"agency": "省级工作机构", "unit": "省公安厅"}
    assert "已推送省级工作机构" in ask("order", "show", order.order.number, "--jurisdiction=FJ").out
    joint = raised(case)
    facts(joint.do(DispatchOrder("水利局", ("省公安厅",))))
    assert joint.order.agency == "省级工作机构"


@pytest.mark.clause("FJ-9.4")
def test_what_the_province_does_not_take_it_hands_back_with_a_reason(case: NewCase) -> None:
    order = raised(case)
    assert blocked(order.do(HandBackOrder("属市级"), PROVINCE)) == (("FJ-9.4",), "routing.nothing_pushed")
    facts(order.do(TO_THE_PROVINCE))
    assert blocked(order.do(HandBackOrder("属市级"), LEAD)) == (("FJ-8.3",), "order.not_your_step")
    assert missing(order.do(HandBackOrder(""), PROVINCE)) == (("reason",), "FJ-9.4")
    facts(order.do(HandBackOrder("属市级"), PROVINCE))
    facts(order.do(DispatchOrder("水利局")))
    assert (order.order.lead, order.order.agency) == ("水利局", "")


@pytest.mark.clause("FJ-8.5")
def test_an_order_with_two_departments_or_two_regions_is_flagged_and_the_province_can_be_asked_to_coordinate(
    case: NewCase,
) -> None:
    alone = raised(case)
    facts(alone.do(DispatchOrder("城市管理局")))
    assert alone.order.flags == ()
    two = raised(case)
    _, flagged = facts(two.do(DispatchOrder("城市管理局", ("水利局",))))
    assert (flagged.flag, flagged.cause) == ("cross_boundary", "跨部门")  # type: ignore[attr-defined]
    order = raised(case)
    given, flagged = facts(order.do(DispatchOrder("城市管理局", ("仓山区人民政府",))))
    assert isinstance(given, OrderDispatched)
    assert (flagged.flag, flagged.cause) == ("cross_boundary", "跨区域")  # type: ignore[attr-defined]
    facts(order.return_())
    assert blocked(order.do(DispatchOrder("公安局"), PROVINCE)) == (("FJ-8.3",), "routing.not_pushed")
    assert missing(order.record("coordination", LEAD)) == (("reason",), "FJ-8.5")
    assert blocked(order.record("coordination", CLERK, reason="两区推诿"))[0] == ("FJ-8.5",)
    facts(order.record("coordination", LEAD, reason="两区推诿"))
    facts(order.do(DispatchOrder("公安局"), PROVINCE))
    assert order.order.lead == "公安局"
    assert blocked(raised(case).record("coordination", LEAD, reason="难办")) == (("FJ-8.5",), "record.needs_flag")


@pytest.mark.clause("FJ-16.2")
def test_an_order_nobody_is_clearly_competent_for_goes_to_the_fallback_unit_of_the_list(case: NewCase) -> None:
    order = raised(case, title="路灯维修无人管")
    assert missing(order.flag("duty_unclear")) == (("cause",), "FJ-16.2")
    facts(order.flag("duty_unclear", cause="职能交叉"))
    first = suggestions_for(order.desk(), order.order)[0]
    assert (first.unit, first.clause) == ("公安局", "FJ-16.2")
    for actor in (OPERATOR, LEAD, CENTRE):
        assert blocked(order.do(DispatchOrder("城市管理局"), actor)) == (("FJ-16.2",), "routing.fallback_only")
    facts(order.do(DispatchOrder("公安局")))
    assert order.order.lead == "公安局"
    facts(raised(case, title="路灯维修无人管").do(DispatchOrder("城市管理局")))


@pytest.mark.clause("FJ-16.2")
def test_any_other_unit_needs_the_reference_of_a_decision_of_the_government(case: NewCase) -> None:
    order = raised(case, title="路灯维修无人管")
    facts(order.flag("duty_unclear", cause="权属不明"))
    assert missing(order.record("fallback_named", LEAD, fallback_unit="水利局")) == (
        ("decision_reference",),
        "FJ-16.2",
    )
    assert blocked(order.record("fallback_named", OPERATOR, **NAMED)) == (("FJ-16.2",), "order.not_your_step")
    facts(order.record("fallback_named", LEAD, **NAMED))
    assert blocked(order.do(DispatchOrder("公安局"))) == (("FJ-16.2",), "routing.fallback_only")
    facts(order.do(DispatchOrder("水利局")))
    assert order.order.lead == "水利局"
    unlisted = raised(case, title="河道垃圾", content="河道垃圾")
    facts(unlisted.flag("duty_unclear", cause="权属不明"))
    assert blocked(unlisted.do(DispatchOrder("水利局"))) == (("FJ-16.2",), "routing.no_fallback")
    signed = enter(case("fujian"), *UNITS).signed(MONDAY)
    facts(signed.flag("duty_unclear", cause="职能交叉"))
    facts(signed.record("reassign_request", CLERK, basis="三定方案", suggestion="水利局"))
    assert blocked(signed.reassign("水利局", LEAD)) == (("FJ-16.2",), "routing.no_fallback")
    facts(signed.record("fallback_named", LEAD, **NAMED))
    facts(signed.reassign("水利局", LEAD))
    facts(signed.sign(actor=STRANGER))


@pytest.mark.clause("FJ-4.1")
def test_an_order_keeps_the_service_line_it_came_in_on_which_is_one_of_the_list(
    case: NewCase, line: NewLine, ask: Ask
) -> None:
    seat = line("fujian")
    desk = case("fujian").desk(CENTRE)
    facts(directory.keep(desk, ListLine(ServiceLine("城管热线", "12319", "merged"))))
    facts(directory.keep(desk, ListLine(ServiceLine("供水热线", "968100", "merged"))))
    assert list(seat.desk.directory().lines) == ["城管热线", "供水热线"]
    order = case("fujian").raised(line="12319")
    shown = ask("order", "show", order.order.number, "--jurisdiction=FJ", "--json").json
    assert shown["line"] == "城管热线"
    unknown = ask("order", "raise", "--jurisdiction=FJ", "--kind=投诉", "--title=路灯不亮", "--content=三天不亮",
        "--caller-type=citizen", "--caller-name=示例甲", "--caller-number=13800000001", "--district=鼓楼区",
        "--lead=城市管理局", "--line=12300")  # fmt: skip
    assert unknown.code == 3
    assert "FJ-4.1" in unknown.err
    from_call = seat.call(seat.take(line="968100")).line
    assert completed(seat.desk, form("fujian", line=from_call)).line == "供水热线"
    assert handling.clocks(order.desk(), order.id)["dispatch"].clause == "FJ-14.2"
