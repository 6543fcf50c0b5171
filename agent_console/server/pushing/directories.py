"""The directory of units a line works by, folded from what the seats sent."""

from __future__ import annotations

from agent_console.domain.units.directory import Directory
from agent_console.server.pushing.deciding import DIRECTORY
from agent_console.server.pushing.streams import States, load
from agent_console.server.store.database import Database, Transaction


async def read_directory(database: Database, jurisdiction: str, code: str, states: States) -> Directory:
    """The directory by the rule book `code` as it is now, kept among `states`; an empty one where none was sent."""
    stream = DIRECTORY + code
    sql = "SELECT version FROM head WHERE jurisdiction = $1 AND stream = $2"
    version = max((int(row[0]) for row in await database.fetch(sql, jurisdiction, stream)), default=0)
    kept = states.at(stream, version)
    if kept is None:

        async def folded(at: Transaction) -> object:
            return (await load(at, jurisdiction, {stream: version}, states, {}))[stream].state

        state = await database.read(folded)
    else:
        state = kept.state
    return state if isinstance(state, Directory) else Directory()
