"""What an operator's seat is doing, and what the seat does not let go."""

from __future__ import annotations

import pytest

from agent_console.domain.decisions import Done, Missing
from agent_console.domain.instants import parse
from agent_console.domain.intake.matters import MatterOpened
from agent_console.domain.intake.seats import (
    Activity,
    ChangeActivity,
    Command,
    Seat,
    SeatChanged,
    SignedIn,
    SignIn,
    decide,
)
from agent_console.domain.intake.seats import evolve as evolve_seat
from tests.support.clock import MONDAY
from tests.support.rule_of import blocked, context, facts


def after(*commands: Command) -> Seat:
    seat = Seat()
    for command in commands:
        for fact in facts(decide(seat, command, context("fujian"))):
            seat = evolve_seat(seat, fact)
    return seat


def test_a_seat_nobody_took_is_signed_out() -> None:
    assert Seat().activity == "signed_out"


def test_signing_in_makes_the_operator_ready() -> None:
    now = parse(MONDAY)
    decision = decide(Seat(), SignIn("张三"), context("fujian"))
    assert decision == Done((SignedIn("张三", now), SeatChanged("ready", "", now)))
    assert after(SignIn("张三")) == Seat("张三", "ready", "", now)


@pytest.mark.parametrize("nobody", ["", "  "])
def test_a_seat_cannot_be_taken_without_a_name(nobody: str) -> None:
    assert decide(Seat(), SignIn(nobody), context("fujian")) == Missing(("operator",))


def test_signing_in_again_at_ones_own_seat_changes_nothing() -> None:
    assert facts(decide(after(SignIn("张三")), SignIn("张三"), context("fujian"))) == ()


def test_signing_in_again_after_a_break_makes_ready() -> None:
    seat = after(SignIn("张三"), ChangeActivity("break", "用餐"))
    assert facts(decide(seat, SignIn("张三"), context("fujian"))) == (SeatChanged("ready", "", parse(MONDAY)),)


def test_another_operator_takes_the_seat_over() -> None:
    assert after(SignIn("张三"), SignIn("李四")).operator == "李四"


@pytest.mark.parametrize("activity", ["busy", "wrap_up", "offline_work", "signed_out"])
def test_every_activity_but_a_break_needs_no_reason(activity: Activity) -> None:
    assert after(SignIn("张三"), ChangeActivity(activity)).activity == activity


@pytest.mark.parametrize("reason", ["", " "])
def test_a_break_needs_its_reason(reason: str) -> None:
    assert decide(after(SignIn("张三")), ChangeActivity("break", reason), context("fujian")) == Missing(("reason",))


def test_a_break_for_another_reason_is_another_break() -> None:
    seat = after(SignIn("张三"), ChangeActivity("break", "用餐"), ChangeActivity("break", "培训"))
    assert (seat.activity, seat.reason) == ("break", "培训")


def test_the_same_activity_again_is_no_event() -> None:
    seat = after(SignIn("张三"), ChangeActivity("busy"))
    assert facts(decide(seat, ChangeActivity("busy"), context("fujian"))) == ()


def test_the_time_in_a_state_begins_with_the_state() -> None:
    seat = after(SignIn("张三"))
    later = context("fujian", "2026-03-02T10:05:00+08:00")
    [change] = facts(decide(seat, ChangeActivity("busy"), later))
    assert evolve_seat(seat, change).since == parse("2026-03-02T10:05:00+08:00")


@pytest.mark.parametrize(
    ("jurisdiction", "clauses"),
    [
        pytest.param("fujian", ("FJ-5.2",), marks=pytest.mark.clause("FJ-5.2")),
        pytest.param("zhijiang", ("ZJ-7.2",), marks=pytest.mark.clause("ZJ-7.2")),
        pytest.param("binzhou", ("BZ-14.2b",), marks=pytest.mark.clause("BZ-14.2b")),
        ("hebi", ()),
        pytest.param("fuzhou", ("FJ-5.2",), marks=pytest.mark.clause("FJ-5.2")),
    ],
)
def test_a_call_left_unfinished_blocks_signing_out(jurisdiction: str, clauses: tuple[str, ...]) -> None:
    decision = decide(after(SignIn("张三")), ChangeActivity("signed_out", unfinished=1), context(jurisdiction))
    assert blocked(decision) == (clauses, "seat.unfinished_calls")


@pytest.mark.parametrize("activity", ["ready", "busy", "wrap_up", "offline_work"])
def test_a_call_left_unfinished_blocks_nothing_else(activity: Activity) -> None:
    seat = after(SignIn("张三"), ChangeActivity("break", "会议"), ChangeActivity(activity, unfinished=3))
    assert seat.activity == activity


@pytest.mark.parametrize("strange", [None, MatterOpened("m1", 0)])
def test_facts_of_other_things_change_no_seat(strange: MatterOpened | None) -> None:
    seat = after(SignIn("张三"))
    assert evolve_seat(seat, strange) == seat
