"""What is loaded before the first frame: counted instead of timed, for a count does not depend on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.settings import Settings, save_settings
from benchmarks.first_frame import modules_at_first_frame

LATE = {
    "chinese_calendar": "the working days, read when the desk opens",
    "cryptography": "loaded when something is sealed",
    "email": "what only the network and package data need",
    "httpx": "the link to the server is looked at when the seat is open",
    "importlib.metadata": "nobody asks for versions at the start",
    "knowledge.search.index": "the index is built once the first keys are through",
    "numpy": "as the index",
    "pypinyin": "only makes the tables that ship",
    "rapidfuzz": "ranks what was found",
    "screens.dialogs": "loaded with the first action",
    "screens.order_form": "loaded with the first order",
    "sqlite_utils": "only makes tables, on the first start",
    "typer": "reads a command line that has something on it",
    "uuid6": "loaded when something is written",
}
"""Modules with the reason why no start needs them before the first frame; their parts are meant too."""

MOST_OF_OUR_OWN = 255
"""Modules more than a bare Textual app has loaded; there are about 250, most of them small values of the rule books."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the seat has loaded when its first frame stands."""
    return modules_at_first_frame("seat", _settled_home(tmp_path_factory.mktemp("seat")))


def _settled_home(folder: Path) -> Path:
    save_settings(folder, Settings(jurisdiction="fujian", seat="12", operator="张三"))
    return folder


@pytest.mark.parametrize("module", LATE)
def test_the_first_frame_does_not_wait_for(module: str, loaded: set[str]) -> None:
    early = {name for name in loaded if name == module or name.startswith(f"{module}.")}
    assert not early, LATE[module]


def test_the_first_frame_needs_few_modules_more_than_a_bare_app(loaded: set[str], tmp_path: Path) -> None:
    ours = loaded - modules_at_first_frame("bare", tmp_path)
    assert len(ours) <= MOST_OF_OUR_OWN, sorted(ours)


def test_the_seat_itself_is_what_was_started(loaded: set[str]) -> None:
    assert {"screens.seat", "agent_console.cli.main"} <= loaded
