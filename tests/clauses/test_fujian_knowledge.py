"""Fujian: units hand in what is new, and the line sees to it that entries stay up to date."""

from __future__ import annotations

from datetime import date

import pytest

from agent_console.desk import articles
from agent_console.domain.people import Actor

from ..cli.conftest import Ask
from ..support.rule_of import CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.shelf import EDITOR, hits
from .conftest import NewShelf

LEADER = Actor("陈局长", "unit_leader", "城市管理局")


@pytest.mark.clause("FJ-9.6")
def test_stale_entries_are_listed_for_their_owner_who_can_be_reminded(
    shelf: NewShelf, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = shelf("fujian")
    article = city.published(at="2026-03-02T10:00", valid_until=date(2026, 10, 31))
    [entry] = city.library.entries("submitted")
    assert (entry.owner, str(entry.updated_on)) == ("城市管理局", "2026-03-02")
    for day, owed in (
        ("2026-08-29", []),
        ("2026-08-30", ["stale"]),
        ("2026-09-30", ["stale"]),
        ("2026-10-01", ["stale", "expiring"]),
    ):
        city.clock.set(f"{day}T10:00")
        assert [one[:2] + one[3:] for one in city.owed()] == [("城市管理局", why, "FJ-9.6") for why in owed]
    assert blocked(articles.remind(city.desk(CLERK), article))[0] == ("FJ-9.6",)
    for actor in (EDITOR, LEAD, CENTRE):
        facts(articles.remind(city.desk(actor, "2026-10-01T10:00"), article))
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-10-01T10:00")
    listed = ask("kb", "stale", "--owner", "城市管理局", "-j", "FJ", "--json").json
    assert [one["id"] for one in listed] == [article, article]
    assert ask("kb", "history", article, "-j", "FJ", "--json").json["reminded_at"] == "2026-10-01T10:00:00+08:00"


@pytest.mark.clause("FJ-9.6")
def test_an_entry_that_was_brought_up_to_date_is_stale_no_more(shelf: NewShelf) -> None:
    city = shelf("fujian")
    article = city.published(at="2026-03-02T10:00")
    facts(city.change(article, at="2026-09-01T10:00", body="蓝鞋子登记改在大厅办。"))
    assert [one[1] for one in city.owed()] == ["stale"]
    city.publish(article)
    assert city.owed() == []


@pytest.mark.clause("FJ-11.3")
def test_a_unit_hands_in_an_entry_which_is_found_once_it_is_released(shelf: NewShelf) -> None:
    city = shelf("fujian")
    lookups = city.lookups()
    article = city.handed_in()
    assert hits(lookups) == []
    for actor in (CLERK, OPERATOR, LEAD):
        assert blocked(city.release(article, actor))[0] == ("FJ-11.3",)
    facts(city.release(article, EDITOR))
    assert hits(lookups) == [(article, 1)]
    facts(articles.withdraw(city.desk(LEADER), article, "不再办理"))
    assert hits(lookups) == []
    lookups.close()


@pytest.mark.clause("FJ-11.3")
def test_units_and_the_line_hand_in_and_the_owner_brings_it_up_to_date(shelf: NewShelf) -> None:
    city = shelf("fujian")
    for actor in (CLERK, LEADER, STRANGER, EDITOR, CENTRE):
        assert city.life(city.handed_in(actor)).owner == actor.unit
    assert blocked(city.submit(OPERATOR))[0] == ("FJ-11.3",)
    article = city.published()
    assert blocked(city.change(article, STRANGER, body="别处"))[0] == ("FJ-11.3",)
    for actor in (CLERK, EDITOR, CENTRE):
        facts(city.change(article, actor, body="改在大厅办"))
