"""What waits to be sent to the server."""

from __future__ import annotations

import msgspec

from agent_console.domain.instants import Instant
from agent_console.store.seat_file import Store


class Outbox(msgspec.Struct, frozen=True):
    """Number of entries that wait, and when the oldest of them was made; None where none waits.

    held: how many of them were set aside until the key of a role is here.
    """

    unsent: int
    oldest: Instant | None = None
    held: int = 0

    @property
    def can_be_sent(self) -> bool:
        """Whether something waits that waits for no key."""
        return self.unsent > self.held


def read_outbox(store: Store) -> Outbox:
    """Look into the outbox of a seat's file."""
    held = store.outbox.held_count()
    return Outbox(store.outbox.queued_count() + held, store.outbox.oldest(), held)
