"""Taking a call, writing it down, giving each matter its outcome."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk.calls.secret_calls import follow_call
from agent_console.desk.desk import Desk, call_stream, new_id, order_stream
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.intake import call_marks, calls
from agent_console.domain.intake.call_marks import MarkCall
from agent_console.domain.intake.calls import (
    Call,
    CloseCall,
    DescribeCaller,
    DropMatter,
    HangUp,
    MarkInvalid,
    OpenMatter,
    ParkCall,
    ResumeCall,
    TakeCall,
)
from agent_console.domain.intake.matters import Conclude, content_may_be_kept
from agent_console.domain.intake.outcomes import FollowedUp, Interrupted, Ordered, Outcome
from agent_console.domain.work_order import order_life, order_steps
from agent_console.domain.work_order.order_corrections import JoinCaller
from agent_console.domain.work_order.order_numbers import compose
from agent_console.domain.work_order.orders import Order, OrderDetails
from agent_console.domain.work_order.orders import evolve as evolve_order
from agent_console.store.drafts import Draft


class Telling(msgspec.Struct, frozen=True):
    """What stands beside an outcome: the note, free words, what the screening proposed and the operator chose.

    admits, admit_reason: the item of the refusal list a lead sets aside, and why. searched: what was typed into the
    search on purpose.
    """

    note: str = ""
    words: str = ""
    proposed: tuple[str, ...] = ()
    chosen: str = ""
    admits: str = ""
    admit_reason: str = ""
    searched: tuple[str, ...] = ()


class OrderRaising(msgspec.Struct, frozen=True):
    """How raising an order went, and the order's id and number where it did."""

    decision: Decision
    order: str = ""
    number: str = ""


def take_call(
    desk: Desk,
    number: str = "",
    *,
    caller_name: str = "",
    channel: str = "",
    line: str = "",
    pbx_call: str = "",
    rang_at: Instant = 0,
) -> tuple[Decision, str]:
    """Take a call and open its first matter; the decision and the id of the call.

    rang_at: when it began to ring, 0 where nothing told.
    """
    call_id = new_id()
    command = TakeCall(call_id, new_id(), number, caller_name, channel, line, pbx_call, rang_at)
    return desk.on_call(call_id, calls.decide, command), call_id


def describe_caller(desk: Desk, call_id: str, who: DescribeCaller) -> Decision:
    """Write down who calls."""
    return desk.on_call(call_id, calls.decide, who)


def next_matter(desk: Desk, call_id: str) -> Decision:
    """Begin the next matter of the same call; the one before must have its outcome."""
    return desk.on_call(call_id, calls.decide, OpenMatter(new_id()))


def drop_matter(desk: Desk, call_id: str, matter: str, *, written: bool) -> Decision:
    """Take back a matter opened by mistake."""
    return desk.on_call(call_id, calls.decide, DropMatter(matter, written))


def conclude(desk: Desk, call_id: str, matter: str, outcome: Outcome, telling: Telling) -> Decision:
    """Give a matter its outcome; the draft that held its note goes in the same transaction.

    An order that is followed up lists the caller from then on.
    """
    try:
        with desk.transaction():
            decision = conclude_within(desk, call_id, matter, outcome, telling)
    except Refusing as refused:
        return refused.decision
    if isinstance(decision, Done) and not content_may_be_kept(outcome, desk.rule_book):
        # Only category and time may be kept: the draft goes from the write-ahead log, too.
        desk.store.scrub()
    return decision


def conclude_within(desk: Desk, call_id: str, matter: str, outcome: Outcome, telling: Telling) -> Decision:
    """The same inside a transaction that is open. Raises Refusing where a step beside it is refused."""
    command = _conclusion(matter, outcome, telling)
    decision = desk.step(call_stream(call_id), Call(), calls.evolve, calls.decide, command)
    if isinstance(decision, Done):
        join_followed(desk, call_id, outcome, telling)
        _keep_searches(desk, call_id, outcome, telling)
        desk.store.drafts.delete(call_stream(call_id))
    return decision


def join_followed(desk: Desk, call_id: str, outcome: Outcome, telling: Telling) -> None:
    """Inside a transaction: write the caller into the order that is followed up. Raises Refusing."""
    if not isinstance(outcome, FollowedUp) or not outcome.order:
        return
    call = desk.call(call_id)
    joining = JoinCaller(call_id, call.caller_name, call.number, telling.note or telling.words)
    decision = desk.order_step(outcome.order, order_life.decide, joining)
    if not isinstance(decision, Done):
        raise Refusing(decision)


def _keep_searches(desk: Desk, call_id: str, outcome: Outcome, telling: Telling) -> None:
    """Inside a transaction: keep what was searched for, as far as it may be kept."""
    if telling.searched:
        # Late: the first frame does not wait for the knowledge base.
        from agent_console.desk.calls import searches

        searches.keep(desk, desk.call(call_id), outcome, telling.searched, (*telling.proposed, telling.chosen))


def mark_call(desk: Desk, call_id: str, mark: str, note: str = "") -> Decision:
    """Put a mark of the rule book on the record of a call."""
    return desk.on_call(call_id, call_marks.decide, MarkCall(mark, note))


def _conclusion(matter: str, outcome: Outcome, telling: Telling) -> Conclude:
    task = new_id() if isinstance(outcome, Interrupted) else ""
    return Conclude(matter, outcome, telling.note, telling.words, telling.proposed, telling.chosen, callback_task=task)


def raise_order(desk: Desk, call_id: str, matter: str, details: OrderDetails, telling: Telling) -> OrderRaising:
    """Make a work order of a matter: number, order and outcome in one transaction.

    Where a rule refuses, nothing is kept and no number is used.
    """
    try:
        with desk.transaction():
            return raise_within(desk, call_id, matter, details, telling)
    except Refusing as refused:
        return OrderRaising(refused.decision)


def raise_within(desk: Desk, call_id: str, matter: str, details: OrderDetails, telling: Telling) -> OrderRaising:
    """The same inside a transaction that is open. Raises Refusing where a rule says no: let it undo the rest."""
    order_id, now = new_id(), desk.context().now
    drawn = desk.store.numbers.draw(now)
    number = compose(local_date(now), drawn.seat, drawn.running)
    raising = order_steps.RaiseOrder(order_id, number, call_id, matter, details)
    decision = desk.step(order_stream(order_id), Order(), evolve_order, order_steps.decide, raising)
    if isinstance(decision, Done) and call_id:
        if desk.store.is_secret(order_stream(order_id)):
            # The story stands in the order; the call must not tell it in the open.
            telling = msgspec.structs.replace(telling, note="", words="")
        conclusion = _conclusion(matter, Ordered(order_id, number, telling.admits, telling.admit_reason), telling)
        decision = desk.step(call_stream(call_id), Call(), calls.evolve, calls.decide, conclusion)
    if not isinstance(decision, Done):
        raise Refusing(decision)
    if not details.confidential:
        _keep_searches(desk, call_id, Ordered(order_id, number), telling)
    desk.store.drafts.delete(call_stream(call_id))
    return OrderRaising(decision, order_id, number)


class Refusing(Exception):
    """Leaves a transaction of several steps where a rule refuses one of them."""

    def __init__(self, decision: Decision) -> None:
        super().__init__()
        self.decision = decision


def park(desk: Desk, call_id: str) -> Decision:
    """Leave a call unfinished for later."""
    return desk.on_call(call_id, calls.decide, ParkCall())


def resume(desk: Desk, call_id: str) -> Decision:
    """Take a parked call up again."""
    return desk.on_call(call_id, calls.decide, ResumeCall())


def hang_up(desk: Desk, call_id: str) -> Decision:
    """The line is gone."""
    return desk.on_call(call_id, calls.decide, HangUp())


def close(desk: Desk, call_id: str) -> Decision:
    """Finish the record of a call; every matter must have its outcome (FJ-5.2)."""
    return _finish(desk, call_id, CloseCall())


def mark_invalid(desk: Desk, call_id: str, reason: str, allowed: Sequence[str]) -> Decision:
    """No matter at all: silence, a wrong number, …"""
    return _finish(desk, call_id, MarkInvalid(reason, tuple(allowed)))


def _finish(desk: Desk, call_id: str, command: CloseCall | MarkInvalid) -> Decision:
    with desk.transaction():
        decision = desk.step(call_stream(call_id), Call(), calls.evolve, calls.decide, command)
        became_secret = isinstance(decision, Done) and follow_call(desk, call_id)
        if isinstance(decision, Done):
            desk.store.drafts.delete(call_stream(call_id))
    if became_secret:
        desk.store.compact()
    return decision


def save_draft(desk: Desk, draft: Draft) -> Draft:
    """Put what is being typed on the disk; it is saved when this has returned."""
    return desk.store.drafts.save(draft)


def load_draft(desk: Desk, call_id: str) -> Draft | None:
    """What was being typed in an unfinished call."""
    return desk.store.drafts.load(call_stream(call_id))


def erase_call(desk: Desk, call_id: str, ground: str) -> None:
    """Destroy the personal part of a call for ever; that it was erased, and why, is an event itself.

    Erasing twice changes nothing. Raises UnknownName where there is no such call.
    """
    stream = call_stream(call_id)
    with desk.transaction():
        events = desk.store.log.load(stream)
        if not events:
            raise UnknownName("error.call", "advice.call", name=call_id)
        if any(isinstance(event.fact, calls.CallErased) for event in events):
            return
        desk.note(stream, calls.CallErased(ground, desk.context().now))
        desk.store.erase(stream)
