"""Another table of holidays is loaded: the orders that run follow it, and say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import CLERK, FORM, Ask

ARRANGEMENT = """
source = "国务院办公厅关于2027年部分节假日安排的通知"
years = [2027]
[[off]]
name = "元旦"
from = 2027-01-01
until = 2027-01-03
"""
EXTENDING = (
    "--reason=备件未到", "--leader=陈局长", "--consented-at=2026-12-30T09:00+08:00", "--written-text=申请延期",
    "--explained-at=2026-12-30T09:10+08:00",
)  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> str:
    """The arrangement of the next year, as a file."""
    file = tmp_path / "2027.toml"
    file.write_text(ARRANGEMENT, encoding="utf-8")
    return str(file)


@pytest.fixture
def seat(ask: Ask, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seat in Fujian at the end of a year whose successor has no table yet."""
    home.mkdir()
    (home / "config.toml").write_text('jurisdiction = "fujian"\nseat = "12"\noperator = "张三"\n', encoding="utf-8")
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2026-12-30T10:00:00+08:00")
    return home


def signed(ask: Ask) -> str:
    number = str(ask("order", "raise", *FORM, "--json").json["number"])
    assert ask("order", "dispatch", number).code == 0
    assert ask("order", "sign", number, CLERK, "--department=市政科", "--officer=王").code == 0
    return number


def handle(ask: Ask, number: str) -> tuple[str, bool]:
    shown = ask("order", "show", number, "--json").json
    [clock] = [clock for clock in shown["clocks"] if clock["limit"] == "handle"]
    return clock["due"][:10], clock["provisional"]


def changes(ask: Ask, number: str) -> list[tuple[str, str, str]]:
    """What moved the handling limit: cause, before and after."""
    told = ask("order", "show", number, "--json").json["clock_history"]
    ends = [(change["cause"], change["before"], change["after"]) for change in told if change["limit"] == "handle"]
    return [(cause, (before or "")[:10], (after or "")[:10]) for cause, before, after in ends]


def test_a_provisional_date_of_a_running_order_follows_the_new_table(ask: Ask, seat: Path, table: str) -> None:
    number = signed(ask)
    assert handle(ask, number) == ("2027-01-13", True)
    told = ask("calendar", "import", table)
    assert "2027-01-13 23:59 改为 2027-01-14 23:59" in told.out + told.err
    assert handle(ask, number) == ("2027-01-14", False)
    assert changes(ask, number) == [
        ("order.dispatched", "", "2027-01-13"),
        ("order.recalculated", "2027-01-13", "2027-01-14"),
    ]
    assert "到期由 2027-01-13 23:59 改为 2027-01-14 23:59" in ask("order", "show", number).out


def test_the_end_of_an_extension_follows_too(ask: Ask, seat: Path, table: str) -> None:
    number = signed(ask)
    assert ask("order", "extend", number, CLERK, "--days=2", *EXTENDING).code == 0
    assert handle(ask, number) == ("2027-01-15", True)
    assert ask("calendar", "import", table).code == 0
    assert handle(ask, number) == ("2027-01-18", False)
    *_, extended, recalculated = changes(ask, number)
    assert (extended[0], extended[2]) == ("order.extended", "2027-01-15")
    assert recalculated == ("order.recalculated", "2027-01-15", "2027-01-18")


def test_a_table_that_moves_nothing_says_so_and_writes_nothing(ask: Ask, seat: Path, tmp_path: Path) -> None:
    number = signed(ask)
    file = tmp_path / "typhoon.toml"
    file.write_text('source = "台风停工"\n[[off]]\nname = "台风"\nfrom = 2027-08-02\n', encoding="utf-8")
    told = ask("calendar", "import", str(file))
    assert "没有变动" in told.out + told.err
    assert [cause for cause, _, _ in changes(ask, number)] == ["order.dispatched"]


def test_without_a_seat_there_is_nothing_to_follow(ask: Ask, table: str) -> None:
    told = ask("calendar", "import", table)
    assert (told.code, "没有变动" in told.out + told.err) == (0, False)
