"""Units of accounts as the directory of the line names them."""

from __future__ import annotations

from agent_console.domain.units.directory_places import named_unit
from agent_console.server.pushing.directories import read_directory
from agent_console.server.pushing.streams import States
from agent_console.server.store.database import Database


async def is_listed(database: Database, jurisdiction: str, unit: str) -> bool:
    """Whether the unit stands in the directory the seats sent; False where none was sent.

    Raises UnknownName with the nearest names where there is a directory without it.
    """
    directory = await read_directory(database, jurisdiction, jurisdiction, States())
    if not directory.units:
        return False
    named_unit(directory, unit)
    return True
