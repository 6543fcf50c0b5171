"""A server's mistake for tests to catch: places in the feed that are given out beside the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent_console.server.store.database import Database, Row, Transaction


class CountedApart:
    """A transaction whose numbers are drawn outside of it, as a sequence would give them."""

    def __init__(self, inside: Transaction, database: Database) -> None:
        self._inside = inside
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inside, name)

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        if not sql.startswith("UPDATE counter"):
            return await self._inside.fetch(sql, *values)
        return await self._database.write(lambda at: at.fetch(sql, *values))
