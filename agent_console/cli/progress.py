"""A bar on standard error while something long goes on; nothing where nobody looks at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Bar = Callable[[str], Callable[[int, int], None]]
"""Begins a stretch of work of that name; what it gives is told how much of how much is done."""


def _nothing(_done: int, _total: int) -> None:
    """Nobody looks."""


@contextmanager
def bar() -> Iterator[Bar]:
    """While it is open, stretches of work may be begun, one after the other."""
    if not sys.stderr.isatty():
        yield lambda _: _nothing
        return
    # Late: nobody waits for these where no bar is drawn.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def begin(name: str) -> Callable[[int, int], None]:
            task = shown.add_task(name, total=None)

            def told(done: int, total: int) -> None:
                shown.update(task, completed=done, total=total or None)

            return told

        yield begin
