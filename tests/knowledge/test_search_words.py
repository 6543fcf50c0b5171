"""The dictionary of what people say."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from knowledge.search.engine import SearchEngine
from knowledge.search.entry import SearchEntry
from knowledge.search.normal_form import kept
from knowledge.search.query import parse
from knowledge.search.word_files import Group, Words, read_words
from knowledge.search.words import Dictionary, all_words, dictionary


def terms(words: Dictionary, query: str) -> list[str]:
    return [term for unit in words.units(parse(query).readings[0]) for term in unit.terms]


def group(*words: str, official: tuple[str, ...], otherwise: tuple[str, ...] = ()) -> Group:
    return Group(official, words, otherwise)


def test_the_shipped_dictionary_is_large_and_every_group_has_two_sides() -> None:
    groups = read_words().groups
    assert len(groups) >= 1_000
    assert sum(len(each.said) for each in groups) >= 10_000
    for each in groups:
        assert each.official
        assert all(kept(word).text for word in (*each.official, *each.said))


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("踢皮球", "推诿扯皮"),
        ("tipiqiu", "推诿扯皮"),
        ("跳皮求", ""),
        ("不发工资", "拖欠工资"),
        ("宽限几天", "延期"),
        ("10天", "10个工作日"),
        ("十个工作日", "10天"),
    ],
)
def test_everyday_words_lead_to_official_ones(query: str, term: str) -> None:
    found = terms(dictionary(), query)
    assert term in found if term else not found


@pytest.mark.parametrize(
    ("query", "term"), [("budget", "财政预算"), ("Knowledge Base", "知识库"), ("accounta", "责任追究")]
)
def test_english_words_lead_to_official_ones(query: str, term: str) -> None:
    assert term in dictionary().english(parse(query).words)


def test_pinyin_is_not_taken_for_english() -> None:
    assert dictionary().english(parse("shebaoka").words) == ()


def test_an_english_word_that_is_also_pinyin_is_both() -> None:
    words = Dictionary(Words((group("ban", official=("不得",)),)))
    engine = SearchEngine(words=words)
    engine.build((SearchEntry("no", "不得转让"), SearchEntry("do", "办证")))
    assert {hit.id for hit in engine.search("ban")} == {"no", "do"}


def test_first_letters_that_the_dictionary_knows_still_stand_for_themselves() -> None:
    words = Dictionary(Words((group("消防栓", official=("灭火",)),)))
    engine = SearchEngine(words=words)
    engine.build((SearchEntry("fire", "灭火器材"), SearchEntry("letters", "信访室几点开门")))
    assert {hit.id for hit in engine.search("xfs")} == {"fire", "letters"}


def test_a_word_with_letters_in_it_is_found_beside_others() -> None:
    words = Dictionary(Words((group("etc扣费", "wifi", official=("高速公路",)),)))
    for typed in ("etc扣费", "wifi 很慢"):
        query = parse(typed)
        assert [unit.terms for unit in words.units(query.readings[0], query.words)] == [("高速公路",)]


def test_the_longest_word_wins() -> None:
    words = Dictionary(Words((group("合同", official=("甲方",)), group("合同纠纷", official=("乙方",)))))
    assert terms(words, "合同纠纷") == ["乙方"]
    assert terms(words, "合同") == ["甲方"]


def test_a_word_that_leads_nowhere_gives_way_to_a_shorter_one() -> None:
    words = Dictionary(Words((group("合同", official=("甲方",)), group("合同纠纷", official=("乙方",)))))
    (unit,) = words.units(parse("合同纠纷").readings[0], leads={"甲方"}.__contains__)
    assert unit.terms == ("甲方",)


def test_a_section_says_where_to_go_when_no_entry_carries_the_term() -> None:
    words = Dictionary(Words((group("水货", official=("假冒伪劣",), otherwise=("@shop",)),)))
    reading = parse("水货").readings[0]
    assert [unit.terms for unit in words.units(reading, leads={"@shop"}.__contains__)] == [("@shop",)]
    assert [unit.terms for unit in words.units(reading, leads={"@shop", "假冒伪劣"}.__contains__)] == [("假冒伪劣",)]


def test_two_syllables_are_not_heard_inside_a_longer_run() -> None:
    words = Dictionary(Words((group("几级", official=("机构",)),)))
    assert terms(words, "jiji") == ["机构"]
    assert terms(words, "gongjijidu") == []


def test_first_letters_that_many_words_share_say_nothing() -> None:
    several = [group(word, official=(f"官{word}",)) for word in ("大班子", "打本子", "弟不在", "端保姿")]
    assert terms(Dictionary(Words(tuple(several[:1]))), "dbz") != []
    assert terms(Dictionary(Words(tuple(several))), "dbz") == []


def test_words_that_say_nothing_lead_nowhere() -> None:
    words = Dictionary(Words(skip=("怎么办",)))
    (unit,) = words.units(parse("怎么办").readings[0])
    assert unit.terms == ()


def test_files_are_read_with_sections_remarks_and_either_comma(tmp_path: Path) -> None:
    text = "# 说明\n[@shop]\n假冒伪劣，假货 = 水货, 山寨\n\n[]\n停水＝没水\n"
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    (tmp_path / "skip.txt").write_text("吗，呢\n", encoding="utf-8")
    (tmp_path / "official_terms.txt").write_text("停水\n", encoding="utf-8")
    words = read_words(tmp_path)
    first, second = words.groups
    assert (first.official, first.said, first.otherwise) == (("假冒伪劣", "假货"), ("水货", "山寨"), ("@shop",))
    assert (second.official, second.otherwise, second.place.line) == (("停水",), (), 6)
    assert words.skip == ("吗", "呢")
    assert [term for term, _ in words.terms] == ["停水"]


def test_the_words_of_the_centre_are_read_beside_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_HOME", str(tmp_path))
    shipped = len(all_words().groups)
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ours.txt").write_text("停水 = 水龙头哑了\n", encoding="utf-8")
    words = all_words()
    assert len(words.groups) == shipped + 1
    assert "停水" in terms(Dictionary(words), "水龙头哑了")


@pytest.mark.parametrize("line", ["没有等号", "停水 =", "= 没水", "停水 = 没水 = 断水"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "mine.txt").write_text(f"# 说明\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_words(tmp_path)
    assert "mine.txt" in str(caught.value.message.fields["path"])
    assert str(caught.value.message.fields["reason"]).startswith("2:")
