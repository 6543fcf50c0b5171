"""我的工单: what is in hand, the most pressing first, each with the clock that ends next."""

from __future__ import annotations

from rich.cells import cell_len

from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.worklists import MOST, MyOrder, MyOrders, my_orders
from agent_console.domain.instants import local
from agent_console.domain.work_order.order_numbers import TAIL, grouped
from agent_console.domain.work_order.orders import RUNNING, Order
from agent_console.texts import say
from agent_console.texts.clock_text import left_text, short_due
from agent_console.texts.wording import name_of
from screens.columns import columns
from screens.list_screen import ListScreen, Row

_NARROW = 100


class MyOrdersScreen(ListScreen[MyOrders]):
    """Enter opens the order."""

    def read(self, opened: OpenDesk) -> MyOrders:
        """On the desk's thread."""
        return my_orders(opened)

    def rows_of(self, found: MyOrders) -> tuple[Row, ...]:
        """A line per order."""
        widest = max((cell_len(due_of(mine)) for mine in found.orders), default=0)
        return tuple(_row(mine, widest) for mine in found.orders)

    def title_of(self, found: MyOrders) -> str:
        """How many, how many late, and as of when."""
        running = sum(mine.order.status in RUNNING for mine in found.orders)
        counts = {"running": running, "over": found.count("over"), "near": found.count("near")}
        title = say("my_orders.title", **counts, time=f"{local(found.now):%H:%M}")
        return title + ("   " + say("list.more", count=MOST) if found.more else "")


def _row(mine: MyOrder, widest: int) -> Row:
    order = mine.order
    status = name_of("order_status", order.status)

    def line(width: int) -> str:
        cells = [
            ("!" if order.details.urgency == "urgent" else " ", 1),
            (number_at(order, width), 5 if width < _NARROW else 17),
            (status, 6),
            (due_of(mine), min(widest, 32 if width < _NARROW else 42)),
            (order.details.kind, 4),
            (order.details.title, 0),
        ]
        lead = order.lead or order.details.lead
        return columns([*cells, (lead, 16)] if width >= _NARROW else cells, width)

    return Row(order.id, line, words_of(order, status), mine.state)


def number_at(order: Order, width: int) -> str:
    """The number as it is read aloud, or its last digits where there is no room."""
    return order.number[-TAIL:] if width < _NARROW else grouped(order.number)


def words_of(order: Order, *more: str) -> str:
    """What an order is found by in a list: nothing that tells who the caller is."""
    details = order.details
    words = (order.number, details.kind, details.title, order.lead or details.lead, details.district, *more)
    return " ".join(words).lower()


def due_of(mine: MyOrder) -> str:
    """The clock that ends next: name, due time, what is left; late is said in words as well as in red."""
    if mine.clock is None:
        return ""
    return " ".join((name_of("limit", mine.limit), short_due(mine.clock), left_text(mine.left))).strip()
