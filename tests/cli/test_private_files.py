"""Whatever the program writes is for its owner alone, and of a caller nothing stands in clear in the seat's folder."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support.media import PHOTO, photo
from .conftest import CLERK, Ask

FJ = "--jurisdiction=FJ"
NAME, NUMBER, CONTENT = "示例甲", "13800000001", "三天不亮"
LEAD = "--as=lead::李班长"


@pytest.fixture(autouse=True)
def lax_umask() -> Iterator[None]:
    """A machine on which everybody may read what others write, unless the program sees to it."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def written(ask: Ask, order: str, home: Path, tmp_path: Path) -> Path:
    """A folder with everything a day leaves: an order with a file, a call, exports, role keys."""
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    for words in (
        ("order", "dispatch", order), ("order", "sign", order, "--department=市政科", "--officer=王经办", CLERK),
        ("order", "attach", order, str(photo(tmp_path)), CLERK),
        ("call", "log", f"--number={NUMBER}", "--invalid=无声"),
        ("export", "calls", str(out / "calls.csv"), LEAD),
        ("order", "export", "--all", "--output", str(out / "orders.json"), LEAD),
        ("order", "export", "--all", "--unmask", "--output", str(out / "whole.zip"), LEAD),
    ):  # fmt: skip
        answer = ask(*words, FJ)
        assert answer.code == 0, (words, answer.err)
    assert ask("keys", "make", str(out / "role-keys.toml"), "--jurisdiction=BZ").code == 0
    return out


def _files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in (folder, *folder.rglob("*"))]


def test_no_file_and_no_folder_is_open_to_others(written: Path, home: Path) -> None:
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in _files(home, written) if path.is_file()}
    assert set(modes.values()) == {"0o600"}, modes
    folders = {path.name: oct(path.stat().st_mode & 0o777) for path in _files(home) if path.is_dir()}
    assert set(folders.values()) == {"0o700"}, folders


def test_of_a_caller_nothing_stands_in_clear_in_the_folder_of_the_seat(written: Path, home: Path) -> None:
    words = (*(word.encode() for word in (NAME, NUMBER, CONTENT)), PHOTO[-64:])
    found = [
        (path.name, word) for path in _files(home) if path.is_file() for word in words if word in path.read_bytes()
    ]
    assert found == []
    with sqlite3.connect(home / "seat.db") as file:
        assert file.execute("SELECT count(*) FROM event").fetchone()[0] > 5
    file.close()


def test_what_leaves_masked_has_no_name_and_no_number_in_it(written: Path) -> None:
    masked = [written / "calls.csv", written / "orders.json"]
    found = [
        (path.name, word) for path in masked for word in (NAME, NUMBER) if word.encode() in path.read_bytes()
    ]  # fmt: skip
    assert found == []
