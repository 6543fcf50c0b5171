from __future__ import annotations

import pytest

from agent_console.resources.refusals import load_places, load_refusals
from agent_console.resources.rule_books import jurisdiction_codes, load_book, load_clauses

CLAUSES = frozenset(clause.id for code in jurisdiction_codes() for clause in load_clauses(code))


@pytest.mark.parametrize(("code", "items"), [("fujian", 8), ("zhijiang", 9), ("binzhou", 6), ("hebi", 4)])
def test_the_list_has_exactly_the_items_of_the_text(code: str, items: int) -> None:
    listed = load_refusals(code)
    assert len(listed.refusals) == items
    assert not listed.inherited
    assert {item.clause for item in listed.refusals} <= CLAUSES
    assert {item.clause for item in listed.beside} <= CLAUSES
    assert {listed.refusing.clause, listed.emergency_clause} - {""} <= CLAUSES


def test_fuzhou_takes_the_whole_list_of_the_province() -> None:
    own, parent = load_refusals("fuzhou", "fujian"), load_refusals("fujian")
    assert own.refusals == parent.refusals
    assert "refusals" in own.inherited
    assert load_places("fuzhou", "fujian") == load_places("fujian")


def test_every_refusal_owes_the_caller_explanation_and_guidance() -> None:
    for code in jurisdiction_codes():
        assert {"explained", "guided"} <= set(load_book(code).refusing.requires)


def test_secrets_and_privacy_keep_no_content() -> None:
    for code in jurisdiction_codes():
        for item in load_book(code).refusals:
            assert item.keeps_content is not bool({"secret", "privacy"} & set(item.classes))


def test_a_jurisdiction_without_names_of_places_has_none() -> None:
    assert load_places("nowhere") == frozenset()
