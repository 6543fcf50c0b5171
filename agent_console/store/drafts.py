"""What was being typed when the pause, the parking or the power cut came."""

from __future__ import annotations

from sqlite3 import Connection

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import StoreError
from agent_console.domain.instants import Instant
from agent_console.store.connection import joined, path_of, rows
from agent_console.store.sealing import Sealing

_CONTEXT = "draft"


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """The unfinished form of one call, exactly as the operator left it.

    owner: stream of the call. fields: text by id of the field, the note among them. focus: id of the field
    that had the cursor. cursor, scroll: row and column, top row and left column, in that field. opened_at:
    when the call's clock started. saved_at: when this was saved, filled in by the store.
    """

    owner: str
    fields: dict[str, str] = {}
    focus: str = ""
    cursor: tuple[int, int] = (0, 0)
    scroll: tuple[int, int] = (0, 0)
    opened_at: Instant = 0
    saved_at: Instant = 0


class Drafts:
    """The drafts of unfinished calls, one per call, sealed with the call's key."""

    def __init__(self, connection: Connection, clock: Clock, sealing: Sealing) -> None:
        """Keep drafts in this file."""
        self._connection = connection
        self._clock = clock
        self._sealing = sealing

    def save(self, draft: Draft) -> Draft:
        """Put it on the disk in place of the call's earlier draft; returns it with `saved_at`.

        Raises StoreError where the call was erased, StoreFull, StoreReadOnly.
        """
        saved = msgspec.structs.replace(draft, saved_at=self._clock.now())
        with joined(self._connection):
            sealed = self._sealing.seal(saved.owner, msgspec.json.encode(saved), _CONTEXT)
            self._connection.execute(
                "INSERT INTO draft (owner, sealed, saved_at) VALUES (?, ?, ?) ON CONFLICT (owner)"
                " DO UPDATE SET sealed = excluded.sealed, saved_at = excluded.saved_at",
                (saved.owner, sealed, saved.saved_at),
            )
        return saved

    def load(self, owner: str) -> Draft | None:
        """Draft of a call, None where there is none."""
        found = rows(self._connection, "SELECT owner, sealed FROM draft WHERE owner = ?", (owner,))
        return self._open(*found[0]) if found else None

    def list(self) -> list[Draft]:
        """All drafts, the one saved last first."""
        found = rows(self._connection, "SELECT owner, sealed FROM draft ORDER BY saved_at DESC, owner DESC")
        return [draft for owner, sealed in found if (draft := self._open(owner, sealed))]

    def count(self) -> int:
        """Number of drafts, without opening them."""
        return int(rows(self._connection, "SELECT count(*) FROM draft")[0][0])

    def delete(self, owner: str) -> None:
        """Remove the draft of a call, in the transaction that is open where there is one."""
        with joined(self._connection):
            self._connection.execute("DELETE FROM draft WHERE owner = ?", (owner,))

    def _open(self, owner: str, sealed: bytes) -> Draft | None:
        content = self._sealing.unseal(owner, sealed, _CONTEXT)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=Draft)
        except msgspec.DecodeError as error:
            path = str(path_of(self._connection))
            raise StoreError("error.store_draft", "advice.store_damaged", path=path, owner=owner) from error
