"""Outbox and mirror of one seat, as the engine that talks to the server uses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.desk.desk import Desk
from agent_console.desk.opening import open_desk
from agent_console.desk.sync import files, sending, taking
from agent_console.desk.sync.deciding_again import rewrite
from agent_console.desk.sync.keys import reader_key_is_here
from agent_console.domain.instants import Instant
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.store.seat_file import Store
from agent_console.sync.outbox import Outbox, read_outbox
from agent_console.sync.ports import LinkedFile
from agent_console.sync.wire import Entry, FeedPage, Reason, StreamHistory, Verdict

_TURNED_DOWN = ("rejected", "conflict")


class Side:
    """One seat's file on a thread of its own."""

    def __init__(self, desk: Desk, store: Store) -> None:
        """Work on the file of this desk."""
        self._desk = desk
        self.store = store

    @property
    def epoch(self) -> str:
        """Epoch of the server's log the outbox counts for, "" before the first contact."""
        return self.store.mirror.standing().epoch

    @property
    def cursor(self) -> int:
        """Up to where the feed was taken in."""
        return self.store.mirror.standing().cursor

    def waiting(self) -> Outbox:
        """What waits."""
        return read_outbox(self.store)

    def entries_to_send(self, limit: int, most_bytes: int, offset: Instant | None) -> Sequence[Entry]:
        """The first entries that can be sent, in order of n; at least one where any can.

        Raises EntryLocked where the first of them cannot: see `sort_out`.
        """
        return sending.entries_to_send(self.store, limit, most_bytes, offset)

    def may_go_on(self) -> bool:
        """Whether something that was set aside for want of a key can go on now."""
        return self.store.outbox.may_go_on()

    def sort_out(self, last_n: int) -> None:
        """Set aside what cannot be opened here, put back what can; the server has entries up to `last_n`."""
        with self._desk.transaction():
            self.store.outbox.sort_out(last_n)

    def settle(self, verdicts: Sequence[Verdict]) -> None:
        """Keep what the server said of entries; what it turned down goes out of the streams, and into the tray."""
        with self._desk.transaction():
            streams: dict[str, None] = {}
            for verdict in verdicts:
                if verdict.status != "gap" and self._settle(verdict) and verdict.status in _TURNED_DOWN:
                    streams.update(dict.fromkeys(self.store.outbox.streams(verdict.id)))
            for stream in streams:
                if self.store.sealing.is_locked(stream):
                    # Somebody else signed in meanwhile: it is seen to once the key is here.
                    self.store.mirror.leave(stream, self.cursor)
                else:
                    rewrite(self._desk, self.store, stream, (), self.cursor)
            self.store.outbox.prune()

    def _settle(self, verdict: Verdict) -> bool:
        assert verdict.status != "gap"
        is_told = verdict.reason is not None or verdict.theirs or verdict.time_doubtful
        said = msgspec.json.encode(verdict) if is_told else b""
        before = self.store.outbox.settle(verdict.id, verdict.status, seq=verdict.seq, verdict=said)
        return before is not None and before.state != verdict.status

    def rewind(self, last_n: int, epoch: str) -> None:
        """The server has entries up to `last_n` only: those after it wait again, in another epoch the feed too."""
        with self._desk.transaction():
            known = self.epoch
            if epoch == known:
                # The same log never loses an entry: only what waits is numbered anew.
                self.store.outbox.number_on(last_n)
                return
            self.store.outbox.rewind(last_n)
            self.store.linked_files.begin_anew()
            if known:
                self.store.mirror.begin_anew(epoch)
                self.store.outlines.forget_all()
            else:
                self.store.mirror.stand(epoch, self.cursor)

    def enrol(self, last_n: int, epoch: str) -> None:
        """This device is new at a server: what waits is numbered on from `last_n`, under the ids it has."""
        with self._desk.transaction():
            self.store.outbox.enrol(last_n)
            self.store.linked_files.begin_anew()
            self.store.outlines.forget_all()
            self.store.mirror.stand(epoch, 0)

    def park(self, entry_id: str, why: str) -> None:
        """Set an entry aside that cannot be sent; those after it go on."""
        verdict = Verdict(0, entry_id, "rejected", reason=Reason("sync.parked", {"why": why}))
        self.store.outbox.park(entry_id, msgspec.json.encode(verdict))

    def take_page(self, page: FeedPage) -> None:
        """Take the rows of a page in, with the cursor, in one transaction. Raises BadInput."""
        taking.take_page(self._desk, self.store, page)

    def streams_left(self) -> Sequence[str]:
        """Confidential streams that came while no key of a reader was here, where there is one now."""
        return self.store.mirror.left() if reader_key_is_here(self._desk, self.store) else ()

    def take_stream(self, history: StreamHistory) -> None:
        """Take all of one in, as far as it can be kept now. Raises BadInput."""
        taking.take_stream(self._desk, self.store, history)

    def file_to_send(self, put_off: Collection[str]) -> LinkedFile | None:
        """The first file the server may lack, but for those that events `put_off` name."""
        return files.to_send(self.store, put_off)

    def file_content(self, file: LinkedFile) -> Iterator[bytes]:
        """Its bytes. Raises StoreError where they are not what was put in."""
        return files.content(self.store, file)

    def file_sent(self, file: LinkedFile) -> None:
        """The server has it whole."""
        files.sent(self.store, file)

    def file_wanted(self, put_off: Collection[str]) -> LinkedFile | None:
        """An import of the knowledge base that was read at another seat."""
        return files.wanted(self.store, put_off)

    def take_file(self, file: LinkedFile, pieces: Iterable[bytes]) -> None:
        """Keep it, if its bytes are those the hash names. Raises StoreError."""
        files.take(self.store, file, pieces)

    def close(self) -> None:
        """Give the file back."""
        self.store.close()


def open_side(home: Path, settings: Settings, clock: Clock, actor: Actor | None = None) -> Side:
    """Open the seat's file for the engine; one per thread. Raises what `open_desk` raises."""
    opened = open_desk(home, settings, clock, actor)
    return Side(opened.desk, opened.store)
