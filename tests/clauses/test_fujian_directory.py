"""Fujian and Fuzhou: classes and tiers of units, listed service items, special lines."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..cli.conftest import Ask
from ..support.directories import Register
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from ..support.units import PROVINCE
from .conftest import NewCase, missing

FJ, FZ = "--jurisdiction=FJ", "--jurisdiction=FZ"
CITY, COUNTY = "福州市人民政府", "鼓楼区人民政府"
LAMPS = "城市管理局"


@pytest.fixture
def register(case: NewCase) -> Register:
    """The directory of a Fujian centre: the province, a city and a county under it."""
    return Register(case("fujian")).entered(
        ListedUnit("省直某厅", "government", "province"),
        ListedUnit(CITY, "government", "city", "省直某厅"),
        ListedUnit(COUNTY, "government", "county", CITY),
    )


@pytest.fixture
def fuzhou(case: NewCase) -> Register:
    """The directory of the Fuzhou centre."""
    return Register(case("fuzhou")).entered(ListedUnit("市智慧福州管理服务中心", "government", "city"))


@pytest.mark.parametrize(
    ("unit_class", "name"),
    [
        pytest.param("government", "各级人民政府及其部门", marks=pytest.mark.clause("FJ-3.1")),
        pytest.param("pingtan", "平潭综合实验区管委会", marks=pytest.mark.clause("FJ-3.1")),
        pytest.param("people", "人民团体", marks=pytest.mark.clause("FJ-3.1")),
        pytest.param("enterprise", "企事业单位", marks=pytest.mark.clause("FJ-3.1")),
        pytest.param("central", "中央驻闽机构", marks=pytest.mark.clause("FJ-32.1")),
    ],
)
def test_an_order_can_go_to_a_unit_of_every_class(case: NewCase, unit_class: str, name: str) -> None:
    order = case("fujian")
    assert order.desk().rule_book.directory.classes[unit_class].name == name
    tier = "pingtan" if unit_class == "pingtan" else "city"
    register = Register(order).entered(ListedUnit("某单位", unit_class, tier))
    assert blocked(register.enter(ListedUnit("别的单位", "village", "city")))[1] == "record.not_allowed"
    facts(order.raised(lead="某单位").do(DispatchOrder()))
    assert order.order.lead == "某单位"


@pytest.mark.clause("FJ-3.1")
def test_a_unit_the_directory_does_not_know_is_refused_with_a_suggestion(register: Register, ask: Ask) -> None:
    order = register.entered(ListedUnit(LAMPS, "government", "city", CITY)).order.raised(lead=LAMPS)
    refused = order.do(DispatchOrder("城市管里局"))
    assert blocked(refused) == (("FJ-3.1",), "directory.no_such_unit")
    answer = ask("order", "dispatch", order.order.number, "--lead=城市管里局", FJ)
    assert (answer.code, LAMPS in answer.err) == (3, True)
    facts(order.do(DispatchOrder()))


@pytest.mark.clause("FJ-3.1")
@pytest.mark.clause("FJ-9.0")
def test_pingtan_is_one_body_of_its_own_class_and_tier(register: Register) -> None:
    facts(register.enter(ListedUnit("平潭管委会", "pingtan", "pingtan")))
    assert blocked(register.enter(ListedUnit("另一个", "pingtan", "pingtan"))) == (("FJ-9.0",), "directory.tier_full")
    assert blocked(register.enter(ListedUnit("另一个", "pingtan", "city")))[1] == "record.not_allowed"


@pytest.mark.clause("FJ-8.0")
def test_the_province_is_a_tier_above_the_cities_with_a_role_of_its_own(register: Register, ask: Ask) -> None:
    assert register.now.above(COUNTY) == (CITY, "省直某厅")
    tier = register.order.desk().rule_book.directory.tiers["province"]
    assert (tier.name, tier.role, tier.clause) == ("省", "province", "FJ-8.0")
    below = register.change("省直某厅", parent=CITY)
    assert blocked(below)[1] in ("directory.under_itself", "directory.top_has_no_parent")
    facts(register.enter(ListedUnit("省直别的厅", "government", "province")))
    under = register.change("省直别的厅", parent=CITY)
    assert blocked(under) == (("FJ-8.0",), "directory.top_has_no_parent")
    added = ("unit", "add", "省直新厅", "--unit-class=government", "--tier=省", FJ)
    assert ask(*added, "--as=province").code == 0
    assert ask(*added, "--as=operator").code == 3
    assert register.now.tier_of("省直新厅") == "province"


@pytest.mark.clause("FJ-9.0")
def test_cities_and_counties_stand_below_the_province_and_pingtan_beside_the_cities(register: Register) -> None:
    facts(register.enter(ListedUnit("市城市管理局", "government", "city", CITY)))
    facts(register.enter(ListedUnit("别的市", "government", "city")))
    facts(register.enter(ListedUnit("鼓楼区城市管理局", "government", "county", COUNTY)))
    facts(register.enter(ListedUnit("平潭管委会", "pingtan", "pingtan")))
    facts(register.change("平潭管委会", parent="省直某厅"))
    tiers = register.order.desk().rule_book.directory.tiers
    assert (tiers["pingtan"].beside, list(tiers)) == ("city", ["province", "city", "pingtan", "county"])
    assert missing(register.enter(ListedUnit("某区", "government", "county"))) == (("parent",), "FJ-9.0")
    for unit in (
        ListedUnit("某区", "government", "county", "省直某厅"),
        ListedUnit("某区", "government", "county", "平潭管委会"),
        ListedUnit("某市", "government", "city", COUNTY),
        ListedUnit("平潭管委会", "pingtan", "pingtan", CITY),
    ):
        assert blocked(register.enter(unit)) == (("FJ-9.0",), "directory.parent_of_tier")


@pytest.mark.clause("FJ-9.8")
def test_a_listed_item_without_responsible_or_fallback_unit_is_reported(register: Register, ask: Ask) -> None:
    register.entered(ListedUnit(LAMPS, "government", "city", CITY), ServiceItem("路灯", "", LAMPS, COUNTY))
    assert register.gaps == []
    register.entered(ServiceItem("井盖", "", LAMPS), ServiceItem("噪声", "", "", COUNTY))
    assert register.gaps == [("井盖", "fallback", "FJ-9.8"), ("噪声", "responsible", "FJ-9.8")]
    facts(register.enter(ServiceItem("井盖", "", LAMPS, "没有的单位")))
    told = ask("unit", "check", FJ).out
    assert "没有的单位" in told
    assert "缺：责任单位（FJ-9.8）" in told


@pytest.mark.clause("FJ-9.8")
def test_fuzhou_reports_them_too_by_the_clause_of_fujian(fuzhou: Register) -> None:
    fuzhou.entered(ServiceItem("井盖", "市容环境"))
    assert fuzhou.gaps == [("井盖", "responsible", "FJ-9.8"), ("井盖", "fallback", "FJ-9.8")]


@pytest.mark.clause("FJ-9.8")
def test_the_line_and_the_province_keep_lines_and_items(register: Register) -> None:
    for keeper in (LEAD, CENTRE, PROVINCE):
        facts(register.enter(ServiceItem(f"{keeper.role}的事项"), keeper))
        facts(register.enter(ServiceLine(f"{keeper.role}的专线", way="merged"), keeper))
    for stranger in (OPERATOR, CLERK, BUREAU):
        assert blocked(register.enter(ServiceItem("某事项"), stranger)) == (("FJ-9.8",), "directory.not_yours")
    assert missing(register.enter(ServiceLine("某专线"))) == (("way",), "FJ-4.1")


@pytest.mark.clause("FJ-4.1")
def test_a_line_of_fujian_is_merged_or_stays_beside_the_hotline(register: Register, ask: Ask) -> None:
    register.entered(ServiceLine("城管热线", "12319", "merged"), ServiceLine("供水热线", "968100", "parallel"))
    assert blocked(register.enter(ServiceLine("某热线", "1", "dropped"))) == (("FJ-4.1",), "record.not_allowed")
    assert ask("line", "list", FJ, "--json").json["by"] == {"merged": 1, "parallel": 1}


@pytest.mark.clause("FZ-8.2")
def test_ninety_items_in_five_classes_and_how_many_are_loaded(fuzhou: Register, ask: Ask) -> None:
    classes = ["公用设施维护", "市容环境", "施工管理", "居民生活", "旅游管理"]
    for name in classes:
        facts(fuzhou.enter(ServiceItem(f"{name}一", name)))
    assert blocked(fuzhou.enter(ServiceItem("别的", "交通"))) == (("FZ-8.2",), "record.not_allowed")
    assert blocked(fuzhou.enter(ServiceItem("别的")))[1] == "record.not_allowed"
    shown = ask("item", "list", FZ, "--json").json
    assert (shown["loaded"], shown["slots"], shown["by"]) == (5, 90, dict.fromkeys(classes, 1))
    for number in range(85):
        facts(fuzhou.enter(ServiceItem(f"事项{number}", classes[0])))
    assert "已录90，清单共90" in ask("item", "list", FZ).out
    assert blocked(fuzhou.enter(ServiceItem("多一项", classes[0]))) == (("FZ-8.2",), "directory.full")
    facts(fuzhou.enter(ServiceItem("事项1", classes[1])))


@pytest.mark.clause("FZ-10.3")
def test_county_bodies_stand_under_the_city_centre(fuzhou: Register, ask: Ask) -> None:
    centre = "市智慧福州管理服务中心"
    facts(fuzhou.enter(ListedUnit("鼓楼区智慧城市中心", "government", "county", centre)))
    facts(fuzhou.enter(ListedUnit("鼓楼区城市管理局", "government", "county", "鼓楼区智慧城市中心")))
    assert fuzhou.now.above("鼓楼区城市管理局") == ("鼓楼区智慧城市中心", centre)
    assert missing(fuzhou.enter(ListedUnit("某区", "government", "county"))) == (("parent",), "FZ-10.3")
    facts(fuzhou.enter(ListedUnit("省直某厅", "government", "province")))
    wrong = fuzhou.enter(ListedUnit("某区", "government", "county", "省直某厅"))
    assert blocked(wrong) == (("FZ-10.3",), "directory.parent_of_tier")
    listed = ask("unit", "list", f"--under={centre}", FZ, "--json").json
    assert [(unit["name"], unit["tier"]) for unit in listed] == [
        (centre, "city"),
        ("鼓楼区智慧城市中心", "county"),
        ("鼓楼区城市管理局", "county"),
    ]
    tier = fuzhou.order.desk(Actor("区里", "county_centre")).rule_book.directory.tiers["county"]
    assert tier.role == "county_centre"


@pytest.mark.clause("FZ-11.2")
def test_forty_six_lines_each_merged_or_parallel(fuzhou: Register, ask: Ask) -> None:
    facts(fuzhou.enter(ServiceLine("供水热线", "968100", "parallel")))
    facts(fuzhou.enter(ServiceLine("城管热线", "12319", "merged")))
    assert blocked(fuzhou.enter(ServiceLine("某热线", "1", "dropped"))) == (("FZ-11.2",), "record.not_allowed")
    shown = ask("line", "list", FZ, "--json").json
    assert (shown["loaded"], shown["slots"], shown["by"]) == (2, 46, {"merged": 1, "parallel": 1})
    for number in range(44):
        facts(fuzhou.enter(ServiceLine(f"专线{number}", "", "merged")))
    assert blocked(fuzhou.enter(ServiceLine("多一条", "", "merged"))) == (("FZ-11.2",), "directory.full")
    facts(fuzhou.enter(ServiceLine("供水热线", "968100", "merged")))


def test_fuzhou_has_the_classes_of_fujian_and_fujian_none_of_the_slots_of_fuzhou(case: NewCase) -> None:
    city, province = case("fuzhou").desk().rule_book.directory, case("fujian").desk().rule_book.directory
    assert list(city.classes) == ["government", "pingtan", "people", "enterprise", "central"]
    assert "classes.central" in city.inherited
    assert "tiers.county" not in city.inherited
    assert province.items is not None
    assert (province.items.slots, province.items.classes) == (0, ())
    assert case("hebi").desk().rule_book.directory.items is None
