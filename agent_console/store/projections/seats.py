"""What the seats of this file are doing."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.events import Event
from agent_console.domain.intake.seats import Seat, evolve
from agent_console.store.migrations import Migration
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database


def _columns(seat: Seat, _sealing: Sealing) -> dict[str, Any]:
    return {
        "operator": seat.operator,
        "activity": seat.activity,
        "reason": seat.reason,
        "since": seat.since,
    }


SEATS: FoldedTable[Seat] = FoldedTable("seat", "seat:", Seat(), evolve, _columns)
"""The table `seat`, a row per seat."""


def _make_table(db: Database) -> None:
    columns = {"stream": str, "operator": str, "activity": str, "reason": str, "since": int, "sealed": bytes}
    db.table("seat").create(columns, pk="stream", not_null=set(columns) - {"sealed"}, strict=True)


class SeatTable:
    """Keeps `seat`."""

    name = "seats"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_seats", _make_table),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        SEATS.apply(connection, event)

    def forget(self, connection: Connection, owner: str) -> None:
        """Nothing personal is kept of a seat."""

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        SEATS.drop(connection, stream)

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        SEATS.clear(connection)
