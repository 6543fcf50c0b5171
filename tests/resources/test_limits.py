"""Limit tables from data files: a sixth city needs no code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso, parse
from agent_console.domain.time_limits.deadlines import Situation, Start, due
from agent_console.resources import jurisdictions
from agent_console.resources.calendars import load_calendar
from agent_console.resources.limits import limit_code, limit_codes, load_limits
from agent_console.resources.paths import data_folder

SIXTH = """
prefix = "LQ"
name = "临清市办法"
parent = "fujian"
without = ["return"]

[hours]
sessions = [{ opens = 09:00:00, closes = 12:00:00 }, { opens = 13:00:00, closes = 17:00:00 }]
seasons = [{ first = "06-01", last = "09-30", sessions = [{ opens = 08:00:00, closes = 12:00:00 }] }]

[kinds]
"热线举报" = "投诉"

[[limits.sign]]
clause = "LQ-3"
amount = 30
unit = "working_minute"
start = ["unit_received"]

[[limits.handle]]
clause = "LQ-4"
amount = 24
unit = "clock_hour"
start = ["signed"]
when = [{ kind = "投诉", repeat = true }]

[[limits.handle]]
clause = "LQ-5"
amount = 7
unit = "natural_day"
start = ["signed"]
when = [{ kind = ["投诉", "unset"] }]

[[limits.site_visit]]
clause = "LQ-6"
amount = 1
unit = "half_working_day"
start = ["unit_received"]
"""


@pytest.fixture
def sixth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for code in limit_codes():
        folder = tmp_path / "jurisdictions" / code
        folder.mkdir(parents=True)
        folder.joinpath("limits.toml").write_bytes((data_folder("jurisdictions") / code / "limits.toml").read_bytes())
    file = tmp_path / "jurisdictions" / "linqing" / "limits.toml"
    file.parent.mkdir()
    file.write_text(SIXTH, encoding="utf-8")
    monkeypatch.setattr(jurisdictions, "data_folder", lambda name: tmp_path / name)
    yield file
    monkeypatch.undo()


def answer(limit: str, event: str, **facts: object) -> tuple[str | None, str, bool]:
    situation = Situation(**facts)  # type: ignore[arg-type]
    table = load_limits(limit_code("lq"))
    deadline = due(table, limit, situation, Start(event, parse("2024-03-15T11:45")), load_calendar())
    return None if deadline.due is None else iso(deadline.due)[:16], deadline.clause, deadline.inherited


def test_a_sixth_city_is_a_data_file(sixth: Path) -> None:
    assert answer("sign", "unit_received") == ("2024-03-15T13:15", "LQ-3", False)
    assert answer("handle", "signed", kind="热线举报") == ("2024-03-22T23:59", "LQ-5", False)
    assert answer("handle", "signed", kind="投诉", further={"repeat": True}) == ("2024-03-16T11:45", "LQ-4", False)
    assert answer("site_visit", "unit_received") == ("2024-03-15T16:15", "LQ-6", False)


def test_a_sixth_city_inherits_by_name_and_may_leave_a_limit_out(sixth: Path) -> None:
    assert answer("dispatch", "accepted") == ("2024-03-18T23:59", "FJ-14.2", True)
    assert answer("return", "unit_received") == (None, "", False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unit = "clock_hour"', 'unit = "lunar_month"'),
        ('unit = "clock_hour"', ""),
        ("amount = 24", "amount = 0"),
        ("amount = 24", 'same_as = "sign"'),
        ("closes = 12:00:00 }, {", "closes = 08:00:00 }, {"),
        ("sessions = [{ opens = 08:00:00, closes = 12:00:00 }]", "sessions = []"),
        ('name = "临清市办法"', 'title = "临清市办法"'),
        ("[hours]", "[hours"),
    ],
)
def test_a_slip_in_the_data_is_named_with_its_file(old: str, new: str, sixth: Path) -> None:
    assert old in SIXTH
    sixth.write_text(SIXTH.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load_limits("linqing")
    assert str(sixth) in str(raised.value.message.fields["path"])


def test_every_condition_names_a_fact_that_can_be_given() -> None:
    known = {*Situation.__struct_fields__, "start_event"}
    for code in limit_codes():
        assert load_limits(code).facts_used() <= known


def test_every_cited_clause_stands_in_the_rule_book() -> None:
    for code in limit_codes():
        cited = data_folder("jurisdictions") / code / "clauses.toml"
        text = cited.read_text(encoding="utf-8")
        table = load_limits(code)
        own = [rule for rules in table.limits.values() for rule in rules if not rule.inherited]
        assert [rule.clause for rule in own if f'id = "{rule.clause}"' not in text] == []
