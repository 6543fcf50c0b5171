"""What the desk needs of a store. The seat's file is one; a test may bring another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import Instant
from agent_console.domain.intake.calls import Call
from agent_console.domain.work_order.orders import Order
from agent_console.store.drafts import Draft
from agent_console.store.identity import SeatIdentity
from agent_console.store.link_state import ClockOffset
from agent_console.store.log import Context
from agent_console.store.numbers import DrawnNumber
from agent_console.store.outbox import KeptStep
from agent_console.store.projections.figures import Dues, OrderFigure
from agent_console.store.tallies import Counting, Sums


class LogPort(Protocol):
    """The append-only log."""

    def append(
        self, facts: Iterable[msgspec.Struct], *, stream: str, expected_version: int, context: Context
    ) -> list[Event]:
        """Append facts to a stream, all or none."""

    def take_in(self, events: Sequence[Event]) -> None:
        """Append events that were made elsewhere."""

    def load(self, stream: str) -> list[Event]:
        """Events of a stream, oldest first."""

    def version(self, stream: str) -> int:
        """Number of events of a stream."""


class OutboxPort(Protocol):
    """What a server will be told."""

    def instant(self, now: Instant) -> Instant:
        """The one instant of the transaction that is open."""

    def entry_id(self) -> str:
        """Id of the entry of the transaction that is open."""

    def add(self, step: KeptStep, context: Context) -> None:
        """Add a step to that entry."""


class DraftPort(Protocol):
    """Drafts of unfinished calls."""

    def save(self, draft: Draft) -> Draft:
        """Put it on the disk."""

    def load(self, owner: str) -> Draft | None:
        """Draft of a call."""

    def delete(self, owner: str) -> None:
        """Remove it."""


class NumberPort(Protocol):
    """Running numbers."""

    def draw(self, at: Instant | None = None) -> DrawnNumber:
        """The next number of the day."""


class FigurePort(Protocol):
    """What is counted of orders and calls."""

    def note_dues(self, stream: str, dues: Dues) -> None:
        """Write the due times of an order."""

    def outdated(self, versions: Mapping[tuple[str, str], str], calendar: str) -> list[str]:
        """Orders whose due times rest on another calendar or book."""

    def books(self) -> list[tuple[str, str]]:
        """Rule books that running orders are under."""

    def figures(self, where: str = "1", parameters: tuple[object, ...] = (), limit: int = -1) -> list[OrderFigure]:
        """Rows of orders."""

    def tally(self, counting: Counting) -> Sums:
        """Count orders and calls."""

    def ask(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a question to the tables of figures."""

    def newest_of(self, topic: str) -> str:
        """Stream of the newest order of a topic."""


class BookPort(Protocol):
    """Versions of rule books that orders run under."""

    def keep(self, code: str, version: str, files: Mapping[str, bytes]) -> None:
        """Keep one."""

    def files(self, code: str, version: str) -> dict[str, bytes]:
        """Files of one."""


class LinkPort(Protocol):
    """What is known of the server's clock."""

    @property
    def clock_offset(self) -> Instant:
        """Microseconds from the seat's clock to the server's, 0 while never measured."""

    def measured_clock(self) -> ClockOffset | None:
        """The same with how good it is."""


class SeatStore(Protocol):
    """The file of one seat, as far as the desk uses it."""

    @property
    def identity(self) -> SeatIdentity:
        """Who the file is."""

    @property
    def log(self) -> LogPort:
        """The append-only log."""

    @property
    def outbox(self) -> OutboxPort:
        """What a server will be told."""

    @property
    def link(self) -> LinkPort:
        """The server's clock."""

    @property
    def drafts(self) -> DraftPort:
        """Drafts of unfinished calls."""

    @property
    def figures(self) -> FigurePort:
        """What is counted of orders and calls."""

    @property
    def books(self) -> BookPort:
        """Versions of rule books that orders run under."""

    @property
    def numbers(self) -> NumberPort:
        """Running numbers."""

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction: everything inside is kept, or nothing."""

    def erase(self, owner: str) -> None:
        """Destroy the key of a call or order and what is kept of it."""

    def is_secret(self, owner: str) -> bool:
        """Whether an order or call is confidential."""

    def withheld(self, owner: str) -> Order | Call | None:
        """What everybody may see of a confidential order or call; None where it may be read in full."""

    def make_secret(self, owner: str, roles: Sequence[str]) -> None:
        """Have it read by these roles only."""

    def make_open(self, owner: str) -> None:
        """Let it be as any other again."""

    def scrub(self) -> bool:
        """Remove erased bytes from the write-ahead log; False where that must wait."""

    def compact(self) -> bool:
        """Write the file anew without the bytes that are no longer in use."""
