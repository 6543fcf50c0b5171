"""Erasing a call or an order so that its text and its key stand nowhere in the file or its log."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from agent_console.store import outbox
from agent_console.store.connection import rows
from agent_console.store.projecting import Projector
from agent_console.store.sealing import Sealing


def forget(connection: Connection, owner: str, projectors: Sequence[Projector]) -> None:
    """Destroy key, draft and projected rows of an owner, inside the transaction that is open."""
    Sealing(connection).destroy(owner)
    connection.execute("DELETE FROM draft WHERE owner = ?", (owner,))
    outbox.forget(connection, owner)
    for projector in projectors:
        projector.forget(connection, owner)


def scrub(connection: Connection) -> bool:
    """Carry the write-ahead log into the file and cut it to nothing; False while somebody reads from it."""
    [(busy, _, _)] = rows(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    return not busy
