"""Waiting until a screen has nothing left to do, instead of until the machine looks idle for a while."""

from __future__ import annotations

import asyncio
import concurrent.futures.thread as pools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import textual.app
import textual.pilot

_SOON = 0.02
"""Seconds: a timer that is due within them belongs to what was just done."""
_LOOK_AGAIN = 0.001
_at_work: set[Any] = set()


class _Counted(pools._WorkItem):  # type: ignore[type-arg]
    """Work for a thread, at work until everybody who waits for it was told."""

    def __init__(self, *asked: Any) -> None:
        super().__init__(*asked)
        _at_work.add(self)

    def run(self) -> None:
        try:
            super().run()
        finally:
            _at_work.discard(self)


@contextmanager
def quiet_screens() -> Iterator[None]:
    """A pilot waits for the messages, the threads and the short timers of its screen and for nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pools, "_WorkItem", _Counted)
        patch.setattr(textual.pilot, "wait_for_idle", _until_quiet)
        patch.setattr(textual.app, "wait_for_idle", _until_quiet)
        yield
    _at_work.difference_update([work for work in _at_work if work.future.cancelled()])


async def _until_quiet(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    loop: Any = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    while loop.time() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if pause := _pause(loop):
            await asyncio.sleep(pause)
        elif await _is_calm(loop):
            return


def _pause(loop: Any) -> float:
    """Seconds until it is worth looking again; 0 where nothing is under way."""
    if any(not work.future.cancelled() for work in tuple(_at_work)):
        return _LOOK_AGAIN
    now = loop.time()
    soon = [timer.when() - now for timer in loop._scheduled if not timer.cancelled() and timer.when() < now + _SOON]
    return max(_LOOK_AGAIN, min(soon)) if soon else 0.0


async def _is_calm(loop: Any) -> bool:
    """Whether a look at what came from outside brought nothing new."""
    await asyncio.sleep(0)
    return not loop._ready and not _pause(loop)
