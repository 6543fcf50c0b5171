"""`agent-console rules --coverage`: the gate that no acting clause passes without a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent_console.cli import rules_coverage
from agent_console.resources.rule_books import jurisdiction_codes, load_clauses

from .conftest import Ask

ACTING = {"binzhou": 83, "fujian": 90, "fuzhou": 26, "hebi": 56, "zhijiang": 83}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a whole run writes what passed; every acting clause did."""
    monkeypatch.setattr(rules_coverage, "checkout", lambda: tmp_path)
    file = tmp_path / "tests" / "clauses" / ".results.json"
    file.parent.mkdir(parents=True)
    written(file, dict.fromkeys(acting(), 1))
    return file


def acting() -> list[str]:
    """Every clause that acts, of every book."""
    return [clause.id for code in jurisdiction_codes() for clause in load_clauses(code) if clause.status == "acts"]


def written(file: Path, passed: dict[str, int], failed: dict[str, int] | None = None) -> None:
    file.write_text(json.dumps({"passed": passed, "failed": failed or {}}), encoding="utf-8")


def test_it_lets_through_where_every_acting_clause_has_a_test_that_passed(ask: Ask, results: Path) -> None:
    answer = ask("rules", "--coverage", "--json")
    assert answer.code == 0
    assert {book["jurisdiction"]: (book["acting"], book["covered"]) for book in answer.json} == {
        code: (number, number) for code, number in ACTING.items()
    }


def test_it_stops_and_names_the_clause_that_has_none(ask: Ask, results: Path) -> None:
    written(results, {clause: 1 for clause in acting() if clause not in ("FJ-20.2a", "BZ-4")})
    answer = ask("rules", "--coverage")
    assert answer.code == 1
    assert "FJ-20.2a" in answer.out
    assert "BZ-4" in answer.out
    assert "FJ-20.2b" not in answer.out
    assert ask("rules", "--coverage", "--jurisdiction=HB").code == 0


def test_it_stops_where_a_test_failed_even_if_another_of_the_clause_passed(ask: Ask, results: Path) -> None:
    written(results, dict.fromkeys(acting(), 1), {"HB-3": 1})
    answer = ask("rules", "--coverage")
    assert (answer.code, "HB-3" in answer.out) == (1, True)


def test_without_a_whole_run_it_does_not_let_through(ask: Ask, results: Path) -> None:
    results.unlink()
    assert ask("rules", "--coverage").code != 0
