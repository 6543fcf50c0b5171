"""One order as its screen shows it: facts, clocks, what it owes, what happened, what can be done now."""

from __future__ import annotations

import msgspec

from agent_console.desk.leaving.seeing import may_look, standing
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import secrecy
from agent_console.desk.orders.steps import Offer, offers
from agent_console.domain.context import Context
from agent_console.domain.errors import UnknownName
from agent_console.domain.events import Event
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.clock_states import in_order
from agent_console.domain.work_order.duties import pending
from agent_console.domain.work_order.order_clocks import lateness, running
from agent_console.domain.work_order.order_life import stage_of
from agent_console.domain.work_order.order_rules import Duty
from agent_console.domain.work_order.orders import Order


class OrderSight(msgspec.Struct, frozen=True):
    """The order, what it was looked at with, and what follows from both."""

    order: Order
    context: Context
    clocks: dict[str, Deadline]
    owed: tuple[Duty, ...]
    stage: str
    history: tuple[Event, ...]
    offers: tuple[Offer, ...]


def look_at(opened: OpenDesk, order_id: str, *, is_unmasked: bool = False) -> OrderSight:
    """Read the order of that id. Raises UnknownName where there is none, or whoever asks may not see it.

    is_unmasked: it was asked who the caller is, and written down. That somebody looked is `seeing.look_at`.
    """
    desk = opened.desk
    order = desk.order(order_id)
    if not order.id or may_look(desk, order) is not None:
        raise UnknownName("order_screen.gone", None)
    looked = standing(desk, order, is_unmasked=is_unmasked)
    order, context = looked.order, desk.context_for(order)
    life = context.rule_book.life
    owed = () if order.withheld else pending(order, life, lateness(order, context))
    return OrderSight(
        order=order,
        context=context,
        clocks=in_order(running(order, context)),
        owed=owed,
        stage=stage_of(order, life),
        history=looked.history,
        offers=_nothing_on(order, context) if order.withheld else offers(order, context),
    )


def _nothing_on(order: Order, context: Context) -> tuple[Offer, ...]:
    """The steps of a confidential order for somebody without its key: none can be taken, none asks for anything."""
    refused = secrecy.not_for(context.rule_book)
    return tuple(
        msgspec.structs.replace(offer, decision=refused, fields=(), reminded=False) for offer in offers(order, context)
    )


def find(opened: OpenDesk, name: str) -> str:
    """Id of an order by its number or the last five digits of it. Raises UnknownName, BadInput."""
    return opened.records.order(name).id
