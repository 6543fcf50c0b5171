"""Projections: tables folded from the log, in the same transaction as the events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Protocol

from agent_console.domain.errors import StoreIsNewer
from agent_console.domain.events import Event
from agent_console.store.connection import joined, path_of, rows
from agent_console.store.migrations import Migration

if TYPE_CHECKING:
    from agent_console.store.log import EventLog


class Projector(Protocol):
    """Keeps some tables in step with the log.

    Personal text goes into its tables sealed, `Sealing(connection).seal(stream, …)`, a number as
    `number_hash`.
    """

    @property
    def name(self) -> str:
        """Name of the projection and of its set of migrations; never changed."""

    @property
    def version(self) -> int:
        """Form of what is projected, from 1; a higher one than the file's has the tables folded again."""

    @property
    def migrations(self) -> Sequence[Migration]:
        """What makes and changes its tables."""

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event; runs inside the transaction that appends it. `event.fact` may be None."""

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of a call or order whose key is being destroyed."""

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream: its events follow, other ones than before."""

    def clear(self, connection: Connection) -> None:
        """Empty its tables: all events follow."""


Applying = Callable[[Connection, Sequence[Event]], None]
"""Takes in events of one stream that follow each other."""


def take_in(connection: Connection, events: Sequence[Event], projector: Projector) -> None:
    """Events of one stream that follow each other: at once where the projector has a way to (`apply_stream`)."""
    at_once: Applying | None = getattr(projector, "apply_stream", None)
    if at_once is not None:
        at_once(connection, events)
        return
    for event in events:
        projector.apply(connection, event)


def bring_up(connection: Connection, log: EventLog, projectors: Sequence[Projector]) -> None:
    """Fold again the projections whose form in the file is older than the program's. Raises StoreIsNewer."""
    if not _outdated(connection, projectors):
        return
    with joined(connection):
        rebuild(connection, log, _outdated(connection, projectors))


def rebuild(connection: Connection, log: EventLog, projectors: Sequence[Projector]) -> None:
    """Empty these projections and fold them again from the whole log."""
    with joined(connection):
        for projector in projectors:
            projector.clear(connection)
        for event in log.everything():
            for projector in projectors:
                projector.apply(connection, event)
        connection.executemany(
            "INSERT INTO projection (name, version) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET version = excluded.version",
            [(projector.name, projector.version) for projector in projectors],
        )


def refold(connection: Connection, stream: str, events: Sequence[Event], projectors: Sequence[Projector]) -> None:
    """Inside a transaction: empty the rows of one stream and fold them again from these events."""
    for projector in projectors:
        projector.drop(connection, stream)
        if events:
            take_in(connection, events, projector)


def _outdated(connection: Connection, projectors: Sequence[Projector]) -> list[Projector]:
    kept: dict[str, int] = dict(rows(connection, "SELECT name, version FROM projection")) if projectors else {}
    for projector in projectors:
        if kept.get(projector.name, 0) > projector.version:
            raise StoreIsNewer(
                "error.store_newer", "advice.store_newer", path=str(path_of(connection)), name=projector.name
            )
    return [projector for projector in projectors if kept.get(projector.name, 0) < projector.version]
