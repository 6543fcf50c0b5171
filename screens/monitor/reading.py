"""What the monitor reads on the desk's thread: one glance at everything, and the lines of the list that is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from agent_console.desk.leaving.seeing import calls_refused
from agent_console.desk.monitor import lists
from agent_console.desk.monitor.deciding import SUPERVISE, Governed, governed, step_on
from agent_console.desk.monitor.lists import HotTopic
from agent_console.desk.monitor.snapshot import Glance
from agent_console.desk.opening import OpenDesk
from agent_console.texts import say
from screens.monitor import rows
from screens.monitor.rows import Line

LISTS = (
    "seats", "waiting", "alarms", *lists.ORDERS[:6], "conflicts", "dissatisfied", "refused", "emergencies", "topics",
    "hot",
)  # fmt: skip
"""The lists, in the order in which they stand."""
OF_SEATS = ("seats", "alarms")
"""Those the stream of the seats changes."""


class Shown(msgspec.Struct, frozen=True):
    """The open list: its lines; topics: those of the list of topics, with their curves."""

    name: str
    lines: Sequence[Line]
    topics: tuple[HotTopic, ...] = ()


def counts_of(seen: Glance) -> dict[str, str]:
    """How many stand on each list; a dash where that cannot be known, no word where nobody counts before it is open."""
    waiting = say("figures.unknown") if seen.waiting is None else str(seen.waiting)
    alarms = sum(not alarm.by for alarm in seen.alarms)
    told = {**seen.counts.by_list, "seats": seen.present, "alarms": alarms, "hot": len(seen.hot)}
    return {"waiting": waiting, **{name: str(count) for name, count in told.items()}}


def read(opened: OpenDesk, name: str, seen: Glance, chosen: frozenset[str]) -> Shown:
    """The lines of a list, as of the glance."""
    if name in lists.ORDERS:
        found = lists.orders(opened, name)
        return Shown(name, tuple(rows.order(one, seen.now, chosen=one.order.id in chosen) for one in found))
    if name == "topics":
        topics = lists.topics(opened)
        return Shown(name, tuple(rows.topic(one, number) for number, one in enumerate(topics)), topics)
    return Shown(name, _SIMPLE[name](opened, seen))


def _turned(opened: OpenDesk, seen: Glance, *, emergencies: bool) -> tuple[Line, ...]:
    if calls_refused(opened.desk) is not None:
        return ()
    found = lists.emergencies(opened) if emergencies else lists.refused(opened)
    book = opened.desk.rule_book
    return tuple(rows.turned(one, number, seen.now, book) for number, one in enumerate(found))


_SIMPLE: dict[str, Callable[[OpenDesk, Glance], Sequence[Line]]] = {
    "seats": lambda _, seen: rows.SeatLines(seen.seats, seen.now),
    "waiting": lambda _, _seen: (),
    "alarms": lambda _, seen: tuple(rows.alarm(one, seen.now) for one in seen.alarms),
    "conflicts": lambda opened, seen: tuple(rows.conflict(one, seen.now) for one in opened.store.outbox.tray()),
    "refused": lambda opened, seen: _turned(opened, seen, emergencies=False),
    "emergencies": lambda opened, seen: _turned(opened, seen, emergencies=True),
    "hot": lambda _, seen: tuple(rows.hot(one) for one in seen.hot),
}


def rule_of(opened: OpenDesk, name: str, order: str) -> Governed | None:
    """The rule that governs what is decided on this list; on the others, that of supervision."""
    return governed(opened.desk, order, step_on(opened.desk, name, order) or SUPERVISE)
