"""Which orders a rule book wants supervised, and what speaks for it."""

from __future__ import annotations

from collections import Counter

import msgspec

from agent_console.domain import order_clocks
from agent_console.domain.context import Context
from agent_console.domain.instants import HOUR
from agent_console.domain.order_endings import SUPERVISED
from agent_console.domain.order_rules import SupervisionRule
from agent_console.domain.orders import Order

DISSATISFIED = "dissatisfied"
_RUNNING = ("raised", "dispatched", "signed", "returned", "completed")


class Candidate(msgspec.Struct, frozen=True):
    """An order that waits for supervision, and the triggers that put it there."""

    order: Order
    triggers: tuple[str, ...]


def waiting(orders: list[Order], context: Context) -> list[Candidate]:
    """Orders that are to be supervised and are not yet, those with most triggers first."""
    rule = context.rule_book.life.supervision
    if rule is None:
        return []
    lately = context.now - rule.concentrated_days * 24 * HOUR
    alike = Counter(_matter(order) for order in orders if order.raised_at >= lately)
    found = [
        Candidate(order, _triggers(order, rule, context, alike[_matter(order)]))
        for order in orders
        if order.status in _RUNNING and SUPERVISED not in order.flags
    ]
    return sorted((one for one in found if one.triggers), key=lambda one: -len(one.triggers))


def _matter(order: Order) -> tuple[str, str]:
    """What an order is about, as far as orders of one matter can be told by it."""
    return order.details.kind, order.details.concerns or order.details.title


def _triggers(order: Order, rule: SupervisionRule, context: Context, alike: int) -> tuple[str, ...]:
    due = order_clocks.handling(order, context).due if order.status in ("dispatched", "signed") else None
    again = bool(order.callers) or bool(order.details.repeat_of)
    holding = {
        "concentrated": bool(rule.concentrated) and alike >= rule.concentrated,
        "overdue": due is not None and context.now > due,
        "repeated": again and (not rule.repeated_kinds or order.details.kind in rule.repeated_kinds),
        "dissatisfied": DISSATISFIED in (order.rating, order.redo_ground),
    }
    return tuple(trigger for trigger in rule.triggers if holding[trigger])
