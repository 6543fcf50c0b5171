"""What this number brought before, and what tells of the same matter, whoever brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from agent_console.desk.records import History
from agent_console.domain.instants import Instant
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import Refused, name_of
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.orders import Order
from agent_console.store.mirror import KeptOutline
from agent_console.texts import say
from screens.timing import clock_time, day_and_time

if TYPE_CHECKING:
    from agent_console.desk.calls.earlier import Alike, Earlier

_LINES = 8


class HistoryPane(Static):
    """What is likely the same matter first, then open orders and earlier calls of the number, newest first."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__("", markup=False, id="history")
        self._of_number: tuple[str, list[str]] = ("", [])
        self._same: list[str] = []
        self._not_compared = 0
        self._cut_off_since = 0

    def show(self, history: History, now: Instant) -> None:
        """List it; the pane is hidden where there is nothing."""
        lines = [_order_line(order, now) for order in history.open_orders]
        lines += [_outline_line(known, now) for known in history.elsewhere]
        lines += [line for call in history.calls for line in _call_lines(call, now)]
        head = say(
            "history.head",
            calls=len(history.calls),
            orders=len(history.open_orders),
            refusals=history.refusals,
        )
        if history.not_compared:
            head += say("secret.not_compared", count=history.not_compared)
        self._of_number = (head, lines)
        self._not_compared = history.not_compared
        self._draw()

    def show_earlier(self, earlier: Earlier | None, now: Instant) -> None:
        """List what is likely the same matter; None: nothing was compared yet."""
        same = [] if earlier is None else _same_lines(earlier, now)
        if same != self._same:
            self._same = same
            self._draw()

    def cut_off_since(self, since: Instant) -> None:
        """Since when (UTC microseconds) nothing of other seats could be looked at; 0 where it can."""
        if since != self._cut_off_since:
            self._cut_off_since = since
            self._draw()

    def _draw(self) -> None:
        head, lines = self._of_number
        cut_off = [say("alike.cut_off", time=clock_time(self._cut_off_since))] if self._cut_off_since else []
        self.display = bool(self._same or cut_off or lines or self._not_compared)
        self.update(Content("\n".join([*self._same, *cut_off, *([head] if head else []), *lines][: _LINES + 1])))


def _order_line(order: Order, now: Instant) -> str:
    return say(
        "history.order",
        number=grouped(order.number),
        status=say(f"order_status.{order.status}"),
        title=order.details.title,
        time=day_and_time(order.raised_at, now),
    )


def _outline_line(known: KeptOutline, now: Instant) -> str:
    return say(
        "history.elsewhere",
        number=grouped(known.number),
        status=say(f"order_status.{known.status}"),
        place=known.place,
        time=day_and_time(known.as_of, now),
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


def _same_lines(earlier: Earlier, now: Instant) -> list[str]:
    lines = [
        say(
            "alike.order",
            common=_common(earlier.why.get(order.id)),
            number=grouped(order.number),
            status=say(f"order_status.{order.status}"),
            title=order.details.title,
            time=day_and_time(order.raised_at, now),
        )
        for order in earlier.orders
    ]
    lines += [
        say("alike.call", common=_common(earlier.why.get(call.id)), told=line)
        for call in earlier.calls
        for line in _call_lines(call, now)[:1]
    ]
    return [say("alike.head", count=len(lines)), *lines] if lines else []


def _common(alike: Alike | None) -> str:
    if alike is None:
        return ""
    common = (say("alike.number") if alike.same_number else "", say("alike.place") if alike.same_place else "")
    return "".join(common) + say("alike.trouble")
