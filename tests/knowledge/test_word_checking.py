"""The check of the words: each group leads somewhere, each word is found, nothing is said twice."""

from __future__ import annotations

import pytest

from knowledge.article import Article
from knowledge.search.word_files import Group, Place, Words, read_words
from knowledge.stock import read_stock
from knowledge.word_checking import check_words

HEATING = Article(id="heat", title="暖气不热", body="供热单位二十四小时内上门测温。")


def at(line: int, official: str, *said: str, otherwise: str = "") -> Group:
    return Group(tuple(official.split("，")), said, tuple(otherwise.split()), Place("mine.txt", line))


def faults(*groups: Group, skip: tuple[str, ...] = (), terms: tuple[str, ...] = ()) -> list[tuple[str, int, str]]:
    words = Words(groups, skip, tuple((term, Place("official_terms.txt", 1)) for term in terms))
    found = check_words(words, [HEATING])
    return [(fault.reason.removeprefix("kb.word."), fault.place.line, fault.detail) for fault in found]


def test_the_shipped_words_have_no_faults() -> None:
    assert check_words(read_words(), read_stock()) == []


@pytest.mark.parametrize(
    "official",
    ["供热", "24小时内", "供冷，供热", "@heat", "集中供冷"],
    ids=["body", "numeral", "one", "entry", "listed"],
)
def test_a_group_leads_to_an_entry_or_to_a_listed_term(official: str) -> None:
    terms = ("集中供冷",) if official == "集中供冷" else ()
    assert faults(at(1, official, "屋里冷"), terms=terms) == []


def test_a_group_that_leads_nowhere_is_an_error() -> None:
    assert faults(at(7, "供冷", "屋里热")) == [("no_term", 7, "供冷")]


def test_an_id_that_does_not_exist_is_an_error_in_a_group_and_in_a_section() -> None:
    assert faults(at(1, "供热，@cold", "屋里冷")) == [("no_such_entry", 1, "@cold")]
    found = faults(at(1, "供热", "屋里冷", otherwise="@cold"), at(2, "测温", "量一下", otherwise="@cold"))
    assert found == [("no_such_entry", 1, "@cold")]


def test_words_that_cannot_be_found_are_errors() -> None:
    long = "家里的暖气片从上个星期开始就一直不热"
    assert faults(at(1, "供热", "屋里冷", long)) == [("unreachable", 1, long)]
    assert faults(at(1, "供热", "！！")) == [("dead_group", 1, "供热")]


def test_a_word_that_is_to_say_nothing_cannot_lead_anywhere() -> None:
    assert faults(at(1, "供热", "屋里冷", "怎么办"), skip=("怎么办",)) == [("skipped", 1, "怎么办")]


def test_what_is_said_twice_is_a_remark_with_both_places() -> None:
    assert faults(at(1, "供热", "屋里冷"), at(4, "供热", "屋裡冷")) == [("repeated", 4, "屋里冷 mine.txt:1")]
    found = check_words(Words((at(1, "供热", "冷", "冷"),)), [HEATING])
    assert [fault.remark for fault in found] == [True]


def test_groups_that_call_each_other_everyday_words_are_remarked() -> None:
    circle = faults(at(1, "供热", "测温"), at(2, "测温", "供热"))
    assert [reason for reason, _, _ in circle] == ["circle", "circle"]


def test_a_listed_term_that_no_group_uses_is_remarked() -> None:
    assert faults(at(1, "供热", "屋里冷"), terms=("集中供冷",)) == [("unused_term", 1, "集中供冷")]


def test_a_word_of_too_many_groups_is_remarked() -> None:
    groups = [at(line, f"供热，{line}号", "屋里冷") for line in range(6)]
    assert "vague" in {reason for reason, _, _ in faults(*groups)}
