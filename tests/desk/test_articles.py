"""Entries of the knowledge base as they live: taken over, released, withdrawn, complained of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_console.desk import articles
from agent_console.desk.calls import intake
from agent_console.desk.units import directory
from agent_console.domain.errors import UnknownName
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.units.directory import ListedUnit
from agent_console.domain.units.directory_steps import ListUnit
from knowledge.article import Article, Source
from knowledge.asked import said_for
from knowledge.importing.documents import read_document
from knowledge.library import Import
from knowledge.releases import wording_of
from knowledge.search import kept

from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CENTRE, CLERK, OPERATOR, blocked, facts
from ..support.shelf import TITLE, Shelf, hits

OpenShelf = Callable[[str], Shelf]
STOCK = Article(id="shoes", title="蓝鞋子要不要登记", body="要。", sources=(Source("fujian", 3),), version=3)


@pytest.fixture
def shelf(office: Office, clock: SettableClock, home: Path) -> OpenShelf:
    return lambda jurisdiction: Shelf(office, clock, home, jurisdiction)


def test_a_shipped_entry_that_is_changed_here_keeps_its_text_as_an_old_version(shelf: OpenShelf) -> None:
    city = shelf("fujian")
    city.library.load_stock([STOCK])
    facts(city.change("shoes", CENTRE, body="不要。"))
    assert blocked(city.change("shoes", CLERK, body="要。"))[1] == "article.line_only"
    city.publish("shoes")
    versions = [(one.number, one.status, one.wording.body) for one in city.life("shoes").versions]
    assert versions == [(3, "superseded", "要。"), (4, "released", "不要。")]
    entry = city.library.get("shoes")
    assert (entry.doc, entry.sources, entry.body) == ("stock", (Source("fujian", 3),), "不要。")
    city.library.load_stock([Article(id="shoes", title="蓝鞋子", body="新。", version=9)])
    assert city.library.get("shoes").body == "不要。"


def test_an_import_does_not_write_over_an_entry_whose_next_version_is_being_drafted(
    shelf: OpenShelf, tmp_path: Path
) -> None:
    city = shelf("fujian")
    file = tmp_path / "shoes.json"
    file.write_text('[{"title": "蓝鞋子", "body": "旧。", "sources": "fujian:3"}]', encoding="utf-8")
    document = read_document(file, None)
    imported = Import("shoes", "shoes.json", 1, 1, 0, 0)
    city.library.replace_document(imported, document.entries)
    facts(city.change("shoes-1", CENTRE, body="新。"))
    file.write_text('[{"title": "蓝鞋子", "body": "更旧。", "sources": "fujian:3"}]', encoding="utf-8")
    city.library.replace_document(imported, read_document(file, None).entries)
    assert city.library.get("shoes-1").body == "旧。"


def test_the_knowledge_base_can_be_folded_again_from_the_log(shelf: OpenShelf) -> None:
    city = shelf("fujian")
    kept, gone = city.published(), city.published(title="蓝鞋子过期了")
    facts(city.change(kept, body="第二版"))
    city.publish(kept)
    facts(articles.withdraw(city.desk(CLERK), gone, "废止"))
    before = city.library.entries("submitted")
    city.desk().store.rebuild()
    assert city.library.entries("submitted") == before
    assert [(entry.id, entry.status, entry.version) for entry in before] == [
        (kept, "active", 2),
        (gone, "withdrawn", 1),
    ]


def test_an_open_search_takes_in_what_changes_without_being_built_anew(
    shelf: OpenShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = shelf("fujian")
    lookups = city.lookups()
    built: list[object] = []
    monkeypatch.setattr(kept, "make", lambda *given: built.append(given))
    article = city.published()
    assert hits(lookups) == [(article, 1)]
    facts(city.change(article, title="蓝鞋子年检在哪里办"))
    city.publish(article)
    assert (hits(lookups, "蓝鞋子年检"), hits(lookups, TITLE)) == ([(article, 2)], [])
    facts(articles.withdraw(city.desk(CLERK), article, "废止"))
    assert hits(lookups) == []
    facts(city.change(article, title="蓝鞋子又能办了"))
    city.publish(article)
    assert hits(lookups) == [(article, 3)]
    assert built == []
    lookups.close()


def test_what_callers_say_for_an_article_of_a_regulation_finds_it_on_the_seat(shelf: OpenShelf) -> None:
    city = shelf("fujian")
    said = said_for("fujian")[13][0]
    rule = Article(id="fujian-13", title="第十三条", body="略。", doc="fujian", article=13, origin="import")
    city.library.replace_document(Import("fujian", "fujian.txt", 1, 1, 0, 0), [rule])
    lookups = city.lookups()
    assert "fujian-13" in [answer.id for answer in lookups.look("", said).answers]
    lookups.close()


def test_an_open_search_forgets_what_a_newer_import_no_longer_has(shelf: OpenShelf) -> None:
    city = shelf("fujian")
    document = [Article(id="town-1", title="蓝鞋子", body="在。", doc="town", origin="import")]
    city.library.replace_document(Import("town", "town.txt", 1, 1, 0, 0), document)
    lookups = city.lookups()
    assert hits(lookups) == [("town-1", 1)]
    city.library.replace_document(Import("town", "town.txt", 2, 0, 0, 0), [])
    assert hits(lookups) == []
    lookups.close()


def test_feedback_carries_version_and_call_and_is_settled_by_the_next_release(
    shelf: OpenShelf, clock: SettableClock
) -> None:
    city = shelf("fujian")
    article = city.published()
    _, call_id = intake.take_call(city.desk().desk, "13800138000")
    clock.set("2026-03-02T11:00")
    facts(articles.give_feedback(city.desk(), article, "outdated", "地点改了", call_id))
    [(entry, (given,))] = articles.complaints(city.desk())
    assert (entry, given.complaint, given.words, given.version, given.call, given.by) == (
        article,
        "outdated",
        "地点改了",
        1,
        call_id,
        OPERATOR.name,
    )
    clock.set("2026-03-02T12:00")
    facts(city.change(article, body="新地点"))
    city.publish(article)
    assert articles.complaints(city.desk()) == []
    assert len(city.life(article).feedback) == 1


def test_an_entry_nobody_knows_and_a_book_that_says_nothing(shelf: OpenShelf) -> None:
    city = shelf("hebi")
    with pytest.raises(UnknownName):
        city.life("nothing")
    with pytest.raises(UnknownName):
        articles.submit(city.desk(CLERK), STOCK_WORDING, task="nothing")
    refused = articles.set_task(city.desk(CENTRE), "蓝鞋子", "水利局")[0]
    assert blocked(refused) == ((), "article.not_known")


def test_where_there_is_a_directory_owners_and_those_asked_for_an_answer_are_units_of_it(shelf: OpenShelf) -> None:
    city = shelf("zhijiang")
    desk = city.desk(CENTRE)
    facts(articles.set_task(desk, "蓝鞋子", "没有这个局")[0])
    facts(directory.keep(desk.desk, ListUnit(ListedUnit("水利局", "department"))))
    with pytest.raises(UnknownName):
        articles.set_task(desk, "蓝鞋子", "没有这个局")
    with pytest.raises(UnknownName):
        articles.submit(desk, STOCK_WORDING, "没有这个局")
    facts(articles.submit(desk, STOCK_WORDING, "水利局")[0])


def test_fuzhou_takes_its_rules_from_fujian_and_hebi_keeps_house(shelf: OpenShelf) -> None:
    assert _book(shelf("fuzhou")).knowledge.inherited == ("submitting", "releasing", "changing", "upkeep")
    city = shelf("fuzhou")
    assert blocked(city.submit(OPERATOR))[0] == ("FJ-11.3",)
    hebi = shelf("hebi")
    assert hebi.found() == []
    article = hebi.published()
    assert hebi.found() == [(article, 1)]
    assert blocked(hebi.submit(OPERATOR))[0] == ()


def _book(city: Shelf) -> RuleBook:
    return city.desk().desk.rule_book


STOCK_WORDING = wording_of(STOCK)
