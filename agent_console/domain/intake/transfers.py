"""Handing a caller to the duty number of a unit before an order is made of what they ask (ZJ-16.1b)."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Missing
from agent_console.domain.messages import message
from agent_console.domain.units.directory_rules import TransferRule
from agent_console.domain.work_order.order_details import OrderDetails


class Offer(msgspec.Struct, frozen=True):
    """Whom to hand the caller to: the unit, its number on duty ("" where none is listed), whether day and night."""

    unit: str
    number: str
    always: bool
    clause: str


def offer(details: OrderDetails, context: Context) -> Offer | None:
    """The transfer that goes before an order of this sort; None where the book wants none or no unit is named yet."""
    rule = _rule(details, context)
    if rule is None or not details.lead:
        return None
    unit = context.directory.unit(details.lead)
    number = unit.duty_number if unit else ""
    return Offer(details.lead, number, bool(unit and unit.reachable_always), rule.clause)


def owed(details: OrderDetails, context: Context) -> Decision | None:
    """What the form still has to say of the transfer, for an order made of a call; None where nothing."""
    rule = _rule(details, context)
    if rule is None:
        return None
    names = ["transfer_unit", "transfer_outcome"]
    if details.transfer_outcome in rule.answered:
        names.append("transfer_person")
    empty = tuple(name for name in names if not getattr(details, name).strip())
    if empty:
        return Missing(empty, rule.clause)
    if details.transfer_outcome in rule.outcomes:
        return None
    allowed = "、".join(rule.outcomes)
    return Blocked((rule.clause,), message("record.not_allowed", value=details.transfer_outcome, allowed=allowed))


def _rule(details: OrderDetails, context: Context) -> TransferRule | None:
    rule = context.rule_book.directory.transfer
    applies = rule is not None and details.kind in rule.kinds and details.channel in rule.channels
    return rule if applies else None
