"""`Store`: the file of one seat, as the desk and the command line hold it.

One `Store` per thread; any number of threads and processes may work on one file. A command is decided on
state that was read inside its own transaction:

    with store.transaction():
        events = store.log.load(stream)
        …decide…
        store.log.append(facts, stream=stream, expected_version=len(events), context=context)
        store.drafts.delete(stream)

What was written is on the disk when the `with` block has been left, and only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Any

from agent_console.clock import Clock
from agent_console.domain.errors import StoreError
from agent_console.domain.instants import Instant
from agent_console.domain.intake.calls import Call
from agent_console.domain.work_order.orders import Order
from agent_console.store import connection as files
from agent_console.store import erasure
from agent_console.store.attachments import AttachmentFiles
from agent_console.store.books import KeptBooks
from agent_console.store.drafts import Drafts
from agent_console.store.identity import SeatIdentity, ensure_identity
from agent_console.store.keyring import Keyring, keyring_of
from agent_console.store.link_state import LinkState
from agent_console.store.linked_files import LinkedFiles
from agent_console.store.log import EventLog
from agent_console.store.messages import Messages
from agent_console.store.migrations import migrate
from agent_console.store.mirror import Mirror, Outlines
from agent_console.store.numbers import Numbers
from agent_console.store.outbox import Outbox
from agent_console.store.projecting import Projector, bring_up, rebuild
from agent_console.store.projections.calls import CALLS
from agent_console.store.projections.figures import FigureBoard
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.projections.orders import ORDERS
from agent_console.store.rings import Rings
from agent_console.store.schema import SCHEMA, SCHEMA_SET
from agent_console.store.sealing import Sealing

ATTACHMENTS = "attachments"
"""Folder of attached files beside the seat's file."""

_HASHED: dict[str, FoldedTable[Any]] = {"call": CALLS, "work_order": ORDERS}
"""Tables whose rows are found by the hash of a telephone number."""


class Store:
    """The open file of a seat: log, sealing, drafts, numbers, rings and who the file is."""

    def __init__(self, connection: Connection, path: Path, clock: Clock, projectors: Sequence[Projector]) -> None:
        """Wrap a connection whose migrations are applied; use `Store.open`."""
        self.path = path
        self.connection = connection
        self.clock = clock
        self.projectors = tuple(projectors)
        self.identity: SeatIdentity = ensure_identity(connection, clock)
        self.sealing = Sealing(connection)
        self.log = EventLog(connection, clock, self.identity.device, self.sealing, self.projectors)
        self.outbox = Outbox(connection, clock, self.sealing)
        self.mirror = Mirror(connection, self.log, self.sealing, self.projectors)
        self.outlines = Outlines(connection, self.sealing)
        self.messages = Messages(connection, clock, self.sealing)
        self.link = LinkState(connection, clock)
        self.linked_files = LinkedFiles(connection)
        self.drafts = Drafts(connection, clock, self.sealing)
        self.numbers = Numbers(connection, clock)
        self.rings = Rings(connection, clock, self.sealing)
        self.figures = FigureBoard(connection)
        self.books = KeptBooks(connection, clock)
        self.attachments = AttachmentFiles(path.parent / ATTACHMENTS, self.sealing, keyring_of(connection).cipher)
        self._erased: list[str] = []
        self._watch = files.ChangeWatch(connection)
        self._unscrubbed = False
        self._closed = False

    @classmethod
    def open(
        cls, path: Path, clock: Clock, projectors: Sequence[Projector] = (), keyring: Keyring | None = None
    ) -> Store:
        """Open the seat's file, making it and its folder where they are missing.

        Applies the migrations that are due, those of the projectors too, and folds again the projections that
        have an older form. Raises StoreIsNewer, StoreReadOnly, StoreFull, or StoreError where it is damaged
        or not a seat's file. `keyring`: the role keys of this process; None: no confidential order can be read.
        """
        connection = files.open_connection(path)
        connection.keyring = keyring or Keyring()
        try:
            migrate(connection, SCHEMA_SET, SCHEMA)
            for projector in projectors:
                migrate(connection, projector.name, projector.migrations)
            store = cls(connection, path, clock, projectors)
            bring_up(connection, store.log, store.projectors)
        except BaseException:
            connection.close()
            raise
        return store

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction that writes: everything inside is kept, or nothing.

        Other writers wait from its first moment, so keep it short. Raises StoreFull, StoreReadOnly or
        StoreError; after any exception the file is as before.
        """
        try:
            with files.transaction(self.connection):
                self.outbox.begin()
                yield
        except BaseException:
            self._erased.clear()
            raise
        self._forget_files()
        if self._unscrubbed:
            self.scrub()

    def erase(self, owner: str) -> None:
        """Destroy the key of a call or order, its draft, and what projections keep of it.

        The personal part of its events can never be read again; the stream still loads. Inside a transaction
        the bytes are removed from the file as soon as that is committed. The erasure itself is an event that
        the desk appends.
        """
        with files.joined(self.connection):
            erasure.forget(self.connection, owner, self.projectors)
        self._unscrubbed = True
        self._erased.append(owner)
        if not self.connection.in_transaction:
            self._forget_files()
            self.scrub()

    def _forget_files(self) -> None:
        """What was attached goes once the key is gone for good; a transaction that was rolled back keeps both."""
        while self._erased:
            self.attachments.forget(self._erased.pop())

    def make_secret(self, owner: str, roles: Sequence[str]) -> None:
        """Have what comes of an owner read by these roles only; an event follows in the same transaction.

        Raises StoreError where this process holds the key of none of them.
        """
        self.sealing.make_secret(owner, roles)
        self._unscrubbed = True

    def make_open(self, owner: str) -> None:
        """Let an owner be as any other again; an event follows in the same transaction. Raises StoreError."""
        self.sealing.make_open(owner)

    def change_role_key(self, role: str, key: bytes, earlier: Sequence[bytes]) -> None:
        """A role has another key: what its earlier ones have wrapped here is wrapped with it, and only with it."""
        if earlier and self.sealing.change_role_key(role, key, earlier):
            self.scrub()

    def is_secret(self, owner: str) -> bool:
        """True where an order or call is confidential."""
        return self.sealing.is_secret(owner)

    def withheld(self, owner: str) -> Order | Call | None:
        """What everybody may see of a confidential order or call; None where it may be read in full."""
        if not self.sealing.is_withheld(owner):
            return None
        table = ORDERS if owner.startswith("order:") else CALLS
        return table.state(self.connection, owner)

    def compact(self) -> bool:
        """Write the file anew without the pages and bytes that are no longer in use; False while somebody uses it."""
        try:
            with files.guarded(self.connection):
                self.connection.execute("VACUUM")
        except StoreError:
            return False
        return self.scrub()

    def scrub(self) -> bool:
        """Remove erased bytes from the write-ahead log.

        False while another console is reading or the disk refuses: it is tried again after the next
        transaction and when the file is closed.
        """
        try:
            self._unscrubbed = not erasure.scrub(self.connection)
        except StoreError:
            # What was committed stays committed: a transaction must not look failed because of its tidying
            # up.
            self._unscrubbed = True
        return not self._unscrubbed

    def rebuild(self) -> None:
        """Empty all projections and fold them again from the log."""
        rebuild(self.connection, self.log, self.projectors)

    def share_number_key(self, key: bytes) -> None:
        """Hash telephone numbers as every seat of the line does, so that a repeat is recognised across seats."""
        with files.joined(self.connection):
            if not self.sealing.share_number_key(key):
                return
            for name, table in _HASHED.items():
                # In the order of the rows, for what is written last counts as the newest.
                for (stream,) in files.rows(self.connection, f"SELECT stream FROM {name} ORDER BY rowid"):
                    table.seal_again(self.connection, stream)

    def changed(self) -> bool:
        """True where another connection has written since this was last asked; reads memory, not the disk."""
        return self._watch.changed()

    def clock_behind(self) -> Instant:
        """Microseconds by which the clock lay before the file's last event at opening; 0: in order."""
        return self.identity.clock_behind

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._unscrubbed and not self._closed:
            self.scrub()
        self._closed = True
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
