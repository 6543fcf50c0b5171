"""The threads behind the screen. The screen itself never waits for a disk.

One thread owns the seat's file: what is asked of it is done one after the other, in order. A second one looks things
up. Both answer with values; they touch no widget.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

ResultT = TypeVar("ResultT")


class Closable(Protocol):
    """Something a thread opens and closes."""

    def close(self) -> None:
        """Give it back."""


HeldT = TypeVar("HeldT", bound=Closable)


class Worker(Generic[HeldT]):
    """One thread that opens a thing at first use, and does everything that is asked with it."""

    def __init__(self, name: str, opener: Callable[[], HeldT]) -> None:
        """Nothing is opened yet."""
        self._opener = opener
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._held: HeldT | None = None
        self._closed = False

    def submit(self, work: Callable[[HeldT], ResultT]) -> Future[ResultT]:
        """Have it done after what was asked before."""
        return self._pool.submit(self._do, work)

    async def run(self, work: Callable[[HeldT], ResultT]) -> ResultT:
        """Have it done and wait without blocking; what is under way is never cancelled."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    def _do(self, work: Callable[[HeldT], ResultT]) -> ResultT:
        if self._held is None:
            self._held = self._opener()
        return work(self._held)

    def close(self) -> None:
        """Finish what was asked and give the thing back; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._pool.submit(self._give_back).result()
            self._pool.shutdown()

    def _give_back(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
