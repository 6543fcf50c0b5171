"""What this number brought before."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.desk.records import History
from agent_console.domain.calls import Call
from agent_console.domain.instants import Instant
from agent_console.domain.order_numbers import grouped
from agent_console.domain.orders import Order
from agent_console.domain.outcomes import Refused, name_of
from agent_console.texts import say
from screens.timing import day_and_time

_LINES = 8


class HistoryPane(Static):
    """Open orders first, then earlier calls, newest first."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__("", markup=False, id="history")

    def show(self, history: History, now: Instant) -> None:
        """List it; the pane is hidden where there is nothing."""
        lines = [_order_line(order, now) for order in history.open_orders]
        lines += [line for call in history.calls for line in _call_lines(call, now)]
        head = say(
            "history.head",
            calls=len(history.calls),
            orders=len(history.open_orders),
            refusals=history.refusals,
        )
        if history.not_compared:
            head += say("secret.not_compared", count=history.not_compared)
        self.display = bool(lines or history.not_compared)
        self.update(Content("\n".join([head, *lines[:_LINES]])))


def _order_line(order: Order, now: Instant) -> str:
    return say(
        "history.order",
        number=grouped(order.number),
        status=say(f"order_status.{order.status}"),
        title=order.details.title,
        time=day_and_time(order.raised_at, now),
    )


def _call_lines(call: Call, now: Instant) -> list[str]:
    when = day_and_time(call.taken_at, now)
    if call.status == "invalid":
        return [say("history.invalid", time=when, reason=call.reason)]
    return [
        say(
            "history.matter",
            time=when,
            outcome=say(f"outcome.{name_of(matter.outcome)}") if matter.outcome else say("history.open"),
            clause=matter.outcome.clause if isinstance(matter.outcome, Refused) else "",
            note=matter.note.replace("\n", " ")[:40],
        )
        for matter in call.matters
    ]
