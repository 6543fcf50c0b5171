"""Which unit an order may go to, who names it, and what a return leaves behind."""

from __future__ import annotations

from collections import Counter

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision
from agent_console.domain.messages import message
from agent_console.domain.rule_book import Step
from agent_console.domain.units import routing_steps
from agent_console.domain.units.directory_places import unknown_unit
from agent_console.domain.work_order.order_life_facts import Flagged, Reassigned
from agent_console.domain.work_order.order_rules import OrderRules
from agent_console.domain.work_order.orders import Order, OrderDispatched, OrderReturned


def lead_refused(step: Step, order: Order, lead: str, supporting: tuple[str, ...], context: Context) -> Decision | None:
    """Why these units cannot get it from this person: not listed, the lead is named elsewhere, or a ruling binds."""
    unknown = unknown_unit((lead, *supporting), context)
    if unknown is not None:
        return unknown
    joint = step.joint
    if supporting and joint is not None and context.actor.role not in joint.roles:
        roles = "、".join(joint.roles)
        return Blocked((joint.clause,), message("order.lead_named_by", roles=roles))
    ruled = _ruled_elsewhere(order, lead, context)
    return ruled or routing_steps.refused(order, lead, supporting, context)


def handed(order: Order, given: OrderDispatched | Reassigned, context: Context) -> tuple[msgspec.Struct, ...]:
    """What handing the order to these units leads to: it goes there, or to the agency that alone may send it there."""
    pushed = routing_steps.pushed(given.lead, given.supporting, context)
    return pushed or (given, *routing_steps.crossing(order, given.lead, given.supporting, context))


def _ruled_elsewhere(order: Order, lead: str, context: Context) -> Decision | None:
    """The last ruling on the unit binds."""
    binding = {name: rule for name, rule in context.rule_book.life.records.items() if rule.binds}
    last = next((entry for entry in reversed(order.records) if entry.record in binding), None)
    if last is None:
        return None
    rule = binding[last.record]
    unit = last.fields.get(rule.binds, "")
    if routing_steps.leads_to(lead, unit, context):
        return None
    return Blocked((rule.clause,), message("order.bound_to", unit=unit, record=rule.name))


def sent_back(order: Order, fields: dict[str, str], context: Context) -> tuple[msgspec.Struct, ...]:
    """The return, and the flag of the rule book where there were too many."""
    returned = OrderReturned(order.lead, fields, context.now)
    rule = context.rule_book.life.returns
    number = len(order.returned_by) + 1
    if rule is None or number < rule.alarm_from or rule.flag in order.flags:
        return (returned,)
    return (returned, Flagged(rule.flag, on=True, cause=str(number), occurred_at=context.now))


def answering(order: Order, rules: OrderRules) -> str:
    """The unit that answers for the order now; "" while none does.

    Where the book says so, the unit that had it first answers until another has signed.
    """
    if rules.first_unit is not None:
        return order.holder
    return "" if order.status in ("new", "raised", "returned") else order.lead


def returns_by_unit(orders: list[Order]) -> dict[str, int]:
    """How often each unit sent an order back, most often first."""
    return dict(Counter(unit for order in orders for unit in order.returned_by).most_common())
