"""Hebi: topics that are complained of, rates of counties and departments."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk.reports.periods import read_period
from agent_console.desk.reports.reporting import fill

from ..cli.conftest import Ask
from ..support.figures import LATE, SPRING, drawn, handled_by, lines, signed_by
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, blocked, facts
from .conftest import Case, NewCase

LIGHTS, WATER = "城市管理局", "水利局"
NORTH, SOUTH = "淇滨区", "山城区"


def a_quarter(case: NewCase) -> Case:
    """Lights in the north: a complaint in time, its caller content when called back; a complaint that came late.

    Water in the south: a question in time, its caller not content when called back.
    """
    content = handled_by(case("hebi"), LIGHTS, district=NORTH, concerns="路灯")
    facts(content.record("callback", BUREAU, "", means="phone", satisfaction="satisfied"))
    handled_by(case("hebi"), LIGHTS, LATE, district=NORTH, concerns="路灯")
    question = handled_by(case("hebi"), WATER, district=SOUTH, kind="咨询", concerns="水费")
    facts(question.record("callback", BUREAU, "", means="phone", satisfaction="dissatisfied"))
    return question


@pytest.mark.clause("HB-7")
def test_topics_with_most_complaints_come_first_each_with_what_its_unit_put_right(case: NewCase) -> None:
    spring = read_period(SPRING)
    signed_by(case("hebi"), WATER, district=SOUTH, concerns="停水")
    order = a_quarter(case)
    report = drawn(order.desk(LEAD), "topics")
    assert list(lines(report).items()) == [
        (("路灯", LIGHTS), {"received": 2, "repeated": (0, 2)}),
        (("停水", WATER), {"received": 1, "repeated": (0, 1)}),
    ]
    assert list(lines(report, 1).items()) == [(("路灯",), {"received": 2}), (("停水",), {"received": 1})]
    for actor in (OPERATOR, CLERK):
        refused = fill(order.desk(actor), "topics", spring, f"路灯/{LIGHTS}", "整改情况", "已换灯")
        assert blocked(refused) == (("HB-7",), "order.not_your_step")
    for actor in (LEAD, CENTRE, BUREAU):
        facts(fill(order.desk(actor), "topics", spring, f"路灯/{LIGHTS}", "整改情况", f"{actor.name}：已换灯"))
    filled = [line.filled for line in drawn(order.desk(LEAD), "topics").tables[0].lines]
    assert filled == [{"整改情况": f"{BUREAU.name}：已换灯"}, {"整改情况": ""}]


@pytest.mark.clause("HB-9.1")
def test_the_yearly_report_is_by_county_and_by_department(case: NewCase) -> None:
    report = drawn(a_quarter(case).desk(LEAD), "yearly", "2026")
    late = {"received": 2, "on_time": (1, 2), "overdue": (1, 2), "satisfied": (1, 1)}
    good = {"received": 1, "on_time": (1, 1), "overdue": (0, 1), "satisfied": (0, 1)}
    assert lines(report) == {(NORTH,): late, (SOUTH,): good}
    assert lines(report, 1) == {(LIGHTS,): late, (WATER,): good}
    assert len(report.tables) == 2


@pytest.mark.clause("HB-9.2")
def test_three_rates_by_county_and_department_each_with_numerator_and_denominator(case: NewCase, ask: Ask) -> None:
    report = drawn(a_quarter(case).desk(LEAD), "rates")
    late = {"complained": (2, 2), "on_time": (1, 2), "callback_satisfied": (1, 1)}
    good = {"complained": (0, 1), "on_time": (1, 1), "callback_satisfied": (0, 1)}
    assert lines(report) == {(NORTH,): late, (SOUTH,): good}
    assert lines(report, 1) == {(LIGHTS,): late, (WATER,): good}
    shown = ask("report", "show", "rates", f"--period={SPRING}", "--jurisdiction=HB", "--as=lead").out
    for told in ("2/2 100.0%", "1/2 50.0%", "0/1 0.0%"):
        assert told in shown


@pytest.mark.clause("HB-9.2a")
def test_the_meeting_gets_the_rates_of_the_quarter_on_a_page_to_print(case: NewCase, ask: Ask, tmp_path: Path) -> None:
    order = a_quarter(case)
    report = drawn(order.desk(LEAD), "meeting")
    late = {"complained": (2, 2), "on_time": (1, 2), "callback_satisfied": (1, 1)}
    good = {"complained": (0, 1), "on_time": (1, 1), "callback_satisfied": (0, 1)}
    assert lines(report) == {(): {"complained": (2, 3), "on_time": (2, 3), "callback_satisfied": (1, 2)}}
    assert lines(report, 1) == {(NORTH,): late, (SOUTH,): good}
    assert lines(report, 2) == {(LIGHTS,): late, (WATER,): good}
    page = tmp_path / "会议.html"
    words = ("report", "export", "meeting", str(page), f"--period={SPRING}", "--jurisdiction=HB", "--as=lead")
    assert ask(*words, "--ground=联席会议").code == 0
    printed = page.read_text(encoding="utf-8")
    assert "HB-9.2a" in printed
    assert f"<td>{LIGHTS}</td><td>2</td><td>2</td><td>100.0</td><td>1</td><td>2</td><td>50.0</td>" in printed
    assert "@media print" in printed
