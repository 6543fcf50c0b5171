"""Opening the seat: what is asked for, what is kept, what is not loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from agent_console.cli import console, main
from agent_console.settings import Settings, load_settings, save_settings

from .conftest import Ask

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm-256color"}
HEAVY = ("typer", "rich", "httpx", "sqlite_utils", "rapidfuzz", "pypinyin", "numpy", "textual", "cryptography")


def environment() -> dict[str, str]:
    """That of this test, without the size of somebody else's window."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")} | ENVIRONMENT


@pytest.fixture
def terminal(home: Path) -> Iterator[pexpect.spawn[str]]:
    child = pexpect.spawn(
        sys.executable, ["-m", "agent_console"], env=environment(), dimensions=(24, 80), encoding="utf-8", timeout=20
    )
    yield child
    child.close(force=True)


def test_the_first_start_asks_and_keeps_the_answers(terminal: pexpect.spawn[str], home: Path) -> None:
    terminal.expect("地区（")
    terminal.sendline("XX")
    terminal.expect("可用的地区")
    terminal.sendline("fj")
    terminal.expect("坐席号：")
    terminal.sendline("12")
    terminal.expect("工号：")
    terminal.sendline("示例甲")
    terminal.expect("F2")
    assert load_settings(home) == Settings(jurisdiction="fujian", seat="12", operator="示例甲")


def test_a_first_start_that_is_broken_off_keeps_nothing(terminal: pexpect.spawn[str], home: Path) -> None:
    terminal.expect("地区（")
    terminal.sendeof()
    terminal.expect("--operator")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert not home.exists()


def test_a_window_that_is_too_small(home: Path) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "agent_console", "--jurisdiction", "FJ"],
        env=environment(),
        dimensions=(20, 70),
        encoding="utf-8",
        timeout=20,
    )
    child.expect("70×20")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_opening_the_seat_loads_nothing_that_the_first_frame_does_not_need() -> None:
    script = (
        "import sys, agent_console.cli.main, agent_console.cli.console;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "[]"


def test_a_noun_loads_only_its_own_module() -> None:
    script = (
        "import sys\nfrom agent_console.cli.main import run\n"
        "try:\n run(['rules', 'FJ-1', '--json'])\nexcept SystemExit: pass\n"
        "print([name for name in ('order', 'kb', 'deadline') if f'agent_console.cli.{name}' in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_noun(ask: Ask) -> None:
    told = ask("--help").out
    assert [noun for noun in main.NOUNS if noun not in told] == []


@pytest.mark.parametrize("noun", main.NOUNS)
def test_every_noun_has_help(ask: Ask, noun: str) -> None:
    assert ask(noun, "--help").code == 0


def test_version(ask: Ask) -> None:
    assert ask("--version").out.strip()


def test_a_seat_is_opened_as_who_one_is_and_the_next_start_is_the_operators(home: Path) -> None:
    save_settings(home, Settings(jurisdiction="fujian", seat="12", operator="示例甲"))
    clerk = pexpect.spawn(
        sys.executable,
        ["-m", "agent_console", "--as", "unit_clerk:城市管理局:示例乙"],
        env=environment(),
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=20,
    )
    clerk.expect("我的工单")
    clerk.close(force=True)
    assert load_settings(home) == Settings(jurisdiction="fujian", seat="12", operator="示例甲")


@pytest.mark.parametrize(
    ("acting", "code", "told"),
    [("warden", 1, "warden"), ("unit_clerk", 3, "没有说是哪个单位")],
    ids=["no such role", "no unit named"],
)
def test_nobody_sits_down_as_whom_the_book_does_not_know(
    ask: Ask, home: Path, monkeypatch: pytest.MonkeyPatch, acting: str, code: int, told: str
) -> None:
    save_settings(home, Settings(jurisdiction="fujian", seat="12", operator="示例甲"))
    monkeypatch.setattr(console, "check_terminal", lambda: None)
    answer = ask("--as", acting)
    assert (answer.code, told in answer.err) == (code, True), answer.err


def test_with_a_server_the_seat_is_not_opened_as_somebody_else(
    ask: Ask, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(jurisdiction="fujian", seat="12", operator="示例甲", server="https://127.0.0.1:1")
    save_settings(home, settings)
    monkeypatch.setattr(console, "check_terminal", lambda: None)
    answer = ask("--as", "lead")
    assert (answer.code, "不能用 --as" in answer.err) == (1, True)
