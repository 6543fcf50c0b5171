"""Confidential orders: who makes one confidential and open again, and what is left for those who may not read it."""

from __future__ import annotations

import msgspec

from agent_console.domain.confidentiality.confidentiality_rules import SecretRule
from agent_console.domain.confidentiality.secrecy_facts import OrderClassified, OrderDeclassified
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.work_order.order_details import OrderDetails
from agent_console.domain.work_order.orders import Order

_SHOWN = (
    "id", "number", "status", "rule_book", "book_version", "lead", "supporting", "units", "passed", "holder",
    "raised_at", "received_at", "signed_at", "completed_at", "archived_at", "extended_days", "extensions",
    "extended_at", "due", "redos", "redo_at", "redo_keeps_clock", "return_requested", "refused_returns",
    "returned_by", "secret",
)  # fmt: skip
"""Number, state, whose turn it is, and what the clocks rest on."""

_SHOWN_OF_FORM = (
    "channel", "received_at", "kind", "urgency", "simple", "listed", "complexity", "form", "unclear", "superior_due",
    "statutory_amount", "statutory_unit", "statutory_source", "confidential", "lead", "supporting",
)  # fmt: skip
"""Fields of the form that limits rest on."""


class ClassifyOrder(msgspec.Struct, frozen=True):
    """Make it confidential."""

    category: str
    ground: str


class DeclassifyOrder(msgspec.Struct, frozen=True):
    """Make it an ordinary order again."""

    ground: str


def decide_classifying(order: Order, command: ClassifyOrder, context: Context) -> Decision:
    """By whom the book names, under one of its categories, with a ground."""
    rule = context.rule_book.confidentiality.secret
    refused = _refused(order, rule, rule.roles if rule else (), context)
    if refused is not None or rule is None:
        return refused or Done(())
    if order.secret:
        return Blocked((rule.clause,), message("secret.is_one"))
    if command.category not in rule.categories:
        allowed = "、".join(f"{name}（{title}）" for name, title in rule.categories.items())
        return Blocked((rule.clause,), message("record.not_allowed", value=command.category, allowed=allowed))
    if not command.ground.strip():
        return Missing(("secret_ground",), rule.clause)
    return Done((OrderClassified(command.category, command.ground, context.now),))


def decide_declassifying(order: Order, command: DeclassifyOrder, context: Context) -> Decision:
    """By whom the book names, with a ground."""
    rule = context.rule_book.confidentiality.secret
    refused = _refused(order, rule, rule.opened_by if rule else (), context)
    if refused is not None or rule is None:
        return refused or Done(())
    if not order.secret:
        return Blocked((rule.clause,), message("secret.is_none"))
    if not command.ground.strip():
        return Missing(("secret_ground",), rule.clause)
    return Done((OrderDeclassified(command.ground, context.now),))


def _refused(order: Order, rule: SecretRule | None, roles: tuple[str, ...], context: Context) -> Decision | None:
    if rule is None:
        return Blocked((), message("secret.unknown", book=context.rule_book.short_title))
    if order.status == "new":
        return Blocked((rule.clause,), message("amend.not_now"))
    if context.actor.role in roles:
        return None
    told = message("order.not_your_step", role=context.actor.role, roles="、".join(roles))
    return Blocked((rule.clause,), told)


def asked_for(details: OrderDetails, context: Context) -> tuple[OrderClassified, ...]:
    """What follows where the form of a new order asks for secrecy and the book knows a category for that."""
    rule = context.rule_book.confidentiality.secret
    if rule is None or not rule.asked or not details.confidential:
        return ()
    return (OrderClassified(rule.asked, "", context.now),)


def outline(order: Order) -> Order:
    """What everybody may see of a confidential order: number, state, and what its clocks rest on."""
    shown = {name: getattr(order, name) for name in _SHOWN}
    form = OrderDetails(**{name: getattr(order.details, name) for name in _SHOWN_OF_FORM})
    records = tuple(msgspec.structs.replace(entry, fields={}, by="", unit="") for entry in order.records)
    return Order(**shown, details=form, records=records, withheld=True)
