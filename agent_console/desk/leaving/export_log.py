"""Who took what out of the seat's file."""

from __future__ import annotations

from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.exports import Export
from agent_console.store.projections.exports import EXPORTS


def exports(opened: OpenDesk, limit: int) -> list[Export]:
    """The newest exports; those whose ground was erased in time are left out."""
    return EXPORTS.states(opened.store.connection, "1", (), "granted_at DESC, stream DESC", limit)
