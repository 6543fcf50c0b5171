"""The steps of an order after it was raised, each decided by the rule book the order runs under."""

from __future__ import annotations

import msgspec

from agent_console.desk.calls.intake import Refusing
from agent_console.desk.calls.secret_calls import follow_order
from agent_console.desk.desk import Desk, order_stream
from agent_console.desk.orders import precedents
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order import order_life
from agent_console.domain.work_order.clock_history import ClockChange, clock_history
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_corrections import JoinCaller
from agent_console.domain.work_order.order_endings import MergeOrder
from agent_console.domain.work_order.order_records import WriteRecord
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    Fields,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import Order
from agent_console.domain.work_order.reply_text import is_mostly_citations


def take(desk: Desk, order_id: str, command: msgspec.Struct) -> Decision:
    """Any command of `domain.order_records`, `order_corrections`, `order_endings`, `order_steps` on an order."""
    leaves_bytes = False
    with desk.transaction():
        before = desk.order(order_id)
        decision = desk.order_step(order_id, order_life.decide, command)
        if isinstance(decision, Done):
            leaves_bytes = follow_order(desk, before, decision.facts)
        if isinstance(decision, Done) and isinstance(command, WriteRecord):
            precedents.keep(desk, desk.order(order_id), decision.facts)
    if leaves_bytes:
        desk.store.compact()
    return decision


def merge(desk: Desk, order_id: str, master: Order) -> Decision:
    """Put a repeat into its master order, which lists its caller from then on; both in one transaction."""
    repeat = desk.order(order_id)
    joining = JoinCaller(repeat.call, repeat.details.caller_name, repeat.details.caller_number, repeat.details.content)
    try:
        with desk.transaction():
            for stream_of, command in ((order_id, MergeOrder(master.number)), (master.id, joining)):
                decision = desk.order_step(stream_of, order_life.decide, command)
                if not isinstance(decision, Done):
                    raise Refusing(decision)
    except Refusing as refused:
        return refused.decision
    return decision


def dispatch(desk: Desk, order_id: str, lead: str = "", supporting: tuple[str, ...] = ()) -> Decision:
    """Hand an order to its units; without `lead` to those on the form."""
    return desk.on_order(order_id, order_life.decide, DispatchOrder(lead, supporting))


def sign(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """The unit takes the order."""
    return desk.on_order(order_id, order_life.decide, SignOrder(fields))


def return_(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """The unit sends it back, or asks to where the line decides."""
    return desk.on_order(order_id, order_life.decide, ReturnOrder(fields))


def decide_return(desk: Desk, order_id: str, *, granted: bool, reason: str) -> Decision:
    """The line decides a return."""
    return desk.on_order(order_id, order_life.decide, DecideReturn(granted, reason))


def extend(desk: Desk, order_id: str, days: int, fields: Fields) -> Decision:
    """The unit needs more time."""
    return desk.on_order(order_id, order_life.decide, ExtendOrder(days, fields))


def decide_extension(desk: Desk, order_id: str, *, granted: bool, reason: str, override: bool = False) -> Decision:
    """Whoever consents decides an extension."""
    return desk.on_order(order_id, order_life.decide, DecideExtension(granted, reason, override))


def complete(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """Handled and answered."""
    return desk.on_order(order_id, order_life.decide, CompleteOrder(fields))


def warnings(desk: Desk, order_id: str, step: str, fields: Fields) -> tuple[str, ...]:
    """Fields of a step whose text should be looked at again before it goes out; nothing is refused for it."""
    rule = desk.context_for(desk.order(order_id)).rule_book.steps[step]
    watched = [required.field for required in rule.requires if required.warns == "citations"]
    return tuple(field for field in watched if is_mostly_citations(fields.get(field, "")))


def clock_changes(desk: Desk, order: Order) -> tuple[ClockChange, ...]:
    """What became of the clocks of an order, oldest first; nothing where it is confidential and not for the actor."""
    if order.withheld:
        return ()
    return clock_history(desk.store.log.load(order_stream(order.id)), desk.context_for(order))


def clocks(desk: Desk, order_id: str) -> dict[str, Deadline]:
    """The clocks that run on the order now, by limit."""
    order = desk.order(order_id)
    return running(order, desk.context_for(order))
