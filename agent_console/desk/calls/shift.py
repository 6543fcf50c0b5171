"""The operator and the state of the seat."""

from __future__ import annotations

from collections.abc import Sequence

from agent_console.desk.desk import Desk, call_stream
from agent_console.desk.records import Records
from agent_console.domain.decisions import Decision
from agent_console.domain.instants import Instant
from agent_console.domain.intake import seats
from agent_console.domain.intake.calls import Call, CallParked
from agent_console.domain.intake.seats import Activity, ChangeActivity, HandOver, Seat, SignIn, TakeOver


def sign_in(desk: Desk) -> Decision:
    """The desk's actor takes the seat."""
    return desk.on_seat(seats.decide, SignIn(desk.actor.name))


def change(desk: Desk, activity: Activity, reason: str = "", *, records: Records | None = None) -> Decision:
    """Go over to another activity; signing out is blocked while calls are unfinished, so it needs `records`."""
    if activity == "signed_out" and records is None:
        raise ValueError("signing out needs the records of the seat")
    with desk.transaction():
        unfinished = len(unfinished_calls(desk, records)) if records and activity == "signed_out" else 0
        command = ChangeActivity(activity, reason, unfinished)
        return desk.step(desk.seat_stream, Seat(), seats.evolve, seats.decide, command)


def hand_over(desk: Desk, records: Records, note: str) -> Decision:
    """Leave a note for the next operator; the unfinished calls of this one go over to them."""
    with desk.transaction():
        calls = tuple(call.id for call in unfinished_calls(desk, records))
        return desk.step(desk.seat_stream, Seat(), seats.evolve, seats.decide, HandOver(note, calls))


def take_over(desk: Desk) -> Decision:
    """Read the note of the operator before, and take what goes over."""
    return desk.on_seat(seats.decide, TakeOver())


def unfinished_calls(desk: Desk, records: Records) -> list[Call]:
    """Calls in the hands of whoever works here that still want an outcome, oldest first."""
    return _mine(desk, records.unfinished_calls())


def oldest_parked(desk: Desk, calls: Sequence[Call]) -> Instant:
    """Since when the one of these calls waits that was parked first; 0 where none is."""
    parked = (desk.store.log.load(call_stream(call.id)) for call in calls if call.status == "parked")
    facts = ([event.fact for event in events if isinstance(event.fact, CallParked)] for events in parked)
    return min((found[-1].occurred_at for found in facts if found), default=0)


def calls_of_day(desk: Desk, records: Records, now: Instant) -> list[Call]:
    """Calls of whoever works here, of the day of `now`, newest first."""
    return _mine(desk, records.calls_of_day(now))


def _mine(desk: Desk, calls: list[Call]) -> list[Call]:
    """At a seat with a server calls belong to the person, whoever sat there before; a lone seat knows one person."""
    if desk.actor.self_declared:
        return calls
    seat = desk.seat_state()
    return [call for call in calls if seat.holds(call.id, call.operator, desk.actor.name)]
