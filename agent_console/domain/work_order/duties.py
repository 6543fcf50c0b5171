"""What an order still owes: records a step waits for."""

from __future__ import annotations

from agent_console.domain.work_order.order_details import text_of
from agent_console.domain.work_order.order_rules import Duty, Facts, OrderRules
from agent_console.domain.work_order.orders import Order

_BY_CHOICE = {"return", "reassign", "extend"}
_FLAG = "flag."
_RECORD = "record."
_RESULT = "result."


def owed(order: Order, rules: OrderRules, fields: dict[str, str] | None = None) -> tuple[Duty, ...]:
    """Duties that hold for the order and whose record is missing; `fields` are those of the step in hand."""
    return tuple(
        duty
        for duty in rules.duties
        if _has_arisen(duty, order) and holds(duty.when, order, fields or {}) and not _fulfilled(duty, order)
    )


def pending(order: Order, rules: OrderRules, fields: dict[str, str] | None = None) -> tuple[Duty, ...]:
    """Duties to remind of; those that only stand before a step nobody has to take are left out."""
    return tuple(duty for duty in owed(order, rules, fields) if not duty.before or set(duty.before) - _BY_CHOICE)


def blocking(order: Order, rules: OrderRules, step: str, fields: dict[str, str] | None = None) -> tuple[Duty, ...]:
    """Duties that `step` waits for."""
    return tuple(duty for duty in owed(order, rules, fields) if step in duty.before)


def _has_arisen(duty: Duty, order: Order) -> bool:
    return not duty.after or bool(order.recorded(duty.after))


def _fulfilled(duty: Duty, order: Order) -> bool:
    since = {
        "handling": order.redo_at,
        "unit": order.received_at,
        "result": order.completed_at,
        "extension": order.extended_at,
        "order": 0,
    }[duty.per]
    if duty.after:
        since = max(since, order.recorded(duty.after)[-1].occurred_at)
    entries = order.recorded(duty.record)
    if duty.per == "unit":
        entries = tuple(entry for entry in entries if entry.about == order.lead)
    lately = [entry for entry in entries if entry.occurred_at >= since]
    return bool(lately) and all(lately[-1].fields.get(field) == said for field, said in duty.says.items())


def holds(facts: Facts, order: Order, fields: dict[str, str]) -> bool:
    """Whether all of these facts hold of the order, or of the fields of the step in hand."""
    return all(_matches(name, wanted, order, fields) for name, wanted in facts.items())


def _matches(name: str, wanted: bool | str | tuple[str, ...], order: Order, fields: dict[str, str]) -> bool:
    if name.startswith(_FLAG):
        return (name.removeprefix(_FLAG) in order.flags) is bool(wanted)
    value = fields.get(name) or (_written(name, order) if name.startswith(_RECORD) else _fact(name, order))
    if isinstance(wanted, bool):
        return bool(value and value != "false") is wanted
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def _written(name: str, order: Order) -> str:
    record, _, field = name.removeprefix(_RECORD).partition(".")
    entries = [entry for entry in order.recorded(record) if entry.occurred_at >= order.redo_at]
    if not entries or not field:
        return _yes(entries)
    return entries[-1].fields.get(field, "")


def _fact(name: str, order: Order) -> str:
    state = {
        "status": order.status,
        "urgent": _yes(order.details.urgency == "urgent"),
        "joint": _yes(order.supporting or (order.details.supporting if not order.lead else ())),
        "redo": _yes(order.redos),
        "extended": _yes(order.extensions),
        "rating": order.rating,
        "rated": _yes(order.rating),
    }
    if name in state:
        return state[name]
    if name.startswith(_RESULT):
        return order.result.get(name.removeprefix(_RESULT), "")
    return text_of(order.details, name) if name in type(order.details).__struct_fields__ else ""


def _yes(holding: object) -> str:
    return "true" if holding else ""
