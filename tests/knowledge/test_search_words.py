"""The dictionary of what people say."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from knowledge.search.normal_form import kept
from knowledge.search.query import parse
from knowledge.search.words import Dictionary, Group, WordFile, dictionary, read_words


def terms(words: Dictionary, query: str) -> list[str]:
    return [term for unit in words.units(parse(query).readings[0]) for term in unit.terms]


def test_the_shipped_dictionary_is_large_and_every_group_leads_somewhere() -> None:
    groups = [group for file in read_words() for group in file.group]
    assert len(groups) >= 300
    for group in groups:
        assert group.official
        assert group.said or group.english, group.official
        assert all(kept(word).text for word in (*group.official, *group.said, *group.english))


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("踢皮球", "推诿扯皮"),
        ("tipiqiu", "推诿扯皮"),
        ("踢皮求", ""),
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


def test_the_longest_word_wins() -> None:
    words = Dictionary([WordFile((Group(("甲方",), ("合同",)), Group(("乙方",), ("合同纠纷",))))])
    assert terms(words, "合同纠纷") == ["乙方"]
    assert terms(words, "合同") == ["甲方"]


def test_words_that_say_nothing_lead_nowhere() -> None:
    words = Dictionary([WordFile(skip=("怎么办",))])
    (unit,) = words.units(parse("怎么办").readings[0])
    assert unit.terms == ()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("group = [{ said = ['x'] }]", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_words(tmp_path)
    assert "mine.toml" in str(caught.value.message.fields["path"])
