"""A clock that is set by hand."""

from __future__ import annotations

from agent_console.domain.instants import Instant, parse

MONDAY = "2026-03-02T10:00:00+08:00"
"""Within working hours, no holiday near."""


class SettableClock:
    """Stands still until it is told otherwise."""

    is_test = True

    def __init__(self, at: str | Instant = MONDAY) -> None:
        self.set(at)

    def now(self) -> Instant:
        return self.instant

    def set(self, at: str | Instant) -> None:
        """Put the clock to an instant, or to a time as text; without offset it is Asia/Shanghai."""
        self.instant = parse(at) if isinstance(at, str) else at
