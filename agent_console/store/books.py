"""Versions of rule books, kept from the first order that was raised under them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import Instant
from agent_console.store.connection import joined, rows
from agent_console.store.migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database


class KeptVersion(msgspec.Struct, frozen=True):
    """One version: when its first order was raised here, how many orders have it, and how many of them still run."""

    code: str
    version: str
    kept_at: Instant
    orders: int = 0
    running: int = 0


class KeptBooks:
    """The versions in one seat's file. Nothing in them is personal."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        """Keep them in this file."""
        self._connection = connection
        self._clock = clock

    def keep(self, code: str, version: str, files: Mapping[str, bytes]) -> None:
        """Keep a version, inside the transaction that is open or in one of its own; once is enough."""
        if self.has(code, version):
            return
        content = zlib.compress(msgspec.msgpack.encode(dict(files)))
        with joined(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO kept_book (code, version, kept_at, content) VALUES (?, ?, ?, ?)",
                (code, version, self._clock.now(), content),
            )

    def has(self, code: str, version: str) -> bool:
        """Whether the version is kept."""
        return bool(rows(self._connection, "SELECT 1 FROM kept_book WHERE code = ? AND version = ?", (code, version)))

    def files(self, code: str, version: str) -> dict[str, bytes]:
        """Its files by name; none where it is not kept."""
        sql = "SELECT content FROM kept_book WHERE code = ? AND version = ?"
        found = rows(self._connection, sql, (code, version))
        return msgspec.msgpack.decode(zlib.decompress(found[0][0]), type=dict[str, bytes]) if found else {}

    def versions(self) -> list[KeptVersion]:
        """All versions, the newest first."""
        counted = (
            "SELECT kept.code, kept.version, kept_at, count(stream), coalesce(sum(status IN"
            " ('raised', 'dispatched', 'signed', 'returned', 'completed')), 0) FROM kept_book kept"
            " LEFT JOIN order_figure ON rule_book = kept.code AND raised_version = kept.version"
            " GROUP BY kept.code, kept.version ORDER BY kept_at DESC, kept.code"
        )
        return [KeptVersion(*row) for row in rows(self._connection, counted)]


def _make_table(db: Database) -> None:
    columns = {"code": str, "version": str, "kept_at": int, "content": bytes}
    db.table("kept_book").create(columns, pk=("code", "version"), not_null=set(columns), strict=True)


KEPT_BOOKS = Migration("0006_kept_books", _make_table)
