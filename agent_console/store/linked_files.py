"""Files that facts name by the hash of their content: which of them the server still has to get from this seat.

The facts stand in the log; here is only which of them are settled. What a hash is stays sealed in its fact.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from sqlite3 import Connection
from typing import TYPE_CHECKING, Literal

from agent_console.store.connection import joined, rows
from agent_console.store.migrations import Migration, migrate

if TYPE_CHECKING:
    from sqlite_utils import Database

Settled = Literal["sent", "elsewhere"]
"""sent: the server has it whole; elsewhere: its bytes are not here, another seat sends them."""

_SET = "linked_files"
_NAMING = "type IN ('order.attached', 'knowledge.imported')"
"""Facts that name a file; SQLite finds the index by these very words."""
_OPEN = f"{_NAMING} AND NOT EXISTS (SELECT 1 FROM file_settled WHERE file_settled.event = event.id)"
_CONFIRMED = f"{_OPEN} AND seq IS NOT NULL"


class LinkedFiles:
    """What is known of the files that events of one seat's file name."""

    def __init__(self, connection: Connection) -> None:
        """Work on this file; outside of a transaction."""
        migrate(connection, _SET, _MIGRATIONS)
        self._connection = connection

    def open_events(self, without: Collection[str] = (), limit: int = 20, stream: str = "") -> list[tuple[str, str]]:
        """Id and stream of the first events the server has confirmed whose file is not settled, oldest first.

        stream: of this one only.
        """
        where, asked = (f"{_CONFIRMED} AND stream = ?", (stream,)) if stream else (_CONFIRMED, ())
        found = self._connection.execute(f"SELECT id, stream FROM event WHERE {where} ORDER BY position", asked)
        return list(islice(((id_, name) for id_, name in found if id_ not in without), limit))

    def unsent_count(self) -> int:
        """How many files the server has not got from here, those included whose order is still to be sent."""
        sql = f"SELECT (SELECT count(*) FROM event WHERE {_OPEN}) + (SELECT count(*) FROM file_owed)"
        return int(rows(self._connection, sql)[0][0])

    def owe(self, event: str, stream: str, said: bytes) -> None:
        """Note a file whose event goes out of sight before it was sent. said: what to send, sealed."""
        with joined(self._connection):
            sql = "INSERT OR REPLACE INTO file_owed (event, stream, said) VALUES (?, ?, ?)"
            self._connection.execute(sql, (event, stream, said))

    def owed(self, stream: str = "") -> list[tuple[str, str, bytes]]:
        """Event, stream and sealed text of each of those; stream: of this one only."""
        sql = "SELECT event, stream, said FROM file_owed WHERE ? = '' OR stream = ? ORDER BY rowid"
        return rows(self._connection, sql, (stream, stream))

    def settle(self, event: str, how: Settled) -> None:
        """Note that the file an event names needs no more sending."""
        with joined(self._connection):
            sql = "INSERT OR REPLACE INTO file_settled (event, how) VALUES (?, ?)"
            self._connection.execute(sql, (event, how))
            self._connection.execute("DELETE FROM file_owed WHERE event = ?", (event,))

    def look_again(self) -> None:
        """Bytes that were not here have come: look through all that were thought elsewhere."""
        with joined(self._connection):
            self._connection.execute("DELETE FROM file_settled WHERE how = 'elsewhere'")

    def begin_anew(self) -> None:
        """The server is another one, or was restored: nothing counts as sent."""
        with joined(self._connection):
            self._connection.execute("DELETE FROM file_settled")


def _file_settled(db: Database) -> None:
    columns = {"event": str, "how": str}
    db.table("file_settled").create(columns, pk="event", not_null={"how"}, strict=True)
    db.execute(f"CREATE INDEX event_naming_file ON event (position) WHERE {_NAMING}")


def _file_owed(db: Database) -> None:
    columns = {"event": str, "stream": str, "said": bytes}
    db.table("file_owed").create(columns, pk="event", not_null={"stream", "said"}, strict=True)


_MIGRATIONS = (Migration("0001_file_settled", _file_settled), Migration("0002_file_owed", _file_owed))
