"""Facts, a clock and a projection made up for these tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.events import Event, fact
from agent_console.domain.instants import Instant, parse
from agent_console.store.log import Context
from agent_console.store.migrations import Migration
from agent_console.store.sealing import Sealing
from agent_console.store.seat_file import Store

if TYPE_CHECKING:
    from sqlite_utils import Database

NOON = parse("2026-03-02T12:00:00+08:00")
CALL = "call:01a20188-41b5-765b-a1f8-5c9f031ca5f7"
ORDER = "order:01a20188-41b5-765b-a1f8-5c9f031ca5f8"
CONTEXT = Context(
    actor="林晓",
    role="operator",
    seat="12",
    jurisdiction="fujian",
    rule_book="book-1",
    calendar="calendar-1",
    cause="command-1",
)


@fact("test.noted", personal=("text", "number"))
class Noted(msgspec.Struct, frozen=True):
    """Somebody said something."""

    channel: str
    text: str
    number: str = ""


@fact("test.closed")
class Closed(msgspec.Struct, frozen=True):
    """A fact without anything personal."""

    reason: str = "done"


class SettableClock:
    """A clock that is set by hand."""

    is_test = False

    def __init__(self, instant: Instant = NOON) -> None:
        self.instant = instant

    def now(self) -> Instant:
        return self.instant


class MishapError(Exception):
    """Something goes wrong."""


@contextmanager
def mishap_at_the_end(store: Store) -> Iterator[None]:
    """A transaction in which something goes wrong after all else."""
    with suppress(MishapError), store.transaction():
        yield
        raise MishapError


class LastNote:
    """The last note of each stream, sealed."""

    name = "test_last_note"

    def __init__(self, version: int = 1) -> None:
        self.version = version
        self.migrations: Sequence[Migration] = (Migration("0001_last_note", _last_note),)

    def apply(self, connection: Connection, event: Event) -> None:
        if isinstance(event.fact, Noted):
            stream = event.envelope.stream
            connection.execute(
                "INSERT OR REPLACE INTO test_last_note (stream, sealed) VALUES (?, ?)",
                (stream, Sealing(connection).seal(stream, event.fact.text.encode())),
            )

    def forget(self, connection: Connection, owner: str) -> None:
        connection.execute("DELETE FROM test_last_note WHERE stream = ?", (owner,))

    def drop(self, connection: Connection, stream: str) -> None:
        self.forget(connection, stream)

    def clear(self, connection: Connection) -> None:
        connection.execute("DELETE FROM test_last_note")

    @staticmethod
    def read(connection: Connection) -> dict[str, str]:
        found = connection.execute("SELECT stream, sealed FROM test_last_note").fetchall()
        notes = {stream: Sealing(connection).unseal(stream, sealed) for stream, sealed in found}
        return {stream: note.decode() for stream, note in notes.items() if note is not None}


def _last_note(db: Database) -> None:
    db.table("test_last_note").create({"stream": str, "sealed": bytes}, pk="stream", strict=True)
