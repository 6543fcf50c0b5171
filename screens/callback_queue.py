"""回访: whom to call back, the dissatisfied first where the rule book says so."""

from __future__ import annotations

from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.worklists import MOST, CallbackQueue, callback_queue
from agent_console.domain.instants import local
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from agent_console.texts.masking import masked_name, masked_number
from agent_console.texts.wording import name_of
from screens.columns import columns
from screens.list_screen import ListScreen, Row
from screens.my_orders import number_at, words_of

_NARROW = 100


class CallbackScreen(ListScreen[CallbackQueue]):
    """Enter opens the order, where the callback is written down."""

    def read(self, opened: OpenDesk) -> CallbackQueue:
        """On the desk's thread."""
        return callback_queue(opened)

    def rows_of(self, found: CallbackQueue) -> tuple[Row, ...]:
        """A line per order."""
        return tuple(_row(order, tries) for order, tries in found.orders)

    def title_of(self, found: CallbackQueue) -> str:
        """How many wait, whether all are called or a share, and as of when."""
        rule = found.rule
        if rule is None:
            return say("callbacks.none", book=self.seat.book.short_title)
        mode = (
            say("callbacks.all", clause=rule.clause)
            if rule.mode == "all"
            else say("callbacks.sample", percent=found.share, clause=rule.clause)
        )
        title = say("callbacks.title", waiting=len(found.orders), mode=mode, time=f"{local(found.now):%H:%M}")
        return title + ("   " + say("list.more", count=MOST) if found.more else "")


def _row(order: Order, tries: int) -> Row:
    rating = name_of("value", order.rating) if order.rating else ""
    details = order.details
    tried = say("callbacks.tries", count=tries) if tries else say("callbacks.untried")

    def line(width: int) -> str:
        cells = [
            (number_at(order, width), 5 if width < _NARROW else 17),
            (f"{local(order.completed_at):%m-%d %H:%M}", 11),
            (rating, 6),
            (tried, 7),
            (masked_name(details.caller_name), 4),
            (masked_number(details.contact_number or details.caller_number), 11),
            (details.title, 0),
        ]
        return columns(cells, width)

    return Row(order.id, line, words_of(order, rating), "near" if order.rating == "dissatisfied" else "calm")
