"""Exports as a table, to list them by time."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.confidentiality.exports import Export, evolve
from agent_console.domain.events import Event
from agent_console.store.migrations import Migration
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database


def _columns(export: Export, _sealing: Sealing) -> dict[str, Any]:
    granted = export.granted
    return {"granted_at": granted.occurred_at if granted is not None else 0}


EXPORTS: FoldedTable[Export] = FoldedTable("export", "export:", Export(), evolve, _columns)
"""The table `export`, a row per export."""


def _make_table(db: Database) -> None:
    columns = {"stream": str, "granted_at": int, "sealed": bytes}
    table = db.table("export")
    table.create(columns, pk="stream", not_null={"stream", "granted_at"}, strict=True)
    table.create_index(["granted_at"])


class ExportTable:
    """Keeps `export`."""

    name = "exports"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_exports", _make_table),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        EXPORTS.apply(connection, event)

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of an export that is being erased."""
        EXPORTS.forget(connection, owner)

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        EXPORTS.drop(connection, stream)

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        EXPORTS.clear(connection)
