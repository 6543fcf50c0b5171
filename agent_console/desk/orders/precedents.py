"""Who handled a matter of this sort by decision of the government: kept, and proposed first the next time."""

from __future__ import annotations

from difflib import SequenceMatcher

import msgspec

from agent_console.desk.desk import Desk
from agent_console.domain.work_order.order_life_facts import PrecedentSet, Recorded
from agent_console.domain.work_order.orders import Order, OrderDetails

_STREAM = "line:precedents"
_LEAST_ALIKE = 0.8
PRECEDENT = "precedent"
"""The flag that a ruling sets which later orders follow."""


def keep(desk: Desk, order: Order, happened: tuple[msgspec.Struct, ...]) -> None:
    """Inside a transaction: keep a ruling on the unit that was just written, where the book makes it a precedent."""
    records = desk.context_for(order).rule_book.life.records
    for body in happened:
        rule = records.get(body.record) if isinstance(body, Recorded) else None
        if isinstance(body, Recorded) and rule is not None and rule.binds and PRECEDENT in rule.sets:
            desk.note(_STREAM, _precedent(order, body, body.fields.get(rule.binds, "")))


def _precedent(order: Order, ruling: Recorded, lead: str) -> PrecedentSet:
    details = order.details
    return PrecedentSet(
        order=order.number,
        kind=details.kind,
        title=details.title,
        concerns=details.concerns,
        lead=lead,
        supporting=tuple(unit for unit in ruling.fields.get("supporting", "").split("、") if unit),
        occurred_at=ruling.occurred_at,
    )


def proposed(desk: Desk, details: OrderDetails) -> PrecedentSet | None:
    """The newest precedent for a matter of this sort: the same kind, the same party or nearly the same title."""
    kept = (event.fact for event in reversed(desk.store.log.load(_STREAM)))
    return next((body for body in kept if isinstance(body, PrecedentSet) and _is_alike(body, details)), None)


def _is_alike(precedent: PrecedentSet, details: OrderDetails) -> bool:
    if precedent.kind != details.kind:
        return False
    same_party = bool(details.concerns) and precedent.concerns == details.concerns
    return same_party or SequenceMatcher(None, precedent.title, details.title).ratio() >= _LEAST_ALIKE
