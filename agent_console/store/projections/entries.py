"""Records written into orders and at the line, as a table to find them by; what they say stays sealed where it is."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

from agent_console.domain.events import Event
from agent_console.domain.oversight.line_records import LineRecorded
from agent_console.domain.work_order.order_life_facts import Recorded
from agent_console.store.migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database


def _make_table(db: Database) -> None:
    columns = {"stream": str, "version": int, "jurisdiction": str, "record": str, "unit": str, "at": int}
    table = db.table("entry")
    table.create(columns, pk=("stream", "version"), not_null=set(columns), strict=True)
    table.create_index(["record", "at"])


class EntryTable:
    """Keeps `entry`, a row per record."""

    name = "entries"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_entries", _make_table),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        match event.fact:
            case (
                Recorded(record=record, about=unit, occurred_at=at)
                | LineRecorded(record=record, unit=unit, occurred_at=at)
            ):
                envelope = event.envelope
                row = (envelope.stream, envelope.version, envelope.jurisdiction, record, unit, at)
                connection.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove the records of an owner that is being erased: nobody can read what they said."""
        connection.execute("DELETE FROM entry WHERE stream = ?", (owner,))

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        connection.execute("DELETE FROM entry WHERE stream = ?", (stream,))

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute("DELETE FROM entry")
