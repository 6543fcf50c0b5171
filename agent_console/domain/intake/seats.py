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


@fact("seat.handed_over", personal=("note",))
class HandedOver(msgspec.Struct, frozen=True):
    """The operator left a note for whoever sits here next, and the calls that go over to them."""

    operator: str
    note: str
    calls: tuple[str, ...]
    occurred_at: Instant


@fact("seat.taken_over")
class TakenOver(msgspec.Struct, frozen=True):
    """Somebody else read that note; the calls named in it are theirs."""

    operator: str
    occurred_at: Instant


class Seat(msgspec.Struct, frozen=True):
    """Folded state of one seat.

    hand_over: the note that waits for the next operator; taken: calls the present one took over.
    """

    operator: str = ""
    activity: Activity = "signed_out"
    reason: str = ""
    since: Instant = 0
    hand_over: HandedOver | None = None
    taken: tuple[str, ...] = ()

    def holds(self, call: str, operator: str, person: str) -> bool:
        """Whether an unfinished call of `operator` is in the hands of `person`; a call handed over no longer is."""
        if self.hand_over is not None and call in self.hand_over.calls:
            return False
        return person == (self.operator if call in self.taken else operator)


class SignIn(msgspec.Struct, frozen=True):
    """Take the seat."""

    operator: str


class ChangeActivity(msgspec.Struct, frozen=True):
    """Go over to another activity. `unfinished` counts the calls of this seat that have no outcome yet."""

    activity: Activity
    reason: str = ""
    unfinished: int = 0


class HandOver(msgspec.Struct, frozen=True):
    """Leave a note for the next operator, with the unfinished calls that go over to them."""

    note: str
    calls: tuple[str, ...] = ()


class TakeOver(msgspec.Struct, frozen=True):
    """Read the note and take what goes over."""


Command = SignIn | ChangeActivity | HandOver | TakeOver


def decide(seat: Seat, command: Command, context: Context) -> Decision:
    """Whether the operator may; a break needs a reason, signing out needs every call finished."""
    if isinstance(command, SignIn):
        return _sign_in(seat, command, context)
    if isinstance(command, HandOver):
        return _hand_over(command, context)
    if isinstance(command, TakeOver):
        return _take_over(seat, context)
    return _change(seat, command, context)


def _change(seat: Seat, command: ChangeActivity, context: Context) -> Decision:
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


def _hand_over(command: HandOver, context: Context) -> Decision:
    if not command.note.strip():
        return Missing(("hand_over_note",))
    return Done((HandedOver(context.actor.name, command.note.strip(), command.calls, context.now),))


def _take_over(seat: Seat, context: Context) -> Decision:
    if seat.hand_over is None:
        return Done(())
    if seat.hand_over.operator == context.actor.name:
        return Blocked((), message("seat.own_hand_over"))
    return Done((TakenOver(context.actor.name, context.now),))


def evolve(seat: Seat, happened: msgspec.Struct | None) -> Seat:
    """State after a fact; facts of other kinds change nothing."""
    if isinstance(happened, SignedIn):
        taken = seat.taken if happened.operator == seat.operator else ()
        return msgspec.structs.replace(seat, operator=happened.operator, since=happened.occurred_at, taken=taken)
    if isinstance(happened, SeatChanged):
        return msgspec.structs.replace(
            seat, activity=happened.activity, reason=happened.reason, since=happened.occurred_at
        )
    if isinstance(happened, HandedOver):
        return msgspec.structs.replace(seat, hand_over=happened)
    if isinstance(happened, TakenOver):
        handed = seat.hand_over.calls if seat.hand_over is not None else ()
        return msgspec.structs.replace(seat, hand_over=None, taken=(*seat.taken, *handed))
    return seat
