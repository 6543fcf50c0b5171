"""`sync sign-in`, `now`, `conflicts` and the rest from the command line, at a server of the line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.settings import Settings, load_settings, save_settings
from agent_console.sync.wire import FeedRow, Outline

from ..support.line_server import PASSWORD, LineServer, Wrong, line_server
from .conftest import Answer, Ask

SIGN_IN = ("sync", "sign-in", "--account", "zhang", "--password-stdin")


@pytest.fixture
def line(home: Path) -> Iterator[LineServer]:
    with line_server() as server:
        save_settings(home, Settings(jurisdiction="fujian", seat="12", operator="张三", server=server.address))
        yield server


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))


def sign_in(ask: Ask, monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> Answer:
    typed(monkeypatch, password)
    return ask(*SIGN_IN, "--json")


def test_from_signing_in_to_signing_out(ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in(ask, monkeypatch).json["name"] == "张三"
    before = ask("sync", "--json").json
    assert before["session"]["offline"] is False
    done = ask("sync", "now", "--json").json
    assert (done["unsent"], done["why"]) == (0, "")
    after = ask("sync", "--json").json
    assert after["outbox"]["unsent"] == 0
    assert after["mirror"]["fresh_at"] is not None
    assert ask("sync", "sign-out", "--json").json == {"signed_out": True, "at_server": True, "unsent": 0}
    assert ask("call", "list").code == 1


def test_a_new_seat_is_set_up_by_signing_in(
    ask: Ask, home: Path, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config.toml").unlink()
    typed(monkeypatch, PASSWORD)
    signed = ask(*SIGN_IN, "--server", line.address, "--jurisdiction=FJ", "--seat=12")
    assert signed.code == 0, signed.err
    kept = load_settings(home)
    assert kept == Settings(jurisdiction="fujian", seat="12", operator="张三", server=line.address)


def test_a_wrong_password_lets_nobody_in(ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = sign_in(ask, monkeypatch, "wrong")
    assert refused.code == 1
    assert "没有登录成" in refused.err
    assert ask("sync", "--json").json["session"] is None


def test_the_role_comes_from_the_account(ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(ask, monkeypatch)
    refused = ask("order", "list", "--as=lead")
    assert refused.code == 1
    assert "--as" in refused.err


def test_what_the_server_refused_is_shown_and_dropped_with_a_reason(
    ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ask, monkeypatch)
    line.rejecting.add("seat.sign_in")
    from agent_console.clock import SystemClock
    from agent_console.desk.calls import shift
    from agent_console.desk.opening import open_desk
    from agent_console.settings import home, load_settings

    opened = open_desk(home(), load_settings(home()), SystemClock())
    shift.sign_in(opened.desk)
    opened.close()
    assert ask("sync", "now", "--json").json["refused"] == 1
    [entry] = ask("sync", "conflicts", "--json").json
    assert entry["state"] == "rejected"
    assert "本机所做" in ask("sync", "conflicts", "show", entry["id"][-8:]).out
    assert ask("sync", "conflicts", "resolve", entry["id"]).code == 1
    assert ask("sync", "conflicts", "resolve", entry["id"], "--drop", "已另行处理").code == 0
    assert ask("sync", "conflicts", "--json").json == []
    assert ask("sync", "tray", "--json").json == []


def test_doctor_looks_at_server_clock_and_session(ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    line.clock_ahead = 600_000_000
    sign_in(ask, monkeypatch)
    checks = {check["name"]: check["state"] for check in ask("doctor", "--json").json["checks"]}
    assert (checks["server"], checks["clock"], checks["session"]) == ("ok", "hint", "ok")


def test_the_last_steps_of_a_shift_are_sent_before_the_session_ends(
    ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ask, monkeypatch)
    ask("call", "log", "--number=13800000001", "--invalid=无声")
    assert ask("sync", "--json").json["outbox"]["unsent"] > 0
    assert ask("sync", "sign-out", "--json").json == {"signed_out": True, "at_server": True, "unsent": 0}
    assert ask("sync", "--json").json["outbox"]["unsent"] == 0


def test_who_leaves_while_the_server_is_away_is_told_what_waits(
    ask: Ask, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ask, monkeypatch)
    ask("call", "log", "--number=13800000001", "--invalid=无声")
    line.then("/v1/health", Wrong(status=503), Wrong(status=503))
    line.then("/v1/push", Wrong(status=503))
    left = ask("sync", "sign-out")
    assert left.code == 0
    assert "条没有发出" in left.err


def test_an_order_of_another_seat_is_shown_as_far_as_it_is_here(
    ask: Ask, home: Path, line: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(ask, monkeypatch)
    known = Outline(
        "order:x", "2026030200001234", "raised", "投诉", "路灯不亮", "五四路", "normal", raised_at=1_772_418_000_000_000
    )
    line.rows.append(FeedRow(1, "outline", "order:x", outline=known, recorded_at=1_772_418_060_000_000))
    ask("sync", "now")
    shown = ask("order", "show", "01234")
    assert shown.code == 0
    for words in ("尚未分办", "路灯不亮", "五四路", "分办，", "其余内容不在本机", "班长"):
        assert words in shown.out
    told = ask("order", "show", "01234", "--json").json
    assert (told["outline"], told["number"], told["clocks"].keys()) == (True, known.number, {"dispatch"})
    assert ask("order", "sign", "01234").code == 1
    content = b"".join(path.read_bytes() for path in home.glob("seat.db*"))
    assert "五四路".encode() not in content
