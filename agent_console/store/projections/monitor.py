"""Hot events and who takes care of which alarm, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.events import Event
from agent_console.domain.oversight import alarms, hot_events
from agent_console.domain.oversight.alarms import Care
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.store.migrations import Migration
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database

ALARM = "alarm:"
HOT = "hot:"


def _hot_columns(event: HotEvent, _sealing: Sealing) -> dict[str, Any]:
    return {"rule_book": event.rule_book, "pinned": int(event.is_pinned), "pinned_at": event.pinned_at}


def _care_columns(care: Care, _sealing: Sealing) -> dict[str, Any]:
    return {"taken_by": care.by, "taken_at": care.at}


HOT_EVENTS: FoldedTable[HotEvent] = FoldedTable("hot_event", HOT, HotEvent(), hot_events.evolve, _hot_columns)
"""The table `hot_event`, a row per event."""

CARES: FoldedTable[Care] = FoldedTable("alarm_care", ALARM, Care(), alarms.evolve, _care_columns)
"""The table `alarm_care`, a row per alarm that somebody took."""


def _make_tables(db: Database) -> None:
    hot = {"stream": str, "rule_book": str, "pinned": int, "pinned_at": int, "sealed": bytes}
    db.table("hot_event").create(hot, pk="stream", not_null=set(hot) - {"sealed"}, strict=True)
    db.execute("CREATE INDEX hot_event_pinned ON hot_event (rule_book) WHERE pinned = 1")
    care = {"stream": str, "taken_by": str, "taken_at": int, "sealed": bytes}
    db.table("alarm_care").create(care, pk="stream", not_null=set(care) - {"sealed"}, strict=True)


class MonitorTables:
    """Keeps `hot_event` and `alarm_care`."""

    name = "monitor"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_monitor", _make_tables),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        HOT_EVENTS.apply(connection, event)
        CARES.apply(connection, event)

    def forget(self, connection: Connection, owner: str) -> None:
        """Nothing personal is kept of either."""

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        HOT_EVENTS.drop(connection, stream)
        CARES.drop(connection, stream)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        HOT_EVENTS.clear(connection)
        CARES.clear(connection)
