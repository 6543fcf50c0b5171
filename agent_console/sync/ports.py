"""What the engine needs of the seat's file. The desk brings it, for what comes in is folded and decided there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from agent_console.domain.instants import Instant
from agent_console.store.seat_file import Store
from agent_console.sync.outbox import Outbox
from agent_console.sync.wire import Entry, FeedPage, StreamHistory, Verdict


class LinkedFile(msgspec.Struct, frozen=True):
    """A file that an event of a stream names by the hash of its content. size: bytes, 0 where only the server knows."""

    event: str
    stream: str
    sha256: str
    size: int = 0


class SeatSide(Protocol):
    """Outbox and mirror of one seat, on a file of its own thread."""

    @property
    def store(self) -> Store:
        """The seat's file."""

    @property
    def epoch(self) -> str:
        """Epoch of the server's log the outbox counts for, "" before the first contact."""

    @property
    def cursor(self) -> int:
        """Up to where the feed was taken in."""

    def waiting(self) -> Outbox:
        """What waits."""

    def entries_to_send(self, limit: int, most_bytes: int, offset: Instant | None) -> Sequence[Entry]:
        """The first entries that can be sent, in order of n; at least one where any can. Raises EntryLocked."""

    def may_go_on(self) -> bool:
        """Whether something that was set aside for want of a key can go on now."""

    def sort_out(self, last_n: int) -> None:
        """Set aside what cannot be opened here, put back what can; the server has entries up to `last_n`."""

    def settle(self, verdicts: Sequence[Verdict]) -> None:
        """Keep what the server said of entries."""

    def rewind(self, last_n: int, epoch: str) -> None:
        """The server has entries up to `last_n` only: those after it wait again."""

    def enrol(self, last_n: int, epoch: str) -> None:
        """This device is new at a server: what waits is numbered on from `last_n`, under the ids it has."""

    def park(self, entry_id: str, why: str) -> None:
        """Set an entry aside that cannot be sent; those after it go on."""

    def take_page(self, page: FeedPage) -> None:
        """Take the rows of a page in, with the cursor, in one transaction."""

    def streams_left(self) -> Sequence[str]:
        """Streams that could not be kept when they came, and may be now."""

    def take_stream(self, history: StreamHistory) -> None:
        """Take all of one in, as far as it can be kept now."""

    def file_to_send(self, put_off: Collection[str]) -> LinkedFile | None:
        """The first file the server may lack, but for those that events `put_off` name."""

    def file_content(self, file: LinkedFile) -> Iterator[bytes]:
        """Its bytes."""

    def file_sent(self, file: LinkedFile) -> None:
        """The server has it whole."""

    def file_wanted(self, put_off: Collection[str]) -> LinkedFile | None:
        """A file the seat cannot do without and has not."""

    def take_file(self, file: LinkedFile, pieces: Iterable[bytes]) -> None:
        """Keep its bytes, if they are those the hash names, and let what rests on them follow."""

    def close(self) -> None:
        """Give the file back."""
