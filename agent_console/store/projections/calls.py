"""Calls and the callbacks they owe, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.events import Event
from agent_console.domain.intake.calls import Call, evolve
from agent_console.domain.intake.matters import CallbackOpened
from agent_console.domain.intake.outcomes import name_of
from agent_console.domain.oversight.line_data import LineDataImported
from agent_console.store.migrations import Migration
from agent_console.store.projections import call_figures
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
        "abused_at": max((mark.occurred_at for mark in call.marks if mark.ended), default=0),
    }


def _outline(call: Call) -> Call:
    shown = ("id", "status", "channel", "line", "operator", "taken_at", "ended_at", "closed_at")
    return Call(**{name: getattr(call, name) for name in shown}, withheld=True)


CALLS: FoldedTable[Call] = FoldedTable("call", "call:", Call(), evolve, _columns, {"number_hash": ""}, _outline)
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


def _add_outline(db: Database) -> None:
    db.table("call").add_column("outline", bytes)


def _add_abused(db: Database) -> None:
    """When a call was ended for abuse; no call of before can have been."""
    db.table("call").add_column("abused_at", int, not_null_default=0)
    db.execute("CREATE INDEX call_abused ON call (abused_at) WHERE abused_at > 0")


class CallTables:
    """Keeps `call` and `callback`, and the figures of their matters."""

    name = "calls"
    version = 3
    migrations: Sequence[Migration] = (
        Migration("0001_calls", _make_tables),
        Migration("0002_call_figures", call_figures.make_call_figures),
        Migration("0003_outline", _add_outline),
        Migration("0004_screened", call_figures.add_screened),
        Migration("0005_abused", _add_abused),
    )

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        self.apply_stream(connection, (event,))

    def apply_stream(self, connection: Connection, events: Sequence[Event]) -> None:
        """Take in events of one stream that follow each other."""
        stream = events[0].envelope.stream
        call = CALLS.apply_all(connection, events)
        if call is not None:
            call_figures.note_call(connection, stream, call)
        for event in events:
            match event.fact:
                case LineDataImported() as imported:
                    call_figures.note_import(connection, stream, imported)
                case CallbackOpened() as opened:
                    connection.execute(
                        "INSERT OR REPLACE INTO callback (task, stream, matter, opened_at, done_at)"
                        " VALUES (?, ?, ?, ?, 0)",
                        (opened.task, stream, opened.matter, opened.occurred_at),
                    )

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of a call that is being erased."""
        CALLS.forget(connection, owner)

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        CALLS.drop(connection, stream)
        call_figures.drop_call(connection, stream)
        connection.execute("DELETE FROM callback WHERE stream = ?", (stream,))

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        CALLS.clear(connection)
        call_figures.clear_calls(connection)
        connection.execute("DELETE FROM callback")
