"""A sixth city: a rule book as data only, in the user's own folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ..cli.conftest import Ask, ask
from ..support.sixth_city import BOOK

__all__ = ["ask"]

At = Callable[[str], None]


@pytest.fixture
def yunting(home: Path) -> Path:
    """The folder of the book of Yunting among the user's own."""
    return Path(shutil.copytree(BOOK, home / "jurisdictions" / "yunting"))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Sets the time, Asia/Shanghai."""

    def set_time(text: str) -> None:
        monkeypatch.setenv("AGENT_CONSOLE_NOW", f"{text}:00+08:00")

    return set_time


class Seat:
    """The command line under the book of Yunting, by whoever acts; the order in hand needs no number."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.number = ""

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and what was told."""
        answer = self._ask(*words, "--jurisdiction=YT")
        return answer.code, answer.out + answer.err

    def json(self, *words: str) -> object:
        return self._ask(*words, "--jurisdiction=YT", "--json").json

    def step(self, step: str, *words: str) -> tuple[int, str]:
        """A step of the order in hand."""
        return self("order", step, self.number, *words)

    def due(self, limit: str) -> tuple[str, str]:
        """When a clock of the order runs out, and by which clause."""
        shown = self._ask("order", "show", self.number, "--jurisdiction=YT", "--json", "--as=centre").json
        clocks = {clock["limit"]: (clock["due"][:16], clock["clause"]) for clock in shown["clocks"]}
        return clocks.get(limit, ("", ""))


@pytest.fixture
def seat(ask: Ask, yunting: Path, at: At) -> Seat:
    """A seat in Yunting on Tuesday 2026-03-03, 16:00."""
    at("2026-03-03T16:00")
    return Seat(ask)
