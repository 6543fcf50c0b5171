"""Confidential orders stay readable for those who may, when a key changes or comes late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.desk.at_work import signed_in
from agent_console.desk.calls import intake
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.desk.sync import tray
from agent_console.domain.decisions import Done
from agent_console.domain.errors import BadInput
from agent_console.domain.work_order.order_corrections import AddToOrder
from agent_console.domain.work_order.order_secrecy import ClassifyOrder
from agent_console.domain.work_order.orders import Order
from agent_console.resources.rule_books import load_book
from agent_console.store.keyring import Keyring, SeatConnection
from agent_console.store.seat_file import Store
from agent_console.sync import pulling

from .conftest import CLOCK, Seat
from .program import WORD, Program

LINE = "binzhou"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The server of a line that has confidential orders, with two leads; each test brings seats of its own."""
    made = Program(tmp_path_factory.mktemp("city") / "server", line=LINE)
    for account in ("wang", "zhao"):
        made.do("user", "add", account, "--name", account, "--role", "lead", "-j", LINE)
    made.do("user", "add", "sun", "--name", "示例孙", "--role", "operator", "-j", LINE)
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


def test_an_operator_who_may_not_read_it_later_can_still_take_down_what_must_stay_confidential(
    city: Program, tmp_path: Path
) -> None:
    operator, wang = Seat(tmp_path / "zhang", city.address, "1", LINE), lead(city, tmp_path, "wang")
    operator.sign_in("zhang", WORD)
    order = confidential_order(operator)
    done = operator.exchange()
    assert (done.why, done.refused, done.unsent, done.held) == (None, 0, 0, 0)
    wang.exchange()
    assert read(wang.desk(), order).id == order
    assert not read(wang.desk(), order).withheld
    operator.exchange()
    for account in ("zhang", "sun"):
        operator.sign_in(account, WORD)
        seen = read(operator.desk(), order)
        assert (seen.withheld, seen.details.title, seen.details.content) == (True, "", "")
    opened = operator.desk()
    assert opened.store.sealing.is_locked(f"order:{order}")
    opened.close()


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


def test_what_waits_for_a_key_holds_up_nothing_else_and_goes_once_the_key_is_here(
    city: Program, tmp_path: Path
) -> None:
    seat, other = lead(city, tmp_path, "wang"), lead(city, tmp_path, "zhao")
    order = confidential_order(seat)
    seat.sign_in("zhang", WORD)
    opened = seat.desk()
    intake.take_call(opened.desk, "13800000009")
    opened.close()
    done = seat.exchange()
    assert (done.why, done.refused, done.unsent) == (None, 0, done.held)
    assert done.sent > 0
    assert done.held > 0
    opened = seat.desk()
    assert [item.entry.state for item in tray.tray(opened.store)] == ["held"] * done.held
    with pytest.raises(BadInput):
        tray.drop(opened.desk, opened.store, tray.tray(opened.store)[0].entry.id, "不要了")
    opened.close()
    other.exchange()
    assert read(other.desk(), order).id == ""
    seat.sign_in("wang", WORD)
    after = seat.exchange()
    assert (after.why, after.refused, after.unsent, after.held) == (None, 0, 0, 0)
    other.exchange()
    assert read(other.desk(), order).id == order
    assert read(other.desk(), order) == read(seat.desk(), order)


def test_a_number_the_server_has_given_goes_to_no_other_entry_when_one_is_set_aside(
    city: Program, tmp_path: Path
) -> None:
    seat = lead(city, tmp_path, "wang")
    seat.exchange()
    order = confidential_order(seat)
    waiting = seat.queued()
    seat.exchange()
    side = seat.side()
    side.store.connection.execute("UPDATE outbox SET state = 'queued' WHERE n >= ?", (waiting[0][0],))
    side.close()
    assert seat.queued() == waiting
    seat.sign_in("zhang", WORD)
    opened = seat.desk()
    intake.take_call(opened.desk, "13800000009")
    opened.close()
    done = seat.exchange()
    assert (done.why, done.unsent) == (None, done.held)
    seat.sign_in("wang", WORD)
    after = seat.exchange()
    assert (after.why, after.refused, after.unsent) == (None, 0, 0)
    assert read(seat.desk(), order).id == order


def test_a_file_that_is_read_from_the_beginning_is_written_anew_once_at_the_end(
    city: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat, fresh = lead(city, tmp_path, "wang"), lead(city, tmp_path, "zhao")
    for _ in range(3):
        confidential_order(seat)
    seat.exchange()
    cursors: list[int] = []

    def compact(store: Store) -> bool:
        cursors.append(store.mirror.standing().cursor)
        return True

    monkeypatch.setattr(Store, "compact", compact)
    monkeypatch.setattr(pulling, "PAGE_ROWS", 5)
    fresh.exchange()
    side = fresh.side()
    assert cursors == [side.cursor]
    side.close()
