"""The steps of an order: who may take them, what they need, what blocks them, on which clause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.intake import transfers
from agent_console.domain.intake.admission import is_closed, unknown_kind
from agent_console.domain.messages import message
from agent_console.domain.rule_book import RequiredField, Step
from agent_console.domain.time_limits.counting import MOST
from agent_console.domain.time_limits.working_time import just_after
from agent_console.domain.units import service_lines
from agent_console.domain.units.directory_places import unknown_unit
from agent_console.domain.work_order import duties, order_clocks
from agent_console.domain.work_order.order_details import CHOICES, text_of
from agent_console.domain.work_order.order_secrecy import asked_for
from agent_console.domain.work_order.order_units import handed, lead_refused, sent_back
from agent_console.domain.work_order.orders import (
    ExtensionRefused,
    ExtensionRequested,
    Order,
    OrderCompleted,
    OrderDetails,
    OrderDispatched,
    OrderExtended,
    OrderRaised,
    OrderSigned,
    ReturnRefused,
    ReturnRequested,
)

Fields = dict[str, str]


class RaiseOrder(msgspec.Struct, frozen=True):
    """Make an order of a matter; the number is drawn by the seat's file."""

    order: str
    number: str
    call: str
    matter: str
    details: OrderDetails


class DispatchOrder(msgspec.Struct, frozen=True):
    """Hand it to its units; where none is named, to those on the form."""

    lead: str = ""
    supporting: tuple[str, ...] = ()


class SignOrder(msgspec.Struct, frozen=True):
    """The unit takes it."""

    fields: Fields


class ReturnOrder(msgspec.Struct, frozen=True):
    """The unit says it is not theirs."""

    fields: Fields


class DecideReturn(msgspec.Struct, frozen=True):
    """The line decides a return that was asked for."""

    granted: bool
    reason: str = ""


class ExtendOrder(msgspec.Struct, frozen=True):
    """The unit needs `days` more working days."""

    days: int
    fields: Fields


class DecideExtension(msgspec.Struct, frozen=True):
    """Whoever consents decides an extension that was asked for; `override` goes beyond the ordinary length."""

    granted: bool
    reason: str = ""
    override: bool = False


class CompleteOrder(msgspec.Struct, frozen=True):
    """Handled and answered."""

    fields: Fields


Command = (
    RaiseOrder | DispatchOrder | SignOrder | ReturnOrder | DecideReturn | ExtendOrder | DecideExtension | CompleteOrder
)


def decide(order: Order, command: Command, context: Context) -> Decision:
    """What the command leads to, by the rule book of the context."""
    return _DECIDE[type(command)](order, command, context)


def missing_on_form(details: OrderDetails, context: Context) -> tuple[RequiredField, ...]:
    """Required fields of the form that are empty, in the order of the rule book."""
    filled = {
        "caller_type": details.caller_type,
        "caller_name": details.caller_name or details.anonymous,
        "kind": details.kind,
        "channel": details.channel,
        "title": details.title,
        "content": details.content,
        "place": details.place,
        "lead": details.lead,
        "contact": details.contact_number or details.caller_number,
    }
    at = details.received_at or context.now
    closed = None if details.off_hours_reason.strip() else is_closed(details.channel, at, context)
    return tuple(
        required
        for required in context.rule_book.required
        if _is_asked(required, details)
        and _is_empty(filled.get(required.field, getattr(details, required.field, True)))
    ) + ((RequiredField("off_hours_reason", closed.clause),) if closed else ())


def _is_asked(required: RequiredField, details: OrderDetails) -> bool:
    return (
        (not required.kinds or details.kind in required.kinds)
        and (not required.channels or details.channel in required.channels)
        and (not required.beside or bool(getattr(details, required.beside)))
        and all(text_of(details, field) == value for field, value in required.where.items())
    )


def _is_empty(value: object) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _raise(order: Order, command: RaiseOrder, context: Context) -> Decision:
    if order.status != "new":
        return Blocked((), message("order.already_raised"))
    missing = missing_on_form(command.details, context)
    if missing:
        clause = next((required.clause for required in missing if required.clause), "")
        return Missing(tuple(required.field for required in missing), clause)
    details = command.details
    refused = _unknown_to_book(details, context) or _wrong_on_form(details, context) or _no_such_choice(details)
    refused = refused or service_lines.refused(command.details, context)
    if refused is None and command.call:
        refused = transfers.owed(command.details, context)
    if refused is not None:
        return refused
    told = {**msgspec.structs.asdict(command), "details": service_lines.by_name(command.details, context)}
    book = context.rule_book
    raised = OrderRaised(**told, occurred_at=context.now, rule_book=book.code, book_version=book.version)
    beside = (*service_lines.merged(command.details, context), *asked_for(command.details, context))
    return Done((raised, *beside))


def _unknown_to_book(details: OrderDetails, context: Context) -> Decision | None:
    book = context.rule_book
    if book.kind(details.kind) is None:
        return unknown_kind(details.kind, book)
    for field, value, known in (
        ("channel", details.channel, book.channels),
        ("caller_type", details.caller_type, book.caller_types),
    ):
        if value and value not in {named.id for named in known}:
            return Missing((field,), known[0].clause if known else "")
    return unknown_unit((details.lead, *details.supporting), context)


def _no_such_choice(details: OrderDetails) -> Decision | None:
    wrong = tuple(field for field, allowed in CHOICES.items() if getattr(details, field) not in allowed)
    return Missing(wrong) if wrong else None


def _wrong_on_form(details: OrderDetails, context: Context) -> Decision | None:
    """A field of the form that says something else than the book lists."""
    for required in context.rule_book.required:
        if not required.values or not _is_asked(required, details):
            continue
        told = text_of(details, required.field)
        if told and told not in required.values:
            allowed = "、".join(required.values)
            return Blocked((required.clause,), message("record.not_allowed", value=told, allowed=allowed))
    return None


def _dispatch(order: Order, command: DispatchOrder, context: Context) -> Decision:
    step = context.rule_book.steps["dispatch"]
    refused = _not_allowed(step, order, context, ("raised", "returned"))
    if refused is not None:
        return refused
    lead = command.lead or order.details.lead
    named = bool(command.lead or command.supporting)
    supporting = command.supporting if named else order.details.supporting
    if not lead:
        return Missing(("lead",), step.clause)
    if lead in supporting:
        return Blocked((), message("order.lead_supports_itself", unit=lead))
    refused = lead_refused(step, order, lead, supporting, context)
    return refused or Done(handed(order, OrderDispatched(lead, supporting, context.now), context))


def _sign(order: Order, command: SignOrder, context: Context) -> Decision:
    step = context.rule_book.steps["sign"]
    refused = _not_allowed(step, order, context, ("dispatched",)) or _missing(step, command.fields, order)
    if refused is not None:
        return refused
    return Done((OrderSigned(order.lead, command.fields, context.now),))


def _return(order: Order, command: ReturnOrder, context: Context) -> Decision:
    step = context.rule_book.steps["return"]
    refused = (
        _not_allowed(step, order, context, ("dispatched", "signed"))
        or _return_door(step, order, context)
        or _missing(step, command.fields, order)
    )
    if refused is not None:
        return refused
    if step.decided_by:
        return Done((ReturnRequested(order.lead, command.fields, context.now),))
    return Done(sent_back(order, command.fields, context))


def _return_door(step: Step, order: Order, context: Context) -> Decision | None:
    if order.status == "signed" and step.only_before_signing:
        return Blocked((step.clause,), message("order.return_after_signing"), message("order.handle_or_reassign"))
    if order.lead in order.refused_returns:
        return Blocked((step.deciding,), message("order.return_refused_before"), message("order.handle_it"))
    if order.return_requested:
        return Blocked((step.deciding,), message("order.return_waits"))
    window = order_clocks.return_window(order, context)
    due = window.due if window is not None and not window.immediate else None
    if window is not None and due is not None and context.now >= just_after(due):
        return Blocked(
            (window.clause,), message("order.return_too_late", date=str(window.day)), message("order.handle_it")
        )
    return None


def _decide_return(order: Order, command: DecideReturn, context: Context) -> Decision:
    step = context.rule_book.steps["return"]
    if not order.return_requested:
        return Blocked((step.deciding,), message("order.no_return_asked"))
    refused = _not_decider(step, context)
    if refused is not None:
        return refused
    if command.granted:
        return Done(sent_back(order, {"reason": command.reason}, context))
    if _is_empty(command.reason):
        return Missing(("reason",), step.deciding)
    return Done((ReturnRefused(command.reason, context.now),))


def _extend(order: Order, command: ExtendOrder, context: Context) -> Decision:
    step = context.rule_book.steps["extend"]
    wanted = command.days or order_clocks.days_until(order, command.fields.get("new_due", ""), context)
    days = str(wanted) if 0 < wanted <= MOST else ""
    refused = _not_allowed(step, order, context, ("dispatched", "signed")) or _missing(
        step, {**command.fields, "days": days}, order
    )
    if refused is None and wanted and not days:
        refused = Missing(("days",), step.clause)
    if refused is not None:
        return refused
    if order.extension_requested is not None:
        return Blocked((step.deciding,), message("order.extension_waits"))
    verdict = order_clocks.extension(order, wanted, context)
    if verdict.decision == "refuse":
        return Blocked((verdict.clause,), verdict.reason)
    if step.decided_by:
        return Done((ExtensionRequested(verdict.days, command.fields, context.now),))
    if verdict.decision == "override_required" or verdict.due is None:
        return Blocked((verdict.clause,), verdict.reason)
    return Done((OrderExtended(verdict.days, verdict.due, verdict.clause, command.fields, context.now),))


def _decide_extension(order: Order, command: DecideExtension, context: Context) -> Decision:
    step = context.rule_book.steps["extend"]
    asked = order.extension_requested
    if asked is None:
        return Blocked((step.deciding,), message("order.no_extension_asked"))
    refused = _not_decider(step, context)
    if refused is not None:
        return refused
    if command.granted:
        return _grant_extension(order, asked, command, context)
    if _is_empty(command.reason):
        return Missing(("reason",), step.deciding)
    return Done((ExtensionRefused(command.reason, context.now),))


def _grant_extension(order: Order, asked: ExtensionRequested, command: DecideExtension, context: Context) -> Decision:
    step = context.rule_book.steps["extend"]
    at_request = msgspec.structs.replace(context, now=asked.occurred_at)
    verdict = order_clocks.extension(order, asked.days, at_request)
    beyond = verdict.decision == "override_required"
    if beyond and not command.override:
        return NeedsOverride(step.decided_by[0], verdict.clause, verdict.reason)
    if beyond:
        verdict = order_clocks.extension(order, asked.days, at_request, override=True)
    if verdict.decision == "refuse" or verdict.due is None:
        return Blocked((verdict.clause,), verdict.reason)
    return Done(
        (
            OrderExtended(
                days=verdict.days,
                due=verdict.due,
                clause=verdict.clause,
                fields={**asked.fields, "decided_by": context.actor.name, "decision": command.reason},
                occurred_at=context.now,
                override=beyond,
            ),
        )
    )


def _complete(order: Order, command: CompleteOrder, context: Context) -> Decision:
    step = context.rule_book.steps["complete"]
    refused = _not_allowed(step, order, context, ("signed",)) or _missing(step, command.fields, order)
    if refused is not None:
        return refused
    if order.return_requested:
        return Blocked((step.deciding,), message("order.return_waits"))
    return Done((OrderCompleted(order.lead, command.fields, context.now),))


def _not_allowed(step: Step, order: Order, context: Context, when: tuple[str, ...]) -> Decision | None:
    if order.status not in when:
        return Blocked(
            (step.clause,), message(f"order.step_not_now.{order.status}"), message(f"order.next_step.{order.status}")
        )
    if step.roles and context.actor.role not in step.roles:
        return Blocked(
            (step.clause,), message("order.not_your_step", role=context.actor.role, roles="、".join(step.roles))
        )
    if context.actor.unit and order.lead and context.actor.unit not in order.handlers:
        return Blocked((step.clause,), message("order.not_your_order", unit=order.lead))
    return None


def _not_decider(step: Step, context: Context) -> Decision | None:
    if context.actor.role in step.decided_by:
        return None
    return Blocked(
        (step.deciding,), message("order.not_your_step", role=context.actor.role, roles="、".join(step.decided_by))
    )


def _missing(step: Step, fields: Fields, order: Order) -> Decision | None:
    asked = [
        required
        for required in step.requires
        if (not required.kinds or order.details.kind in required.kinds)
        and duties.holds(required.only, order, {})
        and all(fields.get(field) == value for field, value in required.where.items())
    ]
    empty = [required for required in asked if not required.optional and _is_empty(fields.get(required.field))]
    if empty:
        return Missing(tuple(required.field for required in empty), empty[0].clause)
    wrong = [
        required
        for required in asked
        if required.values and fields.get(required.field, "") not in ("", *required.values)
    ]
    if not wrong:
        return None
    allowed = "、".join(wrong[0].values)
    return Blocked((wrong[0].clause,), message("record.not_allowed", value=fields[wrong[0].field], allowed=allowed))


_DECIDE: dict[type, Callable[[Order, Any, Context], Decision]] = {
    RaiseOrder: _raise,
    DispatchOrder: _dispatch,
    SignOrder: _sign,
    ReturnOrder: _return,
    DecideReturn: _decide_return,
    ExtendOrder: _extend,
    DecideExtension: _decide_extension,
    CompleteOrder: _complete,
}
