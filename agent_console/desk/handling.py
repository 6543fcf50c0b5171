"""The steps of an order after it was raised: dispatch, sign, return, extend, complete."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.domain import order_steps
from agent_console.domain.decisions import Decision
from agent_console.domain.order_clocks import running
from agent_console.domain.order_steps import (
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    Fields,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.rule_due import Deadline


def dispatch(desk: Desk, order_id: str, lead: str = "", supporting: tuple[str, ...] = ()) -> Decision:
    """Hand an order to its units; without `lead` to those on the form."""
    return desk.on_order(order_id, order_steps.decide, DispatchOrder(lead, supporting))


def sign(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """The unit takes the order."""
    return desk.on_order(order_id, order_steps.decide, SignOrder(fields))


def return_(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """The unit sends it back, or asks to where the line decides."""
    return desk.on_order(order_id, order_steps.decide, ReturnOrder(fields))


def decide_return(desk: Desk, order_id: str, *, granted: bool, reason: str) -> Decision:
    """The line decides a return."""
    return desk.on_order(order_id, order_steps.decide, DecideReturn(granted, reason))


def extend(desk: Desk, order_id: str, days: int, fields: Fields) -> Decision:
    """The unit needs more time."""
    return desk.on_order(order_id, order_steps.decide, ExtendOrder(days, fields))


def decide_extension(desk: Desk, order_id: str, *, granted: bool, reason: str, override: bool = False) -> Decision:
    """Whoever consents decides an extension."""
    return desk.on_order(order_id, order_steps.decide, DecideExtension(granted, reason, override))


def complete(desk: Desk, order_id: str, fields: Fields) -> Decision:
    """Handled and answered."""
    return desk.on_order(order_id, order_steps.decide, CompleteOrder(fields))


def clocks(desk: Desk, order_id: str) -> dict[str, Deadline]:
    """The clocks that run on the order now, by limit."""
    return running(desk.order(order_id), desk.context())
