"""督查: what waits, is due today, is late or unsigned, each order with the lists it stands on."""

from __future__ import annotations

from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.lists import Watch, WatchedOrder, watch
from agent_console.domain.instants import local
from agent_console.domain.work_order.order_numbers import TAIL, grouped
from agent_console.texts import say
from screens.columns import columns
from screens.list_screen import ListScreen, Row

_NARROW = 100


class WatchScreen(ListScreen[Watch]):
    """Typing the name of a list shows the orders on it; Enter opens one."""

    empty = "watch.none"

    def read(self, opened: OpenDesk) -> Watch:
        """On the desk's thread."""
        return watch(opened)

    def rows_of(self, found: Watch) -> tuple[Row, ...]:
        """A line per order."""
        return tuple(_row(order) for order in found.orders)

    def title_of(self, found: Watch) -> str:
        """How many stand on each list, and as of when."""
        counts = "  ".join(say("watch.count", name=name, count=count) for name, count in found.counts)
        return say("watch.title", counts=counts, time=f"{local(found.now):%H:%M}")


def _row(watched: WatchedOrder) -> Row:
    told = {name: str(value or "") for name, value in watched.row.items()}
    lists = say("sign.list").join(watched.lists)

    def line(width: int) -> str:
        narrow = width < _NARROW
        number = told["number"][-TAIL:] if narrow else grouped(told["number"])
        cells = [(number, 5 if narrow else 17), (lists, 28), (told["due"][:10], 10), (told["lead"], 12)]
        return columns([*cells, (told["title"], 0)], width)

    words = " ".join((told["number"], told["kind"], told["title"], told["lead"], lists)).lower()
    return Row(told["id"], line, words, "over" if watched.is_late else "calm")
