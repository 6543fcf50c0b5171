"""Calls and orders as JSON: instants in ISO with offset, names and numbers masked unless they are asked for."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import Instant, iso
from agent_console.domain.intake.admission import refused_by_number
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.matters import Matter
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.clock_history import ClockChange
from agent_console.domain.work_order.exchange import IMPORTED
from agent_console.domain.work_order.order_life import stage_of
from agent_console.domain.work_order.order_units import answering
from agent_console.domain.work_order.orders import Order
from agent_console.resources.rule_books import load_book
from agent_console.texts.clock_text import ENDS
from agent_console.texts.explain import explain
from agent_console.texts.masking import masked_name, masked_number
from agent_console.texts.wording import name_of

_NAMES = ("caller_name",)
_NUMBERS = ("number", "contact", "caller_number", "contact_number")
_KEPT_FROM_TIME_LINE = ("book_version", "details", "occurred_at", "order", "number", "call", "matter", "by", "role")

Form = dict[str, Any]


def moment(instant: Instant) -> str | None:
    """ISO with offset; None where it has not happened."""
    return iso(instant) if instant else None


def shown_name(name: str, *, unmask: bool) -> str:
    """A caller's name as it may be seen."""
    return name if unmask else masked_name(name)


def shown_number(number: str, *, unmask: bool) -> str:
    """A caller's number as it may be seen."""
    return number if unmask else masked_number(number)


def _mask(form: Form, *, unmask: bool) -> Form:
    for name in _NAMES:
        form[name] = shown_name(form[name], unmask=unmask)
    for name in _NUMBERS:
        if name in form:
            form[name] = shown_number(form[name], unmask=unmask)
    return form


def call_form(call: Call, book: RuleBook | None = None, *, unmask: bool = False) -> Form:
    """A call with its matters; with the rule book, also the item of the refusal list its number points to."""
    form: Form = msgspec.to_builtins(call)
    for name in ("taken_at", "ended_at", "closed_at"):
        form[name] = moment(getattr(call, name))
    item = refused_by_number(call.channel, call.number, book) if book is not None else None
    form["refused_by_number"] = item.clause if item else ""
    return {**_mask(form, unmask=unmask), "matters": [_matter_form(matter, unmask=unmask) for matter in call.matters]}


def _matter_form(matter: Matter, *, unmask: bool) -> Form:
    form: Form = msgspec.to_builtins(matter)
    told = (form["outcome"] or {}).get("told", {})
    told.update({name: shown_number(told[name], unmask=unmask) for name in _NUMBERS if name in told})
    return {**form, "opened_at": moment(matter.opened_at), "concluded_at": moment(matter.concluded_at)}


def order_form(
    order: Order, clocks: dict[str, Deadline], *, unmask: bool = False, book: RuleBook | None = None
) -> Form:
    """An order, its form laid flat, and the clocks that run on it; a confidential one as far as it may be seen.

    book: the version it runs under; None: the present one.
    """
    if order.withheld:
        return _outline_form(order, clocks)
    details: Form = msgspec.to_builtins(order.details)
    for name in ("received_at", "superior_due"):
        details[name] = moment(getattr(order.details, name))
    if book is None and order.rule_book:
        book = load_book(order.rule_book)
    form: Form = {
        **_mask(details, unmask=unmask),
        "id": order.id,
        "number": order.number,
        "call": order.call,
        "matter": order.matter,
        "status": order.status,
        "stage": stage_of(order, book.life) if book else "",
        "lead": order.lead or order.details.lead,
        "supporting": list(order.supporting or order.details.supporting),
        "return_requested": order.return_requested,
        "extension_requested": order.extension_requested.days if order.extension_requested else None,
        "extended_days": order.extended_days,
        "units": list(order.units),
        "passed": list(order.passed),
        "pushed": {"agency": order.agency, "unit": order.pushed_for} if order.agency else None,
        "answering": answering(order, book.life) if book else "",
        "returned_by": list(order.returned_by),
        "flags": list(order.flags),
        "rating": order.rating,
        "secret": order.secret,
        "withheld": False,
        "redos": order.redos,
        "resolution": order.result.get("resolution", ""),
    }
    for name in ("raised_at", "received_at", "signed_at", "completed_at"):
        key = "unit_received_at" if name == "received_at" else name
        form[key] = moment(getattr(order, name))
    return {**form, "clocks": [clock_form(limit, clock) for limit, clock in clocks.items()]}


def _outline_form(order: Order, clocks: dict[str, Deadline]) -> Form:
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "secret": order.secret,
        "withheld": True,
        "clocks": [clock_form(limit, clock) for limit, clock in clocks.items()],
    }


def _mask_told(fields: Form, *, unmask: bool) -> Form:
    """A fact with the caller's name and numbers as they may be seen, in a correction of them too."""
    shown = {**dict.fromkeys(_NAMES, shown_name), **dict.fromkeys(_NUMBERS, shown_number)}
    corrected = shown.get(str(fields.get("field", "")))
    told = {
        name: shown[name](value, unmask=unmask)
        for name, value in fields.items()
        if name in shown and value and isinstance(value, str)
    }
    if corrected is not None:
        told |= {name: corrected(fields[name], unmask=unmask) for name in ("old", "new") if name in fields}
    return {**fields, **told}


def clock_form(limit: str, clock: Deadline) -> Form:
    """One clock: when it is due, by which clause, and why."""
    return {
        "limit": limit,
        "due": None if clock.due is None else iso(clock.due),
        "immediate": clock.immediate,
        "provisional": clock.provisional,
        "clause": clock.clause,
        "basis": clock.basis,
        "why": explain(clock),
    }


def change_form(change: ClockChange) -> Form:
    """What became of a clock: which, when, by what, and its start and end before and after."""
    form: Form = msgspec.to_builtins(change)
    instants = ("at", "start_before", "start_after", "before", "after")
    return {**form, "what": name_of("fact", change.cause), **{name: moment(form[name]) for name in instants}}


def event_form(event: Event, *, unmask: bool = False) -> Form:
    """One line of a time line; who called is masked unless it is asked for."""
    envelope = event.envelope
    fields: Form = {} if event.fact is None else _mask_told(msgspec.to_builtins(event.fact), unmask=unmask)
    flat = {**fields, **fields.get("fields", {})}
    told = {
        name: iso(value) if name in ENDS else value
        for name, value in flat.items()
        if name not in (*_KEPT_FROM_TIME_LINE, "fields") and value not in ("", (), False)
    }
    return {
        "at": iso(envelope.occurred_at),
        "type": envelope.type,
        "what": name_of("fact", envelope.type),
        "actor": envelope.actor,
        "role": envelope.role,
        "readable": event.fact is not None,
        "imported": envelope.authority == IMPORTED,
        "fields": told,
    }
