"""Hebi: who the measure is addressed to, who handles, and who answers there."""

from __future__ import annotations

import pytest

from agent_console.domain.units.directory import ListedUnit, ServiceLine
from agent_console.domain.units.directory_steps import SetRights

from ..cli.conftest import Ask
from ..support.directories import Register
from ..support.rule_of import BUREAU, CENTRE, OPERATOR, blocked, facts
from .conftest import NewCase, missing

HB = "--jurisdiction=HB"


@pytest.mark.parametrize(
    ("unit_class", "name"),
    [
        pytest.param("county", "县区人民政府", marks=pytest.mark.clause("HB-0.3")),
        pytest.param("department", "市政府有关部门", marks=pytest.mark.clause("HB-0.3")),
        pytest.param("city_services", "市政务服务部门", marks=pytest.mark.clause("HB-4.2")),
        pytest.param("county_services", "县区政务服务部门", marks=pytest.mark.clause("HB-4.2")),
        pytest.param("administrative", "承担行政管理职能的单位和组织", marks=pytest.mark.clause("HB-4.2")),
        pytest.param("public_service", "承担公共服务职能的单位和组织", marks=pytest.mark.clause("HB-4.2")),
    ],
)
def test_addressees_and_handling_bodies_are_the_classes_of_the_directory(
    case: NewCase, ask: Ask, unit_class: str, name: str
) -> None:
    register = Register(case("hebi"))
    assert ask("unit", "add", "某单位", f"--unit-class={name}", HB, "--as=lead").code == 0
    assert register.now.units["某单位"].unit_class == unit_class
    assert name in ask("unit", "list", HB).out
    order = register.order.dispatched(lead="某单位")
    assert order.order.lead == "某单位"
    other = blocked(register.enter(ListedUnit("某村", "village")))
    assert other == (("HB-0.3", "HB-4.2"), "record.not_allowed")


@pytest.mark.clause("HB-4.2")
def test_hebi_knows_no_tiers_no_lines_and_no_rights_of_units(case: NewCase) -> None:
    register = Register(case("hebi")).entered(ListedUnit("市政务服务中心", "city_services"))
    facts(register.enter(ListedUnit("窗口", "city_services", "", "市政务服务中心")))
    assert register.now.above("窗口") == ("市政务服务中心",)
    assert blocked(register.enter(ListedUnit("窗口", "city_services", "", "没有的单位")))[1] == "directory.no_such_unit"
    assert blocked(register.enter(ServiceLine("某专线", "1", "merged"))) == ((), "directory.no_lines")
    assert blocked(register.keep(SetRights("窗口", ()))) == ((), "directory.no_rights")
    facts(register.change("窗口", CENTRE, region="淇滨区"))
    for actor in (OPERATOR, BUREAU):
        assert blocked(register.change("窗口", actor, region="山城区"))[1] == "directory.not_yours"
    assert missing(register.change("窗口", unit_class="")) == (("unit_class",), "HB-0.3")


@pytest.mark.clause("HB-10.1")
def test_a_unit_without_section_or_person_is_listed_as_incomplete(case: NewCase, ask: Ask) -> None:
    whole = ListedUnit("民政局", "department", section="热线科", handler="某甲")
    register = Register(case("hebi")).entered(whole)
    assert register.gaps == []
    assert ask("unit", "list", "--incomplete", HB, "--json").json == []
    for field in ("section", "handler"):
        facts(register.enter(whole))
        facts(register.change("民政局", **{field: ""}))
        assert register.gaps == [("民政局", field, "HB-10.1")]
        [listed] = ask("unit", "list", "--incomplete", HB, "--json").json
        assert (listed["name"], listed["lacks"]) == ("民政局", [{"field": field, "clause": "HB-10.1"}])
