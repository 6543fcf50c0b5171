"""Looking at a caller's name and number in full: allowed, and never without a trace."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.domain.people import IdentityUnmasked


def unmask(desk: Desk, stream: str, ground: str = "") -> None:
    """Note in the stream of a call or order that the desk's actor saw who the caller is; `ground`: why."""
    with desk.transaction():
        desk.note(stream, IdentityUnmasked(desk.actor.name, desk.actor.role, desk.context().now, ground.strip()))
