"""Every test: no trace of the developer's own machine, a clock that is set by hand, a desk in any city."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.domain.people import Actor
from agent_console.settings import Settings

from .support.clock import SettableClock

pytest_plugins = ("tests.clause_results",)

settings.register_profile("house", database=None, deadline=None, derandomize=True)
settings.load_profile("house")

_LEAKS = (
    "NO_COLOR", "FORCE_COLOR", "AGENT_CONSOLE_NOW", "AGENT_CONSOLE_ROLE_KEYS", "TEXTUAL", "TEXTUAL_DRIVER",
    "TEXTUAL_DISABLE_KITTY_KEY", "AGENT_CONSOLE_SEAT_KEY", "AGENT_CONSOLE_MASTER_KEY", "CREDENTIALS_DIRECTORY",
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The console's folder, empty, in place of the developer's own; colours and the time as by default."""
    folder = tmp_path / "home"
    monkeypatch.setenv("AGENT_CONSOLE_HOME", str(folder))
    for name in _LEAKS:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def clock() -> SettableClock:
    """Monday 2026-03-02 10:00 in Asia/Shanghai, until it is set."""
    return SettableClock()


class Office(Protocol):
    """Opens a desk on the seat's file; every desk it opened is on the same file."""

    def __call__(self, jurisdiction: str = "fujian", actor: Actor | None = None) -> OpenDesk: ...


@pytest.fixture
def office(home: Path, clock: SettableClock) -> Iterator[Office]:
    """Desks of any city for anybody, closed at the end."""
    opened: list[OpenDesk] = []

    def sit_down(jurisdiction: str = "fujian", actor: Actor | None = None) -> OpenDesk:
        chosen = Settings(jurisdiction=jurisdiction, seat="12", operator="张三")
        opened.append(open_desk(home, chosen, clock, actor))
        return opened[-1]

    yield sit_down
    for desk in opened:
        desk.close()
