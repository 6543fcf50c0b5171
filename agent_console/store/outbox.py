"""What a seat did, as it will be told to a server: one entry for each transaction of the desk, in a gapless order.

Every entry is written in the transaction of its events, whether a server is set or not: a lone seat may get one
later. What was typed stands sealed with the key of the stream it is about and is lost with it. An entry leaves the
queue by the server's verdict only; the events themselves become confirmed by the feed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from sqlite3 import Connection
from typing import Any, Literal

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import StoreError
from agent_console.domain.instants import HOUR, Instant
from agent_console.store.connection import joined, rows
from agent_console.store.log import Context, new_id
from agent_console.store.sealing import Sealing

State = Literal["queued", "applied", "duplicate", "rejected", "conflict", "parked", "held"]
IN_TRAY = ("rejected", "conflict", "parked")
"""States a person has to look at."""

KEPT: Instant = 30 * 24 * HOUR
"""What the server has is kept so long: it may be restored from a backup that is older than the entry."""

TOGETHER = 200 * 1024
"""Bytes of commands in one entry, beyond which the next step of a long transaction begins another."""

HISTORY = "history"
"""Command of a step that carries events as they are; its body is read from the log when it is sent."""

_STEP = "outbox step"
_VERDICT = "verdict"
_COLUMNS = (
    "n", "id", "at", "jurisdiction", "rule_book", "calendar", "seat", "actor", "role", "unit", "clock_offset",
    "authority", "state", "seq", "settled_at", "closed_at",
)  # fmt: skip


class KeptStep(msgspec.Struct, frozen=True):
    """One command on one stream.

    base: version the stream had when it was decided; events: ids of what followed. body: JSON of the command, b"" where
    the step carries the events themselves, None where its content was erased. in_open: nothing in it is personal.
    """

    stream: str
    base: int
    command: str
    body: bytes | None
    events: tuple[str, ...]
    in_open: bool = False


class KeptEntry(msgspec.Struct, frozen=True):
    """One transaction of the desk. n: its number at the server, None while it waits apart. Instants: UTC microseconds.

    seq: where its last event stands in the server's feed, 0 while unknown; settled_at, closed_at: 0 while open.
    """

    n: int | None
    id: str
    at: Instant
    jurisdiction: str
    rule_book: str
    calendar: str
    seat: str
    actor: str
    role: str
    unit: str
    clock_offset: int | None
    authority: str
    state: State
    seq: int
    settled_at: Instant
    closed_at: Instant
    steps: tuple[KeptStep, ...] = ()


class EntryLocked(StoreError):
    """An entry speaks of a confidential order that this process cannot open, or rests on one that does."""


class Outbox:
    """The entries of one seat's file."""

    def __init__(self, connection: Connection, clock: Clock, sealing: Sealing) -> None:
        """Write into this file."""
        self._connection = connection
        self._clock = clock
        self._sealing = sealing
        self._entry = ""
        self._size = 0
        self._instant: Instant | None = None

    def begin(self) -> None:
        """A transaction of the store has begun: what is added from now on is one entry."""
        self._entry, self._size, self._instant = "", 0, None

    def entry_id(self) -> str:
        """Id of the entry of the transaction that is open; the cause of its events."""
        self._entry = self._entry or new_id()
        return self._entry

    def instant(self, now: Instant) -> Instant:
        """The one instant for which everything in the transaction that is open is decided; `now` outside of one.

        The server decides all steps of an entry as of one instant, and must come to the same facts.
        """
        if not self._connection.in_transaction:
            return now
        if self._instant is None:
            self._instant = now
        return self._instant

    def add(self, step: KeptStep, context: Context) -> None:
        """Add a step to the entry of the transaction that is open."""
        entry = self.entry_id()
        if not rows(self._connection, "SELECT 1 FROM outbox WHERE id = ?", (entry,)):
            self._insert(entry, context)
        self._size += len(step.body or b"")
        in_open = step.in_open and not self._sealing.is_secret(step.stream)
        sealed = None
        if step.body and not in_open:
            sealed = self._sealing.seal(step.stream, step.body, f"{_STEP} {entry}")
        self._connection.execute(
            "INSERT INTO outbox_step (entry, stream, base, command, events, body, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                entry, step.stream, step.base, step.command, msgspec.json.encode(step.events).decode(),
                (step.body or b"").decode() if in_open else None, sealed,
            ),
        )  # fmt: skip
        if self._size > TOGETHER:
            self._entry, self._size = "", 0

    def _insert(self, entry: str, context: Context) -> None:
        at = self._clock.now() if context.occurred_at is None else context.occurred_at
        told = (
            entry, at, context.jurisdiction, context.rule_book, context.calendar, context.seat, context.actor,
            context.role, context.unit, context.clock_offset, context.authority,
        )  # fmt: skip
        self._connection.execute(
            f"INSERT INTO outbox (n, {', '.join(_COLUMNS[1:12])}) VALUES (?, {', '.join('?' * len(told))})",
            (self._next_n(), *told),
        )

    def _next_n(self) -> int:
        sql = "UPDATE link SET last_n = last_n + 1 RETURNING last_n"
        return int(rows(self._connection, sql)[0][0])

    def unsent_count(self) -> int:
        """Number of entries the server has not judged."""
        return self.queued_count() + self.held_count()

    def queued_count(self) -> int:
        """Number of those that wait for nothing but the line."""
        return int(rows(self._connection, "SELECT count(*) FROM outbox WHERE state = 'queued'")[0][0])

    def held_count(self) -> int:
        """Number of those that were set aside: they wait for the key of a role."""
        return int(rows(self._connection, "SELECT count(*) FROM outbox WHERE state = 'held'")[0][0])

    def oldest(self) -> Instant | None:
        """When the oldest entry that waits was made; None where none does."""
        first = "SELECT at FROM outbox WHERE state = 'queued' ORDER BY n LIMIT 1"
        sql = f"SELECT min(at) FROM (SELECT * FROM ({first}) UNION ALL SELECT at FROM outbox WHERE state = 'held')"
        oldest: Instant | None = rows(self._connection, sql)[0][0]
        return oldest

    def queued(self, limit: int) -> list[KeptEntry]:
        """The first entries that can be sent, in order of their number.

        Raises EntryLocked where the very first cannot: then the queue has to be sorted out.
        """
        waiting = self._found("state = 'queued' ORDER BY n LIMIT ?", (limit,))
        held = self._streams_of_held() if waiting else set()
        entries: list[KeptEntry] = []
        for entry in waiting:
            whole = self._opened(entry, held)
            if whole is None:
                if not entries:
                    raise EntryLocked("error.secret_locked", "advice.secret_locked", owner=entry.id)
                break
            entries.append(whole)
        return entries

    def held(self) -> list[KeptEntry]:
        """Entries that were set aside, oldest first; what this process cannot open is left out."""
        return [self._as_shown(entry) for entry in self._found("state = 'held' ORDER BY position", ())]

    def may_go_on(self) -> bool:
        """Whether something that was set aside can be opened now, and rests on nothing that cannot."""
        blocked: set[str] = set()
        for entry in self._found("state = 'held' ORDER BY position", ()):
            if not self._must_wait(entry, blocked):
                return True
            blocked.update(self.streams(entry.id))
        return False

    def sort_out(self, last_n: int) -> None:
        """Set aside what this process cannot open, with what rests on it; put back what it can open by now.

        The rest goes on without it, numbered from `last_n`, the last number the server has of this device: one it has
        given must not go to another entry. What is put back comes first, for nothing that waits came before it on any
        of its streams.
        """
        with joined(self._connection):
            self._connection.execute("UPDATE outbox SET state = 'queued' WHERE state = 'held'")
            blocked: set[str] = set()
            for entry in self._found("state = 'queued' ORDER BY n IS NOT NULL, n, position", ()):
                if self._must_wait(entry, blocked):
                    blocked.update(self.streams(entry.id))
                    self._connection.execute("UPDATE outbox SET state = 'held', n = NULL WHERE id = ?", (entry.id,))
            self._renumber(last_n + 1)

    def _must_wait(self, entry: KeptEntry, blocked: Collection[str]) -> bool:
        """Whether an entry has a step on one of these streams, or on one this process cannot open."""
        return any(stream in blocked or self._sealing.is_locked(stream) for stream in self.streams(entry.id))

    def _opened(self, entry: KeptEntry, blocked: Collection[str]) -> KeptEntry | None:
        """The entry with its steps; None where it must wait."""
        try:
            whole = self._with_steps(entry)
        except EntryLocked:
            return None
        streams = {step.stream for step in whole.steps}
        return None if any(stream in blocked or self._sealing.is_locked(stream) for stream in streams) else whole

    def _streams_of_held(self) -> set[str]:
        sql = "SELECT DISTINCT stream FROM outbox_step WHERE entry IN (SELECT id FROM outbox WHERE state = 'held')"
        return {stream for (stream,) in rows(self._connection, sql)}

    def entry(self, id_: str) -> KeptEntry | None:
        """One entry by its id. Raises EntryLocked."""
        found = self._found("id = ?", (id_,))
        return self._with_steps(found[0]) if found else None

    def tray(self) -> list[KeptEntry]:
        """Entries a person has to look at, oldest first; content that is not for this process is left out."""
        return [self._as_shown(entry) for entry in self._found(f"{_OPEN_TRAY} ORDER BY position", IN_TRAY)]

    def in_tray(self) -> int:
        """How many those are."""
        return int(rows(self._connection, f"SELECT count(*) FROM outbox WHERE {_OPEN_TRAY}", IN_TRAY)[0][0])

    def _as_shown(self, entry: KeptEntry) -> KeptEntry:
        try:
            return self._with_steps(entry)
        except EntryLocked:
            return entry

    def not_confirmed(self, stream: str, cursor: int) -> list[KeptEntry]:
        """Entries with a step on a stream that the feed up to `cursor` has not brought back, oldest first."""
        where = (
            "id IN (SELECT entry FROM outbox_step WHERE stream = ?)"
            " AND (state IN ('queued', 'parked', 'held') OR (state IN ('applied', 'duplicate') AND seq > ?))"
            " AND NOT EXISTS (SELECT 1 FROM event WHERE stream = ? AND cause = outbox.id AND seq IS NOT NULL)"
            " AND closed_at = 0 ORDER BY position"
        )
        return [self._with_steps(entry, stream) for entry in self._found(where, (stream, cursor, stream))]

    def decided_on(self, id_: str, stream: str, base: int) -> None:
        """Note that the steps of an entry on a stream were decided again, on another version of it."""
        sql = "UPDATE outbox_step SET base = ? WHERE entry = ? AND stream = ?"
        self._connection.execute(sql, (base, id_, stream))

    def stands_for(self, stream: str) -> set[str]:
        """Ids of the events on a stream that entries stand for which were not turned down."""
        sql = (
            "SELECT events FROM outbox_step JOIN outbox ON outbox.id = entry WHERE stream = ?"
            " AND state NOT IN ('rejected', 'conflict') AND closed_at = 0"
        )
        found = rows(self._connection, sql, (stream,))
        return {id_ for (events,) in found for id_ in msgspec.json.decode(events, type=list[str])}

    def settle(self, id_: str, state: State, *, seq: int = 0, verdict: bytes = b"") -> KeptEntry | None:
        """Note what the server said of an entry; the entry as it stood before, None where there is none."""
        found = self._found("id = ?", (id_,))
        if not found:
            return None
        with joined(self._connection):
            sealed = self._sealed_verdict(id_, verdict) if verdict else None
            self._connection.execute(
                "UPDATE outbox SET state = ?, seq = max(seq, ?), settled_at = ?, verdict = ? WHERE id = ?",
                (state, seq, self._clock.now(), sealed, id_),
            )
        return found[0]

    def verdict(self, id_: str) -> bytes | None:
        """What the server said of an entry, as JSON; None where it said nothing or that was erased."""
        sealed = rows(self._connection, "SELECT verdict FROM outbox WHERE id = ?", (id_,))
        if not sealed or sealed[0][0] is None:
            return None
        owner = self.streams(id_)[0]
        return self._sealing.unseal(owner, sealed[0][0], f"{_VERDICT} {id_}")

    def _sealed_verdict(self, id_: str, verdict: bytes) -> bytes | None:
        streams = self.streams(id_)
        try:
            return self._sealing.seal(streams[0], verdict, f"{_VERDICT} {id_}") if streams else None
        except StoreError:
            # Erased meanwhile: what was said of it goes, too.
            return None

    def streams(self, id_: str) -> list[str]:
        """Streams of the steps of an entry."""
        sql = "SELECT DISTINCT stream FROM outbox_step WHERE entry = ? ORDER BY id"
        return [stream for (stream,) in rows(self._connection, sql, (id_,))]

    def park(self, id_: str, verdict: bytes) -> None:
        """Take an entry aside that the server cannot swallow; those after it go on in its place."""
        with joined(self._connection):
            self.settle(id_, "parked", verdict=verdict)
            found = rows(self._connection, "SELECT n FROM outbox WHERE id = ? AND n IS NOT NULL", (id_,))
            self._connection.execute("UPDATE outbox SET n = NULL WHERE id = ?", (id_,))
            for (n,) in found:
                self._renumber(n)

    def send_again(self, id_: str) -> None:
        """Put a parked entry at the end of the queue."""
        with joined(self._connection):
            self._connection.execute(
                "UPDATE outbox SET n = ?, state = 'queued', settled_at = 0 WHERE id = ?",
                (self._next_n(), id_),
            )

    def close(self, id_: str) -> None:
        """Take an entry out of the tray: a person has seen to it."""
        with joined(self._connection):
            self._connection.execute("UPDATE outbox SET closed_at = ? WHERE id = ?", (self._clock.now(), id_))

    def rewind(self, last_n: int) -> None:
        """Have everything after a number sent again, numbered on from it: the server knows of nothing beyond."""
        with joined(self._connection):
            self._connection.execute(
                "UPDATE outbox SET state = 'queued', seq = 0, settled_at = 0, verdict = NULL WHERE n > ?", (last_n,)
            )
            self._renumber(last_n + 1)

    def number_on(self, last_n: int) -> None:
        """Number what waits on from `last_n`, which is the last the server has of this device."""
        with joined(self._connection):
            taken = "UPDATE outbox SET n = NULL WHERE state != 'queued' AND n > ?"
            self._connection.execute(taken, (last_n,))
            self._renumber(last_n + 1)

    def enrol(self, last_n: int) -> None:
        """Number what waits on from `last_n`, for another server; what the one before has judged stays with that."""
        with joined(self._connection):
            self._connection.execute("UPDATE outbox SET n = NULL WHERE state != 'queued'")
            self._renumber(last_n + 1)

    def _renumber(self, first: int) -> None:
        waiting = rows(self._connection, "SELECT position FROM outbox WHERE state = 'queued' ORDER BY n, position")
        self._connection.execute("UPDATE outbox SET n = NULL WHERE state = 'queued'")
        self._connection.executemany(
            "UPDATE outbox SET n = ? WHERE position = ?",
            [(n, position) for n, (position,) in enumerate(waiting, first)],
        )
        self._connection.execute("UPDATE link SET last_n = ?", (first - 1 + len(waiting),))

    def prune(self) -> None:
        """Let go of what the server has had for `KEPT`."""
        before = self._clock.now() - KEPT
        over = "SELECT id FROM outbox WHERE state IN ('applied', 'duplicate') AND settled_at BETWEEN 1 AND ?"
        with joined(self._connection):
            self._connection.execute(f"DELETE FROM outbox_step WHERE entry IN ({over})", (before,))
            self._connection.execute(f"DELETE FROM outbox WHERE id IN ({over})", (before,))

    def _found(self, where: str, parameters: Sequence[object]) -> list[KeptEntry]:
        sql = f"SELECT {', '.join(_COLUMNS)} FROM outbox WHERE {where}"
        return [KeptEntry(*row) for row in rows(self._connection, sql, parameters)]

    def _with_steps(self, entry: KeptEntry, stream: str = "") -> KeptEntry:
        sql = (
            "SELECT stream, base, command, events, body, sealed FROM outbox_step"
            " WHERE entry = ? AND (? = '' OR stream = ?) ORDER BY id"
        )
        steps = tuple(self._step(entry.id, row) for row in rows(self._connection, sql, (entry.id, stream, stream)))
        return msgspec.structs.replace(entry, steps=steps)

    def _step(self, entry: str, row: tuple[Any, ...]) -> KeptStep:
        stream, base, command, events, body, sealed = row
        ids = msgspec.json.decode(events, type=tuple[str, ...])
        if body is not None:
            return KeptStep(stream, base, command, body.encode(), ids, in_open=True)
        if sealed is None:
            is_erased = self._sealing.is_erased(stream) or command != HISTORY
            return KeptStep(stream, base, command, None if is_erased else b"", ids)
        content = self._sealing.unseal_to_fold(stream, sealed, f"{_STEP} {entry}")
        if content is None and not self._sealing.is_erased(stream):
            raise EntryLocked("error.secret_locked", "advice.secret_locked", owner=stream)
        return KeptStep(stream, base, command, content, ids)


_OPEN_TRAY = "state IN (?, ?, ?) AND closed_at = 0"


def forget(connection: Connection, owner: str) -> None:
    """Take out what the steps on the stream of an erased owner say."""
    connection.execute("UPDATE outbox_step SET sealed = NULL WHERE stream = ?", (owner,))
    first = "SELECT stream FROM outbox_step WHERE entry = outbox.id ORDER BY id LIMIT 1"
    connection.execute(f"UPDATE outbox SET verdict = NULL WHERE verdict IS NOT NULL AND ({first}) = ?", (owner,))
