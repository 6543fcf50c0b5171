"""Both READMEs name every command, every setting and every key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import typer

from agent_console.cli.main import build
from agent_console.settings import HOME_VARIABLE, Settings
from tests.support.project import ROOT

READMES = ("README.md", "README.zh-CN.md")


def commands(command: Any, path: str) -> Iterator[str]:
    """Every command and group below this one, as one types it."""
    children = getattr(command, "commands", {})
    for name, child in children.items():
        if not child.hidden:
            yield f"{path} {name}"
            yield from commands(child, f"{path} {name}")


def _shortest(command: str) -> str:
    """The least a README has to write: a noun with the program's name, a verb with its noun."""
    program, *rest = command.split()
    return " ".join(rest) if len(rest) > 1 else " ".join((program, *rest))


def keys_of(table: dict[str, Any]) -> Iterator[str]:
    """Ids of a keymap: the names under which keys stand, however the file is divided."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_of(value)
        else:
            yield name


def readme(name: str) -> str:
    path = ROOT / name
    assert path.is_file(), f"{name} is not written yet"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_documented(name: str) -> None:
    text = readme(name)
    known = ["agent-console", *commands(typer.main.get_command(build()), "agent-console")]
    missing = [command for command in known if _shortest(command) not in text]
    assert missing == [], f"{name} does not name: {', '.join(missing)}"


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_documented(name: str) -> None:
    text = readme(name)
    settings = [field.name for field in msgspec.structs.fields(Settings)]
    missing = [setting for setting in (*settings, HOME_VARIABLE) if f"`{setting}`" not in text]
    assert missing == [], f"{name} does not name: {', '.join(missing)}"


@pytest.mark.parametrize("name", READMES)
def test_every_key_is_documented(name: str) -> None:
    text = readme(name)
    keymap = tomllib.loads((ROOT / "keymaps" / "default.toml").read_text(encoding="utf-8"))
    ids = sorted(set(keys_of(keymap)))
    assert ids, "the keymap binds nothing"
    missing = [key for key in ids if f"`{key}`" not in text and f"| {key} |" not in text]
    assert missing == [], f"{name} does not name: {', '.join(missing)}"
