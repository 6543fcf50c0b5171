"""`agent-console calendar show` and `calendar import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agent_console.cli import calendar, deadline
from agent_console.domain.errors import BadInput
from agent_console.texts import sentence

ARRANGEMENT = """
source = "国务院办公厅关于2027年部分节假日安排的通知"
years = [2027]
[[off]]
name = "元旦"
from = 2027-01-01
until = 2027-01-03
[[worked]]
name = "元旦"
from = 2027-01-09
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AGENT_CONSOLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2024-03-11T10:00:00+08:00")
    return tmp_path / "home"


def call(*words: str) -> Result:
    app = typer.Typer()
    calendar.register(app)
    deadline.register(app)
    return CliRunner().invoke(app, words)


def shown(year: str) -> dict[str, object]:
    answered: dict[str, object] = json.loads(call("calendar", "show", year, "--json").stdout)
    return answered


def test_this_year_is_shown_where_none_is_named() -> None:
    assert "2024-02-04  周日  调休上班  春节" in call("calendar", "show").stdout


def test_a_year_without_arrangement_says_so() -> None:
    assert "暂定" in call("calendar", "show", "2027").stdout
    assert shown("2027")["covered"] is False


def test_an_imported_arrangement_makes_a_provisional_date_firm(tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(ARRANGEMENT, encoding="utf-8")
    question = ("deadline", "-j", "FJ", "--limit", "dispatch", "--start", "2026-12-31T10:00", "--json")
    before = json.loads(call(*question).stdout)
    assert (before["due_date"], before["provisional"]) == ("2027-01-01", True)
    version = shown("2027")["version"]
    assert call("calendar", "import", str(file)).exit_code == 0
    after = json.loads(call(*question).stdout)
    assert (after["due_date"], after["provisional"]) == ("2027-01-04", False)
    assert shown("2027")["covered"] is True
    assert shown("2027")["version"] != version


def test_a_single_change_does_not_claim_the_year(tmp_path: Path) -> None:
    file = tmp_path / "typhoon.toml"
    file.write_text('source = "台风停工"\n[[off]]\nname = "台风"\nfrom = 2027-08-02\n', encoding="utf-8")
    assert call("calendar", "import", str(file)).exit_code == 0
    assert shown("2027")["covered"] is False
    assert shown("2027")["off"] == [{"date": "2027-08-02", "name": "台风"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "source = 1",
        'source = "x"',
        'source = "x"\nyears = [2027]\n[[worked]]\nname = "y"\nfrom = 2027-01-09\n',
        'source = "x"\n[[off]]\nname = "y"\nfrom = 2027-01-09\nuntil = 2027-01-01\n',
        'source = "x"\n[[off]]\nname = "y"\nfrom = 2027-01-09\n[[worked]]\nname = "y"\nfrom = 2027-01-09\n',
        'source = "x"\ncolour = "red"\n[[off]]\nname = "y"\nfrom = 2027-01-09\n',
        "\x00",
    ],
)
def test_a_calendar_that_cannot_be_right_is_not_taken(text: str, tmp_path: Path, own_home: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(text, encoding="utf-8")
    error = call("calendar", "import", str(file)).exception
    assert isinstance(error, BadInput)
    assert str(file) in sentence(error.message)
    assert not (own_home / "calendars").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = call("calendar", "import", str(tmp_path / "none.toml")).exception
    assert isinstance(error, BadInput)
