"""The monitor as it stands at one moment: what the screen draws, and what `monitor --once --json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from agent_console.desk.monitor import alarms, hot, lists
from agent_console.desk.monitor.lists import Counts
from agent_console.desk.monitor.seat_wall import SeatWall, Source, is_away
from agent_console.desk.monitor.shift_figures import figures
from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import Instant, iso
from agent_console.domain.oversight.alarms import Alarm
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.settings import Settings
from agent_console.sync.wire import SeatNow

TIMES = ("since", "fresh_at", "at", "due", "oldest_unsent", "oldest_parked", "pinned_at", "last_at", "start", "end")


class Glance(msgspec.Struct, frozen=True):
    """All that is always in sight: seats, alarms, counts, hot events, and the curve of the day.

    now: by the server's clock, as far as it is known. of_file: the alarms that do not come from a seat. waiting: calls
    that nobody has answered yet, None where no telephone tells.
    """

    now: Instant
    source: Source
    seats: tuple[SeatNow, ...]
    alarms: tuple[Alarm, ...]
    counts: Counts
    hot: tuple[HotEvent, ...]
    curve: tuple[int, ...]
    of_file: tuple[Alarm, ...] = ()
    waiting: int | None = None

    @property
    def present(self) -> int:
        """Seats that are heard of."""
        return sum(not is_away(seat, self.now) for seat in self.seats)


def glance_at_seats(opened: OpenDesk, wall: SeatWall, settings: Settings, before: Glance) -> Glance:
    """The same with the seats as they are now; what comes out of the file stays as it was."""
    seats, now, limits = wall.seats(), opened.desk.context().now, alarms.thresholds(settings)
    found = (*alarms.of_seats(opened, _heeded(seats, wall.source, now), limits, now), *before.of_file)
    source, told = wall.source, alarms.in_order(opened, found)
    return msgspec.structs.replace(before, now=now, source=source, seats=seats, alarms=told)


def glance(opened: OpenDesk, wall: SeatWall, settings: Settings) -> Glance:
    """Read it once."""
    seats, now, limits = wall.seats(), opened.desk.context().now, alarms.thresholds(settings)
    of_seats = alarms.of_seats(opened, _heeded(seats, wall.source, now), limits, now)
    of_file = alarms.of_file(opened, limits, now)
    return Glance(
        now=now,
        source=wall.source,
        seats=seats,
        alarms=alarms.in_order(opened, (*of_seats, *of_file)),
        of_file=of_file,
        counts=lists.counts(opened),
        hot=tuple(hot.pinned(opened)),
        curve=lists.curve(opened),
    )


def _heeded(seats: tuple[SeatNow, ...], source: Source, now: Instant) -> Iterable[SeatNow]:
    """Those whose alarms count: while the stream is cut, silence at a seat that is not heard of says nothing of it."""
    return seats if source == "stream" else (seat for seat in seats if not is_away(seat, now))


def told(opened: OpenDesk, wall: SeatWall, settings: Settings) -> dict[str, Any]:
    """The whole monitor as plain values for a script: no names and no numbers of callers; times carry +08:00."""
    seen = glance(opened, wall, settings)
    return {
        "now": iso(seen.now),
        "source": seen.source,
        "jurisdiction": opened.desk.rule_book.code,
        "seats": [{**_plain(seat), "away": is_away(seat, seen.now)} for seat in seen.seats],
        "waiting": seen.waiting,
        "alarms": [_plain(alarm) for alarm in seen.alarms],
        "counts": seen.counts.by_list,
        "orders": {name: [_order(one) for one in lists.orders(opened, name)] for name in lists.ORDERS},
        "topics": [_plain(topic) for topic in lists.topics(opened)],
        "hot": [_hot(event) for event in seen.hot],
        "curve": list(seen.curve),
        "figures": _plain(figures(opened, settings)),
    }


def _order(one: lists.Watched) -> dict[str, Any]:
    order = one.order
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "kind": order.details.kind,
        "title": order.details.title,
        "lead": order.lead or order.details.lead,
        "clock": one.clock,
        "due": iso(one.due) if one.due else None,
    }


def _hot(event: HotEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        **msgspec.to_builtins(event.words),
        "answered": event.answered,
        "pinned_at": iso(event.pinned_at),
        "last_at": iso(event.last_at) if event.last_at else None,
    }


def _plain(value: msgspec.Struct) -> Any:
    return _with_times(msgspec.to_builtins(value))


def _with_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _time(inner) if name in TIMES else _with_times(inner) for name, inner in value.items()}
    return [_with_times(inner) for inner in value] if isinstance(value, list) else value


def _time(value: int) -> str | None:
    return iso(value) if value else None
