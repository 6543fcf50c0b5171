from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import FORM, Ask


@pytest.mark.parametrize("words", [("sync",), ("sync", "status")])
def test_a_seat_alone_and_what_waits(ask: Ask, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    empty = ask(*words, "--json").json
    assert empty["link"] == {"state": "alone", "server": "", "why": ""}
    assert empty["outbox"] == {"unsent": 0, "oldest": None, "held": 0}
    assert (empty["tray"], empty["mirror"]["fresh_at"], empty["clock"], empty["session"]) == (0, None, None, None)
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-03-02T10:00:00+08:00")
    ask("order", "raise", *FORM)
    outbox = ask(*words, "--json").json["outbox"]
    assert outbox["unsent"] > 0
    assert outbox["oldest"] == "2026-03-02T10:00:00+08:00"
    assert "单机" in ask(*words).out


def test_it_makes_no_file(ask: Ask, home: Path) -> None:
    ask("sync")
    assert not home.exists()


def test_a_server_that_is_down_says_why(ask: Ask, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('server = "http://127.0.0.1:9"\n', encoding="utf-8")
    state = ask("sync", "--json").json["link"]
    assert (state["state"], state["server"]) == ("down", "http://127.0.0.1:9")
    assert state["why"] in ask("sync").out
