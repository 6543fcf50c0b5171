"""No number is given twice, whatever the clock does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent_console.clock import FixedClock
from agent_console.domain.errors import StoreError
from agent_console.domain.instants import HOUR, parse
from agent_console.store.numbers import LAST_NUMBER
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, NOON, ORDER, Closed, SettableClock, mishap_at_the_end

DAY = 24 * HOUR


def test_numbers_run_from_one_each_day_and_over_restarts(path: Path, clock: SettableClock) -> None:
    with Store.open(path, clock) as store:
        drawn = [store.numbers.draw() for _ in range(2)]
    with Store.open(path, clock) as store:
        drawn.append(store.numbers.draw())
        clock.instant += DAY
        drawn.append(store.numbers.draw())
    assert [(number.day, number.running) for number in drawn] == [
        (date(2026, 3, 2), 1),
        (date(2026, 3, 2), 2),
        (date(2026, 3, 2), 3),
        (date(2026, 3, 3), 1),
    ]


def test_a_clock_that_goes_back_a_day_gives_no_number_twice(store: Store, clock: SettableClock) -> None:
    drawn = []
    for step in (0, DAY, -DAY, DAY, -2 * DAY, DAY):
        clock.instant += step
        drawn += [store.numbers.draw(), store.numbers.draw()]
    assert len(set(drawn)) == len(drawn)


def test_the_day_is_that_of_shanghai(store: Store) -> None:
    assert store.numbers.draw(parse("2026-03-02T23:59:59+08:00")).day == date(2026, 3, 2)
    assert store.numbers.draw(parse("2026-03-02T16:00:00+00:00")).day == date(2026, 3, 3)


def test_a_number_of_a_transaction_that_failed_was_never_given(store: Store) -> None:
    with mishap_at_the_end(store):
        store.numbers.draw()
    assert store.numbers.draw().running == 1


def test_after_the_last_number_of_a_day_there_is_none(store: Store) -> None:
    store.numbers.draw()
    store.connection.execute("UPDATE running_number SET last = ?", (LAST_NUMBER - 1,))
    assert store.numbers.draw().running == LAST_NUMBER
    with pytest.raises(StoreError) as raised:
        store.numbers.draw()
    assert raised.value.message.key == "error.store_numbers"


def test_seat_and_device_are_drawn_once(path: Path, clock: SettableClock) -> None:
    with Store.open(path, clock) as store:
        first = store.identity
        assert 9000 <= first.seat_number <= 9999
        assert store.numbers.draw().seat == first.seat_number
    with Store.open(path, clock) as store:
        assert store.identity == first


def test_a_store_that_saw_a_fixed_clock_stays_marked_as_test_data(path: Path, clock: SettableClock) -> None:
    with Store.open(path, clock) as store:
        assert not store.identity.test_data
    with Store.open(path, FixedClock(NOON)) as store:
        assert store.identity.test_data
    with Store.open(path, clock) as store:
        assert store.identity.test_data


def test_a_clock_behind_the_last_event_is_noticed_at_opening(path: Path, clock: SettableClock) -> None:
    with Store.open(path, clock) as store:
        assert store.clock_behind() == 0
        store.log.append([Closed()], stream=CALL, expected_version=0, context=CONTEXT)
    clock.instant -= HOUR
    with Store.open(path, clock) as store:
        assert store.clock_behind() == HOUR
        store.log.append([Closed()], stream=CALL, expected_version=1, context=CONTEXT)
    with Store.open(path, clock) as store:
        assert store.clock_behind() == HOUR


def test_orders_that_shared_a_number_are_both_found_by_it(store: Store, clock: SettableClock) -> None:
    store.numbers.keep_alias("260302912300017", ORDER)
    clock.instant += 1
    store.numbers.keep_alias("260302912300017", CALL)
    store.numbers.keep_alias("260302912300017", ORDER)
    assert store.numbers.streams_of_alias("260302912300017") == [ORDER, CALL]
    assert store.numbers.streams_of_alias("0") == []
