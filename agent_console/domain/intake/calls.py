"""One contact, inbound or outbound, by whatever channel; it holds one or more matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from agent_console.domain.confidentiality.secrecy_facts import CallClassified, CallDeclassified
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.intake import matters
from agent_console.domain.intake.admission import is_closed, refused_by_number
from agent_console.domain.intake.call_marks import CallMarked, marked_from_the_start
from agent_console.domain.intake.matters import Conclude, Matter, MatterConcluded, MatterDropped, MatterOpened
from agent_console.domain.intake.outcomes import Ordered
from agent_console.domain.messages import message

CallStatus = Literal["new", "live", "parked", "closed", "invalid"]


@fact("call.taken", personal=("number", "caller_name"))
class CallTaken(msgspec.Struct, frozen=True):
    """The operator answered; line: it came in on; pbx_call: the exchange's own id; rang_at: 0 where nothing told."""

    call: str
    number: str
    caller_name: str
    channel: str
    line: str
    pbx_call: str
    operator: str
    occurred_at: Instant
    rang_at: Instant = 0


@fact("call.caller_described", personal=("number", "caller_name", "contact"))
class CallerDescribed(msgspec.Struct, frozen=True):
    """Who calls, as far as it was told."""

    number: str
    caller_name: str
    contact: str
    caller_type: str
    channel: str
    language: str
    anonymous: bool
    confidential: bool
    off_hours_reason: str = ""


@fact("call.parked")
class CallParked(msgspec.Struct, frozen=True):
    """Left unfinished for later (待结)."""

    occurred_at: Instant


@fact("call.resumed")
class CallResumed(msgspec.Struct, frozen=True):
    """Taken up again."""

    occurred_at: Instant


@fact("call.ended")
class CallEnded(msgspec.Struct, frozen=True):
    """The line was hung up; wrap-up begins."""

    occurred_at: Instant


@fact("call.closed")
class CallClosed(msgspec.Struct, frozen=True):
    """Every matter has its outcome."""

    occurred_at: Instant


@fact("call.invalid")
class CallInvalid(msgspec.Struct, frozen=True):
    """Nobody spoke, or not to us: no matter, only a reason."""

    reason: str
    occurred_at: Instant


@fact("call.erased")
class CallErased(msgspec.Struct, frozen=True):
    """The key of the personal fields was destroyed; `ground` says why it was due."""

    ground: str
    occurred_at: Instant


class Call(msgspec.Struct, frozen=True):
    """Folded state of one call. secret: a confidential order made of it; withheld: this is only its outline."""

    id: str = ""
    status: CallStatus = "new"
    number: str = ""
    caller_name: str = ""
    contact: str = ""
    caller_type: str = ""
    channel: str = ""
    line: str = ""
    language: str = ""
    anonymous: bool = False
    confidential: bool = False
    off_hours_reason: str = ""
    operator: str = ""
    taken_at: Instant = 0
    ended_at: Instant = 0
    closed_at: Instant = 0
    reason: str = ""
    matters: tuple[Matter, ...] = ()
    marks: tuple[CallMarked, ...] = ()
    secret: str = ""
    withheld: bool = False

    @property
    def open_matter(self) -> Matter | None:
        """The matter that still waits for its outcome."""
        return next((matter for matter in self.matters if matter.outcome is None), None)

    @property
    def unfinished(self) -> bool:
        """True while something is owed before the operator may sign out."""
        return self.status in ("live", "parked")


class TakeCall(msgspec.Struct, frozen=True):
    """Answer a call and open its first matter."""

    call: str
    matter: str
    number: str = ""
    caller_name: str = ""
    channel: str = ""
    line: str = ""
    pbx_call: str = ""
    rang_at: Instant = 0


class DescribeCaller(msgspec.Struct, frozen=True):
    """Write down who calls."""

    number: str = ""
    caller_name: str = ""
    contact: str = ""
    caller_type: str = ""
    channel: str = ""
    language: str = ""
    anonymous: bool = False
    confidential: bool = False
    off_hours_reason: str = ""


class OpenMatter(msgspec.Struct, frozen=True):
    """Begin the next matter of the same call."""

    matter: str


class DropMatter(msgspec.Struct, frozen=True):
    """Take back a matter that was opened by mistake; `written` says whether its note holds text."""

    matter: str
    written: bool = False


class ParkCall(msgspec.Struct, frozen=True):
    """Leave the call for later."""


class ResumeCall(msgspec.Struct, frozen=True):
    """Take it up again."""


class HangUp(msgspec.Struct, frozen=True):
    """The line is gone; the record stays open until its matters are finished."""


class CloseCall(msgspec.Struct, frozen=True):
    """Finish the record."""


class MarkInvalid(msgspec.Struct, frozen=True):
    """No matter at all; `allowed` are the reasons the desk offers."""

    reason: str
    allowed: tuple[str, ...]


Command = (
    TakeCall
    | DescribeCaller
    | OpenMatter
    | DropMatter
    | Conclude
    | ParkCall
    | ResumeCall
    | HangUp
    | CloseCall
    | MarkInvalid
)


def decide(call: Call, command: Command, context: Context) -> Decision:
    """What the command leads to, by the rule book of the context."""
    if isinstance(command, TakeCall):
        return _take(call, command, context)
    if not call.unfinished:
        return Blocked((), message("call.not_open"))
    return _DECIDE[type(command)](call, command, context)


def _take(call: Call, command: TakeCall, context: Context) -> Decision:
    if call.status != "new":
        return Blocked((), message("call.already_taken"))
    book = context.rule_book
    channel = command.channel or (book.channels[0].id if book.channels else "")
    if channel not in {known.id for known in book.channels}:
        return Missing(("channel",), book.channels[0].clause if book.channels else "")
    told = {name: value for name, value in msgspec.structs.asdict(command).items() if name != "matter"}
    taken = CallTaken(**{**told, "channel": channel}, operator=context.actor.name, occurred_at=context.now)
    return Done((taken, MatterOpened(command.matter, context.now), *marked_from_the_start(context)))


def _describe(call: Call, command: DescribeCaller, context: Context) -> Decision:
    told = msgspec.structs.asdict(command)
    described = CallerDescribed(**{**told, "channel": command.channel or call.channel})
    for field, value, known in (
        ("channel", command.channel, context.rule_book.channels),
        ("caller_type", command.caller_type, context.rule_book.caller_types),
    ):
        if value and value not in {named.id for named in known}:
            return Missing((field,), known[0].clause if known else "")
    return Done((described,) if evolve(call, described) != call else ())


def _open_matter(call: Call, command: OpenMatter, context: Context) -> Decision:
    if call.open_matter is not None:
        return _outcome_owed(call, context)
    if command.matter in {matter.id for matter in call.matters}:
        return Blocked((), message("matter.already_opened"))
    return Done((MatterOpened(command.matter, context.now),))


def _drop_matter(call: Call, command: DropMatter, _context: Context) -> Decision:
    matter = call.open_matter
    if matter is None or matter.id != command.matter or command.written or len(call.matters) == 1:
        return Blocked((), message("matter.cannot_drop"))
    return Done((MatterDropped(command.matter),))


def _conclude(call: Call, command: Conclude, context: Context) -> Decision:
    matter = next((matter for matter in call.matters if matter.id == command.matter), None)
    if matter is None:
        return Blocked((), message("matter.unknown"))
    closed = None if isinstance(command.outcome, Ordered) else is_closed(call.channel, call.taken_at, context)
    if closed is not None and not call.off_hours_reason.strip():
        return Missing(("off_hours_reason",), closed.clause)
    by_number = refused_by_number(call.channel, call.number, context.rule_book)
    return matters.decide_outcome(matter, command, context, by_number)


def _park(call: Call, _command: ParkCall, context: Context) -> Decision:
    return Done((CallParked(context.now),) if call.status == "live" else ())


def _resume(call: Call, _command: ResumeCall, context: Context) -> Decision:
    return Done((CallResumed(context.now),) if call.status == "parked" else ())


def _hang_up(call: Call, _command: HangUp, context: Context) -> Decision:
    return Done((CallEnded(context.now),) if not call.ended_at else ())


def _close(call: Call, _command: CloseCall, context: Context) -> Decision:
    if call.open_matter is not None:
        return _outcome_owed(call, context)
    ended = () if call.ended_at else (CallEnded(context.now),)
    return Done((*ended, CallClosed(context.now)))


def _mark_invalid(call: Call, command: MarkInvalid, context: Context) -> Decision:
    if any(matter.outcome for matter in call.matters):
        return Blocked((), message("call.has_outcomes"))
    if command.reason not in command.allowed:
        return Missing(("reason",))
    return Done((CallInvalid(command.reason, context.now),))


def _outcome_owed(call: Call, context: Context) -> Blocked:
    clause = context.rule_book.outcome_clause
    position = [matter.id for matter in call.matters if matter.outcome is None]
    number = next(index for index, matter in enumerate(call.matters, 1) if matter.id == position[0])
    return Blocked(
        (clause,) if clause else (), message("matter.owes_outcome", number=number), message("matter.give_outcome")
    )


_DECIDE: dict[type, Callable[[Call, Any, Context], Decision]] = {
    DescribeCaller: _describe,
    OpenMatter: _open_matter,
    DropMatter: _drop_matter,
    Conclude: _conclude,
    ParkCall: _park,
    ResumeCall: _resume,
    HangUp: _hang_up,
    CloseCall: _close,
    MarkInvalid: _mark_invalid,
}


def evolve(call: Call, happened: msgspec.Struct | None) -> Call:
    """State after a fact; a fact that cannot be read changes nothing."""
    step = _EVOLVE.get(type(happened))
    return step(call, happened) if step else call


def _taken(call: Call, happened: CallTaken) -> Call:
    return msgspec.structs.replace(
        call,
        id=happened.call,
        status="live",
        number=happened.number,
        caller_name=happened.caller_name,
        channel=happened.channel,
        line=happened.line,
        operator=happened.operator,
        taken_at=happened.occurred_at,
    )


def _described(call: Call, happened: CallerDescribed) -> Call:
    return msgspec.structs.replace(call, **msgspec.structs.asdict(happened))


def _matter_opened(call: Call, happened: MatterOpened) -> Call:
    return msgspec.structs.replace(call, matters=(*call.matters, Matter(happened.matter, happened.occurred_at)))


def _matter_dropped(call: Call, happened: MatterDropped) -> Call:
    return msgspec.structs.replace(
        call, matters=tuple(matter for matter in call.matters if matter.id != happened.matter)
    )


def _matter_concluded(call: Call, happened: MatterConcluded) -> Call:
    return msgspec.structs.replace(
        call,
        matters=tuple(
            matters.evolve(matter, happened) if matter.id == happened.matter else matter for matter in call.matters
        ),
    )


def _with_status(status: CallStatus) -> Callable[[Call, Any], Call]:
    return lambda call, _happened: msgspec.structs.replace(call, status=status)


_EVOLVE: dict[type, Callable[[Call, Any], Call]] = {
    CallClassified: lambda call, happened: msgspec.structs.replace(call, secret=happened.order),
    CallDeclassified: lambda call, _: msgspec.structs.replace(call, secret=""),
    CallTaken: _taken,
    CallerDescribed: _described,
    MatterOpened: _matter_opened,
    MatterDropped: _matter_dropped,
    MatterConcluded: _matter_concluded,
    CallMarked: lambda call, happened: msgspec.structs.replace(call, marks=(*call.marks, happened)),
    CallParked: _with_status("parked"),
    CallResumed: _with_status("live"),
    CallEnded: lambda call, happened: msgspec.structs.replace(call, ended_at=happened.occurred_at),
    CallClosed: lambda call, happened: msgspec.structs.replace(call, status="closed", closed_at=happened.occurred_at),
    CallInvalid: lambda call, happened: msgspec.structs.replace(
        call, status="invalid", closed_at=happened.occurred_at, reason=happened.reason, matters=()
    ),
}
