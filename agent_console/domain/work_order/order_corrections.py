"""Correcting what stands on the form, adding to it, and handing a signed order to another unit."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.intake.admission import unknown_kind
from agent_console.domain.messages import message
from agent_console.domain.people import LEAD, OPERATOR
from agent_console.domain.units.directory_places import unknown_unit
from agent_console.domain.work_order import order_clocks
from agent_console.domain.work_order.order_details import OrderDetails, text_of, with_field
from agent_console.domain.work_order.order_life_facts import Amended, CallerJoined, Reassigned, Supplemented
from agent_console.domain.work_order.order_records import OVER
from agent_console.domain.work_order.order_units import handed, lead_refused
from agent_console.domain.work_order.orders import Order

_FIXED = ("received_at", "caller_number", "line")
AMENDABLE = tuple(name for name in OrderDetails.__struct_fields__ if name not in _FIXED)
_WHO = (OPERATOR, LEAD, "centre")


class AmendOrder(msgspec.Struct, frozen=True):
    """Correct a field of the form."""

    field: str
    new: str
    reason: str = ""


class AddToOrder(msgspec.Struct, frozen=True):
    """Add what the caller said later."""

    text: str


class ReassignOrder(msgspec.Struct, frozen=True):
    """Hand it to another unit after signing."""

    lead: str
    supporting: tuple[str, ...]
    fields: dict[str, str]


class JoinCaller(msgspec.Struct, frozen=True):
    """One more caller with the same matter."""

    call: str
    caller_name: str
    caller_number: str
    note: str


def decide_amendment(order: Order, command: AmendOrder, context: Context) -> Decision:
    """Who, which field, old and new: always an event, never an edit."""
    if order.status in ("new", *OVER):
        return Blocked((), message("amend.not_now"))
    if context.actor.role not in _WHO:
        return Blocked((), message("order.not_your_step", role=context.actor.role, roles="、".join(_WHO)))
    if command.field not in AMENDABLE:
        return Blocked((), message("amend.no_such_field", field=command.field))
    old = text_of(order.details, command.field)
    if old == command.new:
        return Done(())
    refused = (
        _unknown_kind(command, context)
        or _unknown_unit(command, context)
        or _amendment_refused(order, command, context)
    )
    if refused is not None:
        return refused
    with_field(order.details, command.field, command.new)
    return Done((Amended(command.field, old, command.new, command.reason, context.now),))


def _unknown_kind(command: AmendOrder, context: Context) -> Decision | None:
    book = context.rule_book
    if command.field != "kind" or book.kind(command.new) is not None:
        return None
    return unknown_kind(command.new, book)


def _unknown_unit(command: AmendOrder, context: Context) -> Decision | None:
    names = tuple(command.new.split("、")) if command.field in ("lead", "supporting") else ()
    return unknown_unit(names, context)


def _amendment_refused(order: Order, command: AmendOrder, context: Context) -> Decision | None:
    rule = context.rule_book.life.amendments.get(command.field)
    if rule is None or not order.received_at:
        return None
    if rule.roles and context.actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    due = order_clocks.handling(order, context).due
    if rule.before_due and due is not None and context.now > due:
        return Blocked((rule.clause,), message("amend.too_late", field=command.field))
    return None


def decide_supplement(order: Order, command: AddToOrder, context: Context) -> Decision:
    """Anything may be added while the order lives."""
    if order.status in ("new", *OVER):
        return Blocked((), message("amend.not_now"))
    return Done((Supplemented(command.text, context.now),)) if command.text.strip() else Missing(("content",))


def decide_reassignment(order: Order, command: ReassignOrder, context: Context) -> Decision:
    """The platform hands a signed order to another unit; a new limit begins for that unit (A-43)."""
    step = context.rule_book.steps.get("reassign")
    if step is None:
        return Blocked((), message("life.no_reassign", book=context.rule_book.short_title))
    if order.status not in ("dispatched", "signed"):
        return Blocked(
            (step.clause,), message(f"order.step_not_now.{order.status}"), message(f"order.next_step.{order.status}")
        )
    if step.roles and context.actor.role not in step.roles:
        roles = "、".join(step.roles)
        return Blocked((step.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    values = {**command.fields, "lead": command.lead}
    empty = [required for required in step.requires if not values.get(required.field, "").strip()]
    if not command.lead or empty:
        names = tuple(required.field for required in empty) or ("lead",)
        return Missing(names, empty[0].clause if empty else step.clause)
    if command.lead == order.lead and command.supporting == order.supporting:
        return Blocked((step.clause,), message("reassign.same_unit", unit=order.lead))
    refused = lead_refused(step, order, command.lead, command.supporting, context)
    given = Reassigned(command.lead, command.supporting, command.fields, context.now)
    return refused or Done(handed(order, given, context))


def decide_joining(order: Order, command: JoinCaller, context: Context) -> Decision:
    """Another caller joins a running order."""
    if order.status in ("new", *OVER):
        return Blocked((), message("amend.not_now"))
    return Done(
        (
            CallerJoined(
                call=command.call,
                caller_name=command.caller_name,
                caller_number=command.caller_number,
                note=command.note,
                occurred_at=context.now,
            ),
        )
    )
