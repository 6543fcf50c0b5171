"""A row per stream: the folded state, sealed, and open columns to find it by.

The state itself is kept, so a projection can never say anything else than the fold of its events.
"""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any, Generic, TypeVar

import msgspec

from agent_console.domain.events import Event
from agent_console.store.connection import rows
from agent_console.store.sealing import Sealing

StateT = TypeVar("StateT", bound=msgspec.Struct)
_CONTEXT = "state"


class FoldedTable(Generic[StateT]):
    """Keeps `table` in step with the streams whose name begins with `prefix`."""

    def __init__(
        self,
        table: str,
        prefix: str,
        empty: StateT,
        evolve: Callable[[StateT, msgspec.Struct | None], StateT],
        columns: Callable[[StateT, Sealing], dict[str, Any]],
    ) -> None:
        """`columns` gives the open columns of a state; nothing personal may be among them."""
        self._table = table
        self._prefix = prefix
        self._empty = empty
        self._evolve = evolve
        self._columns = columns

    def apply(self, connection: Connection, event: Event) -> StateT | None:
        """Take in one event; the new state, or None where the stream is another's or was erased."""
        stream = event.envelope.stream
        if not stream.startswith(self._prefix) or event.fact is None:
            return None
        sealing = Sealing(connection)
        if sealing.is_erased(stream):
            return None
        state = self._evolve(self.state(connection, stream) or self._empty, event.fact)
        sealed = sealing.seal(stream, msgspec.json.encode(state), _CONTEXT)
        row = {"stream": stream, **self._columns(state, sealing), "sealed": sealed}
        names = ", ".join(row)
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR REPLACE INTO {self._table} ({names}) VALUES ({places})", tuple(row.values()))
        return state

    def state(self, connection: Connection, stream: str) -> StateT | None:
        """Folded state of a stream; None where there is none or it was erased."""
        found = rows(connection, f"SELECT sealed FROM {self._table} WHERE stream = ?", (stream,))
        return self.open(connection, stream, found[0][0]) if found else None

    def open(self, connection: Connection, stream: str, sealed: bytes | None) -> StateT | None:
        """The state inside a `sealed` column."""
        content = Sealing(connection).unseal(stream, sealed, _CONTEXT) if sealed else None
        return msgspec.json.decode(content, type=type(self._empty)) if content is not None else None

    def states(
        self,
        connection: Connection,
        where: str,
        parameters: tuple[object, ...] = (),
        order: str = "stream DESC",
        limit: int = 200,
    ) -> list[StateT]:
        """States of the rows that `where` finds, at most `limit`; those erased are left out."""
        sql = f"SELECT stream, sealed FROM {self._table} WHERE {where} ORDER BY {order} LIMIT ?"
        found = (
            self.open(connection, stream, sealed) for stream, sealed in rows(connection, sql, (*parameters, limit))
        )
        return [state for state in found if state is not None]

    def count(self, connection: Connection, where: str, parameters: tuple[object, ...] = ()) -> int:
        """Number of rows that `where` finds."""
        return int(rows(connection, f"SELECT count(*) FROM {self._table} WHERE {where}", parameters)[0][0])

    def forget(self, connection: Connection, owner: str, blank: dict[str, str]) -> None:
        """Take the state out of the row of an owner that is being erased, and blank these columns."""
        sets = ", ".join(f"{name} = ?" for name in blank)
        connection.execute(
            f"UPDATE {self._table} SET sealed = NULL{', ' + sets if sets else ''} WHERE stream = ?",
            (*blank.values(), owner),
        )

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(f"DELETE FROM {self._table}")
