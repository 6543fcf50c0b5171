"""Binzhou: what the tiers count of each other and send up."""

from __future__ import annotations

import pytest

from agent_console.desk.reports.periods import read_period
from agent_console.desk.reports.reporting import submit
from agent_console.desk.units import directory
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_steps import ListUnit
from agent_console.domain.units.routing_steps import PassOnOrder

from ..support.figures import LATE, SPRING, clerk_of, drawn, handled_by, lines, signed_by
from ..support.rule_of import BUREAU, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase

CALLER_BACK = Actor("小周", "callback_agent")
COUNTY, OTHER_COUNTY, TOWN, STREET, OTHER_TOWN = "滨城区", "沾化区", "杨柳雪镇", "彭李街道", "富国街道"
UNITS = (
    ListedUnit(BUREAU.name, "mayors_line", "1"),
    ListedUnit(COUNTY, "county", "2", BUREAU.name),
    ListedUnit(OTHER_COUNTY, "county", "2", BUREAU.name),
    ListedUnit(TOWN, "township", "3", COUNTY),
    ListedUnit(STREET, "township", "3", COUNTY),
    ListedUnit(OTHER_TOWN, "township", "3", OTHER_COUNTY),
)


@pytest.fixture
def tiers(case: NewCase) -> Case:
    """A town late, a street in time and praised; a county that handles by itself; a town of another county."""
    began = case("binzhou")
    for unit in UNITS:
        facts(directory.keep(began.desk(LEAD), ListUnit(unit)))
    for town, county, done in ((TOWN, COUNTY, LATE), (STREET, COUNTY, ""), (OTHER_TOWN, OTHER_COUNTY, "")):
        order = signed_by(case("binzhou"), county)
        facts(order.do(PassOnOrder(town), clerk_of(county)))
        facts(order.complete(done or "2026-03-03T10:00+08:00", clerk_of(town)))
        if town == STREET:
            facts(order.record("callback", CALLER_BACK, "", solved="yes", satisfaction="satisfied", opinions="无"))
    handled_by(case("binzhou"), COUNTY, kind="咨询")
    return began


LATE_TOWN = {"received": 1, "on_time": (0, 1), "overdue": (1, 1), "redo": (0, 1), "satisfied": (0, 0)}
GOOD_STREET = {"received": 1, "on_time": (1, 1), "overdue": (0, 1), "redo": (0, 1), "satisfied": (1, 1)}
GOOD_TOWN = {"received": 1, "on_time": (1, 1), "overdue": (0, 1), "redo": (0, 1), "satisfied": (0, 0)}


@pytest.mark.clause("BZ-18.3")
def test_a_tier_two_body_reads_the_figures_of_its_own_tier_three_bodies(tiers: Case) -> None:
    own = {(COUNTY, TOWN): LATE_TOWN, (COUNTY, STREET): GOOD_STREET}
    assert lines(drawn(tiers.desk(clerk_of(COUNTY)), "tier_three")) == own
    assert lines(drawn(tiers.desk(BUREAU), "tier_three")) == {**own, (OTHER_COUNTY, OTHER_TOWN): GOOD_TOWN}


@pytest.mark.clause("BZ-18.4")
def test_a_tier_two_body_sends_its_report_up_once_a_quarter(tiers: Case) -> None:
    spring = read_period(SPRING)
    county = tiers.desk(clerk_of(COUNTY))
    report = drawn(county, "tier_two")
    assert lines(report) == {
        (COUNTY,): {
            "received": 3, "completed": (3, 3), "on_time": (2, 3), "overdue": (1, 3), "redo": (0, 3),
            "satisfied": (1, 1),
        }
    }  # fmt: skip
    assert lines(report, 1) == {("投诉",): {"received": 2}, ("咨询",): {"received": 1}}
    for actor in (clerk_of(TOWN), Actor("王主任", "unit_leader", BUREAU.name)):
        assert blocked(submit(tiers.desk(actor), "tier_two", spring)) == (("BZ-18.4",), "report.not_your_tier")
    for actor in (OPERATOR, LEAD, BUREAU):
        assert blocked(submit(tiers.desk(actor), "tier_two", spring)) == (("BZ-18.4",), "order.not_your_step")
    facts(submit(county, "tier_two", spring))
    assert blocked(submit(county, "tier_two", spring)) == (("BZ-18.4",), "report.sent_already")
    facts(submit(tiers.desk(Actor("王主任", "unit_leader", OTHER_COUNTY)), "tier_two", spring))
    assert drawn(tiers.desk(BUREAU), "tier_two").submitted == (COUNTY, OTHER_COUNTY)
    assert drawn(tiers.desk(BUREAU), "tier_two", "2026-Q2").submitted == ()
