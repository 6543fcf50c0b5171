"""Zhijiang: units supervised by lists."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_steps import DispatchOrder

from ..conftest import Office
from ..support.lists import kept_from, numbers, rows, the_list
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, facts
from .conftest import NewCase

INSPECTOR = Actor("督查室", "supervision_office")
SUPERVISORS = (LEAD, CENTRE, BUREAU, INSPECTOR)
OTHERS = (OPERATOR, CLERK)
MONDAY = "2026-03-02T10:00+08:00"
TUESDAY = "2026-03-03T10:00+08:00"
LATE = "2026-03-10T00:00:00+08:00"


def marked(case: NewCase, defect: str, unit: str = "城市管理局", at: str = TUESDAY) -> None:
    """An order of that unit whose handling the reviewer marks."""
    order = case("zhijiang").dispatched(MONDAY, lead=unit)
    facts(order.sign(actor=Actor("经办", "unit_clerk", unit)))
    facts(order.record("mark", LEAD, at, defect=defect))


@pytest.mark.clause("ZJ-23.0")
def test_units_marked_for_shifting_or_going_through_the_motions_are_listed_for_a_period(
    case: NewCase, office: Office
) -> None:
    marked(case, "推诿")
    marked(case, "敷衍", "水利局")
    marked(case, "弄虚作假", "水利局")
    marked(case, "敷衍", "公安局", "2026-04-01T00:00:00+08:00")
    march = [
        {"unit": "城市管理局", "defect": "推诿", "count": 1},
        {"unit": "水利局", "defect": "敷衍", "count": 1},
    ]
    for actor in SUPERVISORS:
        assert rows(office("zhijiang", actor), "marked_units", "2026-03") == march
    assert rows(office("zhijiang", LEAD), "marked_units", "2026-04") == [
        {"unit": "公安局", "defect": "敷衍", "count": 1}
    ]
    for actor in OTHERS:
        assert kept_from(office("zhijiang", actor), "marked_units") == (("ZJ-23.0",), "lists.not_yours")


@pytest.mark.clause("ZJ-23.1")
def test_unsigned_and_overdue_orders_stand_per_unit_as_evidence(case: NewCase, office: Office) -> None:
    lying, late = case("zhijiang").dispatched(MONDAY, lead="水利局"), case("zhijiang").signed(MONDAY)
    done = case("zhijiang").signed(MONDAY)
    lead = office("zhijiang", LEAD)
    late.clock.set("2026-03-09T23:59:59+08:00")
    assert rows(lead, "delays") == [{"unit": "水利局", "unsigned": 1, "overdue": 0}]
    late.clock.set(LATE)
    assert rows(lead, "delays") == [
        {"unit": "水利局", "unsigned": 1, "overdue": 1},
        {"unit": "城市管理局", "unsigned": 0, "overdue": 2},
    ]
    facts(done.complete())
    assert rows(lead, "delays")[1] == {"unit": "城市管理局", "unsigned": 0, "overdue": 2}
    assert rows(lead, "delays", "2026-02") == []
    assert numbers(lead, "unsigned") == {lying.order.number}
    assert numbers(lead, "overdue") == {lying.order.number, late.order.number}
    unsigned = the_list(lead, "unsigned")
    assert unsigned.rows[0]["waiting_minutes"] == 7 * 24 * 60 + 14 * 60
    assert [row["unit"] for row in unsigned.totals] == ["水利局"]
    for name in ("delays", "unsigned", "overdue"):
        for actor in SUPERVISORS:
            the_list(office("zhijiang", actor), name)
        for actor in OTHERS:
            assert kept_from(office("zhijiang", actor), name) == (("ZJ-23.1",), "lists.not_yours")


@pytest.mark.clause("ZJ-23.2")
def test_overdue_orders_can_be_narrowed_to_those_who_lead_or_support_them(case: NewCase, office: Office) -> None:
    alone, joint = case("zhijiang").signed(MONDAY), case("zhijiang").raised(MONDAY)
    facts(joint.do(DispatchOrder("城市管理局", ("水利局",))))
    lead = office("zhijiang", LEAD)
    alone.clock.set("2026-04-30T10:00+08:00")
    one, two = alone.order.number, joint.order.number
    assert numbers(lead, "overdue", part="lead") == {one, two}
    assert numbers(lead, "overdue", part="supporting") == {two}
    assert numbers(lead, "overdue", unit="水利局", part="supporting") == {two}
    assert numbers(lead, "overdue", unit="水利局", part="lead") == set()
    assert kept_from(lead, "overdue", part="fallback") == (("ZJ-23.2",), "record.not_allowed")


@pytest.mark.clause("ZJ-23.3")
def test_marks_on_results_are_counted_per_unit(case: NewCase, office: Office) -> None:
    for defect in ("敷衍", "弄虚作假", "弄虚作假", "答非所问", "推诿"):
        marked(case, defect)
    marked(case, "敷衍", "水利局")
    counted = [
        ("城市管理局", "弄虚作假", 2),
        ("城市管理局", "推诿", 1),
        ("城市管理局", "敷衍", 1),
        ("城市管理局", "答非所问", 1),
        ("水利局", "敷衍", 1),
    ]
    for actor in SUPERVISORS:
        found = rows(office("zhijiang", actor), "marks")
        assert [(row["unit"], row["defect"], row["count"]) for row in found] == counted
    assert len(rows(office("zhijiang", LEAD), "marks", unit="水利局")) == 1
    for actor in OTHERS:
        assert kept_from(office("zhijiang", actor), "marks") == (("ZJ-23.3",), "lists.not_yours")


@pytest.mark.clause("ZJ-23.4")
def test_orders_that_dissatisfy_again_after_a_redo_or_supervision_are_listed_per_unit(
    case: NewCase, office: Office
) -> None:
    lead = office("zhijiang", LEAD)
    redone, supervised, once = (case("zhijiang").completed(MONDAY) for _ in range(3))
    for order in (redone, once):
        facts(order.rate("dissatisfied", at=TUESDAY))
    facts(redone.record("verification", note="单位责任"))
    facts(redone.redo())
    facts(redone.complete(at="2026-03-04T10:00+08:00"))
    assert numbers(lead, "dissatisfied_again") == set()
    facts(redone.rate("dissatisfied", at="2026-03-05T10:00+08:00"))
    facts(supervised.record("supervision", LEAD, "", reason="久拖不决"))
    facts(supervised.rate("dissatisfied"))
    facts(once.record("supervision", LEAD, "2026-03-06T10:00+08:00", reason="不满意"))
    for actor in (LEAD, CENTRE, BUREAU):
        found = the_list(office("zhijiang", actor), "dissatisfied_again")
        assert {row["number"] for row in found.rows} == {redone.order.number, supervised.order.number}
        assert [(row["unit"], row["count"]) for row in found.totals] == [("城市管理局", 2)]
    the_list(office("zhijiang", INSPECTOR), "dissatisfied_again")
    for actor in OTHERS:
        assert kept_from(office("zhijiang", actor), "dissatisfied_again") == (("ZJ-23.4",), "lists.not_yours")
