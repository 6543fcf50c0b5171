"""Lists of orders as the rule book of the desk would have them: urgent ones that still run on top, where it says so."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk
from agent_console.domain.orders import RUNNING, Order


def newest_orders(opened: OpenDesk, limit: int, *, status: str = "") -> list[Order]:
    """The newest orders, of one status where it is given."""
    newest = visible(opened.desk, opened.records.orders(limit, status=status))
    if not opened.desk.rule_book.life.urgent_first:
        return newest
    urgent = [
        order
        for order in visible(opened.desk, opened.records.urgent_orders(limit))
        if status in ("", order.status) and _goes_first(opened.desk, order)
    ]
    known = {order.id for order in urgent}
    return [*urgent, *(order for order in newest if order.id not in known)][:limit]


def orders_of_day(opened: OpenDesk) -> list[Order]:
    """Orders raised today."""
    today = visible(opened.desk, opened.records.orders_of_day(opened.desk.clock.now()))
    if not opened.desk.rule_book.life.urgent_first:
        return today
    return sorted(today, key=lambda order: not _goes_first(opened.desk, order))


def visible(desk: Desk, orders: list[Order]) -> list[Order]:
    """Those without a flag that takes an order out of the lists of whoever asks."""
    rules = desk.rule_book.life.flags.items()
    hiding = {name for name, rule in rules if rule.seen_by and desk.actor.role not in rule.seen_by}
    return [order for order in orders if not hiding.intersection(order.flags)]


def _goes_first(desk: Desk, order: Order) -> bool:
    channels = desk.rule_book.life.urgent_first_on
    is_urgent = order.details.urgency == "urgent" and order.status in RUNNING
    return is_urgent and (not channels or order.details.channel in channels)
