"""When another table of holidays is there: the ends of clocks that run move, and the order says so (C15, A-41)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.domain.work_order.order_clocks import is_recalculated, recalculated
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import Order

if TYPE_CHECKING:
    from agent_console.desk.desk import Desk
    from agent_console.store.projections.figures import OrderFigure


def moved(desk: Desk, order: Order, kept: OrderFigure) -> tuple[Recalculated, ...]:
    """Clocks of the order that end otherwise by the desk's calendar than by the one before; `kept` has those ends.

    None where the rule book changed meanwhile, where another seat said so before, and none for a desk that still has
    a table which was replaced already.
    """
    context = desk.context_for(order)
    version = context.calendar.version
    if kept.calendar in ("", version) or kept.book_version != context.rule_book.version:
        return ()
    ends = {limit: clock.due for limit, clock in recalculated(order, context).items()}
    before = {limit: getattr(kept, f"due_{limit}", 0) for limit in ends}
    changes = (
        Recalculated(limit, before[limit], due, kept.calendar, version, context.now)
        for limit, due in ends.items()
        if due is not None and before[limit] not in (0, due)
    )
    return tuple(change for change in changes if not is_recalculated(order, change))
