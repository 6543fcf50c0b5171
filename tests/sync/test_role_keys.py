"""Confidential orders stay readable for those who may, when a key changes or comes late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.desk.at_work import signed_in
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Done
from agent_console.domain.work_order.order_corrections import AddToOrder
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.domain.work_order.orders import Order
from agent_console.resources.rule_books import load_book
from agent_console.store.keyring import Keyring, SeatConnection

from .conftest import CLOCK, Seat
from .program import WORD, Program

LINE = "binzhou"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Program]:
    """The server of a line that has confidential orders, with two leads."""
    made = Program(tmp_path / "server", line=LINE)
    for account in ("wang", "zhao"):
        made.do("user", "add", account, "--name", account, "--role", "lead", "-j", LINE)
    made.start()
    yield made
    made.kill()


def lead(city: Program, folder: Path, account: str) -> Seat:
    seat = Seat(folder / account, city.address, "1", LINE)
    seat.sign_in(account, WORD)
    return seat


def confidential_order(seat: Seat) -> str:
    rule = load_book(LINE).confidentiality.secret
    assert rule is not None
    secret = ClassifyOrder(next(iter(rule.categories)), "领导批示")

    def classify(opened: OpenDesk, order: str) -> None:
        assert isinstance(handling.take(opened.desk, order, secret), Done)

    return seat.raise_order(classify)


def read(opened: OpenDesk, order: str) -> Order:
    try:
        return opened.desk.order(order)
    finally:
        opened.close()


def test_after_a_change_of_key_the_new_one_opens_what_stands_here_and_the_old_one_does_not(
    city: Program, tmp_path: Path
) -> None:
    seat = lead(city, tmp_path, "wang")
    order = confidential_order(seat)
    seat.exchange()
    before = signed_in(seat.home, seat.settings, CLOCK)
    assert before is not None
    city.do("key", "rotate", "lead", "-j", LINE)
    seat.sign_in("wang", WORD)
    after = signed_in(seat.home, seat.settings, CLOCK)
    assert after is not None
    assert after.keys != before.keys
    assert after.earlier_keys == {"lead": (before.keys["lead"],)}
    for keys, is_withheld in ((after.keys, False), (before.keys, True)):
        opened = seat.desk()
        assert isinstance(opened.store.connection, SeatConnection)
        opened.store.connection.keyring = Keyring(keys, "lead")
        assert read(opened, order).withheld == is_withheld


def test_an_order_that_came_before_its_key_is_fetched_once_the_key_is_here(city: Program, tmp_path: Path) -> None:
    first, second = lead(city, tmp_path, "wang"), lead(city, tmp_path, "zhao")
    order = confidential_order(first)
    assert first.exchange().refused == 0
    assert second.exchange(has_keys=False).why is None
    assert read(second.desk(), order).id == ""
    opened = first.desk()
    assert isinstance(handling.take(opened.desk, order, AddToOrder("还是不亮")), Done)
    opened.close()
    first.exchange()
    assert second.exchange().why is None
    assert read(second.desk(), order) == read(first.desk(), order)
