"""Confidential orders and role keys on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.settings import Settings, load_settings, save_settings
from tests.support.secret_keys import ROLES, key_file

from .conftest import Ask

FORM = (
    "--jurisdiction=BZ",
    "--kind=投诉",
    "--title=配方被泄露",
    "--content=配方被卖给了竞争对手",
    "--channel=phone",
    "--caller-type=public",
    "--caller-name=示例甲",
    "--caller-number=13800000001",
    "--district=滨城区",
    "--lead=城市管理局",
    "--urgent-cause=环境污染",
)
LEAD = ("--jurisdiction=BZ", "--as=lead::李班长")
OPERATOR = ("--jurisdiction=BZ", "--as=operator::张三")


@pytest.fixture
def order(ask: Ask) -> str:
    """Number of an order that was just raised in Binzhou."""
    return str(ask("order", "raise", *FORM, "--json").json["number"])


@pytest.fixture
def keys(home: Path) -> Path:
    """The key file of this seat, named by the settings."""
    path = key_file(home)
    save_settings(home, Settings(jurisdiction="binzhou", seat="12", operator="张三", role_keys=str(path)))
    return path


@pytest.fixture
def secret(ask: Ask, keys: Path, order: str) -> str:
    """Number of a confidential order."""
    answer = ask("order", "classify", order, "--category=business_secret", "--ground=涉及配方", *LEAD)
    assert answer.code == 0, answer.err
    return order


def test_somebody_with_the_right_sees_it_whole(ask: Ask, secret: str) -> None:
    shown = ask("order", "show", secret, *LEAD, "--json").json
    assert (shown["title"], shown["secret"], shown["withheld"]) == ("配方被泄露", "business_secret", False)


def test_anybody_else_sees_number_state_and_clocks(ask: Ask, secret: str) -> None:
    assert ask("order", "dispatch", secret, *LEAD).code == 0
    shown = ask("order", "show", secret, *OPERATOR, "--json").json
    assert (shown["number"], shown["status"], shown["withheld"]) == (secret, "dispatched", True)
    assert "handle" in [clock["limit"] for clock in shown["clocks"]]
    assert shown["history"] == []
    assert not {"title", "content", "caller_name", "caller_number", "district", "lead", "kind"} & shown.keys()
    printed = ask("order", "show", secret, *OPERATOR).out + ask("order", "list", *OPERATOR).out
    assert "（保密工单）" in printed
    for text in ("配方", "示例甲", "滨城区", "城市管理局"):
        assert text not in printed


def test_a_step_without_the_right_names_clause_and_way_out(ask: Ask, secret: str) -> None:
    answer = ask("order", "dispatch", secret, *OPERATOR)
    assert answer.code == 3
    assert "BZ-25.1" in answer.err
    assert "班长" in answer.err


def test_opened_again_everybody_sees_it(ask: Ask, secret: str) -> None:
    assert ask("order", "declassify", secret, "--ground=已经公开", *LEAD).code == 0
    assert ask("order", "show", secret, *OPERATOR, "--json").json["title"] == "配方被泄露"


def test_without_keys_nothing_becomes_confidential(ask: Ask, order: str) -> None:
    answer = ask("order", "classify", order, "--category=privacy", "--ground=诉求人要求", *LEAD)
    assert answer.code == 1
    assert "keys make" in answer.err
    assert ask("order", "show", order, *LEAD, "--json").json["title"] == "配方被泄露"


def test_a_seat_whose_role_key_was_lost_sees_the_outline_only(ask: Ask, secret: str, home: Path) -> None:
    key_file(home, ("centre",))
    assert ask("order", "show", secret, *LEAD, "--json").json["withheld"] is True


def test_a_key_file_others_can_read_is_refused_with_advice(ask: Ask, secret: str, keys: Path) -> None:
    keys.chmod(0o644)
    answer = ask("order", "show", secret, *LEAD)
    assert answer.code == 1
    assert f"chmod 600 {keys}" in answer.err


def test_a_missing_key_file_is_refused_with_advice(ask: Ask, secret: str, keys: Path) -> None:
    keys.unlink()
    answer = ask("order", "show", secret, *LEAD)
    assert answer.code == 1
    assert "role_keys" in answer.err


def test_keys_are_made_for_every_role_that_reads(ask: Ask, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert ask("keys", "make", str(path), "--jurisdiction=BZ").code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    save_settings(home, Settings(jurisdiction="binzhou", seat="12", operator="张三", role_keys=str(path)))
    found = ask("keys", "check", "--json").json
    assert [(row["role"], row["here"]) for row in found["roles"]] == [(role, True) for role in ROLES]


def test_a_book_without_confidential_orders_has_no_keys(ask: Ask, tmp_path: Path) -> None:
    assert ask("keys", "make", str(tmp_path / "keys.toml"), "--jurisdiction=FJ").code == 1


def test_check_says_what_each_key_opens(ask: Ask, secret: str, home: Path) -> None:
    key_file(home, ("centre",))
    found = ask("keys", "check", *LEAD, "--json").json
    told = {row["role"]: (row["here"], row["opens"]) for row in found["roles"]}
    assert told == {"lead": (False, 0), "centre": (True, 2), "bureau": (False, 0), "unit_leader": (False, 0)}
    assert found["locked"] == 0


def test_a_lost_role_key_is_replaced_through_the_key_of_another_role(ask: Ask, secret: str, home: Path) -> None:
    path = key_file(home, ("centre",))
    assert ask("keys", "make", str(path), *LEAD[:1]).code == 0
    assert ask("order", "show", secret, *LEAD, "--json").json["withheld"] is True
    assert ask("keys", "rewrap", *LEAD).code == 0
    assert ask("order", "show", secret, *LEAD, "--json").json["title"] == "配方被泄露"


def test_sm4_is_a_setting(ask: Ask, home: Path) -> None:
    path = key_file(home, length=16)
    save_settings(home, Settings("binzhou", "12", "张三", role_keys=str(path), cipher="sm4"))
    assert load_settings(home).cipher == "sm4"
    number = str(ask("order", "raise", *FORM, "--confidential", "--json").json["number"])
    assert ask("order", "show", number, *OPERATOR, "--json").json["withheld"] is True
    assert ask("order", "show", number, *LEAD, "--json").json["title"] == "配方被泄露"
