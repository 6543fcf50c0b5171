"""Hebi: departments supervised by lists, heads at the seat, who logs in."""

from __future__ import annotations

import pytest

from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..conftest import Office
from ..support.lists import kept_from, rows
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, facts
from .conftest import NewCase

MONDAY = "2026-03-02T10:00+08:00"
WATER = Actor("经办", "unit_clerk", "水利局")
DUTY = ("--field=unit=水利局", "--field=head=钱局长", "--field=duty_on=2026-03-05")


@pytest.mark.clause("HB-9.3")
def test_departments_are_listed_by_complaints_satisfaction_and_overdue_orders(case: NewCase, office: Office) -> None:
    angry, content = case("hebi").completed(MONDAY), case("hebi").completed(MONDAY)
    asked, late = case("hebi").signed(MONDAY, kind="咨询"), case("hebi").dispatched(MONDAY, lead="水利局")
    facts(angry.rate("dissatisfied"))
    facts(content.rate("satisfied"))
    facts(asked.complete())
    late.clock.set("2026-03-17T00:00:00+08:00")
    listed = [
        {"unit": "城市管理局", "complaints": 2, "satisfied": 1, "rated": 2, "overdue": 0},
        {"unit": "水利局", "complaints": 1, "satisfied": 0, "rated": 0, "overdue": 1},
    ]
    for actor in (LEAD, CENTRE, BUREAU):
        assert rows(office("hebi", actor), "departments") == listed
    assert rows(office("hebi", LEAD), "departments", "2026-02") == []
    for actor in (OPERATOR, CLERK):
        assert kept_from(office("hebi", actor), "departments") == (("HB-9.3",), "lists.not_yours")


@pytest.mark.clause("HB-9.3")
def test_the_duty_of_a_head_at_the_seat_is_recorded(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", MONDAY)
    write = ("order", "note", "head_duty", "--jurisdiction=HB")
    for role in ("lead", "centre", "bureau"):
        assert ask(*write, f"--as={role}", *DUTY).code == 0
    for field in DUTY:
        told = ask(*write, "--as=lead", *(each for each in DUTY if each != field))
        assert (told.code, "HB-9.3" in told.err) == (3, True)
    assert ask(*write, "--as=lead", *DUTY[:2], "--field=duty_on=明天").code == 3
    assert ask(*write, "--as=operator", *DUTY).code == 3
    for role in ("lead", "centre", "bureau"):
        found = ask("order", "lists", "head_duties", "--jurisdiction=HB", f"--as={role}", "--json").json["rows"]
        assert [(row["unit"], row["head"], row["duty_on"]) for row in found] == [("水利局", "钱局长", "2026-03-05")] * 3
    for role in ("operator", "unit_clerk:水利局"):
        assert ask("order", "lists", "head_duties", "--jurisdiction=HB", f"--as={role}").code == 3
    assert ask(*write[:-1], "--jurisdiction=ZJ", "--as=lead", *DUTY).code == 3


@pytest.mark.clause("HB-10.2")
def test_units_that_have_not_logged_in_are_listed_on_every_working_day(case: NewCase, office: Office) -> None:
    for unit in ("城市管理局", "水利局"):
        case("hebi").dispatched(MONDAY, lead=unit)
    order, lead = case("hebi").raised(), office("hebi", LEAD)
    both = [{"day": "2026-03-03", "unit": "城市管理局"}, {"day": "2026-03-03", "unit": "水利局"}]
    order.clock.set("2026-03-03T09:00+08:00")
    assert rows(lead, "not_logged_in") == both
    office("hebi", WATER)
    assert rows(lead, "not_logged_in") == both[:1]
    order.clock.set("2026-03-04T09:00+08:00")
    assert [row["unit"] for row in rows(lead, "not_logged_in")] == ["城市管理局", "水利局"]
    office("hebi", CLERK)
    office("hebi", CLERK)
    assert rows(lead, "not_logged_in") == [{"day": "2026-03-04", "unit": "水利局"}]
    assert rows(lead, "not_logged_in", "2026-03-03") == both[:1]
    for actor in (CENTRE, BUREAU):
        assert len(rows(office("hebi", actor), "not_logged_in")) == 1
    for actor in (OPERATOR, CLERK):
        assert kept_from(office("hebi", actor), "not_logged_in") == (("HB-10.2",), "lists.not_yours")


@pytest.mark.clause("HB-10.2")
@pytest.mark.parametrize(
    ("day", "missing"),
    [
        ("2026-03-07", 0),  # Saturday
        ("2026-05-01", 0),  # Labour Day
        ("2026-05-09", 1),  # Saturday worked in its place
        ("2026-05-08", 1),
    ],
)
def test_nobody_has_to_log_in_on_a_rest_day_and_a_make_up_day_is_none(
    case: NewCase, office: Office, day: str, missing: int
) -> None:
    order = case("hebi").dispatched(MONDAY)
    order.clock.set(f"{day}T20:00+08:00")
    assert len(rows(office("hebi", LEAD), "not_logged_in")) == missing


@pytest.mark.clause("HB-10.2")
def test_where_the_book_asks_nobody_no_log_in_is_written_down(case: NewCase, office: Office) -> None:
    case("binzhou").dispatched(MONDAY)
    opened = office("binzhou", CLERK)
    assert [event.envelope.type for event in opened.store.log.everything()].count("unit.logged_in") == 0
    case("hebi").dispatched(MONDAY)
    opened = office("hebi", CLERK)
    assert [event.envelope.type for event in opened.store.log.everything()].count("unit.logged_in") == 1


@pytest.mark.clause("HB-7")
def test_what_is_done_about_a_problem_is_entered_per_topic_and_unit(
    ask: Ask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", MONDAY)
    write = ("order", "note", "topic_rectification", "--jurisdiction=HB", "--as=unit_leader:水利局:钱局长")
    told = (
        "--field=topic=停水不通知",
        "--field=unit=水利局",
        "--field=cause_found=无预告",
        "--field=measure=提前两天公告",
    )
    for field in told:
        assert ask(*write, *(each for each in told if each != field)).code == 3
    assert ask(*write, *told).code == 0
    assert ask(*write[:-1], "--as=unit_leader:公安局:周局长", *told).code == 3
    for role in ("centre", "bureau"):
        assert ask(*write[:-1], f"--as={role}", *told).code == 0
    assert ask(*write[:-1], "--as=operator", *told).code == 3
    counted = [{"topic": "停水不通知", "unit": "水利局", "count": 3}]
    for actor in (LEAD, CENTRE, BUREAU, Actor("钱局长", "unit_leader", "水利局")):
        assert rows(office("hebi", actor), "rectifications") == counted
    assert rows(office("hebi", Actor("周局长", "unit_leader", "公安局")), "rectifications") == []
    assert kept_from(office("hebi", OPERATOR), "rectifications") == (("HB-7",), "lists.not_yours")
