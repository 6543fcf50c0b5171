"""The number of an order: read aloud, typed in a hurry, never mistaken for another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_console.domain.work_order.order_numbers import compose, grouped, is_valid, plain

NUMBER = "260302900100012"


def test_a_number_is_day_seat_running_number_and_check_digit() -> None:
    assert compose(date(2026, 3, 2), 9001, 1) == NUMBER


def test_a_number_is_shown_in_groups() -> None:
    assert grouped(NUMBER) == "260302 9001 00012"


@pytest.mark.parametrize(
    "typed", ["260302 9001 00012", "260302-9001-00012", " 260302900100012\n", "２６０３０２９００１０００１２"]
)
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert plain(typed) == NUMBER


@pytest.mark.parametrize("running", [0, 10_000])
def test_there_is_no_room_for_a_running_number_outside_1_to_9999(running: int) -> None:
    with pytest.raises(ValueError, match="running number"):
        compose(date(2026, 3, 2), 9001, running)


@pytest.mark.parametrize("seat", [-1, 10_000])
def test_there_is_no_room_for_a_seat_of_five_digits(seat: int) -> None:
    with pytest.raises(ValueError, match="seat"):
        compose(date(2026, 3, 2), seat, 1)


@pytest.mark.parametrize(
    "wrong", ["", "26030290010001", "2603029001000120", "26030290010001x", "２６０３０２９００１０００１２"]
)
def test_what_has_not_fifteen_plain_digits_is_no_number(wrong: str) -> None:
    assert not is_valid(wrong)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(days, st.integers(0, 9999), st.integers(1, 9999))
def test_every_number_is_valid_and_has_fifteen_digits(day: date, seat: int, running: int) -> None:
    number = compose(day, seat, running)
    assert len(number) == 15
    assert is_valid(number)


@given(days, st.integers(0, 9999), st.integers(1, 9999), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(day: date, seat: int, running: int, place: int, slip: int) -> None:
    number = compose(day, seat, running)
    wrong = str((int(number[place]) + slip) % 10)
    assert not is_valid(number[:place] + wrong + number[place + 1 :])


def test_two_digits_that_changed_places_are_noticed() -> None:
    assert is_valid(NUMBER)
    assert not is_valid("620302900100018")
