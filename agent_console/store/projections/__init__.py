"""Tables for lists and look-ups, folded from the log. Personal text stands in them sealed only."""

from __future__ import annotations

from agent_console.store.projecting import Projector
from agent_console.store.projections.calls import CallTables
from agent_console.store.projections.entries import EntryTable
from agent_console.store.projections.exports import ExportTable
from agent_console.store.projections.orders import OrderTables
from agent_console.store.projections.seats import SeatTable
from agent_console.store.projections.seen import SeenTable


def projectors() -> tuple[Projector, ...]:
    """Everything a seat's file keeps beside its log."""
    # Late: the first frame does not wait for the knowledge base.
    from agent_console.store.projections.knowledge import KnowledgeTables
    from agent_console.store.projections.monitor import MonitorTables

    return (
        SeatTable(),
        CallTables(),
        OrderTables(),
        ExportTable(),
        EntryTable(),
        KnowledgeTables(),
        SeenTable(),
        MonitorTables(),
    )
