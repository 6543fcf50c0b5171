"""A call that is written down at once, from first word to outcome: all of it is kept, or nothing."""

from __future__ import annotations

import msgspec

from agent_console.desk.calls.intake import OrderRaising, Refusing, Telling, join_followed, raise_within
from agent_console.desk.desk import Desk, call_stream, new_id
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.intake import calls
from agent_console.domain.intake.calls import Call, CloseCall, Command, DescribeCaller, MarkInvalid, TakeCall
from agent_console.domain.intake.matters import Conclude
from agent_console.domain.intake.outcomes import Interrupted, Outcome
from agent_console.domain.units.service_lines import known_line
from agent_console.domain.work_order.orders import OrderDetails


class LoggedCall(msgspec.Struct, frozen=True):
    """How it went, and the id of the call where it did."""

    decision: Decision
    call: str = ""


def log_call(desk: Desk, who: DescribeCaller, outcome: Outcome, telling: Telling) -> LoggedCall:
    """Write down a call of one matter that is over."""
    call_id, matter = new_id(), new_id()
    task = new_id() if isinstance(outcome, Interrupted) else ""
    conclude = Conclude(
        matter, outcome, telling.note, telling.words, telling.proposed, telling.chosen, callback_task=task
    )
    taken = TakeCall(call_id, matter, who.number, who.caller_name, who.channel)
    try:
        with desk.transaction():
            decision = _steps(desk, call_id, (taken, who, conclude, CloseCall()))
            join_followed(desk, call_id, outcome, telling)
    except Refusing as refused:
        return LoggedCall(refused.decision)
    return LoggedCall(decision, call_id)


def log_invalid(desk: Desk, who: DescribeCaller, reason: str, allowed: tuple[str, ...]) -> LoggedCall:
    """Write down a call that held no matter."""
    call_id = new_id()
    taken = TakeCall(call_id, new_id(), who.number, who.caller_name, who.channel)
    try:
        with desk.transaction():
            decision = _steps(desk, call_id, (taken, MarkInvalid(reason, allowed)))
    except Refusing as refused:
        return LoggedCall(refused.decision)
    return LoggedCall(decision, call_id)


def log_order(desk: Desk, who: DescribeCaller, details: OrderDetails, telling: Telling) -> OrderRaising:
    """Write down a call whose one matter became an order."""
    call_id, matter = new_id(), new_id()
    try:
        with desk.transaction():
            _step(desk, call_id, TakeCall(call_id, matter, who.number, who.caller_name, who.channel))
            _step(desk, call_id, who)
            raised = raise_within(desk, call_id, matter, of_call(desk, details, desk.call(call_id)), telling)
            _step(desk, call_id, CloseCall())
            return raised
    except Refusing as refused:
        return OrderRaising(refused.decision)


def of_call(desk: Desk, details: OrderDetails, call: Call) -> OrderDetails:
    """The form with what the call knows, where the form says nothing; a line only where the directory knows it."""
    known = {
        "channel": call.channel,
        "line": known_line(call.line, desk.directory()),
        "received_at": call.taken_at,
        "caller_name": call.caller_name,
        "caller_number": call.number,
        "contact_number": call.contact,
        "caller_type": call.caller_type,
        "anonymous": call.anonymous,
        "confidential": call.confidential,
        "language": call.language,
        "off_hours_reason": call.off_hours_reason,
    }
    return msgspec.structs.replace(
        details, **{name: value for name, value in known.items() if not getattr(details, name)}
    )


def _steps(desk: Desk, call_id: str, commands: tuple[Command, ...]) -> Decision:
    decisions = [_step(desk, call_id, command) for command in commands]
    return decisions[-1]


def _step(desk: Desk, call_id: str, command: Command) -> Decision:
    decision = desk.step(call_stream(call_id), Call(), calls.evolve, calls.decide, command)
    if not isinstance(decision, Done):
        raise Refusing(decision)
    return decision
