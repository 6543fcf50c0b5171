from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from agent_console.desk.demo import build_day
from agent_console.desk.demo_play import load_play
from agent_console.desk.opening import open_desk
from agent_console.domain.instants import parse
from agent_console.domain.work_order.order_clocks import running
from agent_console.resources.paths import data_folder
from agent_console.resources.rule_books import jurisdiction_codes
from agent_console.settings import Settings

from ..support.clock import SettableClock
from .conftest import Ask

AFTERNOON = "2026-03-18T15:00:00+08:00"
NOW = parse(AFTERNOON)


@pytest.mark.parametrize("code", jurisdiction_codes())
def test_a_believable_day_under_every_rule_book(code: str, tmp_path: Path) -> None:
    day = build_day(tmp_path, Settings(jurisdiction=code, seat="8", operator="示例"), NOW)
    assert 25 <= day.calls <= 40
    assert day.orders >= 12
    assert {"raised", "dispatched", "signed", "completed"} <= set(day.statuses)


def test_some_of_it_is_overdue_parked_refused_and_marked_as_test_data(tmp_path: Path) -> None:
    settings = Settings(jurisdiction="fujian", seat="8", operator="示例")
    build_day(tmp_path, settings, NOW)
    opened = open_desk(tmp_path, settings, SettableClock(AFTERNOON))
    context, records = opened.desk.context(), opened.records
    ends = [clock.due for order in records.orders(99) for clock in running(order, context).values()]
    outcomes = {matter.outcome.__class__.__name__ for call in records.calls(99) for matter in call.matters}
    parked = records.unfinished_calls()
    assert any(due is not None and due < NOW for due in ends)
    assert outcomes >= {"Answered", "Refused", "Transferred", "Ordered", "FollowedUp", "Interrupted"}
    assert [call.status for call in parked] == ["parked"]
    assert opened.store.drafts.count() == 1
    assert opened.store.identity.test_data
    assert all(call.number.startswith("1380000") for call in records.calls(99))
    assert opened.desk.seat_state().activity == "ready"
    opened.close()


def test_names_and_places_are_made_up() -> None:
    play = load_play()
    assert all(name.startswith("示例") for name in (*play.names, play.district))
    assert not re.search(r"1[3-9]\d{9}", (data_folder("demo") / "day.toml").read_text(encoding="utf-8"))


def test_seed_only_leaves_nothing_behind(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    day = ask("demo", "--seed-only", "--json").json
    assert day["orders"] == sum(day["statuses"].values())
    assert list(tmp_path.glob("agent-console-demo-*")) == []
    assert "张工单" in ask("demo", "--seed-only", "-j", "HB").out
