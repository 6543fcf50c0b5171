"""Binzhou: three tiers of units, who answers in them, and whom a caller can be handed to."""

from __future__ import annotations

import pytest

from agent_console.desk.units import directory
from agent_console.domain.intake.outcomes import Transferred
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import LinkedBody, ListedUnit
from agent_console.domain.units.directory_steps import CloseUnit, SetRights
from agent_console.domain.units.routing_steps import PassOnOrder
from agent_console.domain.work_order.order_steps import SignOrder
from screens.dialogs.choice import ChoiceDialog

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.directories import Register
from ..support.rule_of import BUREAU, CENTRE, LEAD, OPERATOR, blocked, facts
from ..support.stories import SIGNING
from ..support.units import clerk_of
from .conftest import NewCase, allowed, missing

BZ = "--jurisdiction=BZ"
TOP, COUNTY, TOWN, STATION = "市长公开电话办公室", "滨城区热线办", "一号街道", "一号社区工作站"
CITY_OFFICE = "市城市管理局"
UNITS = (
    ListedUnit(TOP, "mayors_line", "1"),
    ListedUnit(COUNTY, "county", "2", TOP),
    ListedUnit(CITY_OFFICE, "department", "2", TOP),
    ListedUnit(TOWN, "township", "3", COUNTY, handler="李某"),
)
ADDRESSED = ["county", "zone", "department", "institution", "enterprise", "college", "upper"]


@pytest.fixture
def register(case: NewCase) -> Register:
    """The mayor's-line office, a county, a department of the city and a township under the county."""
    return Register(case("binzhou")).entered(*UNITS)


@pytest.mark.clause("BZ-0.6")
@pytest.mark.parametrize("unit_class", ADDRESSED)
def test_everybody_the_measure_is_addressed_to_can_be_listed(register: Register, unit_class: str) -> None:
    facts(register.enter(ListedUnit("某单位", unit_class, "2", TOP)))
    assert register.now.units["某单位"].unit_class == unit_class
    outside = register.enter(ListedUnit("某单位", unit_class, "3", COUNTY))
    assert blocked(outside)[1] == "record.not_allowed"


@pytest.mark.clause("BZ-0.6")
def test_a_unit_of_another_class_is_not_of_the_network(register: Register) -> None:
    clauses, why = blocked(register.enter(ListedUnit("某公司", "private", "2", TOP)))
    assert ("BZ-0.6" in clauses, why) == (True, "record.not_allowed")
    assert missing(register.enter(ListedUnit("某公司", "", "2", TOP)))[0] == ("unit_class",)
    names = {name: rule.name for name, rule in register.order.desk().rule_book.directory.classes.items()}
    assert [names[name] for name in ADDRESSED] == [
        "县（市、区）政府",
        "市属开发区管委会",
        "市政府部门",
        "市政府直属事业单位",
        "市属大企业",
        "高等院校",
        "中央、省驻滨单位",
    ]


@pytest.mark.clause("BZ-10")
@pytest.mark.clause("BZ-17")
def test_the_mayors_line_office_stands_above_all_units_and_keeps_their_directory(register: Register) -> None:
    assert register.now.below(TOP) == {TOP, COUNTY, CITY_OFFICE, TOWN}
    assert register.now.above(TOWN) == (COUNTY, TOP)
    for keeper in (BUREAU, LEAD, CENTRE):
        facts(register.change(TOWN, keeper, region=keeper.role))
        assert register.now.units[TOWN].region == keeper.role
    for stranger in (OPERATOR, clerk_of(CITY_OFFICE), clerk_of(TOWN)):
        assert blocked(register.change(TOWN, stranger, region="某地")) == (("BZ-10",), "directory.not_yours")
    assert blocked(register.enter(ListedUnit("某局", "mayors_line", "2", TOP)))[1] == "record.not_allowed"
    assert register.order.desk().rule_book.directory.tiers["1"].role == "bureau"


@pytest.mark.clause("BZ-10")
@pytest.mark.parametrize("role", ["unit_clerk", "unit_leader"])
def test_a_county_keeps_what_stands_below_it_and_nothing_else(register: Register, role: str) -> None:
    county = Actor("滨城", role, COUNTY)
    facts(register.change(TOWN, county, region="滨城区"))
    facts(register.enter(ListedUnit("二号街道", "township", "3", COUNTY), county))
    assert blocked(register.change(COUNTY, county, region="滨城区"))[1] == "directory.not_yours"
    assert blocked(register.change(CITY_OFFICE, county, region="滨城区"))[1] == "directory.not_yours"
    facts(register.keep(CloseUnit("二号街道", "合并"), county))
    assert "二号街道" not in register.now.units
    assert blocked(register.keep(CloseUnit(COUNTY, "合并")))[1] == "directory.has_units_below"


@pytest.mark.clause("BZ-11.0")
def test_each_unit_has_exactly_one_of_three_tiers_and_one_parent(register: Register) -> None:
    assert list(register.order.desk().rule_book.directory.tiers) == ["1", "2", "3"]
    office = ListedUnit("某局", "department", "2", TOP)
    assert missing(register.change(CITY_OFFICE, tier="")) == (("tier",), "BZ-11.0")
    assert missing(register.change(CITY_OFFICE, parent="")) == (("parent",), "BZ-11.0")
    assert blocked(register.change(CITY_OFFICE, parent="没有的单位")) == (("BZ-11.0",), "directory.no_such_unit")
    assert blocked(register.change(CITY_OFFICE, parent=COUNTY)) == (("BZ-11.0",), "directory.parent_of_tier")
    assert blocked(register.change(CITY_OFFICE, tier="4"))[1] == "record.not_allowed"
    assert blocked(register.change(TOWN, parent=TOP)) == (("BZ-11.0",), "directory.parent_of_tier")
    assert blocked(register.change(TOP, parent=COUNTY)) == (("BZ-11.0",), "directory.under_itself")
    facts(register.enter(office))


@pytest.mark.clause("BZ-11.1")
def test_the_first_tier_is_one_body(register: Register) -> None:
    second = register.enter(ListedUnit("另一办公室", "mayors_line", "1"))
    assert blocked(second) == (("BZ-11.1",), "directory.tier_full")
    facts(register.change(TOP, duty_number="05430000000"))


@pytest.mark.clause("BZ-11.2")
@pytest.mark.parametrize("unit_class", ADDRESSED)
def test_counties_zones_and_city_departments_are_the_second_tier(register: Register, unit_class: str) -> None:
    facts(register.enter(ListedUnit("某单位", unit_class, "2", TOP)))
    assert register.now.tier_of("某单位") == "2"
    assert blocked(register.enter(ListedUnit("某单位", unit_class, "1"))) == (("BZ-11.2",), "record.not_allowed")


@pytest.mark.clause("BZ-11.3")
@pytest.mark.parametrize("unit_class", ["township", "county_department"])
def test_townships_and_county_departments_are_the_third_tier(register: Register, unit_class: str) -> None:
    facts(register.enter(ListedUnit("某单位", unit_class, "3", COUNTY)))
    assert register.now.tier_of("某单位") == "3"
    assert blocked(register.enter(ListedUnit("某单位", unit_class, "2", TOP))) == (("BZ-11.3",), "record.not_allowed")


@pytest.mark.clause("BZ-11.4")
def test_a_community_station_stands_under_a_third_tier_unit_and_is_no_fourth_tier(register: Register) -> None:
    station = ListedUnit(STATION, "station", "", TOWN)
    for tier in ("1", "2", "3"):
        decision = register.enter(ListedUnit(STATION, "station", tier, TOWN))
        assert blocked(decision) == (("BZ-11.4",), "directory.no_tier_of_its_own")
    for parent in (TOP, COUNTY):
        decision = register.enter(ListedUnit(STATION, "station", "", parent))
        assert blocked(decision) == (("BZ-11.4",), "directory.parent_of_tier")
    assert missing(register.enter(ListedUnit(STATION, "station"))) == (("parent",), "BZ-11.4")
    facts(register.enter(station))
    assert register.now.tier_of(STATION) == "3"
    below = register.enter(ListedUnit("楼栋点", "station", "", STATION))
    assert blocked(below) == (("BZ-11.4",), "directory.parent_of_tier")


@pytest.mark.clause("BZ-12.2")
@pytest.mark.parametrize("unit_class", ["department", "institution", "enterprise", "college", "upper"])
def test_a_department_names_its_principal_its_deputy_and_its_handler(register: Register, unit_class: str) -> None:
    unit = ListedUnit("某单位", unit_class, "2", TOP, head="甲", deputy="乙", handler="丙")
    facts(register.enter(unit))
    assert [gap for gap in register.gaps if gap[0] == "某单位"] == []
    for field in ("head", "deputy", "handler"):
        facts(register.change("某单位", **{field: ""}))
        assert [gap for gap in register.gaps if gap[0] == "某单位"] == [("某单位", field, "BZ-12.2")]
        facts(register.enter(unit))


@pytest.mark.clause("BZ-12.2")
def test_units_without_those_people_are_listed_as_incomplete(register: Register, ask: Ask) -> None:
    listed = ask("unit", "list", "--incomplete", BZ, "--json").json
    assert [unit["name"] for unit in listed] == [CITY_OFFICE]
    assert {gap["field"]: gap["clause"] for gap in listed[0]["lacks"]} == {
        "head": "BZ-12.2",
        "deputy": "BZ-12.2",
        "handler": "BZ-12.2",
    }
    assert "办理责任人" in ask("unit", "check", BZ).out


@pytest.mark.clause("BZ-12.3")
@pytest.mark.parametrize("field", ["head", "deputy", "section", "handler"])
def test_a_change_of_who_answers_is_logged_and_told_to_the_parent(register: Register, ask: Ask, field: str) -> None:
    facts(register.change(TOWN, **{field: "李某"}))
    facts(register.change(TOWN, clerk_of(TOWN), **{field: "赵某"}))
    [told] = directory.notices(register.order.desk(clerk_of(COUNTY)))
    assert (told.unit, told.parent, told.field, told.old, told.new) == (TOWN, COUNTY, field, "李某", "赵某")
    assert told.by == "承办人"
    assert directory.notices(register.order.desk(clerk_of(CITY_OFFICE))) == []
    assert "李某 → 赵某" in ask("unit", "notices", BZ, f"--as=unit_clerk:{COUNTY}").out
    log = register.order.opened.store.log.load("directory:binzhou")
    assert [event.envelope.type for event in log[-2:]] == ["directory.unit_listed", "directory.contact_changed"]
    assert log[-1].envelope.unit == TOWN


@pytest.mark.clause("BZ-12.3")
@pytest.mark.parametrize("role", ["unit_clerk", "unit_leader"])
def test_a_unit_reports_its_own_people_and_changes_nothing_else_of_itself(register: Register, role: str) -> None:
    own = Actor("镇里", role, TOWN)
    facts(register.change(TOWN, own, handler="赵某"))
    assert blocked(register.change(TOWN, own, handler="钱某", duties=("路灯",)))[1] == "directory.not_yours"
    assert register.now.units[TOWN].handler == "赵某"


@pytest.mark.clause("BZ-19")
@pytest.mark.parametrize("step", ["sign", "return", "extend", "complete"])
def test_what_a_third_tier_unit_may_do_is_set_by_its_second_tier_unit(register: Register, step: str) -> None:
    order = register.order.dispatched(lead=COUNTY)
    facts(order.do(SignOrder(SIGNING), clerk_of(COUNTY)))
    facts(order.do(PassOnOrder(TOWN), clerk_of(COUNTY)))
    town = clerk_of(TOWN)
    attempts = {
        "sign": lambda: order.sign("", town),
        "return": lambda: order.return_("", town),
        "extend": lambda: order.extend(1, "", town),
        "complete": lambda: order.complete("", town),
    }
    every = ["sign", "return", "extend", "complete"]
    others = tuple(name for name in every if name != step)
    facts(register.keep(SetRights(TOWN, others), clerk_of(COUNTY)))
    assert blocked(attempts[step]()) == (("BZ-19",), "directory.right_not_given")
    facts(register.keep(SetRights(TOWN, tuple(every)), clerk_of(COUNTY)))
    answer = attempts[step]()
    assert allowed(answer) or blocked(answer)[1] != "directory.right_not_given"


@pytest.mark.clause("BZ-19")
@pytest.mark.parametrize("role", ["unit_clerk", "unit_leader"])
def test_nobody_but_its_second_tier_unit_sets_the_rights_of_a_third_tier_unit(register: Register, role: str) -> None:
    for actor in (LEAD, BUREAU, Actor("他区", role, CITY_OFFICE), Actor("本镇", role, TOWN)):
        assert blocked(register.keep(SetRights(TOWN, ("sign",)), actor)) == (("BZ-19",), "directory.rights_by_parent")
    county = Actor("滨城", role, COUNTY)
    assert blocked(register.keep(SetRights(COUNTY, ("sign",)), county)) == (("BZ-19",), "directory.rights_of_tier")
    assert blocked(register.keep(SetRights(TOWN, ("dance",)), county)) == (("BZ-19",), "record.not_allowed")
    facts(register.keep(SetRights(TOWN, ("sign",)), county))
    assert register.now.rights[TOWN] == ("sign",)


@pytest.mark.parametrize(
    ("sort", "name", "number", "clause"),
    [
        pytest.param("emergency", "市应急指挥中心", "05430000111", "BZ-7.2a", marks=pytest.mark.clause("BZ-7.2a")),
        pytest.param("hotline", "供电服务热线", "95598", "BZ-16.1", marks=pytest.mark.clause("BZ-16.1")),
    ],
)
async def test_linked_bodies_and_other_hotlines_are_reached_on_one_key(
    register: Register, sit: Sit, sort: str, name: str, number: str, clause: str
) -> None:
    assert missing(register.enter(LinkedBody(name, "", sort, "7"))) == (("number",), clause)
    register.entered(LinkedBody(name, number, sort, "7"))
    taken = register.enter(LinkedBody("别的单位", "0543000222", sort, "7"))
    assert blocked(taken) == ((clause,), "directory.key_taken")
    assert blocked(register.enter(LinkedBody("别的单位", "1", "friends")))[1] == "record.not_allowed"
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("请帮忙转一下")
        await operator.press("f6")
        dialog = await operator.screen(ChoiceDialog)
        [offered] = [choice for choice in dialog._choices if choice.value == name]
        assert number in offered.label
        assert clause in offered.detail
        await operator.press("7")
        await operator.press("1")
        await operator.until(lambda: operator.outcome is not None)
        assert operator.outcome == Transferred(name, "transfer")
