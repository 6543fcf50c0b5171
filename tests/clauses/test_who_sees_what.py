"""Which orders a role sees, and which it only reads."""

from __future__ import annotations

import pytest

from agent_console.desk.calls import intake
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.routing_steps import PassOnOrder
from agent_console.domain.work_order.order_corrections import AddToOrder, AmendOrder
from agent_console.domain.work_order.order_endings import WithdrawOrder
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..support.eyes import found, kept_out, listed, looked
from ..support.figures import MONDAY, drawn, lines
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.secret_keys import in_environment
from ..support.stories import form
from ..support.units import PROVINCE, clerk_of, enter
from .conftest import Case, NewCase

OFFICE = Actor("市府办", "government_office")
INSPECTOR = Actor("督查室", "supervision_office")
EFFICIENCY = Actor("效能办", "efficiency_office")
MONITOR = Actor("监督员甲", "service_monitor")
EDITOR = Actor("编辑甲", "knowledge_editor")


def with_unit(case: Case, unit: str, **details: object) -> Case:
    """An order in the inbox of a unit."""
    facts(case.raised(MONDAY, lead=unit, **details).do(DispatchOrder(), LEAD))
    return case


def archived(case: Case, unit: str, **details: object) -> Case:
    """An order a unit has handled that was put away."""
    leader = Actor("局长", "unit_leader", unit)
    facts(with_unit(case, unit, **details).sign(actor=leader))
    facts(case.complete("2026-03-03T10:00+08:00", leader))
    facts(case.record("callback", LEAD, reached="yes", solved="yes", satisfaction="satisfied", opinions="无"))
    facts(case.archive("投诉", LEAD))
    return case


@pytest.mark.clause("BZ-12.1")
def test_the_second_tier_sees_the_orders_of_its_own_third_tier_units_and_of_no_others(case: NewCase) -> None:
    line, county, other, street = "市长公开电话办公室", "滨城区人民政府", "惠民县人民政府", "市东街道办事处"
    order = enter(
        case("binzhou"),
        ListedUnit(line, "mayors_line", "1"),
        ListedUnit(county, "county", "2", line, "滨城区"),
        ListedUnit(other, "county", "2", line, "惠民县"),
        ListedUnit(street, "township", "3", county, "市东街道"),
    )
    own = with_unit(order, county)
    below = case("binzhou")
    facts(below.raised(MONDAY, lead=county).do(DispatchOrder()))
    facts(below.sign(actor=clerk_of(county)))
    facts(below.do(PassOnOrder(street), clerk_of(county)))
    elsewhere = with_unit(case("binzhou"), other)
    assert listed(own, Actor("局长", "unit_leader", county)) == {own.id, below.id}
    assert listed(own, clerk_of(street)) == {below.id}
    assert listed(own, clerk_of(other)) == {elsewhere.id}
    assert kept_out(own, clerk_of(street)) == (("BZ-25.2",), "sight.not_of_unit")


@pytest.mark.clause("ZJ-8.2")
def test_a_unit_with_bodies_under_it_sees_their_orders(case: NewCase) -> None:
    town, village = "马家店街道办事处", "陶家湖社区服务中心"
    order = enter(case("zhijiang"), ListedUnit(town, "township"), ListedUnit(village, "other", parent=town))
    below, own = with_unit(order, village), with_unit(case("zhijiang"), town)
    assert listed(own, clerk_of(town)) == {below.id, own.id}
    assert looked(below, clerk_of(town)).order.lead == village
    assert listed(own, clerk_of(village)) == {below.id}
    assert kept_out(own, clerk_of(village))[1] == "sight.not_of_unit"


@pytest.mark.clause("BZ-25.2")
def test_an_order_is_shown_to_the_units_on_it_only(case: NewCase) -> None:
    order = with_unit(case("binzhou"), "城市管理局")
    shared = case("binzhou")
    facts(shared.raised(MONDAY).do(DispatchOrder("水利局", ("城市管理局",)), BUREAU))
    raised = case("binzhou").raised(MONDAY)
    assert listed(order, CLERK) == {order.id, shared.id}
    assert listed(order, STRANGER) == {shared.id}
    assert kept_out(order, STRANGER) == (("BZ-25.2",), "sight.not_of_unit")
    assert kept_out(raised, CLERK) == (("BZ-25.2",), "sight.not_of_unit")
    nobody = Actor("某人", "unit_clerk")
    assert listed(order, nobody) == set()
    assert kept_out(order, nobody)[1] == "sight.unit_wanting"


@pytest.mark.clause("BZ-14.5b")
def test_a_unit_finds_its_own_open_orders_in_the_archive_and_nothing_else(
    case: NewCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_ROLE_KEYS", in_environment())
    own = archived(case("binzhou"), "城市管理局")
    secret = archived(case("binzhou"), "城市管理局", confidential=True)
    other = archived(case("binzhou"), "水利局")
    assert found(own, CLERK, "没有这样的话") == set()
    for actor in (CLERK, Actor("局长", "unit_leader", "城市管理局"), Actor("来客", "guest", "城市管理局")):
        assert found(own, actor, "路灯不亮") == {own.id}
        assert listed(own, actor, "archived") == {own.id}
        assert kept_out(secret, actor) == (("BZ-14.5b",), "sight.put_away")
        assert secret.id not in listed(own, actor)
    assert kept_out(other, CLERK) == (("BZ-25.2",), "sight.not_of_unit")


def test_where_the_book_gives_a_unit_no_archive_it_sees_nothing_that_was_put_away(case: NewCase) -> None:
    order = case("zhijiang").completed(MONDAY)
    assert listed(order, CLERK) == {order.id}
    facts(order.rate("satisfied"))
    assert order.order.status == "archived"
    assert listed(order, CLERK) == set()
    assert kept_out(order, CLERK) == (("ZJ-25.2",), "sight.put_away")


@pytest.mark.clause("FJ-8.2")
def test_the_province_reads_the_figures_of_every_city_and_writes_none(case: NewCase) -> None:
    province = with_unit(case("fujian"), "水利局")
    city = with_unit(case("fuzhou"), "城市管理局")
    by_unit = {("水利局",), ("城市管理局",)}
    assert lines(drawn(province.desk(PROVINCE), "units", "2026-Q1")).keys() == by_unit
    assert lines(drawn(province.desk(LEAD), "units", "2026-Q1")).keys() == {("水利局",)}
    assert lines(drawn(city.desk(LEAD), "units", "2026-Q1")).keys() == {("城市管理局",)}
    for order in (province, city):
        for step in (AddToOrder("又来电"), WithdrawOrder("不要了"), AmendOrder("title", "路灯")):
            assert blocked(order.do(step, PROVINCE)) == (("FJ-8.2",), "sight.reads_only")
        raising = intake.raise_order(order.desk(PROVINCE), "", "", form("fujian"), intake.Telling())
        assert blocked(raising.decision) == (("FJ-8.2",), "sight.reads_only")
        assert blocked(intake.take_call(order.desk(PROVINCE), "13800138000")[0])[0] == ("FJ-8.2",)
        assert order.log()[-1][0] == "order.dispatched"


@pytest.mark.clause("FZ-10.2")
def test_the_efficiency_office_reads_every_stage_of_every_order(case: NewCase) -> None:
    raised = case("fuzhou").raised(MONDAY)
    dispatched = with_unit(case("fuzhou"), "水利局")
    done = case("fuzhou").completed()
    gone = case("fuzhou").completed()
    for paper in ("platform_file", "unit_file"):
        facts(gone.record(paper, CLERK if paper == "unit_file" else OPERATOR, materials="全部办理材料"))
    facts(gone.archive())
    assert listed(raised, EFFICIENCY) == {raised.id, dispatched.id, done.id, gone.id}
    steps = [event.envelope.type for event in looked(gone, EFFICIENCY).history]
    assert steps == [
        "order.raised", "order.dispatched", "order.signed", "order.completed", "order.recorded", "order.recorded",
        "order.archived",
    ]  # fmt: skip
    assert blocked(done.do(AddToOrder("催一下"), EFFICIENCY)) == (("FZ-10.2",), "sight.reads_only")


@pytest.mark.clause("HB-8")
def test_the_monitor_only_reads_orders_of_city_units_and_never_who_called(case: NewCase) -> None:
    units = (ListedUnit("市水利局", "department"), ListedUnit("市供水公司", "city_services"))
    order = enter(case("hebi"), *units, ListedUnit("淇滨区人民政府", "county"))
    city, county = with_unit(order, "市水利局"), with_unit(case("hebi"), "淇滨区人民政府")
    served = with_unit(case("hebi"), "市供水公司")
    assert listed(city, MONITOR) == {city.id, served.id}
    assert kept_out(county, MONITOR) == (("HB-8",), "sight.only_listed")
    assert looked(city, MONITOR).identity == "masked"
    assert kept_out(city, MONITOR, unmask=True, ground="核实") == (("HB-8",), "sight.never_told")
    for step in (DispatchOrder("市水利局"), AddToOrder("请加快")):
        assert blocked(city.do(step, MONITOR)) == (("HB-8",), "sight.reads_only")
    assert blocked(city.record("urging", MONITOR, means="phone")) == (("HB-8",), "sight.reads_only")


@pytest.mark.clause("HB-11.1")
def test_only_those_on_the_case_see_what_it_is_about(case: NewCase) -> None:
    order = with_unit(case("hebi"), "城市管理局")
    assert listed(order, CLERK) == {order.id}
    assert looked(order, CLERK).order.details.content == "五四路口路灯三天不亮，希望尽快修复"
    for outsider in (STRANGER, EDITOR):
        assert listed(order, outsider) == set()
        assert kept_out(order, outsider)[0] == ("HB-11.1",)


@pytest.mark.clause("ZJ-5")
def test_the_government_office_reads_all_and_rules_on_escalated_joint_orders(case: NewCase) -> None:
    orders = [with_unit(case("zhijiang"), unit) for unit in ("城市管理局", "水利局")]
    joint = case("zhijiang").raised(MONDAY)
    assert listed(joint, OFFICE) == {joint.id, *(order.id for order in orders)}
    facts(joint.flag("disputed", LEAD))
    assert "disputed" in looked(joint, OFFICE).order.flags
    assert blocked(joint.do(AddToOrder("已收"), OFFICE)) == (("ZJ-5",), "sight.reads_only")
    assert blocked(joint.do(DispatchOrder("水利局"), OFFICE))[1] == "order.not_your_step"


@pytest.mark.clause("ZJ-6.0")
def test_the_bureau_stands_above_the_centre(case: NewCase) -> None:
    order = with_unit(case("zhijiang"), "城市管理局")
    other = case("zhijiang").raised(MONDAY)
    assert listed(order, BUREAU) == {order.id, other.id}
    facts(order.flag("disputed", CENTRE))
    facts(order.record("submitted_to_bureau", CENTRE, reason="职责交叉"))
    told = {"opinions": "建议由城市管理局牵头"}
    assert blocked(order.record("submitted_to_government", CENTRE, **told))[1] == "order.not_your_step"
    facts(order.record("submitted_to_government", BUREAU, **told))
    assert ("城市管理局",) in lines(drawn(order.desk(BUREAU), "appraisal", "2026-Q1"))


@pytest.mark.clause("ZJ-23.0")
def test_the_inspectors_see_key_orders_and_no_others(case: NewCase) -> None:
    key, other = with_unit(case("zhijiang"), "城市管理局"), with_unit(case("zhijiang"), "城市管理局")
    assert listed(key, INSPECTOR) == set()
    facts(key.flag("key_order", LEAD))
    assert listed(key, INSPECTOR) == {key.id}
    grave = with_unit(case("zhijiang"), "城市管理局")
    facts(grave.flag("negative_impact", LEAD))
    assert listed(key, INSPECTOR) == {key.id, grave.id}
    assert kept_out(other, INSPECTOR) == (("ZJ-23.0",), "sight.only_flagged")
    assert blocked(other.flag("supervised", INSPECTOR)) == (("ZJ-23.0",), "sight.only_flagged")
    facts(key.flag("supervised", INSPECTOR))
    assert blocked(key.do(AddToOrder("催办"), INSPECTOR)) == (("ZJ-23.0",), "sight.reads_only")


def test_a_person_of_a_role_the_book_does_not_have_sees_and_does_nothing(case: NewCase) -> None:
    order = with_unit(case("binzhou"), "城市管理局")
    assert listed(order, INSPECTOR) == set()
    assert kept_out(order, INSPECTOR) == ((), "sight.no_such_role")
    assert blocked(order.do(AddToOrder("催办"), INSPECTOR)) == ((), "sight.no_such_role")
    assert listed(order, OPERATOR) == {order.id}
