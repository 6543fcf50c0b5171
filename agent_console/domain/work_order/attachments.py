"""Who puts files to an order, who withdraws them, and when the rule book would like to see one (FJ-18.3)."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.work_order.attachment_facts import Attached, Attachment, AttachmentWithdrawn
from agent_console.domain.work_order.order_records import OVER
from agent_console.domain.work_order.order_rules import AttachmentRule, OrderRules
from agent_console.domain.work_order.orders import Order


class AttachFile(msgspec.Struct, frozen=True):
    """Put a file to the order; its bytes are kept already."""

    sha256: str
    name: str
    type: str
    size: int


class WithdrawAttachment(msgspec.Struct, frozen=True):
    """Say that a file counts no longer."""

    sha256: str
    reason: str


def decide_attaching(order: Order, command: AttachFile, context: Context) -> Decision:
    """By the line and the units that have the order, while it is not over; the same file twice changes nothing."""
    refused = _not_here(order, context)
    if refused is not None:
        return refused
    if any(one.sha256 == command.sha256 for one in counting(order)):
        return Done(())
    actor = context.actor
    attached = Attached(
        sha256=command.sha256,
        name=command.name,
        type=command.type,
        size=command.size,
        by=actor.name,
        unit=actor.unit,
        occurred_at=context.now,
    )
    return Done((attached,))


def decide_withdrawing(order: Order, command: WithdrawAttachment, context: Context) -> Decision:
    """The line may withdraw any file, a unit its own; with a reason."""
    refused = _not_here(order, context)
    if refused is not None:
        return refused
    found = next((one for one in counting(order) if one.sha256 == command.sha256), None)
    if found is None:
        return Blocked((), message("attachment.none"))
    if context.actor.unit and context.actor.unit != found.unit:
        return Blocked(_clauses(context), message("attachment.not_yours", unit=found.unit or "12345"))
    if not command.reason.strip():
        return Missing(("reason",), "".join(_clauses(context)))
    return Done((AttachmentWithdrawn(command.sha256, command.reason, context.now),))


def counting(order: Order) -> tuple[Attachment, ...]:
    """The files that were not withdrawn."""
    return tuple(one for one in order.attachments if not one.withdrawn_at)


def wanted(order: Order, step: str, rules: OrderRules) -> AttachmentRule | None:
    """The rule that would like a file with this step, where the order has none of that sort; it blocks nothing."""
    rule = rules.attachments
    if rule is None or step not in rule.wanted_with:
        return None
    return None if any(one.sort in rule.sorts for one in counting(order)) else rule


def _not_here(order: Order, context: Context) -> Blocked | None:
    if order.status in ("new", *OVER):
        return Blocked((), message("amend.not_now"))
    unit = context.actor.unit
    if unit and unit not in (*order.handlers, *order.supporting):
        return Blocked(_clauses(context), message("order.not_your_order", unit=order.lead))
    return None


def _clauses(context: Context) -> tuple[str, ...]:
    rule = context.rule_book.life.attachments
    return (rule.clause,) if rule is not None and rule.clause else ()
