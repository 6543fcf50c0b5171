"""What hands on a keyboard produce finds the entry that was meant."""

from __future__ import annotations

import random
import subprocess
import sys

import msgspec
import pytest

from knowledge.search.engine import SearchEngine
from knowledge.search.entry import Hit, SearchEntry

from .search_entries import CARD, CITY_RULE, ENTRIES, HEATING, PLAIN, ROAD, SEAT_RULE


@pytest.fixture(scope="module")
def engine() -> SearchEngine:
    built = SearchEngine(lambda code: "fujian" if code == "fuzhou" else "")
    built.build(ENTRIES)
    return built


def first(engine: SearchEngine, query: str, jurisdiction: str = "") -> str:
    hits = engine.search(query, jurisdiction=jurisdiction)
    return hits[0].id if hits else ""


def marked(hit: Hit, entry: SearchEntry) -> set[tuple[str, str]]:
    texts = {"title": (entry.title,), "question": entry.questions, "keyword": entry.keywords, "body": (entry.body,)}
    return {(texts[mark.field][mark.item][mark.start : mark.end], mark.how) for mark in hit.why}


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("社保卡补办", CARD.id),
        ("社保卡补班", CARD.id),
        ("社保卡", CARD.id),
        ("shebaoka", CARD.id),
        ("shebaok", CARD.id),
        ("sbk", CARD.id),
        ("sbk 补办", CARD.id),
        ("社保ka bu", CARD.id),
        ("社会保障卡", CARD.id),
        ("社保卡丢了怎么搞", CARD.id),
        ("社保卡補辦", CARD.id),
        ("补办 社保", CARD.id),
        ("三日", CARD.id),
        ("二十元", CARD.id),
        ("卡", CARD.id),
        ("补辧社宝卡", CARD.id),
        ("daolu posun", ROAD.id),
        ("路烂了", ROAD.id),
        ("10日", ROAD.id),
        ("24小时上门", HEATING.id),
        ("家里冷", HEATING.id),
        ("yhby", SEAT_RULE.id),
        ("duozhongyuyan", SEAT_RULE.id),
        ("外语", SEAT_RULE.id),
        ("年中绩效", CITY_RULE.id),
        ("第30条", CITY_RULE.id),
        ("第三十条", CITY_RULE.id),
        ("第3条", SEAT_RULE.id),
        ("budget", CITY_RULE.id),
        ("budg", CITY_RULE.id),
        ("花的钱谁出", PLAIN.id),
    ],
)
def test_the_entry_that_was_meant_comes_first(engine: SearchEngine, query: str, meant: str) -> None:
    assert first(engine, query) == meant


@pytest.mark.parametrize("query", ["", "  ", "？！", "q", "\x00", "🙂", "龘龘龘"])
def test_what_means_nothing_finds_nothing_and_does_not_fail(engine: SearchEngine, query: str) -> None:
    assert engine.search(query) == []


@pytest.mark.parametrize("query", ["a" * 500, "社保卡" * 200, "' ' '", "12345 " * 50, "zhuangzhuangzhuang"])
def test_any_input_is_answered(engine: SearchEngine, query: str) -> None:
    assert isinstance(engine.search(query), list)


def test_the_asked_rule_book_comes_first(engine: SearchEngine) -> None:
    assert first(engine, "推诿扯皮", "hebi") == CITY_RULE.id
    assert first(engine, "推诿扯皮", "fujian") == SEAT_RULE.id


def test_the_province_comes_before_other_cities(engine: SearchEngine) -> None:
    assert first(engine, "推诿扯皮", "fuzhou") == SEAT_RULE.id


def test_other_rule_books_stay_reachable(engine: SearchEngine) -> None:
    assert first(engine, "年终绩效考核", "fujian") == CITY_RULE.id


def test_why_an_entry_matched_is_marked_in_the_text_as_written(engine: SearchEngine) -> None:
    reasons = {
        "社保卡補辦": ("补办", "chars"),
        "社保卡补班": ("补办", "sound"),
        "sbk": ("社保卡", "initials"),
    }
    for query, reason in reasons.items():
        assert reason in marked(engine.search(query)[0], CARD)
    assert ("有呼必应", "initials") in marked(engine.search("yhby")[0], SEAT_RULE)
    assert ("第三十条", "chars") in marked(engine.search("第30条")[0], CITY_RULE)
    assert ("财政预算", "word") in marked(engine.search("budget")[0], CITY_RULE)


def test_first_letters_that_look_like_pinyin_are_still_first_letters() -> None:
    engine = SearchEngine()
    engine.build((SearchEntry("food", "食品安全"), SearchEntry("leak", "视频怕浅")))
    assert first(engine, "spaq") == "food"


def test_what_people_say_is_not_found_by_its_first_letters() -> None:
    engine = SearchEngine()
    engine.build((SearchEntry("mail", "写信", said=("信访室在哪", "petition")),))
    assert engine.search("xfsz") == []
    assert first(engine, "信访室") == first(engine, "petition") == "mail"


def test_limit_and_sources(engine: SearchEngine) -> None:
    assert len(engine.search("的", limit=2)) <= 2
    assert engine.search("budget")[0].sources == CITY_RULE.sources


def test_changes_are_found_by_the_next_search() -> None:
    engine = SearchEngine()
    assert engine.search("社保卡") == []
    engine.put(CARD)
    assert first(engine, "社保卡") == CARD.id
    engine.put(msgspec.structs.replace(CARD, title="医疗证换新", questions=(), keywords=(), body="到窗口换。"))
    assert engine.search("社保卡") == []
    assert first(engine, "医疗证") == CARD.id
    engine.remove(CARD.id)
    engine.remove("nobody")
    assert engine.search("医疗证") == []
    assert len(engine) == 0


def test_an_index_that_grew_by_changes_answers_like_one_built_at_once() -> None:
    chance = random.Random(7)
    places, matters = ("鼓楼", "台江", "仓山", "马尾"), ("路灯", "停水", "停车", "物业", "公交")
    grown = SearchEngine()
    present: dict[str, SearchEntry] = {}
    for _ in range(120):
        number = f"e{chance.randrange(25)}"
        if chance.random() < 0.3:
            grown.remove(number)
            present.pop(number, None)
        else:
            entry = SearchEntry(number, chance.choice(places) + chance.choice(matters), body=chance.choice(matters))
            grown.put(entry)
            present[number] = entry
    built = SearchEngine()
    built.build(present.values())
    for query in ("路灯", "tingche", "gl", "鼓楼 物业", "wy", "公交"):
        left, right = (engine.search(query, limit=50) for engine in (grown, built))
        assert {hit.id for hit in left} == {hit.id for hit in right}
        assert [hit.id for hit in built.search(query)] == [hit.id for hit in built.search(query)]


def test_a_longer_body_is_found_by_any_of_its_sentences() -> None:
    sentences = [f"第{n}件事由{name}办理，" for n, name in enumerate("甲乙丙丁戊己庚辛壬癸", 1)]
    long = SearchEntry("long", "长篇", body="".join(sentences * 8) + "最后到窗口领取红色回执。")
    engine = SearchEngine()
    engine.build([long, *ENTRIES])
    for query in ("红色回执", "hongse huizhi", "hshz", "由癸办理"):
        assert first(engine, query) == "long"


def test_importing_the_interface_loads_nothing_heavy() -> None:
    code = (
        "import sys, knowledge.search.engine, knowledge.search.entry\n"
        "heavy = {'numpy', 'rapidfuzz', 'pypinyin', 'textual', 'rich', 'typer'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_searching_never_loads_the_makers_of_the_tables() -> None:
    code = (
        "import sys\n"
        "from knowledge.search.engine import SearchEngine\n"
        "from knowledge.search.entry import SearchEntry\n"
        "engine = SearchEngine()\n"
        "engine.build([SearchEntry('a', '路灯不亮')])\n"
        "assert engine.search('ludeng')\n"
        "assert not {'pypinyin', 'opencc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
