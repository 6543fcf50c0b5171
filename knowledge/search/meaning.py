"""Which shipped entries a query is close in meaning to, learned from all that is said for them (`learn_meaning.py`).

Two words that are said for the same entries are close, though no character is shared. The weights are a file of the
program; nothing is asked of a network, and nothing is learned while it runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from knowledge.search.index import Scores

WEIGHTS = Path(__file__).parent / "weights" / "meaning.npz"
MOST = 30
"""Entries that are named for a query."""
_LONGEST = 3
"""Characters of the longest part of a Chinese word that is looked up; all shorter ones are too."""
_LATIN_PART = 4
_RUN = re.compile(r"[a-z]+|[^a-z]+")
_ENDS = "^{}$"


def parts(words: Sequence[str]) -> Iterator[str]:
    """What is looked up of words in normal form: one to three characters, Latin words and four of their letters."""
    for run in (run for word in words for run in _RUN.findall(word)):
        if run[0].isascii() and run.isalpha():
            whole = _ENDS.format(run)
            yield whole
            yield from (whole[start : start + _LATIN_PART] for start in range(max(1, len(whole) - _LATIN_PART + 1)))
        else:
            for size in range(1, _LONGEST + 1):
                yield from (run[start : start + size] for start in range(len(run) - size + 1))


def codes_of(found: Sequence[str]) -> npt.NDArray[np.uint32]:
    """The numbers under which parts are filed."""
    return np.array([crc32(part.encode()) for part in found], np.uint32)


class Meaning:
    """Names the entries that what was typed is close to."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """`arrays`: as `learn_meaning.learned` makes them."""
        self._codes = arrays["codes"]
        self._starts = arrays["starts"]
        self._entries = arrays["entries"]
        self._worth = arrays["worth"]
        self._inward = arrays["inward"].astype(np.float32)
        """For each entry what its parts say about each direction of meaning."""
        self._places = arrays["places"].astype(np.float32)
        """For each entry where it lies, as a direction of length 1."""
        self.ids: list[str] = arrays["ids"].tolist()

    def closest(self, words: Sequence[str]) -> list[tuple[str, float]]:
        """Ids of entries and how close they are (0 to 1), closest first; none for letters that may be pinyin."""
        found = codes_of(list(parts(words)))
        if len(found) < 2:
            return []
        at = np.minimum(np.searchsorted(self._codes, found), len(self._codes) - 1)
        known = at[self._codes[at] == found]
        if not len(known):
            return []
        close = self._places @ self._direction(known) * (len(known) / len(found))
        best = np.argsort(-close)[:MOST]
        return [(self.ids[entry], float(close[entry])) for entry in best.tolist() if close[entry] > 0]

    def _direction(self, known: npt.NDArray[np.intp]) -> Scores:
        """Where the parts of a query lie together, as a direction of length 1."""
        told = np.zeros(len(self.ids), np.float32)
        for start, end in zip(self._starts[known].tolist(), self._starts[known + 1].tolist(), strict=True):
            told[self._entries[start:end]] += self._worth[start:end]
        direction = told @ self._inward
        return np.asarray(direction / max(float(np.linalg.norm(direction)), 1e-9), np.float32)


@cache
def meaning() -> Meaning | None:
    """The weights that ship, read at the first use (a few milliseconds); None where the file is missing."""
    if not WEIGHTS.exists():
        return None
    with np.load(WEIGHTS) as arrays:
        return Meaning(dict(arrays))
