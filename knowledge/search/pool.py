"""All segments as one numbering of entries and lines, and which book each entry belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from knowledge.search.entry import SearchEntry
from knowledge.search.index import Forms, Ids, Line, Segment

Scores = npt.NDArray[np.float32]

_OWN, _OWN_BY_SOURCE, _PARENT, _PARENT_BY_SOURCE, _EVERYWHERE = 1.0, 0.7, 0.6, 0.5, 0.4
"""How near an entry is to the asked rule book; those of other books have 0."""


class Pool:
    """Reads several segments as one."""

    def __init__(self, segments: Sequence[Segment], parents: Mapping[str, str]) -> None:
        self._segments = segments
        self._parents = parents
        self._entry_bases: list[int] = np.cumsum([0, *(len(segment) for segment in segments)]).tolist()
        self._line_bases: list[int] = np.cumsum([0, *(len(segment.lines) for segment in segments)]).tolist()
        shifted = [segment.entry_of + base for segment, base in zip(segments, self._entry_bases, strict=False)]
        self.entry_of: Ids = np.concatenate(shifted).astype(np.int32) if shifted else np.zeros(0, np.int32)
        self.first_lines: Ids = np.flatnonzero(np.diff(self.entry_of, prepend=-1)).astype(np.int32)
        """Number of the first line of each entry."""
        self.entry_count: int = self._entry_bases[-1]
        self.line_count: int = self._line_bases[-1]
        entries = (entry for segment in segments for entry in segment.entries)
        shares = (1 / max(1, len(entry.sources)) for entry in entries)
        self.plainness: Scores = np.fromiter(shares, np.float32, self.entry_count)
        """1 for an entry that rests on one article, less for one that rests on several."""
        self._nearness: dict[str, Scores] = {}

    def postings(self, codes: Sequence[int]) -> list[Ids]:
        """For each gram the lines that contain it."""
        parts = [segment.postings(codes) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        bases = self._line_bases
        return [
            np.concatenate([found + base for found, base in zip(each, bases, strict=False)]).astype(np.int32)
            for each in zip(*parts, strict=True)
        ]

    def containing(self, term: str) -> Ids:
        """Entries that contain a term in normal form; for `@` and an id the entry of that id."""
        parts = [segment.containing(term) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        shifted = [found + base for found, base in zip(parts, self._entry_bases, strict=False)]
        return np.concatenate(shifted).astype(np.int32)

    def leads(self, term: str) -> bool:
        """True where an entry contains a term in normal form, or is the one that it names."""
        return len(self.containing(term)) > 0

    def alive(self) -> npt.NDArray[np.bool_]:
        """Which entries are not crossed out."""
        return np.concatenate([segment.alive for segment in self._segments])

    def entry(self, number: int) -> SearchEntry:
        """The entry of that number."""
        place = bisect_right(self._entry_bases, number) - 1
        return self._segments[place].entries[number - self._entry_bases[place]]

    def line(self, number: int) -> Line:
        """The line of that number."""
        place = bisect_right(self._line_bases, number) - 1
        return self._segments[place].lines[number - self._line_bases[place]]

    def lines_of(self, entry: int) -> range:
        """Numbers of the lines of an entry."""
        place = bisect_right(self._entry_bases, entry) - 1
        lines = self._segments[place].lines_of(entry - self._entry_bases[place])
        return range(lines.start + self._line_bases[place], lines.stop + self._line_bases[place])

    def forms(self, lines: Sequence[int]) -> Forms:
        """The four forms of these lines."""
        if len(self._segments) == 1:
            return self._segments[0].forms(lines)
        merged = Forms([], [], [], [])
        for number in lines:
            place = bisect_right(self._line_bases, number) - 1
            form = self._segments[place].forms([number - self._line_bases[place]])
            merged.chars.extend(form.chars)
            merged.exact.extend(form.exact)
            merged.folded.extend(form.folded)
            merged.initials.extend(form.initials)
        return merged

    def nearness(self, jurisdiction: str) -> Scores:
        """How near each entry is to the asked rule book, 0 to 1."""
        found = self._nearness.get(jurisdiction)
        if found is None:
            parent = self._parents.get(jurisdiction, "")
            entries = (entry for segment in self._segments for entry in segment.entries)
            values = (_near(entry, jurisdiction, parent) for entry in entries)
            found = self._nearness[jurisdiction] = np.fromiter(values, np.float32, self.entry_count)
        return found


def _near(entry: SearchEntry, jurisdiction: str, parent: str) -> float:
    if not jurisdiction or jurisdiction in entry.jurisdictions:
        return _OWN
    documents = {source.doc for source in entry.sources}
    if not entry.jurisdictions and jurisdiction in documents:
        return _OWN_BY_SOURCE
    if parent and parent in entry.jurisdictions:
        return _PARENT
    if entry.jurisdictions:
        return 0.0
    return _PARENT_BY_SOURCE if parent in documents else _EVERYWHERE
