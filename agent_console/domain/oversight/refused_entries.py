"""What a server turned down at a seat stays before a person until it is seen to; that is a fact."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant

Remedy = Literal["again", "dropped"]


@fact("entry.closed", personal=("ground",))
class EntryClosed(msgspec.Struct, frozen=True):
    """Somebody took an entry out of the tray: done again on what holds now, or dropped, and why."""

    entry: str
    remedy: Remedy
    by: str
    role: str
    occurred_at: Instant
    ground: str = ""
