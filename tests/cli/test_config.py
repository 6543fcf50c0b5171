"""Encrypting the whole seat's file on the command line."""

from __future__ import annotations

from pathlib import Path

from agent_console.settings import load_settings

from .conftest import Ask


def test_a_seat_works_on_with_its_file_encrypted_and_back(ask: Ask, order: str, home: Path) -> None:
    key = home / "elsewhere" / "seat.key"
    key.parent.mkdir()
    told = ask("config", "encrypt", f"--key-file={key}", "--json")
    assert (told.code, told.json["encrypted"]) == (0, True)
    assert oct(key.stat().st_mode & 0o777) == "0o600"
    assert load_settings(home).seat_key == str(key)
    shown = ask("order", "show", order, "--jurisdiction=FJ", "--json").json
    assert shown["title"] == "一号路路灯不亮"
    assert ask("order", "dispatch", order, "--jurisdiction=FJ").code == 0
    assert ask("config", "encrypt").code == 1
    assert ask("config", "decrypt").code == 0
    assert ask("order", "show", order, "--jurisdiction=FJ", "--json").json["status"] == "dispatched"


def test_without_a_key_named_nothing_is_encrypted(ask: Ask, order: str) -> None:
    answer = ask("config", "encrypt")
    assert (answer.code, "--key-file" in answer.err) == (1, True)
    assert ask("config", "decrypt").code == 1


def test_without_its_key_the_file_does_not_open_and_says_what_to_look_at(ask: Ask, order: str, home: Path) -> None:
    assert ask("config", "encrypt", f"--key-file={home / 'seat.key'}").code == 0
    (home / "seat.key").unlink()
    answer = ask("order", "list", "--jurisdiction=FJ")
    assert answer.code == 1
    assert "seat.key" in answer.err


def test_there_is_nothing_to_encrypt_before_the_first_start(ask: Ask, home: Path) -> None:
    assert ask("config", "encrypt", f"--key-file={home / 'seat.key'}").code == 1
    assert not (home / "seat.key").exists()
