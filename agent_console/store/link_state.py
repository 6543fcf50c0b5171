"""What the seat's file knows of its server beside outbox and feed: who may push now, the clock, who signed in here."""

from __future__ import annotations

import os
from sqlite3 import Connection
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import SECOND, Instant
from agent_console.store.connection import joined, rows
from agent_console.store.migrations import Migration, migrate

if TYPE_CHECKING:
    from sqlite_utils import Database

NoteT = TypeVar("NoteT")

LEASE: Instant = 60 * SECOND
"""Whoever pushes says so anew before this has passed; after that, or once it has ended, another process may."""

_FRESH_LEASE: Instant = 10 * SECOND
"""Whoever took it within this is not written down again: an idle seat looks four times a second."""

_SET = "link_state"
_CLOCK = "clock"


DOUBTFUL_OFFSET: Instant = 60 * SECOND
"""A clock that is off by more is said on the screen."""


class ClockOffset(msgspec.Struct, frozen=True):
    """Microseconds to add to the seat's clock to reach the server's, with the most it may be wrong by, and when."""

    offset: Instant
    error: Instant
    measured_at: Instant


class _Lease(msgspec.Struct, frozen=True):
    holder: str
    until: Instant


class LinkState:
    """Notes by name, and the lease; any number of processes may hold one on the same file."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        """Read and write in this file; outside of a transaction."""
        migrate(connection, _SET, _MIGRATIONS)
        self._connection = connection
        self._clock = clock

    def note(self, name: str, kind: type[NoteT]) -> NoteT | None:
        """What was written under a name; None where nothing was, or another form of the program wrote it."""
        found = rows(self._connection, "SELECT value FROM link_note WHERE name = ?", (name,))
        try:
            return msgspec.json.decode(found[0][0], type=kind) if found else None
        except msgspec.DecodeError:
            return None

    def write(self, name: str, value: object) -> None:
        """Write it under a name, over what stood there."""
        with joined(self._connection):
            self._connection.execute(
                "INSERT INTO link_note (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, msgspec.json.encode(value).decode()),
            )

    def forget(self, name: str) -> None:
        """Remove what stands under a name."""
        with joined(self._connection):
            self._connection.execute("DELETE FROM link_note WHERE name = ?", (name,))

    @property
    def clock_offset(self) -> Instant:
        """Microseconds to add to the seat's clock to reach the server's; 0 while never measured."""
        measured = self.measured_clock()
        return measured.offset if measured is not None else 0

    def measured_clock(self) -> ClockOffset | None:
        """The same with how good it is; None while never measured."""
        return self.note(_CLOCK, ClockOffset)

    def keep_clock(self, measured: ClockOffset) -> None:
        """Keep a measurement."""
        self.write(_CLOCK, measured)

    def take_lease(self, holder: str) -> bool:
        """Be the one that pushes and pulls for `LEASE`; False while somebody else is. See `new_holder`."""
        now, lease = self._clock.now(), self.note("lease", _Lease)
        if lease is not None and lease.holder == holder and LEASE - _FRESH_LEASE < lease.until - now <= LEASE:
            return True
        with joined(self._connection):
            now, lease = self._clock.now(), self.note("lease", _Lease)
            # A clock that was set back must not leave the seat without anybody who may push.
            is_held = (
                lease is not None
                and lease.holder != holder
                and 0 < lease.until - now <= LEASE
                and _is_running(lease.holder)
            )
            if not is_held:
                self.write("lease", _Lease(holder, now + LEASE))
        return not is_held

    def give_back(self, holder: str) -> None:
        """Let another push at once."""
        with joined(self._connection):
            lease = self.note("lease", _Lease)
            if lease is not None and lease.holder == holder:
                self.forget("lease")


def new_holder() -> str:
    """A name for whoever wants the lease: the process, and which of its engines."""
    return f"{os.getpid()}:{os.urandom(6).hex()}"


def _is_running(holder: str) -> bool:
    """Whether the process that holds the lease still runs; one that was killed gives nothing back."""
    process = holder.partition(":")[0]
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except OSError:
        return True
    return True


def _link_note(db: Database) -> None:
    columns = {"name": str, "value": str}
    db.table("link_note").create(columns, pk="name", not_null={"value"}, strict=True)


_MIGRATIONS = (Migration("0001_link_note", _link_note),)
