from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from .conftest import FORM, Ask


def state_of(ask: Ask, name: str) -> tuple[str, str, str]:
    [check] = [check for check in ask("doctor", "--json").json["checks"] if check["name"] == name]
    return check["state"], check["says"], check["mend"]


def test_a_fresh_seat_is_in_order(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")
    answer = ask("doctor", "--json")
    assert answer.code == 0
    assert answer.json["ok"] is True
    names = [check["name"] for check in answer.json["checks"]]
    assert names == ["terminal", "colour", "locale", "font", "settings", "store", "calendar", "keymap", "server"]
    assert not [check for check in answer.json["checks"] if check["state"] == "broken"]


def test_it_makes_no_file(ask: Ask, home: Path) -> None:
    ask("doctor")
    assert not (home / "seat.db").exists()


def test_a_garbage_file_is_broken_and_says_how_to_mend_it(ask: Ask, home: Path) -> None:
    home.mkdir()
    (home / "seat.db").write_bytes(b"no database at all" * 300)
    state, _, mend = state_of(ask, "store")
    assert state == "broken"
    assert "AGENT_CONSOLE_HOME" in mend
    answer = ask("doctor")
    assert answer.code == 1
    assert "有问题　坐席文件" in answer.out


def test_a_damaged_file_is_found(ask: Ask, home: Path) -> None:
    ask("order", "raise", *FORM)
    path = home / "seat.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[-4096 * 3 :] = b"\x55" * 4096 * 3
    path.write_bytes(content)
    assert state_of(ask, "store")[0] == "broken"


def test_test_data_is_marked(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")
    ask("order", "raise", *FORM)
    assert state_of(ask, "store")[0] == "hint"


def test_a_clock_that_was_set_back_is_told(ask: Ask, home: Path) -> None:
    ask("order", "raise", *FORM)
    with sqlite3.connect(home / "seat.db") as connection:
        connection.execute("UPDATE device SET last_clock = last_clock + 600000000")
    state, says, _ = state_of(ask, "store")
    assert state == "hint"
    assert "10 分钟" in says


def test_a_calendar_that_ends_soon(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2098-12-20T10:00:00+08:00")
    state, _, mend = state_of(ask, "calendar")
    assert state == "hint"
    assert "calendar import" in mend


def test_a_keymap_and_settings_that_cannot_be_read(ask: Ask, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text(f'keymap = "{tmp_path / "none.toml"}"\n', encoding="utf-8")
    assert state_of(ask, "keymap")[0] == "broken"
    (home / "config.toml").write_text("nonsense = 1\n", encoding="utf-8")
    assert state_of(ask, "settings")[0] == "broken"


def test_a_server_that_does_not_answer(ask: Ask, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('server = "http://127.0.0.1:9"\n', encoding="utf-8")
    assert state_of(ask, "server")[0] == "broken"


def test_what_waits_to_be_sent_is_told_with_its_age(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")
    ask("order", "raise", *FORM)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-04T13:30:00+08:00")
    state, says, _ = state_of(ask, "outbox")
    assert state == "ok"
    assert "待发" in says
    assert "51 小时" in says
