"""Fuzhou: passing an order on to the local station, naming the fallback unit, lines that were merged."""

from __future__ import annotations

import pytest

from agent_console.domain.intake.outcomes import Transferred
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.routing_steps import PassOnOrder
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, clock_of, facts
from ..support.units import clerk_of, enter
from .conftest import Case, NewCase, NewLine, allowed, missing

MONDAY = "2026-03-02T10:00+08:00"
BUREAU, BRANCH, STATION = "福州市公安局", "仓山区公安分局", "上渡派出所"
POLICE = (
    ListedUnit(BUREAU, "government", "city", region="福州市"),
    ListedUnit(BRANCH, "government", "county", BUREAU, "仓山区"),
    ListedUnit(STATION, "government", "county", BRANCH, "仓山区"),
    ListedUnit("鼓楼派出所", "government", "county", BUREAU, "鼓楼区"),
)
CITY = (
    ListedUnit("城市管理局", "government", "city", region="福州市"),
    ListedUnit("水利局", "government", "city", region="福州市"),
)
NAMED = {"fallback_unit": "水利局", "named_by": "李主任", "tier": "city"}
MERGED = ServiceLine("城管热线", "12319", "merged")
PARALLEL = ServiceLine("供水热线", "968100", "parallel")
COUNTY_CENTRE = Actor("仓山智慧中心", "county_centre")


def with_the_branch(case: NewCase) -> Case:
    """An order in the inbox of the district branch of the police."""
    return enter(case("fuzhou"), *POLICE).dispatched(MONDAY, lead=BRANCH)


@pytest.mark.clause("FZ-5.2")
def test_a_district_unit_passes_an_order_on_to_its_local_station_and_both_stay_in_the_chain(
    case: NewCase, ask: Ask
) -> None:
    order = with_the_branch(case)
    facts(order.sign(actor=clerk_of(BRANCH)))
    due = order.due()
    facts(order.do(PassOnOrder(STATION), clerk_of(BRANCH), "2026-03-03T10:00+08:00"))
    shown = ask("order", "show", order.order.number, "--jurisdiction=FZ", "--json").json
    assert (shown["lead"], shown["passed"], shown["units"]) == (BRANCH, [STATION], [BRANCH, STATION])
    assert STATION in ask("order", "show", order.order.number, "--jurisdiction=FZ").out
    assert (due, order.due()) == ("2026-03-16T23:59:59+08:00", "2026-03-16T23:59:59+08:00")
    assert blocked(order.complete(actor=clerk_of("鼓楼派出所")))[1] == "order.not_your_order"
    facts(order.complete(actor=clerk_of(STATION)))
    assert (order.order.status, order.order.units) == ("completed", (BRANCH, STATION))


@pytest.mark.clause("FZ-5.2")
def test_it_goes_only_from_the_unit_that_has_it_to_one_right_under_it(case: NewCase) -> None:
    order = with_the_branch(case)
    for unit in ("鼓楼派出所", BUREAU, "没有的单位"):
        assert blocked(order.do(PassOnOrder(unit), clerk_of(BRANCH))) == (("FZ-5.2",), "routing.not_under")
    assert blocked(order.do(PassOnOrder(STATION), OPERATOR)) == (("FZ-5.2",), "order.not_your_step")
    assert blocked(order.do(PassOnOrder(STATION), clerk_of(BUREAU)))[0] == ("FZ-5.2",)
    facts(order.do(PassOnOrder(STATION), clerk_of(BRANCH)))
    facts(order.do(PassOnOrder(BRANCH), clerk_of(BRANCH)))
    assert (order.order.passed, order.order.units) == ((), (BRANCH, STATION))
    raised = enter(case("fuzhou"), *POLICE).raised(MONDAY, lead=BRANCH)
    assert blocked(raised.do(PassOnOrder(STATION), clerk_of(BRANCH)))[0] == ("FZ-5.2",)
    above = enter(case("fujian"), *POLICE).dispatched(MONDAY, lead=BRANCH)
    assert blocked(above.do(PassOnOrder(STATION), clerk_of(BRANCH))) == ((), "routing.no_passing_on")


@pytest.mark.clause("FZ-12")
@pytest.mark.parametrize(("actor", "tier"), [(CENTRE, "city"), (COUNTY_CENTRE, "county")])
def test_the_centre_of_city_or_county_names_the_fallback_unit_itself(case: NewCase, actor: Actor, tier: str) -> None:
    item = ServiceItem("路灯维修", "公用设施维护", "城市管理局", "城市管理局")
    order = enter(case("fuzhou"), *CITY, item).raised(MONDAY, title="路灯维修无人管")
    facts(order.flag("duty_unclear", cause="权属不明"))
    assert blocked(order.do(DispatchOrder("城市管理局"))) == (("FZ-12",), "routing.no_fallback")
    named = {**NAMED, "tier": tier}
    for other in (OPERATOR, LEAD, CLERK):
        assert blocked(order.record("fallback_named", other, **named))[0] == ("FZ-12",)
    for field in ("fallback_unit", "named_by", "tier"):
        told = {name: value for name, value in named.items() if name != field}
        assert missing(order.record("fallback_named", actor, **told)) == ((field,), "FZ-12")
    assert blocked(order.record("fallback_named", actor, **{**named, "tier": "province"}))[0] == ("FZ-12",)
    facts(order.record("fallback_named", actor, "2026-03-02T11:00+08:00", **named))
    [entry] = order.order.recorded("fallback_named")
    assert (entry.fields, entry.role) == (named, actor.role)
    assert clock_of(entry.occurred_at) == "2026-03-02T11:00:00+08:00"
    assert blocked(order.do(DispatchOrder("城市管理局"))) == (("FZ-12",), "routing.fallback_only")
    facts(order.do(DispatchOrder("水利局")))
    facts(order.sign(actor=STRANGER))


@pytest.mark.clause("FZ-11.1")
def test_what_comes_in_on_a_merged_line_is_taken_here_and_answered_by_the_platform(case: NewCase) -> None:
    order = enter(case("fuzhou"), MERGED, PARALLEL).completed(MONDAY, line="12319")
    assert (order.order.details.line, order.order.flags) == ("城管热线", ("merged_line",))
    assert order.owes["platform_answer"] is False
    facts(order.record("unit_file", CLERK, materials="现场照片"))
    facts(order.record("platform_file", materials="通话录音"))
    assert blocked(order.archive()) == (("FZ-11.1",), "duty.owed")
    assert missing(order.record("platform_answer", answered_at="2026-03-04T09:00+08:00")) == (("answer",), "FZ-11.1")
    facts(order.record("platform_answer", answer="已修好", answered_at="2026-03-04T09:00+08:00"))
    assert "platform_answer" not in order.owes
    facts(order.archive())
    early = case("fuzhou").signed(MONDAY, line="12319")
    answered = {"answer": "已修好", "answered_at": "2026-03-04T09:00+08:00"}
    assert blocked(early.record("platform_answer", **answered)) == (("FZ-11.1",), "record.not_now")
    assert blocked(early.flag("merged_line", OPERATOR, on=False)) == (("FZ-11.1",), "order.not_your_step")
    assert allowed(early.flag("merged_line", LEAD, on=False))
    other = case("fuzhou").completed(MONDAY, line="968100")
    assert (other.order.details.line, other.order.flags, "platform_answer" in other.owes) == ("供水热线", (), False)
    above = enter(case("fujian"), MERGED).completed(MONDAY, line="12319")
    assert (above.order.flags, "platform_answer" in above.owes) == ((), False)


@pytest.mark.clause("FZ-11.1")
def test_a_caller_is_not_handed_over_to_a_line_that_was_merged(case: NewCase, line: NewLine) -> None:
    enter(case("fuzhou"), MERGED, PARALLEL)
    seat = line("fuzhou")
    call_id = seat.take()
    for target in ("12319", "城管热线"):
        assert blocked(seat.conclude(call_id, Transferred(target, "transfer"))) == (("FZ-11.1",), "routing.merged_line")
    assert allowed(seat.conclude(call_id, Transferred("968100", "transfer")))
