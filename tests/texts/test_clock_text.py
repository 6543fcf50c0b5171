"""What became of a clock is told once, also where it began anew and ends as before."""

from __future__ import annotations

from agent_console.domain.instants import parse
from agent_console.domain.work_order.clock_history import ClockChange
from agent_console.texts.clock_text import change_text

SIGNED, DUE, LATER = map(parse, ("2026-03-02T09:30", "2026-03-16T23:59:59", "2026-03-17T23:59:59"))


def _change(after: int, start: int = SIGNED) -> str:
    change = ClockChange(
        "handle", SIGNED, "order.signed", "示例乙", "FJ-20.2a", parse("2026-03-02T09:00"), start, DUE, after
    )
    return change_text(change)


def test_a_limit_that_starts_anew_and_ends_as_before_names_its_end_once() -> None:
    told = _change(DUE)
    assert told.count("2026-03-16 23:59") == 1
    assert "到期不变" in told


def test_one_that_ends_otherwise_names_both_ends() -> None:
    told = _change(LATER)
    assert "由 2026-03-16 23:59 改为 2026-03-17 23:59" in told


def test_one_that_ends_names_what_it_was() -> None:
    assert "原定 2026-03-16 23:59" in _change(0, 0)
