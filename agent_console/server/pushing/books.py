"""Rule books as the server decides by them: the present ones, and every version an order was raised under."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from agent_console.desk.books import RunningBooks
from agent_console.domain.instants import Instant
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.resources.book_files import files_of
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.server.store.database import Database, Transaction

_LOOK_SECONDS = 1.0
"""Looking at every file of the calendars took longer than deciding an order."""


class Shelf:
    """Versions of rule books, kept in the database so that every process decides alike."""

    def __init__(self, home: Path) -> None:
        """`home`: folder with calendars of the server's own."""
        self._home = home
        self._calendar: Calendar | None = None
        self._looked_at = 0.0
        self._kept: dict[tuple[str, str], dict[str, bytes]] = {}
        self._running: dict[str, RunningBooks] = {}
        self._present: dict[str, RuleBook] = {}

    @property
    def calendar(self) -> Calendar:
        """The calendar of working days as its files were a second ago at most."""
        if self._calendar is None or time.monotonic() - self._looked_at > _LOOK_SECONDS:
            self._calendar, self._looked_at = load_calendar(self._home), time.monotonic()
        return self._calendar

    async def read(self, database: Database) -> None:
        """Read what is kept."""
        for code, version, content in await database.fetch("SELECT code, version, content FROM kept_book"):
            self._take(code, version, bytes(content))

    def present(self, code: str) -> RuleBook:
        """The book of that code as this program has it. Raises UnknownName."""
        if code not in self._present:
            self._present[code] = load_book(code)
        return self._present[code]

    def under(self, code: str, version: str, now: Instant) -> RuleBook:
        """The book that holds `now` for an order raised under that version. Raises UnknownName."""
        if code not in self._running:
            self._running[code] = RunningBooks(self, self.present(code))
        return self._running[code].under(code, version, now)

    async def keep_inside(self, at: Transaction, code: str, version: str, now: Instant) -> None:
        """Inside a transaction: have the files of the version stand by for the orders raised under it."""
        files = files_of(version)
        if not files or (code, version) in self._kept:
            return
        content = zlib.compress(msgspec.msgpack.encode(dict(files)))
        sql = (
            "INSERT INTO kept_book (code, version, kept_at, replaced_at, content) VALUES ($1, $2, $3, 0, $4)"
            " ON CONFLICT (code, version) DO NOTHING"
        )
        await at.execute(sql, code, version, now, content)

    def kept_now(self, versions: set[tuple[str, str]]) -> None:
        """What `keep_inside` wrote has been committed."""
        for code, version in versions - self._kept.keys():
            if files := files_of(version):
                self.keep(code, version, files)

    async def missing(self, at: Transaction, versions: set[tuple[str, str]]) -> None:
        """Inside a transaction: read versions another process has kept since."""
        for code, version in versions - self._kept.keys():
            sql = "SELECT content FROM kept_book WHERE code = $1 AND version = $2"
            for (content,) in await at.fetch(sql, code, version):
                self._take(code, version, bytes(content))

    def _take(self, code: str, version: str, content: bytes) -> None:
        self._kept[code, version] = msgspec.msgpack.decode(zlib.decompress(content), type=dict[str, bytes])
        self._running.pop(code, None)

    def keep(self, code: str, version: str, files: Mapping[str, bytes]) -> None:
        """Keep a version in this process."""
        self._kept[code, version] = dict(files)

    def files(self, code: str, version: str) -> dict[str, bytes]:
        """Files of a version; none where it is not kept."""
        return self._kept.get((code, version), {})
