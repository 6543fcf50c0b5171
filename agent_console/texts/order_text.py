"""The facts of an order as text: masked unless they are asked for, channels and caller types by their names."""

from __future__ import annotations

import msgspec

from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.attachments import counting, wanted
from agent_console.domain.work_order.order_rules import AttachmentRule
from agent_console.domain.work_order.orders import Order, OrderDetails
from agent_console.texts import say
from agent_console.texts.masking import masked_name, masked_number
from agent_console.texts.wording import moment, name_of, names_of

_INSTANTS = ("received_at", "superior_due")
_NAMED = ("urgency", "complexity", "form")
_BY_BOOK = ("channel", "caller_type")
_NAMES = ("caller_name",)
_NUMBERS = ("caller_number", "contact_number")
IDENTITY = (*_NAMES, *_NUMBERS)
"""Fields that tell who the caller is."""


def facts_of(order: Order, *, unmask: bool, book: RuleBook | None = None) -> dict[str, str]:
    """What stands on the form, as text by field; with `book`, channel and caller type by name.

    Nothing of a confidential order for those who may not read it.
    """
    if order.withheld:
        return {"title": say("secret.title")}
    details = msgspec.structs.replace(
        order.details, lead=order.lead or order.details.lead, supporting=order.supporting or order.details.supporting
    )
    named = {known.id: known.name for known in (*book.channels, *book.caller_types)} if book else {}
    told = {
        field: _shown(field, getattr(details, field), unmask=unmask)
        for field in OrderDetails.__struct_fields__
        if getattr(details, field)
    }
    return {field: named.get(text, text) if field in _BY_BOOK else text for field, text in told.items() if text}


def way_of(order: Order) -> list[str]:
    """Where the order is beside its lead: pushed to an agency above, passed on to units below."""
    pushed = say("order.pushed_to", agency=order.agency, unit=order.pushed_for) if order.agency else ""
    passed = say("order.passed_to", units=names_of("unit", order.passed)) if order.passed else ""
    return [line for line in (pushed, passed) if line]


def _shown(field: str, value: object, *, unmask: bool) -> str:
    match value:
        case bool():
            return say("sign.yes")
        case int():
            return moment(value) if field in _INSTANTS else str(value)
        case tuple():
            return names_of("unit", value)
    text = str(value)
    if field in _NAMES:
        return text if unmask else masked_name(text)
    if field in _NUMBERS:
        return text if unmask else masked_number(text)
    return name_of(field, text) if field in _NAMED else text


def attached_text(order: Order, book: RuleBook) -> str:
    """The files of an order; while its result is due, the photo the book would like to see and does not have."""
    files = [say("attachment.named", name=one.name, sort=name_of("media", one.sort)) for one in counting(order)]
    rule = wanted(order, "complete", book.life) if order.status == "signed" else None
    return say("sign.list").join([*files, *([wanted_text(rule)] if rule is not None else [])])


def wanted_text(rule: AttachmentRule) -> str:
    """What a rule book would like to see, and that it is not owed."""
    return say("attachment.wanted", sorts=names_of("media", rule.sorts), clause=rule.clause)
