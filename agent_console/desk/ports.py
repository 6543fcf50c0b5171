"""What the desk needs of a store. The seat's file is one; a test may bring another."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import Instant
from agent_console.store.drafts import Draft
from agent_console.store.identity import SeatIdentity
from agent_console.store.log import Context
from agent_console.store.numbers import DrawnNumber


class LogPort(Protocol):
    """The append-only log."""

    def append(
        self, facts: Iterable[msgspec.Struct], *, stream: str, expected_version: int, context: Context
    ) -> list[Event]:
        """Append facts to a stream, all or none."""

    def load(self, stream: str) -> list[Event]:
        """Events of a stream, oldest first."""

    def unsent_count(self) -> int:
        """Events the server has not acknowledged."""


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


class SeatStore(Protocol):
    """The file of one seat, as far as the desk uses it."""

    @property
    def identity(self) -> SeatIdentity:
        """Who the file is."""

    @property
    def log(self) -> LogPort:
        """The append-only log."""

    @property
    def drafts(self) -> DraftPort:
        """Drafts of unfinished calls."""

    @property
    def numbers(self) -> NumberPort:
        """Running numbers."""

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction: everything inside is kept, or nothing."""

    def erase(self, owner: str) -> None:
        """Destroy the key of a call or order and what is kept of it."""
