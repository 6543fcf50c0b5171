"""Binzhou: the second tier hands in and owns, the first reviews, nobody else changes or takes away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent_console.desk import articles
from agent_console.desk.units import directory
from agent_console.domain.intake.outcomes import Answered
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_steps import ListUnit

from ..cli.conftest import Ask
from ..screens.conftest import Sit
from ..support.rule_of import BUREAU, CENTRE, CLERK, LEAD, OPERATOR, STRANGER, blocked, facts
from ..support.shelf import EDITOR, TITLE, Shelf
from .conftest import NewShelf, missing

LEADER = Actor("陈局长", "unit_leader", "城市管理局")
STREET = Actor("孙经办", "unit_clerk", "市政管理所")
OTHER_STREET = Actor("钱经办", "unit_clerk", "水库管理所")
LATER = "蓝鞋子登记改在政务大厅办。"


def two_branches(shelf: Shelf) -> None:
    """A department with an office under it, twice."""
    top = ListedUnit("市长公开电话办公室", "mayors_line", "1")
    units = [top]
    for department, office in (("城市管理局", "市政管理所"), ("水利局", "水库管理所")):
        units.append(ListedUnit(department, "department", "2", top.name, head="甲", deputy="乙", handler="丙"))
        units.append(ListedUnit(office, "county_department", "3", department))
    for unit in units:
        facts(directory.keep(shelf.desk(BUREAU).desk, ListUnit(unit)))


@pytest.mark.clause("BZ-18.1")
def test_what_the_third_tier_hands_in_belongs_to_the_second_which_keeps_it(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    two_branches(city)
    article = city.published(STREET)
    assert city.life(article).owner == "城市管理局"
    facts(city.change(article, CLERK, body=LATER))
    facts(city.change(article, STREET, keywords=("登记",)))
    assert blocked(city.change(article, OTHER_STREET, body="别处"))[0] == ("BZ-20.4",)
    assert [entry.owner for entry in city.library.entries("submitted")] == ["城市管理局"]


@pytest.mark.clause("BZ-20.1")
async def test_the_knowledge_base_is_searched_while_a_call_is_in_hand(shelf: NewShelf, sit: Sit) -> None:
    shelf("binzhou").published()
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("蓝鞋子登记")
        assert operator.answers.found[0].title == TITLE
        assert "城市管理局窗口" in operator.screen_text


@pytest.mark.clause("BZ-20.2")
@pytest.mark.parametrize("reviewer", [CENTRE, BUREAU], ids=lambda actor: actor.role)
def test_nothing_is_released_before_the_first_tier_has_reviewed_it(shelf: NewShelf, reviewer: Actor) -> None:
    city = shelf("binzhou")
    article = city.handed_in()
    assert blocked(city.release(article, EDITOR)) == (("BZ-20.2",), "article.not_reviewed")
    for actor in (CLERK, LEADER, OPERATOR, EDITOR):
        assert blocked(city.review(article, actor))[0] == ("BZ-20.2",)
    facts(city.review(article, reviewer, passed=False, words="没有依据"))
    assert blocked(city.release(article, reviewer)) == (("BZ-20.2",), "article.not_reviewed")
    assert city.found() == []
    facts(city.review(article, reviewer))
    assert blocked(city.release(article, CLERK))[0] == ("BZ-20.2",)
    facts(city.release(article, EDITOR))
    assert city.found() == [(article, 1)]
    assert [version.reviewed_by for version in city.life(article).versions] == [reviewer.name]


@pytest.mark.clause("BZ-20.2")
def test_a_draft_that_is_sent_back_says_why(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    article = city.handed_in()
    assert missing(city.review(article, passed=False)) == (("reason",), "BZ-20.2")


@pytest.mark.clause("BZ-20.2b")
def test_every_entry_has_a_class_of_the_list(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    assert missing(city.submit(class_="")) == (("class",), "BZ-20.2b")
    assert blocked(city.submit(class_="杂项")) == (("BZ-20.2b",), "article.class_unknown")
    for name in ("政策法规", "办事指南", "机构职能", "公共服务", "热点问答"):
        assert city.life(city.handed_in(class_=name)).versions[0].wording.class_ == name


@pytest.mark.clause("BZ-20.2b")
def test_a_unit_of_the_second_tier_hands_in_and_owns_what_it_hands_in(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    for actor in (CLERK, LEADER):
        assert city.life(city.handed_in(actor)).owner == "城市管理局"
    for actor in (OPERATOR, LEAD):
        assert blocked(city.submit(actor))[0] == ("BZ-20.2b",)


@pytest.mark.clause("BZ-20.3")
def test_a_policy_handed_in_later_than_one_working_day_after_its_publication_is_listed_for_its_unit(
    shelf: NewShelf,
) -> None:
    city = shelf("binzhou")
    friday = date(2026, 3, 6)
    assert missing(city.submit(published_on=None)) == (("published_on",), "BZ-20.3")
    city.handed_in(at="2026-03-09T23:59", published_on=friday)
    assert city.owed() == []
    late = city.handed_in(STRANGER, at="2026-03-10T00:00", published_on=friday)
    assert city.owed() == [("水利局", "late", "2026-03-09", "BZ-20.3")]
    city.publish(late)
    assert city.owed() == [("水利局", "late", "2026-03-09", "BZ-20.3")]


@pytest.mark.clause("BZ-20.3")
def test_entries_are_looked_at_again_in_time(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    article = city.published(at="2026-03-02T10:00", valid_until=date(2026, 10, 31))
    for day, owed in (
        ("2026-08-29", []),
        ("2026-08-30", [("stale", "2026-03-02")]),
        ("2026-09-30", [("stale", "2026-03-02")]),
        ("2026-10-01", [("stale", "2026-03-02"), ("expiring", "2026-10-31")]),
    ):
        city.clock.set(f"{day}T10:00")
        assert city.owed() == [("城市管理局", why, since, "BZ-20.3") for why, since in owed]
    assert blocked(articles.remind(city.desk(CLERK), article))[0] == ("BZ-20.3",)
    for actor in (EDITOR, CENTRE, BUREAU):
        facts(articles.remind(city.desk(actor), article))


@pytest.mark.clause("BZ-20.4")
def test_only_the_owner_or_the_first_tier_changes_an_entry_and_the_old_version_stays(shelf: NewShelf) -> None:
    city = shelf("binzhou")
    article = city.published()
    for actor in (STRANGER, OPERATOR, LEAD, EDITOR):
        assert blocked(city.change(article, actor, body=LATER)) == (("BZ-20.4",), "article.owner_only")
        assert blocked(articles.withdraw(city.desk(actor), article, "过时"))[0] == ("BZ-20.4",)
    of_the_line = city.published(EDITOR, title="红帽子登记")
    for actor in (CLERK, OPERATOR, EDITOR):
        assert blocked(city.change(of_the_line, actor, body=LATER)) == (("BZ-20.4",), "article.line_only")
    for actor in (CLERK, LEADER, CENTRE, BUREAU):
        facts(city.change(article, actor, body=LATER))
    assert city.found() == [(article, 1)]
    city.publish(article)
    assert city.found() == [(article, 5)]
    old, new = city.life(article).versions[0], city.life(article).versions[-1]
    assert (old.status, old.wording.body) == ("superseded", "蓝鞋子登记在城市管理局窗口办。")
    assert (new.status, new.wording.body) == ("released", LATER)


@pytest.mark.clause("BZ-20.4")
def test_only_the_owner_or_the_first_tier_takes_entries_out_of_the_house(
    shelf: NewShelf, ask: Ask, tmp_path: Path
) -> None:
    city = shelf("binzhou")
    article = city.published()
    file = tmp_path / "out.json"
    own = (str(file), "--owner", "城市管理局", "-j", "BZ")
    for who in ("operator", "unit_clerk:水利局", "knowledge_editor"):
        answer = ask("kb", "export", *own, "--as", who)
        assert (answer.code, "BZ-20.4" in answer.err, file.exists()) == (3, True, False)
    assert ask("kb", "export", str(file), "-j", "BZ", "--as", "unit_clerk:城市管理局").code == 3
    for who in ("unit_clerk:城市管理局", "centre", "bureau"):
        assert ask("kb", "export", *own, "--as", who).code == 0
        assert article in file.read_text(encoding="utf-8")
        file.unlink()
    log = [event.envelope.role for event in city.desk().store.log.load("line:knowledge")]
    assert log == ["unit_clerk", "centre", "bureau"]


@pytest.mark.clause("BZ-22.1a")
async def test_what_can_be_answered_at_once_is_answered_from_the_knowledge_base_in_the_call(
    shelf: NewShelf, sit: Sit
) -> None:
    city = shelf("binzhou")
    article = city.published()
    facts(city.change(article, body=LATER))
    city.publish(article)
    async with sit("binzhou") as operator:
        await operator.take()
        await operator.write("蓝鞋子登记")
        await operator.press("f3")
        await operator.pick(TITLE)
        await operator.until(lambda: operator.outcome is not None)
        assert operator.outcome == Answered(article, 2)
        assert operator.orders == []
