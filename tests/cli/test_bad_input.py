"""Bad input through the real program: exact exit codes, one or two lines on standard error, never a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import FORM


def run(*words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent_console", *words],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1", **environment},
    )


def failed(answer: subprocess.CompletedProcess[str], *told: str) -> None:
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Traceback" not in answer.stderr
    assert 1 <= len(answer.stderr.splitlines()) <= 2
    for text in told:
        assert text in answer.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--jurisdiction", "XX"),
        ("rules", "-j", "XX"),
        ("call", "list", "-j", "XX"),
        ("order", "raise", "-j", "XX"),
        ("demo", "-j", "XX"),
    ],
)
def test_an_unknown_jurisdiction(words: tuple[str, ...]) -> None:
    failed(run(*words), "XX", "fujian")


def test_a_broken_line_is_named_by_its_number() -> None:
    answer = run("deadline", "--batch", "-", typed='\n{"id": \n')
    assert answer.returncode == 1
    assert "第 2 行" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "words", [("deadline", "--batch"), ("screen", "--batch"), ("order", "raise", "-j", "FJ", "--input")]
)
def test_a_missing_file(words: tuple[str, ...], tmp_path: Path) -> None:
    failed(run(*words, str(tmp_path / "none")), "none")


def test_a_file_of_a_newer_version(home: Path) -> None:
    assert run("order", "raise", *FORM).returncode == 0
    with closing(sqlite3.connect(home / "seat.db", isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('store', '9999_new', 'now')"
        )
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = (home / "seat.db").read_bytes()
    failed(run("order", "list", "-j", "FJ"), "9999_new", "升级")
    assert (home / "seat.db").read_bytes() == before


def test_a_garbage_file(home: Path) -> None:
    home.mkdir()
    (home / "seat.db").write_bytes(b"no database at all" * 300)
    failed(run("call", "list", "-j", "FJ"), "seat.db")
    failed(run("call", "ring", "1"), "seat.db")


def test_a_folder_where_the_file_should_be(home: Path) -> None:
    (home / "seat.db").mkdir(parents=True)
    failed(run("call", "list", "-j", "FJ"), "seat.db")


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that refuses writing, root included."""
    folder = tmp_path / "fixed"
    folder.mkdir()
    if os.geteuid():
        folder.chmod(0o500)
        yield folder
        folder.chmod(0o700)
        return
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("root may write everywhere here, and mount nothing")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_read_only_folder(read_only: Path) -> None:
    failed(run("call", "log", "-j", "FJ", "--interrupted", AGENT_CONSOLE_HOME=str(read_only)), str(read_only))
    failed(run("call", "ring", "1", AGENT_CONSOLE_HOME=str(read_only / "deeper")), str(read_only))


def test_settings_that_cannot_be_read(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("seat = [", encoding="utf-8")
    failed(run("order", "list"), "config.toml")


def test_a_clock_that_cannot_be_read() -> None:
    failed(run("call", "list", "-j", "FJ", AGENT_CONSOLE_NOW="gestern"), "gestern")


@pytest.mark.parametrize("words", [(), ("--seat", "12"), ("demo",)])
def test_no_terminal(words: tuple[str, ...], home: Path) -> None:
    failed(run(*words), "终端")
    assert not (home / "config.toml").exists()


@pytest.mark.parametrize("words", [("--nonsense",), ("nonsense",), ("order",), ("order", "sign"), ("call", "ring")])
def test_words_of_the_call_that_are_wrong(words: tuple[str, ...]) -> None:
    answer = run(*words)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_a_terminal_that_knows_no_chinese() -> None:
    answer = run("rules", "FJ-20.2a", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert answer.returncode == 0
    assert "FJ-20.2a" in answer.stdout
