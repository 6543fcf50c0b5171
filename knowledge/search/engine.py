"""The search of the seat: entries in memory, found at every key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from knowledge.search.entry import Hit, SearchEntry

if TYPE_CHECKING:
    from knowledge.search.index import Segment
    from knowledge.search.pool import Pool
    from knowledge.search.query import Query
    from knowledge.search.rank import Ranked
    from knowledge.search.words import Dictionary, Unit

PARENT_BOOKS: Mapping[str, str] = {"fuzhou": "fujian"}
"""Rule book of the province of a city's book: it weighs second."""
_MERGE = 16
"""A segment is merged into the one before it when it is no longer this many times smaller."""


class SearchEngine:
    """An index in memory. Changes are found by the next search; one thread at a time.

    Numpy, rapidfuzz and the tables are loaded by the first `build` or `put`, so that importing this module
    costs the first frame nothing.
    """

    def __init__(self, parents: Mapping[str, str] = PARENT_BOOKS, words: Dictionary | None = None) -> None:
        self._parents = parents
        self._words = words
        self._segments: list[Segment] = []
        self._where: dict[str, tuple[Segment, int]] = {}
        self._pool: Pool | None = None

    def __len__(self) -> int:
        return len(self._where)

    def build(self, articles: Iterable[SearchEntry]) -> None:
        """Replace everything by these entries; of two with one id the later stays."""
        entries = {entry.id: entry for entry in articles}
        self._segments, self._where = [], {}
        self._append(list(entries.values()))

    def put(self, entry: SearchEntry) -> None:
        """Add an entry, or change the one of the same id."""
        self.remove(entry.id)
        self._append([entry])
        while len(self._segments) > 1 and len(self._segments[-2]) < _MERGE * len(self._segments[-1]):
            last, before = self._segments.pop(), self._segments.pop()
            self._append(before.living() + last.living())

    def remove(self, entry_id: str) -> None:
        """Take an entry out; nothing happens where there is none."""
        found = self._where.pop(entry_id, None)
        if found is not None:
            segment, place = found
            segment.alive[place] = False

    def _append(self, entries: list[SearchEntry]) -> None:
        from knowledge.search.index import Segment

        self._pool = None
        if entries:
            segment = Segment(entries)
            self._segments.append(segment)
            self._where.update({entry.id: (segment, place) for place, entry in enumerate(entries)})

    def search(self, query: str, *, jurisdiction: str = "", limit: int = 20) -> list[Hit]:
        """Best entries first; the asked rule book weighs first, its province second. Nothing for an empty query."""
        from knowledge.search.query import parse

        parsed = parse(query)
        if not parsed.readings or not self._segments:
            return []
        return self._search(parsed, jurisdiction, limit)

    def _search(self, query: Query, jurisdiction: str, limit: int) -> list[Hit]:
        from knowledge.search.pool import Pool
        from knowledge.search.rank import Ranker

        if self._pool is None:
            self._pool = Pool(self._segments, self._parents)
        words = self._dictionary()
        ranker = Ranker(self._pool, jurisdiction)
        units = [words.units(reading) for reading in query.readings]
        ranked: list[Ranked] = []
        for number, reading in enumerate(query.readings):
            ranked += ranker.rank(reading, units[number], (), number)
        english = words.english(query.words)
        if english:
            ranked += ranker.rank(query.readings[0], (), english, 0)
        best: dict[int, Ranked] = {}
        for one in ranked:
            if one.entry not in best or one.score > best[one.entry].score:
                best[one.entry] = one
        chosen = sorted(best.values(), key=lambda one: (-one.score, self._id(one)))[:limit]
        return [self._hit(one, query, units, english) for one in chosen]

    def _dictionary(self) -> Dictionary:
        from knowledge.search.words import dictionary

        if self._words is None:
            self._words = dictionary()
        return self._words

    def _id(self, ranked: Ranked) -> str:
        assert self._pool is not None
        return self._pool.entry(ranked.entry).id

    def _hit(self, ranked: Ranked, query: Query, units: list[list[Unit]], english: tuple[str, ...]) -> Hit:
        from knowledge.search.marks import marks

        assert self._pool is not None
        pool = self._pool
        entry = pool.entry(ranked.entry)
        terms = [term for unit in units[ranked.reading] for term in unit.terms] + list(english)
        lines = [pool.line(number) for number in sorted({pool.lines_of(ranked.entry).start, *ranked.lines})]
        why = marks(entry, lines, query.readings[ranked.reading], terms)
        return Hit(entry.id, round(100 * ranked.score, 2), entry.title, why, entry.sources)
