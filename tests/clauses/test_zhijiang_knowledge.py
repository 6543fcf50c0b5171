"""Zhijiang: hot topics get a formal answer, units keep their entries up to date, the centre keeps the whole."""

from __future__ import annotations

from datetime import date

import pytest

from agent_console.desk import articles
from agent_console.desk.units import directory
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_steps import ListUnit

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.shelf import EDITOR, wording
from .conftest import NewShelf, missing

LEADER = Actor("陈局长", "unit_leader", "城市管理局")
TRAFFIC = ListedUnit(
    "交通局",
    "department",
    deputy="甲",
    section="运管科",
    handler="乙",
    duty_number="0717-0000000",
    reachable_always=True,
)
ZJ = "--jurisdiction=ZJ"


@pytest.mark.clause("ZJ-6.7")
def test_items_and_entries_stand_in_two_tables_with_their_owner_and_the_day_of_the_last_update(
    shelf: NewShelf, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = shelf("zhijiang")
    article = city.handed_in(at="2026-03-02T10:00")
    for actor in (CLERK, OPERATOR, LEAD):
        assert blocked(city.release(article, actor))[0] == ("ZJ-6.7",)
    facts(city.release(article, EDITOR, "2026-03-03T10:00"))
    facts(city.change(article, CENTRE, body="改在大厅办"))
    facts(city.release(article, CENTRE, "2026-03-04T10:00"))
    facts(directory.keep(city.desk(CENTRE).desk, ListUnit(TRAFFIC)))
    for day, owner in (("2026-03-05", ""), ("2026-03-06", "交通局")):
        monkeypatch.setenv("AGENT_CONSOLE_NOW", f"{day}T10:00")
        added = ask("item", "add", "公交卡年检", "--responsible", owner, "--as", "centre", ZJ)
        assert added.code == 0, added.err
        gaps = [(gap.name, gap.clause) for gap in directory.check(city.desk().desk)]
        assert gaps == ([] if owner else [("公交卡年检", "ZJ-6.7")])
    items = ask("item", "list", ZJ, "--json").json
    assert [(one["name"], one["responsible"]) for one in items["entries"]] == [("公交卡年检", "交通局")]
    assert items["updated_on"] == {"公交卡年检": "2026-03-06"}
    entries = ask("kb", "list", "--owner", "城市管理局", "--json").json
    assert [(one["id"], one["owner"], one["updated_on"]) for one in entries] == [(article, "城市管理局", "2026-03-04")]


@pytest.mark.clause("ZJ-6.7")
def test_the_centre_sees_what_was_not_updated_and_reminds_its_owner(shelf: NewShelf) -> None:
    city = shelf("zhijiang")
    article = city.published(at="2026-03-02T10:00", valid_until=date(2026, 10, 31))
    for day, owed in (
        ("2026-08-29", []),
        ("2026-08-30", ["stale"]),
        ("2026-09-30", ["stale"]),
        ("2026-10-01", ["stale", "expiring"]),
    ):
        city.clock.set(f"{day}T10:00")
        assert [one[:2] + one[3:] for one in city.owed()] == [("城市管理局", why, "ZJ-6.7") for why in owed]
    for actor in (CLERK, OPERATOR):
        assert blocked(articles.remind(city.desk(actor), article))[0] == ("ZJ-6.7",)
    for actor in (EDITOR, CENTRE):
        facts(articles.remind(city.desk(actor), article))


@pytest.mark.clause("ZJ-7.7")
def test_the_centre_asks_a_unit_for_a_formal_answer_which_becomes_an_entry(shelf: NewShelf, ask: Ask) -> None:
    city = shelf("zhijiang")
    for actor in (OPERATOR, LEAD, CLERK):
        assert blocked(articles.set_task(city.desk(actor), "蓝鞋子登记", "城市管理局")[0])[0] == ("ZJ-7.7",)
    assert missing(articles.set_task(city.desk(CENTRE), "蓝鞋子登记", "")[0]) == (("unit",), "ZJ-7.7")
    facts(articles.set_task(city.desk(EDITOR), "红帽子登记", "水利局")[0])
    task = ask("kb", "assign", "蓝鞋子登记", "--unit", "城市管理局", "--as", "centre", ZJ, "--json").json["id"]
    asked = ask("kb", "tasks", "--as", "unit_clerk:城市管理局", ZJ, "--json").json
    assert [(one["id"], one["topic"], one["article"]) for one in asked] == [(task, "蓝鞋子登记", "")]
    decision, _ = articles.submit(city.desk(STRANGER), wording(), task=task)
    assert blocked(decision) == (("ZJ-7.7",), "task.unit_only")
    decision, article = articles.submit(city.desk(CLERK), wording(), task=task)
    facts(decision)
    assert city.found() == []
    city.publish(article)
    assert city.found() == [(article, 1)]
    assert (city.life(article).owner, city.life(article).task) == ("城市管理局", task)
    [answered] = [one for one in articles.tasks(city.desk(CENTRE)) if one.id == task]
    assert answered.article == article
    assert blocked(articles.submit(city.desk(CLERK), wording(), task=task)[0])[1] == "task.answered"


@pytest.mark.clause("ZJ-8.3")
def test_units_hand_in_entries_and_bring_their_own_up_to_date(shelf: NewShelf) -> None:
    city = shelf("zhijiang")
    for actor, owner in ((CLERK, "城市管理局"), (LEADER, "城市管理局"), (EDITOR, ""), (CENTRE, "")):
        assert city.life(city.handed_in(actor)).owner == owner
    assert blocked(city.submit(OPERATOR))[0] == ("ZJ-8.3",)
    article = city.published()
    assert blocked(city.change(article, STRANGER, body="别处"))[0] == ("ZJ-8.3",)
    for actor in (CLERK, EDITOR, CENTRE):
        facts(city.change(article, actor, body="改在大厅办"))
    city.publish(article)
    assert city.found() == [(article, 4)]
