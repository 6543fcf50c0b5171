"""Looking at one order: whether it may be seen, who the caller is, and who looked.

    looked = look_at(desk, records.order(name), unmask=True, ground="…")
    if isinstance(looked, Blocked): …            # the clause and what would unblock it

Every look is written down, with name and numbers or without (FJ-29.3, ZJ-25.1).
"""

from __future__ import annotations

import msgspec

from agent_console.desk.desk import Desk, order_stream
from agent_console.desk.leaving.unmasking import unmask as note_unmasking
from agent_console.desk.orders import secrecy
from agent_console.domain.confidentiality.sight import (
    Identity,
    identity_for,
    no_such_person,
    not_in_sight,
    unmasking_refused,
    without_identity,
)
from agent_console.domain.decisions import Blocked
from agent_console.domain.events import Event
from agent_console.domain.messages import message
from agent_console.domain.people import OrderSeen
from agent_console.domain.work_order.order_life_facts import Amended, CallerJoined
from agent_console.domain.work_order.orders import Order

_WHO = ("caller_name", "caller_number", "contact_number")


class Looked(msgspec.Struct, frozen=True):
    """An order as it stands before somebody, how the caller does, and its time line likewise."""

    order: Order
    identity: Identity
    history: tuple[Event, ...]


def look_at(desk: Desk, order: Order, *, unmask: bool = False, ground: str = "") -> Looked | Blocked:
    """Open an order for the person at the desk and write down that they looked; `unmask` asks who the caller is."""
    context = desk.context_for(order)
    refused = not_in_sight(order, context)
    if refused is None and unmask:
        kept = secrecy.not_for(context.rule_book) if order.withheld else None
        refused = kept or unmasking_refused(order, ground, context)
    if refused is not None:
        return refused
    looked = standing(desk, order, is_unmasked=unmask)
    _note(desk, order, looked.identity, ground)
    return looked


def standing(desk: Desk, order: Order, *, is_unmasked: bool = False) -> Looked:
    """An order as it stands before the person at the desk, who has looked at it already; nothing is written down."""
    identity: Identity = "open" if is_unmasked else identity_for(order, desk.context_for(order))[0]
    history = () if order.withheld else tuple(desk.store.log.load(order_stream(order.id)))
    if identity != "hidden":
        return Looked(order, identity, history)
    return Looked(without_identity(order), identity, tuple(map(_without_identity, history)))


def may_look(desk: Desk, order: Order) -> Blocked | None:
    """Why the person at the desk may not see this order; None where they may. Nothing is written down."""
    return not_in_sight(order, desk.context_for(order))


def calls_refused(desk: Desk) -> Blocked | None:
    """Why the person at the desk may not read the records of calls; None where they may."""
    context = desk.context()
    refused = no_such_person(context)
    rule = desk.rule_book.roles.get(desk.actor.role)
    if refused is not None or rule is None or rule.calls:
        return refused
    clause = rule.keeps_out or rule.clause
    return Blocked((clause,) if clause else (), message("sight.no_calls", role=desk.actor.role))


def _note(desk: Desk, order: Order, identity: Identity, ground: str) -> None:
    if identity == "open":
        note_unmasking(desk, order_stream(order.id), ground)
        return
    with desk.transaction():
        desk.note(f"seen:{order.id}", OrderSeen(order.id, identity, desk.context().now))


def _without_identity(event: Event) -> Event:
    """A line of the time line that names no caller."""
    match event.fact:
        case CallerJoined() as joined:
            fact: msgspec.Struct = msgspec.structs.replace(joined, caller_name="", caller_number="")
        case Amended(field=field) as amended if field in _WHO:
            fact = msgspec.structs.replace(amended, old="", new="")
        case _:
            return event
    return msgspec.structs.replace(event, fact=fact)
