"""The operator and the state of the seat."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.records import Records
from agent_console.domain.decisions import Decision
from agent_console.domain.intake import seats
from agent_console.domain.intake.seats import Activity, ChangeActivity, Seat, SignIn


def sign_in(desk: Desk) -> Decision:
    """The desk's actor takes the seat."""
    return desk.on_seat(seats.decide, SignIn(desk.actor.name))


def change(desk: Desk, activity: Activity, reason: str = "", *, records: Records | None = None) -> Decision:
    """Go over to another activity; signing out is blocked while calls are unfinished, so it needs `records`."""
    if activity == "signed_out" and records is None:
        raise ValueError("signing out needs the records of the seat")
    with desk.transaction():
        unfinished = len(records.unfinished_calls()) if records and activity == "signed_out" else 0
        command = ChangeActivity(activity, reason, unfinished)
        return desk.step(desk.seat_stream, Seat(), seats.evolve, seats.decide, command)
