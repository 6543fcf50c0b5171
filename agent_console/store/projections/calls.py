"""Calls and the callbacks they owe, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.calls import Call, evolve
from agent_console.domain.events import Event
from agent_console.domain.matters import CallbackOpened
from agent_console.domain.outcomes import name_of
from agent_console.store.migrations import Migration
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database


def _columns(call: Call, sealing: Sealing) -> dict[str, Any]:
    last = next((matter.outcome for matter in reversed(call.matters) if matter.outcome), None)
    return {
        "status": call.status,
        "operator": call.operator,
        "channel": call.channel,
        "number_hash": sealing.number_hash(call.number),
        "taken_at": call.taken_at,
        "closed_at": call.closed_at,
        "matters": len(call.matters),
        "last_outcome": name_of(last) if last else "",
    }


CALLS: FoldedTable[Call] = FoldedTable("call", "call:", Call(), evolve, _columns)
"""The table `call`, a row per call."""


def _make_tables(db: Database) -> None:
    columns = {
        "stream": str,
        "status": str,
        "operator": str,
        "channel": str,
        "number_hash": str,
        "taken_at": int,
        "closed_at": int,
        "matters": int,
        "last_outcome": str,
        "sealed": bytes,
    }
    call = db.table("call")
    call.create(columns, pk="stream", not_null=set(columns) - {"sealed"}, strict=True)
    call.create_index(["taken_at"])
    call.create_index(["number_hash"])
    callback = {"task": str, "stream": str, "matter": str, "opened_at": int, "done_at": int}
    db.table("callback").create(callback, pk="task", not_null=set(callback), strict=True)
    db.execute("CREATE INDEX call_unfinished ON call (status) WHERE status IN ('live', 'parked')")


class CallTables:
    """Keeps `call` and `callback`."""

    name = "calls"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_calls", _make_tables),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        CALLS.apply(connection, event)
        if isinstance(event.fact, CallbackOpened):
            connection.execute(
                "INSERT OR REPLACE INTO callback (task, stream, matter, opened_at, done_at) VALUES (?, ?, ?, ?, 0)",
                (event.fact.task, event.envelope.stream, event.fact.matter, event.fact.occurred_at),
            )

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of a call that is being erased."""
        CALLS.forget(connection, owner, {"number_hash": ""})

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        CALLS.clear(connection)
        connection.execute("DELETE FROM callback")
