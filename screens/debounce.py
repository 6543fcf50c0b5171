"""Doing something once the hands rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Debounce:
    """Calls `then` when nothing was touched for `pause_ms` milliseconds; the keys themselves are never delayed."""

    def __init__(self, pause_ms: int, then: Callable[[], None]) -> None:
        """Nothing is waiting."""
        self._pause = pause_ms / 1000
        self._then = then
        self._handle: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Something was typed: begin the pause anew."""
        self.cancel()
        self._handle = asyncio.get_running_loop().call_later(self._pause, self._fire)

    def cancel(self) -> None:
        """What waited is not done."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    @property
    def waiting(self) -> bool:
        """True while something was typed that was not yet acted on."""
        return self._handle is not None

    def _fire(self) -> None:
        self._handle = None
        self._then()
