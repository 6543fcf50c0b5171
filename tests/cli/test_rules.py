from __future__ import annotations

import pytest

from agent_console.resources.rule_books import jurisdiction_codes, load_clauses

from .conftest import Ask

KEYS = {"id", "article", "summary", "part", "status", "basis"}


@pytest.mark.parametrize("code", jurisdiction_codes())
def test_every_clause_of_a_book(ask: Ask, code: str) -> None:
    listed = ask("rules", "--jurisdiction", code, "--json").json
    assert [clause["id"] for clause in listed] == [clause.id for clause in load_clauses(code)]
    assert all(set(clause) == KEYS for clause in listed)
    assert {clause["status"] for clause in listed} <= {"acts", "display"}


def test_the_related_news_of_fuzhou_are_listed_for_display_only(ask: Ask) -> None:
    by_id = {clause["id"]: clause for clause in ask("rules", "-j", "FZ", "--json").json}
    assert {by_id[f"FZ-{number}"]["status"] for number in range(15, 28)} == {"display"}


@pytest.mark.parametrize("words", [("FJ-20.2a",), ("fj-20.2a",), ("20.2a", "-j", "fujian"), ("FJ-20.2a", "-j", "FJ")])
def test_one_clause(ask: Ask, words: tuple[str, ...]) -> None:
    [clause] = ask("rules", *words, "--json").json
    assert (clause["id"], clause["part"], clause["basis"]) == ("FJ-20.2a", "deadline", "letter")


def test_an_article_lists_its_clauses_and_not_those_of_another(ask: Ask) -> None:
    ids = [clause["id"] for clause in ask("rules", "FJ-2", "--json").json]
    assert ids == ["FJ-2.1", "FJ-2.1b", "FJ-2.2"]
    assert {clause["id"] for clause in ask("rules", "FJ-20.6", "--json").json} == {
        f"FJ-20.6{letter}" for letter in "abcd"
    }


def test_a_part_by_either_name(ask: Ask) -> None:
    by_id = ask("rules", "-j", "ZJ", "--part", "return", "--json").json
    assert by_id == ask("rules", "-j", "ZJ", "--part", "退件", "--json").json != []


def test_for_people(ask: Ask) -> None:
    told = ask("rules", "-j", "ZJ").out
    assert "征求意见稿" in told
    assert "ZJ-17.1b" in told


@pytest.mark.parametrize("words", [("FJ-99",), ("XX-1",), ("-j", "XX"), ("20.2a",), ()])
def test_what_does_not_exist(ask: Ask, words: tuple[str, ...]) -> None:
    answer = ask("rules", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err
