"""Who looked at which order, when, and whether they saw who the caller is."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import Instant
from agent_console.domain.people import IdentityUnmasked, OrderSeen
from agent_console.store.connection import rows
from agent_console.store.migrations import Migration
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database

_ORDER = "order:"
_SEEN = "seen:"


class Look(msgspec.Struct, frozen=True):
    """Somebody looked at an order at an instant (UTC microseconds); `ground`: why they asked who the caller is."""

    order: str
    actor: str
    role: str
    unit: str
    at: Instant
    identity: str
    ground: str = ""


def _make_table(db: Database) -> None:
    text = ("id", "stream", "actor", "role", "unit", "identity")
    columns: dict[str, type] = {**dict.fromkeys(text, str), "seen_at": int, "ground": bytes}
    seen = db.table("order_seen")
    seen.create(columns, pk="id", not_null=set(columns) - {"ground"}, strict=True)
    seen.create_index(["stream", "seen_at"])
    seen.create_index(["seen_at"])


class SeenTable:
    """Keeps `order_seen`."""

    name = "seen"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_order_seen", _make_table),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        envelope, happened = event.envelope, event.fact
        owner = envelope.stream.replace(_SEEN, _ORDER, 1)
        if not owner.startswith(_ORDER) or not isinstance(happened, OrderSeen | IdentityUnmasked):
            return
        identity = happened.identity if isinstance(happened, OrderSeen) else "open"
        ground = happened.ground if isinstance(happened, IdentityUnmasked) else ""
        sealing = Sealing(connection)
        keeps = ground and not sealing.is_erased(owner)
        connection.execute(
            "INSERT OR REPLACE INTO order_seen (id, stream, actor, role, unit, identity, seen_at, ground)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                envelope.id,
                owner,
                envelope.actor,
                envelope.role,
                envelope.unit,
                identity,
                envelope.occurred_at,
                sealing.seal(owner, ground.encode(), envelope.id) if keeps else None,
            ),
        )

    def forget(self, connection: Connection, owner: str) -> None:
        """Of an order that is being erased, who looked stays; why does not."""
        connection.execute("UPDATE order_seen SET ground = NULL WHERE stream = ?", (owner,))

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        owner = stream.replace(_SEEN, _ORDER, 1)
        identity = "= 'open'" if stream == owner else "!= 'open'"
        connection.execute(f"DELETE FROM order_seen WHERE stream = ? AND identity {identity}", (owner,))

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute("DELETE FROM order_seen")


def looks(connection: Connection, where: str, parameters: tuple[object, ...], limit: int) -> list[Look]:
    """The newest looks that `where` finds, the last one first."""
    sealing = Sealing(connection)
    sql = (
        "SELECT stream, actor, role, unit, seen_at, identity, id, ground FROM order_seen"
        f" WHERE {where} ORDER BY seen_at DESC, id DESC LIMIT ?"
    )
    found = []
    for stream, actor, role, unit, at, identity, event, sealed in rows(connection, sql, (*parameters, limit)):
        ground = sealing.unseal(stream, sealed, event) if sealed else None
        told = ground.decode() if ground else ""
        found.append(Look(stream.removeprefix(_ORDER), actor, role, unit, at, identity, told))
    return found
