"""Bringing the server's tables up to date, the same way in both stores."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from agent_console.domain.errors import BadInput, StoreIsNewer
from agent_console.server.store.database import Transaction
from agent_console.server.store.schema import MIGRATIONS

_MADE = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,40}")


async def migrate(at: Transaction, worded: Callable[[str], str]) -> None:
    """Inside a transaction: apply what is due; `worded` says a statement as the store wants it.

    Raises StoreIsNewer where the tables were changed by a newer program.
    """
    await at.execute(_MADE)
    applied = {name for (name,) in await at.fetch("SELECT name FROM migration")}
    known = {migration.name for migration in MIGRATIONS}
    if unknown := sorted(applied - known):
        raise StoreIsNewer("error.store_newer", "advice.store_newer", path="server", name=unknown[0])
    for migration in MIGRATIONS:
        if migration.name not in applied:
            for statement in migration.statements:
                await at.execute(worded(statement))
            await at.execute("INSERT INTO migration (name) VALUES ($1)", migration.name)
    await at.execute(
        "INSERT INTO meta (jurisdiction, name, value) VALUES ('', 'epoch', $1) ON CONFLICT DO NOTHING", uuid.uuid4().hex
    )


async def add_counter(at: Transaction, code: str) -> None:
    """Inside a transaction: have a jurisdiction counted. Raises BadInput."""
    await at.execute(
        "INSERT INTO counter (jurisdiction, last_seq, kept_from) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING",
        checked_code(code),
    )


def checked_code(code: str) -> str:
    """The code of a jurisdiction, fit to name a table with. Raises BadInput."""
    if not _CODE.fullmatch(code):
        raise BadInput("error.server_jurisdiction", "advice.server_jurisdiction", code=code)
    return code
