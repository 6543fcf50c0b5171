"""The state of a seat: what its operator is doing."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message

Activity = Literal["ready", "busy", "wrap_up", "break", "offline_work", "signed_out"]


@fact("seat.signed_in")
class SignedIn(msgspec.Struct, frozen=True):
    """An operator took the seat."""

    operator: str
    occurred_at: Instant


@fact("seat.changed")
class SeatChanged(msgspec.Struct, frozen=True):
    """The operator went over to another activity; a break has its reason."""

    activity: Activity
    reason: str
    occurred_at: Instant


class Seat(msgspec.Struct, frozen=True):
    """Folded state of one seat."""

    operator: str = ""
    activity: Activity = "signed_out"
    reason: str = ""
    since: Instant = 0


class SignIn(msgspec.Struct, frozen=True):
    """Take the seat."""

    operator: str


class ChangeActivity(msgspec.Struct, frozen=True):
    """Go over to another activity. `unfinished` counts the calls of this seat that have no outcome yet."""

    activity: Activity
    reason: str = ""
    unfinished: int = 0


Command = SignIn | ChangeActivity


def decide(seat: Seat, command: Command, context: Context) -> Decision:
    """Whether the operator may; a break needs a reason, signing out needs every call finished."""
    if isinstance(command, SignIn):
        return _sign_in(seat, command, context)
    if command.activity == "break" and not command.reason.strip():
        return Missing(("reason",))
    if command.activity == "signed_out" and command.unfinished:
        clause = context.rule_book.outcome_clause
        return Blocked(
            (clause,) if clause else (),
            message("seat.unfinished_calls", count=command.unfinished),
            message("seat.finish_calls"),
        )
    if (command.activity, command.reason) == (seat.activity, seat.reason):
        return Done(())
    return Done((SeatChanged(command.activity, command.reason, context.now),))


def _sign_in(seat: Seat, command: SignIn, context: Context) -> Decision:
    if not command.operator.strip():
        return Missing(("operator",))
    ready = SeatChanged("ready", "", context.now)
    if seat.operator == command.operator and seat.activity != "signed_out":
        return Done((ready,) if seat.activity != "ready" else ())
    return Done((SignedIn(command.operator, context.now), ready))


def evolve(seat: Seat, happened: msgspec.Struct | None) -> Seat:
    """State after a fact; facts of other kinds change nothing."""
    if isinstance(happened, SignedIn):
        return msgspec.structs.replace(seat, operator=happened.operator, since=happened.occurred_at)
    if isinstance(happened, SeatChanged):
        return msgspec.structs.replace(
            seat, activity=happened.activity, reason=happened.reason, since=happened.occurred_at
        )
    return seat
