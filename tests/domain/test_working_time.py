"""Working days and working minutes (conventions C1 to C8, C15)."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_console.domain.instants import MINUTE, SECOND, iso, parse
from agent_console.domain.time_limits.limits import Season, Session, WorkingHours
from agent_console.domain.time_limits.working_time import (
    Calendar,
    make_calendar,
    natural_days_after,
    session_end,
    working_days_after,
    working_days_before,
    working_time_after,
    working_time_before,
)
from agent_console.resources.calendars import load_calendar

HOURS = WorkingHours()
HALF_DAY = 195 * MINUTE


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar()


def test_new_years_eve_2024_is_a_working_day_and_that_of_2025_is_not(calendar: Calendar) -> None:
    assert calendar.is_working(date(2024, 2, 9))
    assert not calendar.is_working(date(2025, 1, 28))


def test_the_day_of_the_event_is_not_counted(calendar: Calendar) -> None:
    assert working_days_after(calendar, date(2024, 3, 11), 1).day == date(2024, 3, 12)


def test_a_rest_day_is_not_first_moved_to_the_next_working_day(calendar: Calendar) -> None:
    assert working_days_after(calendar, date(2024, 3, 16), 1).day == date(2024, 3, 18)


def test_make_up_days_count_and_holidays_do_not(calendar: Calendar) -> None:
    count = working_days_after(calendar, date(2023, 1, 20), 2)
    assert count.day == date(2023, 1, 29)
    assert [told.day.day for told in count.days if told.counts] == [28, 29]


def test_every_day_of_the_count_is_told_with_its_reason(calendar: Calendar) -> None:
    days = working_days_after(calendar, date(2024, 4, 3), 1).days
    assert [(told.day.day, told.counts, told.why.key) for told in days] == [
        (4, False, "day.off"),
        (5, False, "day.off"),
        (6, False, "day.off"),
        (7, True, "day.worked"),
    ]


def test_a_last_natural_day_off_moves_but_a_make_up_day_does_not(calendar: Calendar) -> None:
    assert natural_days_after(calendar, date(2024, 3, 20), 15).day == date(2024, 4, 7)
    assert natural_days_after(calendar, date(2025, 9, 13), 15).day == date(2025, 9, 28)


def test_one_working_day_back_skips_the_spring_festival(calendar: Calendar) -> None:
    assert working_days_before(calendar, date(2024, 2, 18), 1).day == date(2024, 2, 9)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2024-03-12T08:30", "2024-03-12T11:45"),
        ("2024-03-12T08:45", "2024-03-12T12:00"),
        ("2024-03-12T08:46", "2024-03-12T14:31"),
        ("2024-03-12T12:00", "2024-03-13T08:45"),
        ("2024-03-12T13:10", "2024-03-13T08:45"),
        ("2024-03-12T17:30", "2024-03-13T11:45"),
        ("2024-03-15T17:29", "2024-03-18T11:44"),
        ("2024-03-16T10:00", "2024-03-18T11:45"),
        ("2024-04-07T09:00", "2024-04-07T14:45"),
        ("2024-02-09T16:00", "2024-02-18T10:15"),
    ],
)
def test_half_a_working_day_is_spent_in_working_hours_only(start: str, due: str, calendar: Calendar) -> None:
    assert working_time_after(calendar, HOURS, parse(start), HALF_DAY).at == parse(due)


def test_seconds_of_the_event_are_kept(calendar: Calendar) -> None:
    ended = working_time_after(calendar, HOURS, parse("2024-03-12T09:00:30"), HALF_DAY)
    assert iso(ended.at) == "2024-03-12T14:45:30+08:00"


def test_half_a_working_day_before_the_end_is_a_quarter_to_twelve(calendar: Calendar) -> None:
    end = parse("2024-03-13T23:59:59")
    latest = working_time_before(calendar, HOURS, end, HALF_DAY).at
    assert latest == parse("2024-03-13T11:45")
    assert session_end(HOURS, latest) == parse("2024-03-13T12:00")


def test_summer_hours_hold_in_their_season_only(calendar: Calendar) -> None:
    summer = (Session(time(8), time(12)), Session(time(15), time(18)))
    hours = WorkingHours(seasons=(Season("06-01", "09-30", summer),))
    in_summer = working_time_after(calendar, hours, parse("2024-07-01T11:30"), 60 * MINUTE)
    in_winter = working_time_after(calendar, hours, parse("2024-12-02T11:30"), 60 * MINUTE)
    assert (iso(in_summer.at)[11:16], iso(in_winter.at)[11:16]) == ("15:30", "15:00")


def test_a_season_may_run_over_the_turn_of_the_year() -> None:
    winter = (Session(time(9), time(17)),)
    hours = WorkingHours(seasons=(Season("11-01", "02-28", winter),))
    assert hours.on(date(2024, 1, 5)) == hours.on(date(2024, 12, 5)) == winter
    assert hours.on(date(2024, 6, 5)) == HOURS.sessions


def test_a_count_that_only_ends_beyond_the_table_is_provisional(calendar: Calendar) -> None:
    inside, over = (working_days_after(calendar, date(2026, 12, 29), number) for number in (2, 3))
    assert (inside.day, inside.provisional) == (date(2026, 12, 31), False)
    assert (over.day, over.provisional) == (date(2027, 1, 1), True)
    assert over.days[-1].why.key == "day.uncovered"


def test_the_version_names_the_content() -> None:
    names = {date(2027, 1, 1): "元旦"}
    assert make_calendar(names, {}, frozenset()).version == make_calendar(dict(names), {}, frozenset()).version
    assert make_calendar(names, {}, frozenset({2027})).version != make_calendar(names, {}, frozenset()).version


days = st.dates(date(2005, 1, 1), date(2027, 6, 30))


@given(day=days, number=st.integers(1, 40))
def test_counting_back_finds_the_day_before_the_first(day: date, number: int) -> None:
    calendar = load_calendar()
    forward = working_days_after(calendar, day, number)
    assert calendar.is_working(forward.day)
    assert sum(told.counts for told in forward.days) == number
    assert working_days_before(calendar, forward.day, number).day <= day or number == 0


@given(day=days, second=st.integers(0, 86_399), used=st.integers(1, 2_000))
def test_working_minutes_are_the_same_forward_and_back(day: date, second: int, used: int) -> None:
    calendar = load_calendar()
    start = parse(day.isoformat()) + second * SECOND
    end = working_time_after(calendar, HOURS, start, used * MINUTE).at
    back = working_time_before(calendar, HOURS, end, used * MINUTE).at
    assert working_time_after(calendar, HOURS, back, used * MINUTE).at == end
    assert back >= start
