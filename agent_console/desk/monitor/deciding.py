"""Deciding from the monitor: what a rule says before the key is pressed, then one order or several with one reason.

Each order is put to its own rule book; those it refuses are told and left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.listing import as_seen
from agent_console.desk.orders import handling
from agent_console.desk.orders.step_commands import Values, command_for
from agent_console.desk.orders.steps import Asked, Offer, offer_of
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant
from agent_console.domain.work_order import order_life
from agent_console.domain.work_order.clock_states import in_order
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.orders import RUNNING, Order, evolve

RETURN, EXTENSION, URGE, SUPERVISE, REASSIGN, REDO = (
    "decide_return",
    "decide_extension",
    "record.urging",
    "record.supervision",
    "reassign",
    "redo",
)
DISPATCH = "dispatch"
_DECIDED_ON = {"returns": RETURN, "extensions": EXTENSION, "dissatisfied": REDO}

_BOOK_STEP = {RETURN: "return", EXTENSION: "extend", REASSIGN: "reassign"}
_UNTIL = {RETURN: "return", EXTENSION: "extension_apply_by"}


class Moved(msgspec.Struct, frozen=True):
    """A clock before and after; 0 where it does not run."""

    clock: str
    before: Instant
    after: Instant


class Governed(msgspec.Struct, frozen=True):
    """The rule that governs a step on an order: its clauses, who may take it, until when, what it asks for.

    offer: what the book says to it now. window, until: the clock it hangs on and its end, "" and 0 where there is none.
    moves: what a yes would do to status and clocks; empty where that hangs on what is filled in.
    """

    order: Order
    offer: Offer
    clauses: tuple[str, ...]
    roles: tuple[str, ...]
    window: str = ""
    until: Instant = 0
    status: str = ""
    moves: tuple[Moved, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """How a step went on one order."""

    order: Order
    decision: Decision


def step_on(desk: Desk, name: str, order_id: str) -> str:
    """What an order on a list waits for; "" where nothing is decided there.

    One that came back already, as some books have it, waits to be handed to the right unit.
    """
    step = _DECIDED_ON.get(name, "")
    return DISPATCH if step == RETURN and desk.order(order_id).status == "returned" else step


def governed(desk: Desk, order_id: str, step: str) -> Governed | None:
    """The rule for one step on one order; None where its book does not know the step."""
    order = as_seen(desk, desk.order(order_id))
    context = desk.context_for(order)
    try:
        offer = offer_of(step, order, context)
    except BadInput:
        return None
    clauses, roles = _rule(step, context)
    clocks = running(order, context) if order.status in RUNNING else {}
    window = _UNTIL.get(step, "")
    closing = clocks.get(window)
    status, moves = foreseen(order, step, _agreed(offer), context)
    return Governed(
        order=order,
        offer=offer,
        clauses=tuple(dict.fromkeys((*clauses, *offer.clauses))),
        roles=roles,
        window=window,
        until=closing.due or 0 if closing is not None else 0,
        status=status,
        moves=moves,
    )


def _rule(step: str, context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Clauses and roles of a step as the book names them."""
    book = context.rule_book
    sort, _, name = step.partition(".")
    if sort == "record" and name in book.life.records:
        record = book.life.records[name]
        return (record.clause,), record.roles
    if step == REDO and book.life.redo is not None:
        return (book.life.redo.clause,), book.life.redo.roles
    rule = book.steps.get(_BOOK_STEP.get(step, step))
    if rule is None:
        return (), ()
    return ((rule.deciding,), rule.decided_by) if rule.decided_by else ((rule.clause,), rule.roles)


def _agreed(offer: Offer) -> Values:
    """The form as somebody who says yes would fill it, as far as that is known."""
    told = {asked.field: asked.default or (asked.values[0] if asked.values else "") for asked in offer.fields}
    return {**{name: text for name, text in told.items() if text}, "reason": "…"}


def foreseen(order: Order, step: str, values: Values, context: Context) -> tuple[str, tuple[Moved, ...]]:
    """Status and clocks as they would stand after the step; nothing is kept. "" where it would not be taken so."""
    try:
        decision = order_life.decide(order, command_for(step, values, order), context)
    except BadInput:
        return "", ()
    if not isinstance(decision, Done):
        return "", ()
    after = order
    for happened in decision.facts:
        after = evolve(after, happened)
    return after.status, _moved(_clocks(order, context), _clocks(after, context))


def _clocks(order: Order, context: Context) -> dict[str, Instant]:
    found = in_order(running(order, context)) if order.status in RUNNING else {}
    return {name: clock.due or 0 for name, clock in found.items()}


def _moved(before: dict[str, Instant], after: dict[str, Instant]) -> tuple[Moved, ...]:
    names = dict.fromkeys((*before, *after))
    pairs = ((name, before.get(name, 0), after.get(name, 0)) for name in names)
    return tuple(Moved(*pair) for pair in pairs if pair[1] != pair[2])


def asked_of(several: Sequence[Governed]) -> tuple[Asked, ...]:
    """The fields of one form for all of them: those any of the orders asks for, each once."""
    fields: dict[str, Asked] = {}
    for one in several:
        for asked in one.offer.fields:
            fields.setdefault(asked.field, asked if len(several) == 1 else _without_own(asked))
    return tuple(fields.values())


def _without_own(asked: Asked) -> Asked:
    """What stands in the form of one order does not stand for the others."""
    return asked if asked.values else msgspec.structs.replace(asked, default="")


def decide(desk: Desk, orders: Sequence[str], step: str, values: Values) -> tuple[Outcome, ...]:
    """Take the step on each of them with the same fields; each is decided and kept by itself."""
    outcomes = []
    for order_id in orders:
        order = desk.order(order_id)
        try:
            decision = handling.take(desk, order_id, command_for(step, values, order))
        except BadInput as wrong:
            decision = Blocked((), wrong.message)
        outcomes.append(Outcome(as_seen(desk, order), decision))
    return tuple(outcomes)
