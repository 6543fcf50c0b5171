"""Which orders a rule book wants supervised, and what speaks for it."""

from __future__ import annotations

import msgspec

from agent_console.domain.work_order.order_rules import SupervisionRule
from agent_console.domain.work_order.orders import Order


class Signs(msgspec.Struct, frozen=True):
    """What is known of an order that is not supervised yet; alike: orders of one matter lately, itself included."""

    kind: str
    alike: int
    overdue: bool
    repeated: bool
    dissatisfied: bool


class Candidate(msgspec.Struct, frozen=True):
    """An order that waits for supervision, and the triggers that put it there."""

    order: Order
    triggers: tuple[str, ...]


def triggers(signs: Signs, rule: SupervisionRule) -> tuple[str, ...]:
    """What puts the order on the list, in the sequence of the rule; empty: nothing does."""
    counts_repeats = not rule.repeated_kinds or signs.kind in rule.repeated_kinds
    holding = {
        "concentrated": bool(rule.concentrated) and signs.alike >= rule.concentrated,
        "overdue": signs.overdue,
        "repeated": signs.repeated and counts_repeats,
        "dissatisfied": signs.dissatisfied,
    }
    return tuple(trigger for trigger in rule.triggers if holding[trigger])
