"""Lists of orders for a person: what their role sees, urgent ones that still run on top where the rule book says so.

Every list and every look-up for a person goes through `visible`: it keeps what they see, without the caller where it is
kept from them who that is.
"""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.sight import Sight, identity_for, not_in_sight, sight_of, without_identity
from agent_console.domain.context import Context
from agent_console.domain.errors import UnknownName
from agent_console.domain.work_order.orders import RUNNING, Order

_SEARCHED = 100_000


def sight(desk: Desk) -> Sight:
    """What the person at the desk sees under its rule book."""
    return sight_of(desk.actor, desk.rule_book, desk.directory())


def newest_orders(opened: OpenDesk, limit: int, *, status: str = "") -> list[Order]:
    """The newest orders, of one status where it is given."""
    desk, records = opened.desk, opened.records
    seen = sight(desk)
    newest = visible(desk, records.orders(limit, status=status, sight=seen))
    if not desk.rule_book.life.urgent_first:
        return newest
    urgent = [
        order
        for order in visible(desk, records.urgent_orders(limit, seen))
        if status in ("", order.status) and _goes_first(desk, order)
    ]
    known = {order.id for order in urgent}
    return [*urgent, *(order for order in newest if order.id not in known)][:limit]


def orders_containing(opened: OpenDesk, text: str, limit: int, *, status: str = "") -> list[Order]:
    """The newest orders with this text in number, title, content, place or party concerned."""
    wanted = text.strip().casefold()
    found = [order for order in newest_orders(opened, _SEARCHED, status=status) if wanted in _told(order)]
    return found[:limit]


def _told(order: Order) -> str:
    details = order.details
    return "\n".join((order.number, details.title, details.content, details.place, details.concerns)).casefold()


def order_of(opened: OpenDesk, name: str) -> Order:
    """One order by its number, the last five digits of it, or its id, as it stands before whoever asks.

    Raises UnknownName where there is none or they may not see it, BadInput where several fit.
    """
    order = opened.records.order(name)
    if not_in_sight(order, opened.desk.context_for(order)) is not None:
        raise UnknownName("error.order", "advice.order", name=name)
    return as_seen(opened.desk, order)


def orders_of_day(opened: OpenDesk) -> list[Order]:
    """Orders raised today."""
    desk = opened.desk
    today = visible(desk, opened.records.orders_of_day(desk.clock.now(), sight(desk)))
    if not desk.rule_book.life.urgent_first:
        return today
    return sorted(today, key=lambda order: not _goes_first(desk, order))


def visible(desk: Desk, orders: list[Order]) -> list[Order]:
    """Those of these orders that stand in the lists of whoever asks, as they stand before them.

    An order is judged by the rule book it runs under.
    """
    seen: dict[str, tuple[Sight, Context]] = {}
    shown = []
    for order in orders:
        if order.rule_book not in seen:
            context = desk.context_for(order)
            seen[order.rule_book] = (sight_of(desk.actor, context.rule_book, context.directory), context)
        reach, context = seen[order.rule_book]
        if reach.lists(order):
            shown.append(_as_seen(order, context))
    return shown


def as_seen(desk: Desk, order: Order) -> Order:
    """An order as it stands before whoever asks: without the caller where it is kept from them who that is."""
    return _as_seen(order, desk.context_for(order))


def _as_seen(order: Order, context: Context) -> Order:
    identity, _ = identity_for(order, context)
    return without_identity(order) if identity == "hidden" else order


def _goes_first(desk: Desk, order: Order) -> bool:
    channels = desk.rule_book.life.urgent_first_on
    is_urgent = order.details.urgency == "urgent" and order.status in RUNNING
    return is_urgent and (not channels or order.details.channel in channels)
