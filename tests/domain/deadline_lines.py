"""Deadline cases written as JSON lines, as anybody at a hotline could check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent_console.cli.deadline import answer
from agent_console.cli.situations import read_line
from agent_console.resources.calendars import load_calendar

_ASKED = ("id", "jurisdiction", "limit", "situation", "start", "start_event")
_MINUTE = len("2024-03-11T10:00")


def lines(path: Path) -> list[dict[str, Any]]:
    """All cases of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def wrong(case: dict[str, Any]) -> str:
    """What is wrong about the answer to a case; empty where it is right."""
    asked = read_line({key: case[key] for key in _ASKED if key in case})
    given = answer(asked, load_calendar())[1]
    expected = case["expected_due"]
    checks = {
        "date": given["due_date"] == case["expected_due_date"],
        "minute": _minutes(given["due"]) in {_minutes(due) for due in (expected, *case.get("also_accept", []))},
        "immediate": given["immediate"] and given["due"] == expected,
        "none": given["due"] is None,
        "decision_and_date": (given["decision"], given["due_date"])
        == (case.get("expected_decision"), case["expected_due_date"]),
        "uncovered": given["provisional"] and given["due_date"] == case["expected_due_date"],
    }
    marked = given["provisional"] == (case["check"] == "uncovered")
    return "" if checks[case["check"]] and marked and given["why"] else f"{case} -> {given}"


def _minutes(due: str | None) -> str:
    return (due or "")[:_MINUTE]
