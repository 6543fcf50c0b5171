"""All segments as one numbering of entries, and which book each entry belongs to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from knowledge.search.entry import SearchEntry
from knowledge.search.index import (
    Forms,
    Ids,
    Line,
    Numbers,
    Points,
    Scores,
    folded_points,
    form_of,
    stretches,
    text_of_points,
)
from knowledge.search.packing import Belonging
from knowledge.search.segment import Marks, Segment

ParentOf = Callable[[str], str]
"""The rule book of the province of a city's book; empty where there is none."""

_OWN, _OWN_BY_SOURCE, _PARENT, _PARENT_BY_SOURCE, _EVERYWHERE = 1.0, 0.7, 0.6, 0.5, 0.4
"""How near an entry is to the asked rule book; those of other books have 0."""


class Texts(msgspec.Struct, frozen=True):
    """All lines of some entries, one after the other, each with its break."""

    chars: Points
    exact: Points
    initials: Points
    sizes: Ids
    """Length of each line with its break."""
    owner: Ids
    """Which of the entries each line belongs to."""
    number: Ids
    """Number of each line in its entry."""
    field: Ids

    def form(self, kind: int) -> Points:
        """The form that grams of a kind are cut from."""
        return form_of(kind, self.chars, self.exact, self.initials)

    def forms(self, lines: Sequence[int] | Ids) -> Forms:
        """The four forms of some of the lines."""
        chosen = np.asarray(lines)
        sizes = self.sizes[chosen] - 1
        ends = np.cumsum(sizes)
        spans = list(zip((ends - sizes).tolist(), ends.tolist(), strict=True))
        places = stretches((np.cumsum(self.sizes) - self.sizes)[chosen], sizes)
        exact = self.exact[places]
        return Forms(
            *(
                [text[start:end] for start, end in spans]
                for text in map(
                    text_of_points, (self.chars[places], exact, folded_points(exact), self.initials[places])
                )
            )
        )


class Pool:
    """Reads several segments as one."""

    def __init__(self, segments: Sequence[Segment], parent_of: ParentOf) -> None:
        self._segments = segments
        self._parent_of = parent_of
        self._bases: list[int] = np.cumsum([0, *(len(segment) for segment in segments)]).tolist()
        self.size: int = self._bases[-1]
        self._nearness: dict[str, Scores] = {}
        self._near_marks: dict[str, Marks | None] = {}

    def _located(self, number: int) -> tuple[Segment, int]:
        part = bisect_right(self._bases, number) - 1
        return self._segments[part], number - self._bases[part]

    def grams(self, codes: Sequence[int]) -> list[tuple[int, ...]]:
        """For each gram its place in each segment."""
        return list(zip(*(segment.grams(codes) for segment in self._segments), strict=True))

    def count(self, gram: tuple[int, ...]) -> int:
        """How many entries contain a gram."""
        return sum(segment.count(place) for segment, place in zip(self._segments, gram, strict=True))

    def add(self, marks: Marks, gram: tuple[int, ...], weight: int) -> None:
        """Add a weight to the mark of each entry that contains a gram."""
        for segment, base, place in zip(self._segments, self._bases, gram, strict=False):
            segment.add(marks[base : base + len(segment)], place, weight)

    def containing(self, term: str) -> Ids:
        """Entries that contain a term in normal form; for `@` and an id the entry of that id."""
        parts = [segment.containing(term) for segment in self._segments]
        if len(parts) == 1:
            return parts[0]
        shifted = [found + base for found, base in zip(parts, self._bases, strict=False)]
        return np.concatenate(shifted).astype(np.int32)

    def leads(self, term: str) -> bool:
        """True where an entry contains a term in normal form, or is the one that it names."""
        return any(len(segment.containing(term)) for segment in self._segments)

    def clear_dead(self, marks: Marks) -> None:
        """Take the marks of entries that are crossed out."""
        for segment, base in zip(self._segments, self._bases, strict=False):
            if segment.dead:
                marks[[base + place for place in segment.dead]] = 0

    def entry(self, number: int) -> SearchEntry:
        """The entry of that number."""
        segment, place = self._located(number)
        return segment.entry(place)

    def line(self, entry: int, number: int) -> Line:
        """A line of an entry."""
        segment, place = self._located(entry)
        return segment.line(int(segment.first_line[place]) + number)

    def written(self, entry: int) -> str:
        """Characters of the lines of an entry in normal form, each line with its break."""
        segment, place = self._located(entry)
        return segment.written(place)

    def texts(self, entries: Ids) -> Texts:
        """All lines of some entries."""
        parts = []
        for segment, base in zip(self._segments, self._bases, strict=False):
            mine = np.flatnonzero((entries >= base) & (entries < base + len(segment)))
            if len(mine):
                parts.append(_texts(segment, entries[mine] - base, mine))
        if len(parts) == 1:
            return parts[0]
        return Texts(*(np.concatenate(column) for column in zip(*map(msgspec.structs.astuple, parts), strict=True)))

    def nearness(self, jurisdiction: str) -> Scores:
        """How near each entry is to the asked rule book, 0 to 1."""
        found = self._nearness.get(jurisdiction)
        if found is None:
            parent = self._parent_of(jurisdiction) if jurisdiction else ""
            parts = [
                np.array([_near(one, jurisdiction, parent) for one in segment.belonging], np.float32)[segment.kind]
                for segment in self._segments
            ]
            found = self._nearness[jurisdiction] = np.concatenate(parts)
        return found

    def near_marks(self, jurisdiction: str, most: int) -> Marks | None:
        """The same as marks of at most `most`; None where all entries are equally near."""
        if jurisdiction not in self._near_marks:
            near = self.nearness(jurisdiction)
            all_alike = bool(near.min() == near.max())
            self._near_marks[jurisdiction] = None if all_alike else np.rint(most * near).astype(np.uint8)
        return self._near_marks[jurisdiction]

    def plainness(self, entries: Sequence[int]) -> Scores:
        """For each entry 1 where it rests on one article, less where on several."""
        located = map(self._located, entries)
        return np.array([segment.plain[place] for segment, place in located], np.float32)


def _texts(segment: Segment, places: Ids, owners: Numbers) -> Texts:
    first, last = segment.first_line[places], segment.first_line[places + 1]
    lines = stretches(first, last - first)
    chars, exact, initials = segment.texts(segment.offsets[first].tolist(), segment.offsets[last].tolist())
    return Texts(
        chars=chars,
        exact=exact,
        initials=initials,
        sizes=(segment.offsets[lines + 1] - segment.offsets[lines]).astype(np.int32),
        owner=np.repeat(owners, last - first).astype(np.int32),
        number=(lines - np.repeat(first, last - first)).astype(np.int32),
        field=segment.lines[lines, 0],
    )


def _near(belonging: Belonging, jurisdiction: str, parent: str) -> float:
    books, documents = belonging
    if not jurisdiction or jurisdiction in books:
        return _OWN
    if not books and jurisdiction in documents:
        return _OWN_BY_SOURCE
    if parent and parent in books:
        return _PARENT
    if books:
        return 0.0
    return _PARENT_BY_SOURCE if parent in documents else _EVERYWHERE
