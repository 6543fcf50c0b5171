"""Named migrations, applied once each; a set per part of the house.

Whether anything is due is a plain question to SQLite. The library that makes tables, a tenth of a second to
load, is loaded only when something is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.errors import StoreIsNewer
from agent_console.store.connection import path_of, rows, transaction

if TYPE_CHECKING:
    from sqlite_utils import Database

_APPLIED = "_sqlite_migrations"


class Migration(msgspec.Struct, frozen=True):
    """One step: its name, never changed once released, and what it does to the tables."""

    name: str
    apply: Callable[[Database], None]


def migrate(connection: Connection, set_name: str, migrations: Sequence[Migration]) -> bool:
    """Apply what is due of one set, all of it or nothing; True where something was.

    Safe against another process doing the same. Raises StoreIsNewer where the file knows a migration of this
    set that the program does not.
    """
    if not _due(connection, set_name, migrations):
        return False
    with transaction(connection):
        if _due(connection, set_name, migrations):
            _apply(connection, set_name, migrations)
    return True


def _due(connection: Connection, set_name: str, migrations: Sequence[Migration]) -> bool:
    applied = _applied(connection, set_name)
    wanted = {migration.name for migration in migrations}
    if unknown := sorted(applied - wanted):
        raise StoreIsNewer(
            "error.store_newer",
            "advice.store_newer",
            path=str(path_of(connection)),
            name=f"{set_name}/{unknown[0]}",
        )
    return applied != wanted


def _applied(connection: Connection, set_name: str) -> set[str]:
    if not rows(connection, "SELECT 1 FROM sqlite_master WHERE name = ?", (_APPLIED,)):
        return set()
    return {name for (name,) in rows(connection, f"SELECT name FROM {_APPLIED} WHERE migration_set = ?", (set_name,))}


def _apply(connection: Connection, set_name: str, migrations: Sequence[Migration]) -> None:
    from sqlite_utils import Database, Migrations

    steps = Migrations(set_name)
    for migration in migrations:
        steps(name=migration.name)(migration.apply)
    steps.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
