"""What an order still owes: records a step waits for."""

from __future__ import annotations

from agent_console.domain.order_rules import Duty, Facts, OrderRules
from agent_console.domain.orders import Order, text_of

_FLAG = "flag."


def owed(order: Order, rules: OrderRules, fields: dict[str, str] | None = None) -> tuple[Duty, ...]:
    """Duties that hold for the order and whose record is missing; `fields` are those of the step in hand."""
    return tuple(
        duty
        for duty in rules.duties
        if _has_arisen(duty, order) and holds(duty.when, order, fields or {}) and not _fulfilled(duty, order)
    )


def blocking(order: Order, rules: OrderRules, step: str, fields: dict[str, str] | None = None) -> tuple[Duty, ...]:
    """Duties that `step` waits for."""
    return tuple(duty for duty in owed(order, rules, fields) if step in duty.before)


def _has_arisen(duty: Duty, order: Order) -> bool:
    return not duty.after or bool(order.recorded(duty.after))


def _fulfilled(duty: Duty, order: Order) -> bool:
    since = {"handling": order.redo_at, "unit": order.received_at, "order": 0}[duty.per]
    if duty.after:
        since = max(since, order.recorded(duty.after)[-1].occurred_at)
    return any(entry.occurred_at >= since for entry in order.recorded(duty.record))


def holds(facts: Facts, order: Order, fields: dict[str, str]) -> bool:
    """Whether all of these facts hold of the order, or of the fields of the step in hand."""
    return all(_matches(name, wanted, order, fields) for name, wanted in facts.items())


def _matches(name: str, wanted: bool | str | tuple[str, ...], order: Order, fields: dict[str, str]) -> bool:
    if name.startswith(_FLAG):
        return (name.removeprefix(_FLAG) in order.flags) is bool(wanted)
    value = fields.get(name) or _fact(name, order)
    if isinstance(wanted, bool):
        return bool(value and value != "false") is wanted
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def _fact(name: str, order: Order) -> str:
    match name:
        case "urgent":
            return "true" if order.details.urgency == "urgent" else ""
        case "joint":
            return "true" if order.supporting else ""
        case "redo":
            return "true" if order.redos else ""
        case "extended":
            return "true" if order.extensions else ""
        case "rating":
            return order.rating
        case _:
            return text_of(order.details, name) if name in type(order.details).__struct_fields__ else ""
