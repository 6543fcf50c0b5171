"""Every test: no trace of the developer's own machine, a clock that is set by hand, a desk in any city."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.domain.people import Actor
from agent_console.settings import Settings

from .support.clock import SettableClock
from .support.fresh_seat import FreshSeats

pytest_plugins = ("tests.clause_results",)

settings.register_profile("house", database=None, deadline=None, derandomize=True)
settings.load_profile("house")

_LEAKS = (
    "NO_COLOR", "FORCE_COLOR", "AGENT_CONSOLE_NOW", "AGENT_CONSOLE_ROLE_KEYS", "TEXTUAL", "TEXTUAL_DRIVER",
    "TEXTUAL_DISABLE_KITTY_KEY", "AGENT_CONSOLE_SEAT_KEY", "AGENT_CONSOLE_MASTER_KEY", "CREDENTIALS_DIRECTORY",
)  # fmt: skip

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30
"""Bytes: several times what all tests together write."""


def pytest_configure() -> None:
    """Folders of tests are in memory where there is plenty, and what is compiled once is not compiled again."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and _is_fit(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None


def _is_fit(folder: Path) -> bool:
    """Whether there is room, and what the tests install there can be run."""
    return shutil.disk_usage(folder).free > _ENOUGH and not os.statvfs(folder).f_flag & os.ST_NOEXEC


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whoever is done takes over half of what another one still has before it."""
    from xdist.scheduler import WorkStealingScheduling  # type: ignore[import-untyped]

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


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


@pytest.fixture(scope="session")
def fresh_seats(tmp_path_factory: pytest.TempPathFactory) -> FreshSeats:
    """Seats' files as the first start makes them."""
    return FreshSeats(tmp_path_factory.mktemp("fresh-seats"))


@pytest.fixture
def office(home: Path, clock: SettableClock, fresh_seats: FreshSeats) -> Iterator[Office]:
    """Desks of any city for anybody, closed at the end."""
    opened: list[OpenDesk] = []

    def sit_down(jurisdiction: str = "fujian", actor: Actor | None = None) -> OpenDesk:
        chosen = Settings(jurisdiction=jurisdiction, seat="12", operator="张三")
        fresh_seats.begin(home)
        opened.append(open_desk(home, chosen, clock, actor))
        return opened[-1]

    yield sit_down
    for desk in opened:
        desk.close()
