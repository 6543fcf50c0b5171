"""The lists of the monitor: how many stand on each, and their lines, masked as everything else."""

from __future__ import annotations

import msgspec

from agent_console.desk.listing import sight, visible
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.order_lists import moments
from agent_console.desk.reports.figures import bring_up_to_date
from agent_console.desk.reports.statistics import topic_told
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.work_order.orders import Order
from agent_console.store.projections.watching import ORDER_LISTS, Topic, Turned, WatchBoard

ORDERS = tuple(ORDER_LISTS)
"""Lists of orders by name."""
MOST = 100
"""Lines of one list; the count tells how many there are."""
_TOPICS = 30


class Watched(msgspec.Struct, frozen=True):
    """An order on a list, with the clock that ends next: its name and its due time, 0 where none runs."""

    order: Order
    clock: str = ""
    due: Instant = 0


class HotTopic(msgspec.Struct, frozen=True):
    """What orders are about, and where, in words; curve: orders in each of the last 24 hours, the oldest first."""

    name: str
    district: str
    hour: int
    day: int
    curve: tuple[int, ...]


class Counts(msgspec.Struct, frozen=True):
    """How many stand on each list of orders; what the server turned down; what of the day was refused or urgent."""

    orders: dict[str, int]
    conflicts: int
    refused: int
    emergencies: int

    @property
    def by_list(self) -> dict[str, int]:
        """All of them by the name of the list."""
        rest = {"conflicts": self.conflicts, "refused": self.refused, "emergencies": self.emergencies}
        return {**self.orders, **rest}


def board(opened: OpenDesk) -> WatchBoard:
    """The open columns, as far as whoever asks sees."""
    desk = opened.desk
    return WatchBoard(opened.store.connection, desk.rule_book.code, sight(desk))


def counts(opened: OpenDesk) -> Counts:
    """All counts at once; due times are brought up to date before."""
    bring_up_to_date(opened.desk)
    asked = board(opened)
    conflicts = opened.store.outbox.in_tray()
    return Counts(asked.counts(moments(opened)), conflicts, len(refused(opened)), len(emergencies(opened)))


def orders(opened: OpenDesk, name: str) -> tuple[Watched, ...]:
    """The lines of one list, those first whose clock ends first."""
    found = board(opened).orders(name, moments(opened), MOST)
    streams = [one.stream for one in found]
    seen = {f"order:{order.id}": order for order in visible(opened.desk, opened.records.orders_of(streams))}
    return tuple(Watched(seen[one.stream], one.clock, one.due) for one in found if one.stream in seen)


def refused(opened: OpenDesk) -> list[Turned]:
    """What was refused today."""
    return board(opened).refused(_today(opened), MOST)


def emergencies(opened: OpenDesk) -> list[Turned]:
    """What was an emergency today."""
    # Late: the screening's words are read when somebody looks.
    from knowledge.screening.model import EMERGENCIES

    return board(opened).emergencies(_today(opened), EMERGENCIES, MOST)


def topics(opened: OpenDesk) -> tuple[HotTopic, ...]:
    """Topics of the last hour and day, each with its curve, the most frequent first; named where it may be."""
    asked, now = board(opened), opened.desk.clock.now()
    return tuple(_topic(opened, asked, topic, now) for topic in asked.topics(now, _TOPICS))


def _topic(opened: OpenDesk, asked: WatchBoard, topic: Topic, now: Instant) -> HotTopic:
    curve = tuple(asked.curve(now, topic.topic, topic.district))
    return HotTopic(topic_told(opened.desk, topic.newest), topic.district, topic.hour, topic.day, curve)


def curve(opened: OpenDesk) -> tuple[int, ...]:
    """Orders raised in each of the last 24 hours, the oldest first."""
    return tuple(board(opened).curve(opened.desk.clock.now()))


def _today(opened: OpenDesk) -> str:
    return local_date(opened.desk.clock.now()).isoformat()
