"""Today: my calls and orders, newest first."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_console.domain.instants import Instant, local
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import name_of
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from agent_console.texts.masking import masked_name, masked_number


class DayPane(OptionList):
    """What was done today; shown while no call is in hand. `chosen` gives the order or call of a line."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__(id="day")

    def show(self, calls: list[Call] | None, orders: list[Order], now: Instant) -> None:
        """List orders and calls of the day; None: whoever works here takes no calls."""
        self.clear_options()
        key = "day.head_orders" if calls is None else "day.head"
        head = say(key, date=f"{local(now):%m-%d}", calls=len(calls or ()), orders=len(orders))
        self.add_option(Option(Content(head), disabled=True))
        for order in orders:
            self.add_option(Option(Content(_order(order)), id=f"order:{order.id}"))
        for call in calls or ():
            self.add_option(Option(Content(_call(call)), id=f"call:{call.id}"))
        if not calls and not orders:
            self.add_option(Option(Content(say("day.no_orders" if calls is None else "day.empty")), disabled=True))


def _order(order: Order) -> str:
    return say(
        "day.order",
        time=f"{local(order.raised_at):%H:%M}",
        number=grouped(order.number),
        status=say(f"order_status.{order.status}"),
        kind=order.details.kind,
        title=order.details.title,
    )


def _call(call: Call) -> str:
    outcomes = "、".join(say(f"outcome.{name_of(matter.outcome)}") for matter in call.matters if matter.outcome)
    unfinished = say(f"call_status.{call.status}") if call.unfinished else ""
    return say(
        "day.call",
        time=f"{local(call.taken_at):%H:%M}",
        number=masked_number(call.number) or say("call_line.hidden"),
        name=masked_name(call.caller_name),
        status=call.reason or "  ".join(part for part in (unfinished, outcomes) if part),
    )
