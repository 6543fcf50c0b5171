"""The call a confidential order was made of: it holds the same story, so it becomes confidential with it."""

from __future__ import annotations

import msgspec

from agent_console.desk.desk import Desk, call_stream, order_stream
from agent_console.domain.confidentiality.secrecy_facts import (
    CallClassified,
    CallDeclassified,
    OrderClassified,
    OrderDeclassified,
)
from agent_console.domain.intake.outcomes import Ordered
from agent_console.domain.work_order.orders import Order

Facts = tuple[msgspec.Struct, ...]


def follow_order(desk: Desk, order: Order, happened: Facts) -> bool:
    """Inside a transaction: let the call of an order that became confidential, or open again, follow it.

    A call that is not finished follows when it is. True where bytes have to leave the file.
    """
    now = desk.context().now
    closed = any(isinstance(fact, OrderClassified) for fact in happened)
    if any(isinstance(fact, OrderDeclassified) for fact in happened) and desk.store.is_secret(call_stream(order.call)):
        if not _secret_orders(desk, order.call):
            desk.note(call_stream(order.call), CallDeclassified(order.id, now))
    elif closed and order.call:
        follow_call(desk, order.call)
    return closed


def follow_call(desk: Desk, call_id: str) -> bool:
    """Inside a transaction: a finished call that a confidential order was made of becomes confidential itself."""
    if desk.store.is_secret(call_stream(call_id)) or desk.call(call_id).unfinished:
        return False
    orders = _secret_orders(desk, call_id)
    if orders:
        desk.note(call_stream(call_id), CallClassified(orders[0], desk.context().now))
    return bool(orders)


def _secret_orders(desk: Desk, call_id: str) -> list[str]:
    made = [matter.outcome.order for matter in desk.call(call_id).matters if isinstance(matter.outcome, Ordered)]
    return [order for order in made if desk.store.is_secret(order_stream(order))]
