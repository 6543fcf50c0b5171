"""What is close in meaning is found though it shares no word with the text, and says that this is why."""

from __future__ import annotations

import pytest

from knowledge.asked import every_asked
from knowledge.search import meaning as meanings
from knowledge.search.engine import SearchEngine
from knowledge.search.entry import Mark, SearchEntry
from knowledge.search.learn_meaning import Told, learned, told
from knowledge.search.meaning import Meaning, meaning

WAGES, NOISE, BIN = "wages", "noise", "bin"
TOLD = (
    *(Told(WAGES, text) for text in ("拖欠工资", "老板不发薪水", "薪水没到手", "血汗钱讨不回来")),
    *(Told(NOISE, text) for text in ("噪声扰民", "半夜太吵", "楼上吵得睡不着", "喇叭响一晚上")),
    *(Told(BIN, text) for text in ("垃圾清运", "垃圾桶满了", "垃圾没人收", "桶边发臭")),
)
ENTRIES = (SearchEntry(WAGES, "劳动报酬争议"), SearchEntry(NOISE, "夜间安宁"), SearchEntry(BIN, "环境卫生"))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    small = Meaning(learned(TOLD))
    monkeypatch.setattr(meanings, "meaning", lambda: small)
    engine = SearchEngine()
    engine.build(ENTRIES)
    return engine


@pytest.mark.parametrize(("query", "meant"), [("薪水讨不到", WAGES), ("喇叭太吵", NOISE), ("桶满发臭", BIN)])
def test_a_sentence_nobody_wrote_leads_to_what_is_close(engine: SearchEngine, query: str, meant: str) -> None:
    assert engine.search(query)[0].id == meant


def test_a_hit_that_is_only_close_says_so(engine: SearchEngine) -> None:
    why = engine.search("薪水讨不到")[0].why
    assert why == (Mark("title", 0, 6, "meaning"),)


def test_what_is_typed_out_needs_no_meaning(engine: SearchEngine) -> None:
    assert [mark.how for mark in engine.search("劳动报酬争议")[0].why] == ["chars"]


def test_the_closest_come_first_and_unknown_words_are_close_to_nothing() -> None:
    small = Meaning(learned(TOLD))
    assert small.closest(("讨薪水",))[0][0] == WAGES
    assert small.closest(("zzz",)) == small.closest(("工",)) == small.closest(()) == []


def test_the_shipped_weights_know_every_entry_and_every_article_something_is_said_for() -> None:
    """Where this fails, `make train` learns them anew."""
    known = meaning()
    assert known is not None
    assert {f"{doc}-{number}" for doc, number, _ in every_asked()} <= set(known.ids)
    assert {each.entry for each in told()} == set(known.ids)
