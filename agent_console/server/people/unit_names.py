"""Units of accounts as the directory of the line names them."""

from __future__ import annotations

from agent_console.domain.units.directory import Directory
from agent_console.domain.units.directory_places import named_unit
from agent_console.server.pushing.deciding import DIRECTORY
from agent_console.server.pushing.streams import States, load
from agent_console.server.store.database import Database, Transaction


async def is_listed(database: Database, jurisdiction: str, unit: str) -> bool:
    """Whether the unit stands in the directory the seats sent; False where none was sent.

    Raises UnknownName with the nearest names where there is a directory without it.
    """
    directory = await _directory(database, jurisdiction)
    if not directory.units:
        return False
    named_unit(directory, unit)
    return True


async def _directory(database: Database, jurisdiction: str) -> Directory:
    stream = DIRECTORY + jurisdiction

    async def folded(at: Transaction) -> object:
        sql = "SELECT version FROM head WHERE jurisdiction = $1 AND stream = $2"
        version = max((int(row[0]) for row in await at.fetch(sql, jurisdiction, stream)), default=0)
        return (await load(at, jurisdiction, {stream: version}, States(), {}))[stream].state

    state = await database.read(folded)
    return state if isinstance(state, Directory) else Directory()
