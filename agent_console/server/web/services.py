"""Everything a request may need, made once per process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from agent_console.clock import Clock
from agent_console.server.feeding.feed import Feed
from agent_console.server.feeding.files import Files
from agent_console.server.feeding.live import Waker
from agent_console.server.feeding.seats import WAVE_SECONDS, Wall
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.pushing.books import Shelf
from agent_console.server.pushing.grouping import Means
from agent_console.server.pushing.push import Line
from agent_console.server.pushing.streams import States
from agent_console.server.store.database import Database, DatabaseAway
from agent_console.server.web.ports import Audit, Bearer, Keys, Person
from agent_console.sync.wire import Push, PushAnswer

MOST_FILE_BYTES = 200 * 1024 * 1024
_LOG = logging.getLogger(__name__)


class Services:
    """The parts of one server process."""

    def __init__(
        self, settings: ServerSettings, database: Database, clock: Clock, *, bearer: Bearer, keys: Keys, audit: Audit
    ) -> None:
        """Work on this database."""
        self.settings = settings
        self.database = database
        self.clock = clock
        self.bearer = bearer
        self.keys = keys
        self.audit = audit
        self.shelf = Shelf(settings.home)
        self.feed = Feed(database, self.shelf, clock, keys)
        self.waker = Waker(database)
        self.wall = Wall(database, clock)
        self._epoch = ""
        self._lines: dict[str, Line] = {}
        self._states: dict[str, States] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """From start to stop of the process; what was begun is finished."""
        await self.shelf.read(self.database)
        tasks = [asyncio.create_task(self.waker.run()), asyncio.create_task(self._waves())]
        try:
            yield
        finally:
            self.stop()
            for line in self._lines.values():
                await line.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Let those go who wait, for the process is about to end."""
        self.waker.stop()
        self.wall.stop()

    async def epoch(self) -> str:
        """Name of the present life of the data; another one after a restore."""
        if not self._epoch:
            sql = "SELECT value FROM meta WHERE jurisdiction = '' AND name = 'epoch'"
            [(self._epoch,)] = await self.database.fetch(sql)
        return self._epoch

    async def push(self, person: Person, push: Push) -> PushAnswer:
        """Decide and commit a push. Raises Refused, DatabaseAway."""
        line = await self._line(person.jurisdiction)
        return await line.push(person, push)

    async def _line(self, jurisdiction: str) -> Line:
        if jurisdiction not in self._lines:
            await self.database.add_jurisdiction(jurisdiction)
        if jurisdiction not in self._lines:
            self._lines[jurisdiction] = Line(
                lambda: self.means(jurisdiction), self.database, lambda _: self.waker.nudge()
            )
        return self._lines[jurisdiction]

    async def means(self, jurisdiction: str) -> Means:
        """What deciding takes beside what is decided."""
        return Means(
            jurisdiction=jurisdiction,
            shelf=self.shelf,
            states=self._states.setdefault(jurisdiction, States()),
            clock=self.clock,
            epoch=await self.epoch(),
            number_key=await self.keys.number_key(jurisdiction),
            held=await self.keys.role_keys(jurisdiction),
            cipher=self.settings.cipher,
        )

    async def files(self, jurisdiction: str) -> Files:
        """Attached files of a line."""
        held = await self.keys.role_keys(jurisdiction)
        return Files(self.database, jurisdiction, held, MOST_FILE_BYTES, self.settings.cipher)

    async def _waves(self) -> None:
        while not self.waker.stopped:
            try:
                await self.wall.wave()
            except DatabaseAway:
                _LOG.warning("database away")
            await asyncio.sleep(WAVE_SECONDS)
