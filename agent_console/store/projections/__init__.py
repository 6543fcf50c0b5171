"""Tables for lists and look-ups, folded from the log. Personal text stands in them sealed only."""

from __future__ import annotations

from agent_console.store.projecting import Projector
from agent_console.store.projections.calls import CallTables
from agent_console.store.projections.orders import OrderTables
from agent_console.store.projections.seats import SeatTable


def projectors() -> tuple[Projector, ...]:
    """Everything a seat's file keeps beside its log."""
    return (SeatTable(), CallTables(), OrderTables())
