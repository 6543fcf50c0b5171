"""A row per stream: the folded state, sealed, and open columns to find it by.

The state itself is kept, so a projection can never say anything else than the fold of its events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
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
        blank: dict[str, str] | None = None,
        outline: Callable[[StateT], StateT] | None = None,
    ) -> None:
        """`columns` gives the open columns of a state; nothing personal may be among them.

        blank: what those columns say instead that could lead to somebody, where the stream was erased or is
        confidential. outline: what is left of a confidential state for those who may not read it; it stands open in
        the column `outline`.
        """
        self._table = table
        self._prefix = prefix
        self._empty = empty
        self._evolve = evolve
        self._columns = columns
        self._blank = blank or {}
        self._outline = outline
        self._shown = "stream, sealed, outline" if outline else "stream, sealed, NULL"

    def apply(self, connection: Connection, event: Event) -> StateT | None:
        """Take in one event; the new state, or None where the stream is another's or was erased."""
        return self.apply_all(connection, (event,))

    def apply_all(self, connection: Connection, events: Sequence[Event]) -> StateT | None:
        """Take in events of one stream that follow each other, and write what they come to once."""
        stream = events[0].envelope.stream
        if not stream.startswith(self._prefix):
            return None
        facts = [event.fact for event in events if event.fact is not None]
        if not facts:
            return None
        sealing = Sealing(connection)
        if sealing.is_erased(stream) or sealing.is_locked(stream):
            return None
        state = reduce(self._evolve, facts, self._kept(connection, sealing, stream) or self._empty)
        self._write(connection, sealing, stream, state)
        return state

    def _kept(self, connection: Connection, sealing: Sealing, stream: str) -> StateT | None:
        found = rows(connection, f"SELECT sealed FROM {self._table} WHERE stream = ?", (stream,))
        content = sealing.unseal_to_fold(stream, found[0][0], _CONTEXT) if found and found[0][0] else None
        return msgspec.json.decode(content, type=type(self._empty)) if content is not None else None

    def _write(self, connection: Connection, sealing: Sealing, stream: str, state: StateT) -> None:
        is_secret = sealing.is_secret(stream)
        row = {
            "stream": stream,
            **self._columns(state, sealing),
            **(self._blank if is_secret else {}),
            "sealed": sealing.seal(stream, msgspec.json.encode(state), _CONTEXT),
        }
        if self._outline is not None:
            row["outline"] = msgspec.json.encode(self._outline(state)) if is_secret else None
        names = ", ".join(row)
        places = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR REPLACE INTO {self._table} ({names}) VALUES ({places})", tuple(row.values()))

    def seal_again(self, connection: Connection, stream: str) -> None:
        """Write a row anew after its stream became confidential or open, inside the transaction that is open."""
        sealing = Sealing(connection)
        state = self._kept(connection, sealing, stream)
        if state is not None:
            self._write(connection, sealing, stream, state)

    def state(self, connection: Connection, stream: str) -> StateT | None:
        """Folded state of a stream, its outline where it is confidential; None where there is none or it was erased."""
        sql = f"SELECT {self._shown} FROM {self._table} WHERE stream = ?"
        found = rows(connection, sql, (stream,))
        return self._open(Sealing(connection), *found[0]) if found else None

    def _open(self, sealing: Sealing, stream: str, sealed: bytes | None, outline: bytes | None) -> StateT | None:
        content = sealing.unseal(stream, sealed, _CONTEXT) if sealed else None
        shown = content if content is not None else outline
        return msgspec.json.decode(shown, type=type(self._empty)) if shown is not None else None

    def states(
        self,
        connection: Connection,
        where: str,
        parameters: tuple[object, ...] = (),
        order: str = "stream DESC",
        limit: int = 200,
    ) -> list[StateT]:
        """States of the rows that `where` finds, at most `limit`; those erased are left out."""
        sql = f"SELECT {self._shown} FROM {self._table} WHERE {where} ORDER BY {order} LIMIT ?"
        sealing = Sealing(connection)
        found = (self._open(sealing, *row) for row in rows(connection, sql, (*parameters, limit)))
        return [state for state in found if state is not None]

    def count(self, connection: Connection, where: str, parameters: tuple[object, ...] = ()) -> int:
        """Number of rows that `where` finds."""
        return int(rows(connection, f"SELECT count(*) FROM {self._table} WHERE {where}", parameters)[0][0])

    def forget(self, connection: Connection, owner: str) -> None:
        """Take the state out of the row of an owner that is being erased, and blank what could lead to somebody."""
        emptied = {"sealed": None, **({"outline": None} if self._outline else {}), **self._blank}
        sets = ", ".join(f"{name} = ?" for name in emptied)
        connection.execute(f"UPDATE {self._table} SET {sets} WHERE stream = ?", (*emptied.values(), owner))

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the row of a stream; one that cannot be folded again by this process stays."""
        if not Sealing(connection).is_locked(stream):
            connection.execute(f"DELETE FROM {self._table} WHERE stream = ?", (stream,))

    def clear(self, connection: Connection) -> None:
        """Empty the table; rows that cannot be folded again by this process stay."""
        locked = [owner for owner in Sealing(connection).locked() if owner.startswith(self._prefix)]
        gaps = ", ".join("?" * len(locked))
        connection.execute(f"DELETE FROM {self._table} WHERE stream NOT IN ({gaps})", locked)
