"""Every case of deadline_cases/, also where the machine stands in another time zone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from .deadline_lines import lines, wrong

_FILES = sorted((Path(__file__).parent / "deadline_cases").glob("*.jsonl"))


def test_each_jurisdiction_has_cases() -> None:
    assert {path.stem for path in _FILES} >= {"fujian", "zhijiang", "binzhou", "hebi", "fuzhou"}


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_every_due_time_is_the_one_of_the_rule_book(path: Path) -> None:
    assert [case["id"] for case in lines(path) if wrong(case)] == []


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_due_times_do_not_depend_on_the_zone_of_the_machine(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert [case["id"] for path in _FILES for case in lines(path) if wrong(case)] == []
    finally:
        monkeypatch.undo()
        time.tzset()
