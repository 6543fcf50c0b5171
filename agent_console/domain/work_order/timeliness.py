"""Whether an order was handled in time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.work_order import order_clocks
from agent_console.domain.work_order.order_life_facts import Reassigned
from agent_console.domain.work_order.orders import Order, OrderCompleted, OrderDispatched, evolve


def handled_in_time(order: Order, context: Context) -> bool | None:
    """Whether the handling that ended last did so in time; None while it runs, or where its limit counts no breach."""
    limit = order_clocks.handling(order, context) if order.completed_at else None
    if limit is None or limit.due is None or limit.immediate:
        return None
    return order.completed_at <= limit.due


def in_time_throughout(happened: Iterable[msgspec.Struct | None], context: Context) -> bool | None:
    """The same over every handling by the unit that has it now: late once is late, whatever a redo brought."""
    order, answer = Order(), None
    for body in happened:
        order = evolve(order, body)
        if isinstance(body, OrderDispatched | Reassigned):
            answer = None
        elif isinstance(body, OrderCompleted) and answer is not False:
            answer = handled_in_time(order, context)
    return answer
