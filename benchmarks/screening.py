"""Time of screening a note of 200 characters, of loading, and what an operator sees while typing.

`python -m benchmarks.screening`: the statements are those of the training corpus, so the figures on what shows while
typing flatter the program; the times do not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from agent_console.resources.paths import data_folder
from agent_console.resources.rule_books import load_book
from knowledge.screening.classifier import WEIGHTS_FILE
from knowledge.screening.engine import Screener
from knowledge.screening.evaluation import Labelled
from knowledge.screening.model import ACCEPT, EMERGENCIES
from knowledge.screening.network import NETWORK_FILE
from knowledge.screening.training.examples import corpus

_LENGTH = 200
_LOAD = """
import time
from knowledge.search.sound import tables
import numpy
start = time.perf_counter()
from knowledge.screening.judgement import judges
judges()
print(1000 * (time.perf_counter() - start))
"""


def notes(cases: Sequence[Labelled], count: int) -> list[str]:
    """Notes of 200 characters cut from statements put together."""
    whole = "，".join(case.text for case in cases)
    step = max(1, (len(whole) - _LENGTH) // count)
    return [whole[start : start + _LENGTH] for start in range(0, step * count, step)]


def times(screener: Screener, texts: Sequence[str], clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each by `clock`, sorted."""
    found = []
    for text in texts:
        start = clock()
        screener.screen(text)
        found.append(1000 * (clock() - start))
    return sorted(found)


def told(found: Sequence[float]) -> str:
    """Median and 99th percentile of sorted times."""
    return "  ".join(f"p{share} {found[len(found) * share // 100]:.2f} ms" for share in (50, 99))


def shown_at(screener: Screener, text: str) -> int:
    """Characters typed when an emergency first shows; 0 if it never does."""
    for end in range(1, len(text) + 1):
        if screener.screen(text[:end], growing=True).best.screening_class in EMERGENCIES:
            return end
    return 0


def typed(cases: Sequence[Labelled]) -> str:
    """What shows while the statements are typed key by key."""
    screeners: dict[str, Screener] = {}
    ordinary: list[bool] = []
    shares: list[float] = []
    for case in cases:
        name = case.jurisdiction
        if name not in screeners:
            screeners[name] = Screener(None if name == "any" else load_book(name))
        if case.expected == ACCEPT and not case.right & set(EMERGENCIES):
            ordinary.append(shown_at(screeners[name], case.text) > 0)
        elif case.expected in EMERGENCIES and (end := shown_at(screeners[name], case.text)):
            shares.append(end / len(case.text))
    return (
        f"typed key by key: an emergency shows at {median(shares):.0%} of its text (median), "
        f"and in {sum(ordinary)} of {len(ordinary)} ordinary statements ({sum(ordinary) / len(ordinary):.1%})"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--notes", type=int, default=500)
    options.add_argument("--corpus", type=Path, default=data_folder("corpora") / "training")
    options.add_argument("--typed", type=int, default=400)
    given = options.parse_args()
    cases = corpus(given.corpus)
    screener = Screener(load_book("fujian"))
    texts = notes(cases, given.notes)
    times(screener, texts[:20])
    loaded = float(subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True).stdout)
    print(f"{_LENGTH} characters, processor: {told(times(screener, texts, time.process_time))}")
    print(f"{_LENGTH} characters, wall: {told(times(screener, texts))}, load {os.getloadavg()[0]:.1f}")
    size = WEIGHTS_FILE.stat().st_size + NETWORK_FILE.stat().st_size
    print(f"weights: {size / 1e6:.2f} MB, loaded in {loaded:.0f} ms")
    step = max(1, len(cases) // given.typed)
    print(typed(cases[::step]))


if __name__ == "__main__":
    main()
