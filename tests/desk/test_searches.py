"""What operators searched for: gaps, learned words, and what is never kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.desk import articles
from agent_console.desk.calls import intake, searches
from agent_console.desk.calls.intake import Telling
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.intake.outcomes import Answered, Outcome, Refused
from agent_console.domain.upkeep.searches import cleaned
from agent_console.store.connection import rows

from ..conftest import Office
from ..support.clock import SettableClock
from ..support.rule_of import CENTRE, blocked, facts
from ..support.shelf import TITLE, Shelf
from ..support.stories import form


class Searcher:
    """An operator who searches on purpose in one call after the other."""

    def __init__(self, office: Office, clock: SettableClock, home: Path, jurisdiction: str = "fujian") -> None:
        self.shelf = Shelf(office, clock, home, jurisdiction)
        self.opened = self.shelf.desk()

    def search(
        self, query: str, outcome: Outcome | None = None, *, chosen: str = "", confidential: bool = False
    ) -> None:
        """Take a call, search, and end its matter; answered by heart unless said otherwise."""
        desk = self.opened.desk
        decision, call_id = intake.take_call(desk, "13800138000", caller_name="陈女士")
        facts(decision)
        if confidential:
            who = DescribeCaller("13800138000", "陈女士", confidential=True)
            facts(intake.describe_caller(desk, call_id, who))
        telling = Telling("记录", "已说明", chosen=chosen, searched=(query,))
        matter = desk.call(call_id).matters[0].id
        facts(intake.conclude(desk, call_id, matter, outcome or Answered(), telling))

    @property
    def gaps(self) -> list[tuple[str, int]]:
        """Topics nobody found an answer to."""
        return [(gap.topic, gap.count) for gap in searches.gaps(self.opened)]


@pytest.fixture
def searcher(office: Office, clock: SettableClock, home: Path) -> Searcher:
    return Searcher(office, clock, home)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("社保卡 13800138000 补办", "社保卡 补办"),
        ("138 0013 8000社保卡", "社保卡"),
        ("１３８００１３８０００", ""),
        ("尾号一三八零零 路灯", "尾号 路灯"),
        ("陈女士的路灯", "的路灯"),
        ("3日内 1234", "3日内 1234"),
    ],
)
def test_numbers_and_the_name_of_the_caller_are_cut(typed: str, kept: str) -> None:
    assert cleaned(typed, ("陈女士", "")) == kept


def test_searches_without_an_answer_are_gathered_by_topic(searcher: Searcher) -> None:
    for query in ("绿帽子年检", "綠帽子年检", "绿帽子怎么年检", "木头桥收费"):
        searcher.search(query)
    assert searcher.gaps == [("绿帽子年检", 3), ("木头桥收费", 1)]


def test_a_search_that_ended_in_an_order_is_a_gap_too(searcher: Searcher) -> None:
    desk = searcher.opened.desk
    for confidential in (True, False):
        _, call_id = intake.take_call(desk, "13800138000")
        matter = desk.call(call_id).matters[0].id
        details = form("fujian", confidential=confidential)
        facts(intake.raise_order(desk, call_id, matter, details, Telling("记录", searched=("木头桥收费",))).decision)
    assert searcher.gaps == [("木头桥收费", 1)]


def test_words_that_led_to_an_entry_are_offered_unless_it_carries_them(searcher: Searcher) -> None:
    article = searcher.shelf.published()
    for query in ("绿鞋证", "绿鞋证", "蓝鞋子登记", "木头桥"):
        searcher.search(query, Answered(article, 1))
    offered = [(alias.query, alias.article, alias.title, alias.count) for alias in searches.learned(searcher.opened)]
    assert offered == [("绿鞋证", article, TITLE, 2), ("木头桥", article, TITLE, 1)]
    facts(searcher.shelf.change(article, questions=("绿鞋证怎么办",)))
    searcher.shelf.publish(article)
    assert [alias.query for alias in searches.learned(searcher.opened)] == ["木头桥"]
    assert searcher.gaps == []


def test_nothing_is_kept_of_confidential_secret_and_private_matters(searcher: Searcher) -> None:
    searcher.search("木头桥收费", confidential=True)
    secret = next(item for item in searcher.opened.desk.rule_book.refusals if not item.keeps_content)
    searcher.search("木头桥收费", chosen=secret.classes[0])
    told = dict.fromkeys(secret.needs, "已告知")
    refused = Refused(secret.clause, secret.classes[0], explained=True, guided=True, told=told)
    desk = searcher.opened.desk
    _, call_id = intake.take_call(desk, "13800138000")
    telling = Telling(searched=("木头桥收费",), chosen=secret.classes[0])
    facts(intake.conclude(desk, call_id, desk.call(call_id).matters[0].id, refused, telling))
    assert searcher.gaps == []


def test_searches_are_destroyed_after_ninety_days(searcher: Searcher, clock: SettableClock) -> None:
    clock.set("2026-03-02T10:00")
    searcher.search("木头桥收费")
    clock.set("2026-05-31T10:00")
    assert searcher.gaps == [("木头桥收费", 1)]
    clock.set("2026-06-01T00:00")
    assert searches.forget_old(searcher.opened) == 1
    assert searcher.gaps == []
    [fact, _] = searcher.opened.store.log.load("searches:2026-03-02")
    assert (fact.envelope.type, fact.fact) == ("search.unanswered", None)
    assert searches.forget_old(searcher.opened) == 0


def test_what_was_searched_for_stands_nowhere_in_clear(searcher: Searcher, home: Path) -> None:
    searcher.search("木头桥收费")
    rows(searcher.opened.store.connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert "木头桥收费".encode() not in b"".join(path.read_bytes() for path in home.glob("seat.db*"))


def test_words_that_were_declined_or_taken_into_a_draft_are_not_offered_again(searcher: Searcher) -> None:
    article = searcher.shelf.published()
    for query in ("绿鞋证", "木头桥"):
        searcher.search(query, Answered(article, 1))
    opened = searcher.shelf.desk(CENTRE)
    assert blocked(articles.decline_alias(searcher.opened, article, "木头桥"))[0] == ("FJ-11.3",)
    facts(articles.decline_alias(opened, article, "木头桥"))
    assert [alias.query for alias in searches.learned(searcher.opened)] == ["绿鞋证"]
    searcher.search("木头桥", Answered(article, 1))
    assert [alias.query for alias in searches.learned(searcher.opened)] == ["绿鞋证"]
    facts(articles.adopt_alias(opened, article, "绿鞋证"))
    assert searches.learned(searcher.opened) == []
    assert searcher.shelf.life(article).versions[-1].wording.questions == ("绿鞋证",)
