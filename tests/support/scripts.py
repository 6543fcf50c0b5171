"""Every way through a guided script."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.scripts.runner import HANG_UP, Run

ANSWER = "回答"
"""What is answered wherever a script asks."""


def walks(run: Run) -> Iterator[Run]:
    """Every way on that visits no step twice, ended or interrupted."""
    if run.outcome is not None:
        yield run
        return
    seen = [entry.partition(":")[0] for entry in run.path]
    for key in run.keys:
        if key != HANG_UP and run.step.exits[key] in seen:
            continue
        yield from walks(run.answer(key, ANSWER))
