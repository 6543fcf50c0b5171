"""Time and quality of the search per key, beside other ways to search, in one run: `python -m benchmarks search`.

Made-up entries and queries from a fixed seed. Every query is typed key by key; all engines answer the same keys in
turn, so that the load of the machine falls on each of them. A slow one answers only some of the keys that are not the
last of a query, and after a minute none: `keys` says on how many its row rests. A million entries are titles only.

Beside the time on the clock stands that of the processor, which hardly depends on what else the machine does. Opening
and memory are measured in a process of their own, which opens the file, answers all keys and prints what it grew by.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.search_corpus import entries, keys, queries
from benchmarks.search_rivals import RIVALS, Answer
from knowledge.library import Stand
from knowledge.search.calm import calm
from knowledge.search.engine import SearchEngine
from knowledge.search.entry import Hit
from knowledge.search.index_file import IndexFile
from knowledge.search.packing import pack

_SHOWN = 20
_TITLES_ONLY = 500_000
_SLOW_KEYS = 60
_QUICK, _PATIENCE = 5_000, 60_000
"""Milliseconds that an engine may need before it is asked less, and no more."""
_PROBE = "--probe"


class Timed:
    """Times of one engine, and how often the entry that was meant came first or among the first five."""

    def __init__(self, name: str, answer: Answer) -> None:
        self.name = name
        self._answer = answer
        self._wall: list[float] = []
        self._own: list[float] = []
        self._ranks: list[int] = []
        self._last = ""
        self._jumps = 0

    def key(self, text: str, meant: str | None) -> None:
        """Answer one key."""
        wall, own = time.perf_counter(), time.process_time()
        found = self._answer(text)
        self._wall.append(1000 * (time.perf_counter() - wall))
        self._own.append(1000 * (time.process_time() - own))
        first = found[0] if found else ""
        self._jumps += first != self._last
        self._last = first
        if meant is not None:
            self._ranks.append(found.index(meant) + 1 if meant in found else 99)
            self._last = ""

    @property
    def spent(self) -> float:
        """Milliseconds of all answers together."""
        return sum(self._wall)

    def line(self) -> str:
        """One line of the table."""
        first, five = (sum(rank <= most for rank in self._ranks) / max(1, len(self._ranks)) for most in (1, 5))
        return (
            f"{self.name:18s} keys {len(self._wall):5d}  clock {_percentiles(self._wall)}  "
            f"processor {_percentiles(self._own)}  "
            f"first {first:.3f}  in five {five:.3f}  changes of the first a key {self._jumps / len(self._wall):.2f}"
        )


def _percentiles(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return " / ".join(f"{ordered[int(len(ordered) * share)]:.1f}" for share in (0.5, 0.95, 0.99))


class Calm:
    """The search as the seat shows it: what was shown before keeps its order."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._shown: list[str] = []

    def __call__(self, text: str) -> list[str]:
        hits: list[Hit] = calm(self._shown if len(text) > 1 else (), self._engine.search(text, limit=_SHOWN))
        self._shown = [hit.id for hit in hits]
        return self._shown


def run(count: int, typed: int, folder: Path) -> None:
    """Print one block of the table."""
    articles = entries(count, titles_only=count >= _TITLES_ONLY)
    asked = queries(articles, typed)
    file = IndexFile(folder / "search.index")
    start = time.process_time()
    file.write(pack(articles), Stand(0, b""))
    made = time.process_time() - start
    print(f"{count} entries, index made in {made:.1f} s of the processor, {file.path.stat().st_size >> 20} MB")
    print("  " + _probed(file.path, asked))
    engine = _opened(file.path)
    engine.search(articles[0].title)
    gc.freeze()
    ours = [
        Timed("search", lambda text: [hit.id for hit in engine.search(text, limit=_SHOWN)]),
        Timed("search, calm", Calm(engine)),
    ]
    rivals = [Timed(name, make(articles, folder)) for name, make in RIVALS.items()]
    all_keys = list(keys(asked))
    every = max(1, len(all_keys) // _SLOW_KEYS)
    for number, (text, meant) in enumerate(all_keys):
        for timed in ours:
            timed.key(text, meant)
        for timed in rivals:
            picked = meant is not None or number % every == 0
            if timed.spent < _QUICK or (picked and timed.spent < _PATIENCE):
                timed.key(text, meant)
    for timed in (*ours, *rivals):
        print("  " + timed.line(), flush=True)


def _opened(path: Path) -> SearchEngine:
    found = IndexFile(path).read()
    assert found is not None
    engine = SearchEngine()
    engine.use(found[0])
    return engine


def _probed(path: Path, asked: Sequence[tuple[str, str]]) -> str:
    typed = "\n".join(text for text, _ in keys(asked))
    command = [sys.executable, "-m", "benchmarks.search", _PROBE, str(path)]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=True).stdout.strip()


def probe(path: Path) -> None:
    """Open an index, answer the keys that stand on standard input, print what that took."""
    typed = sys.stdin.read().splitlines()
    before = _resident()
    start = time.perf_counter()
    engine = _opened(path)
    opened = 1000 * (time.perf_counter() - start)
    engine.search(typed[-1])
    first = 1000 * (time.perf_counter() - start) - opened
    for text in typed:
        engine.search(text, limit=_SHOWN)
    print(f"opened in {opened:.1f} ms, first search {first:.0f} ms, memory {before} + {_resident() - before} MB")


def _resident() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) >> 10


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, nargs="+", default=[1_000, 100_000])
    options.add_argument("--queries", type=int, default=50)
    options.add_argument(_PROBE, type=Path)
    given = options.parse_args()
    if given.probe:
        probe(given.probe)
        return
    for count in given.entries:
        with TemporaryDirectory() as folder:
            run(count, given.queries, Path(folder))


if __name__ == "__main__":
    main()
