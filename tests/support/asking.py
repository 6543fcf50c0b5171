"""Limits asked for on the command line, one line of a batch for each event a clock could start from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

EVENTS = (
    "accepted",
    "unit_received",
    "signed",
    "lead_designated",
    "redo_dispatched",
    "written_complaint_received",
    "policy_published",
    "day_begins",
    "finding_after_signing",
)
ARRIVAL = ("unit_received",)
SIGNING = ("signed", "unit_received")
MONDAY = "2026-03-02T10:00:00+08:00"
AT_ONCE = MONDAY
NOT_TOLD = ""
"""Nobody said which event the time is of."""
SAME_DAY = "2026-03-02T23:59:59+08:00"

Facts = dict[str, Any]


class Asked(NamedTuple):
    """A clause, the limit it sets, the events it counts from, what is due from that Monday, and when it holds.

    due: None where the clause speaks without a number. holds: situations it speaks in. silent: situations in which
    another clause speaks, or none.
    """

    clause: str
    limit: str
    events: tuple[str, ...]
    due: str | None
    holds: tuple[Facts, ...] = ({},)
    silent: tuple[Facts, ...] = ()


def by_clause(*rows: Asked) -> list[Any]:
    """The rows as parameters of a test, each marked with its clause."""
    return [
        pytest.param(row, marks=pytest.mark.clause(row.clause), id=f"{row.clause}-{row.limit}-{number}")
        for number, row in enumerate(rows)
    ]


def days(amount: int) -> str:
    """The end of so many working days after that Monday; no holiday lies between."""
    weeks, rest = divmod(amount, 5)
    return f"2026-03-{2 + 7 * weeks + rest:02}T23:59:59+08:00"


def check(ask: Callable[..., Any], folder: Path, code: str, row: Asked) -> None:
    """The clause speaks from its own events and in its own cases, and from no other and in no other."""
    for situation in row.holds:
        told = _answers(ask, folder, code, row, situation)
        wanted = dict.fromkeys(row.events, (row.clause, row.due))
        assert {event: told[event] for event in row.events} == wanted, situation
        if row.due:
            others = [event for event in EVENTS if event not in row.events]
            assert [event for event in others if told[event] == (row.clause, row.due)] == [], situation
    for situation in row.silent:
        told = _answers(ask, folder, code, row, situation)
        assert [event for event in EVENTS if told[event] == (row.clause, row.due)] == [], situation


def _answers(ask: Callable[..., Any], folder: Path, code: str, row: Asked, situation: Facts) -> dict[str, Any]:
    """Clause and due time the command line answers with, by the event the clock starts from."""
    asked = {"jurisdiction": code, "limit": row.limit, "situation": situation, "start": MONDAY}
    file = folder / "asked.jsonl"
    events = dict.fromkeys((*EVENTS, *row.events))
    lines = [json.dumps({**asked, "id": event, "start_event": event or None}) for event in events]
    file.write_text("\n".join(lines), encoding="utf-8")
    told = [json.loads(line) for line in ask("deadline", "--batch", str(file)).out.splitlines()]
    return {line["id"]: (line["clause"], line["due"]) for line in told}
