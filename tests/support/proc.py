"""Processes of this machine, as /proc tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_ENDED = "Z"


class Running(NamedTuple):
    """A process that has not ended."""

    pid: int
    parent: int
    session: int


def running() -> Iterator[Running]:
    """Every one there is."""
    for told in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, _, session, *_ = told.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if state != _ENDED:
            yield Running(int(told.parent.name), int(parent), int(session))
