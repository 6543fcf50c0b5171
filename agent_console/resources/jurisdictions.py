"""Where rule books stand: those the program brings, and those of the user in `jurisdictions/` of the home folder.

A book of the user stands beside the shipped ones and never in place of one: a code that is shipped is not looked for in
the home folder. Folders are listed once in the life of a process.

Inside `reading_from` all of this is another folder: an earlier version of a book, as a seat's file kept it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from agent_console.resources.paths import data_folder
from agent_console.settings import home

_NAME = "jurisdictions"
_ELSEWHERE: ContextVar[Path | None] = ContextVar("elsewhere", default=None)


@contextmanager
def reading_from(folder: Path) -> Iterator[None]:
    """Inside, rule books and house rules are those of this folder, and no others."""
    before = _ELSEWHERE.set(folder)
    try:
        yield
    finally:
        _ELSEWHERE.reset(before)


def shipped_folder() -> Path:
    """Folder of the rule books the program brings."""
    return _ELSEWHERE.get() or data_folder(_NAME)


def own_folder() -> Path:
    """Folder of the user's own rule books; it need not exist."""
    return home() / _NAME


def folder_of(code: str) -> Path:
    """Folder of one rule book."""
    shipped = shipped_folder() / code
    return own_folder() / code if not shipped.is_dir() else shipped


def codes_with(file: str) -> tuple[str, ...]:
    """Codes of all rule books that have this file, sorted."""
    found = {code for folder in (shipped_folder(), own_folder()) for code in _codes_in(folder, file)}
    return tuple(sorted(found))


def shadowed_codes() -> tuple[str, ...]:
    """Codes of the user's folder that are those of shipped books: they are not read."""
    return tuple(sorted(set(_codes_in(own_folder(), "book.toml")) & set(_codes_in(shipped_folder(), "book.toml"))))


@cache
def _codes_in(folder: Path, file: str) -> tuple[str, ...]:
    return tuple(path.parent.name for path in folder.glob(f"*/{file}"))
