"""The search of the seat: entries in memory, found at every key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from knowledge.search.entry import Hit, SearchEntry

if TYPE_CHECKING:
    from knowledge.search.index import Line
    from knowledge.search.marks import Clues
    from knowledge.search.pool import ParentOf, Pool
    from knowledge.search.query import Query
    from knowledge.search.rank import Ranked
    from knowledge.search.segment import Segment
    from knowledge.search.words import Dictionary

_MOST_LINES = 4
"""Lines of a hit in which marks are set."""
_MOSTLY = 0.5
"""A hit that owes more than this share of its likeness to its meaning says so."""
_MERGE = 16
"""A segment is merged into the one before it when it is no longer this many times smaller."""


def _none(_code: str) -> str:
    return ""


class SearchEngine:
    """An index in memory. Changes are found by the next search; one thread at a time.

    Numpy, rapidfuzz and the tables are loaded by the first `build` or `put`, so that importing this module
    costs the first frame nothing.
    """

    def __init__(self, parent_of: ParentOf | None = None, words: Dictionary | None = None) -> None:
        """`parent_of`: for the rule book of a city that of its province, which weighs second."""
        self._parent_of = parent_of or _none
        self._words = words
        self._segments: list[Segment] = []
        self._pool: Pool | None = None

    def __len__(self) -> int:
        return sum(segment.living for segment in self._segments)

    def build(self, articles: Iterable[SearchEntry]) -> None:
        """Replace everything by these entries; of two with one id the later stays."""
        entries = {entry.id: entry for entry in articles}
        self._segments = []
        self._append(list(entries.values()))
        _ = self._dictionary().heard

    def use(self, segment: Segment) -> None:
        """Replace everything by entries that were indexed before."""
        self._segments, self._pool = [segment], None

    def put(self, *entries: SearchEntry) -> None:
        """Add entries, or change those of the same ids."""
        for entry in entries:
            self.remove(entry.id)
        self._append(list(entries))
        while len(self._segments) > 2 and len(self._segments[-2]) < _MERGE * len(self._segments[-1]):
            last, before = self._segments.pop(), self._segments.pop()
            self._append([*before.entries(), *last.entries()])

    def remove(self, entry_id: str) -> None:
        """Take an entry out; nothing happens where there is none."""
        for segment in self._segments:
            place = segment.place_of(entry_id)
            if place >= 0:
                segment.cross_out(place)

    def entry(self, entry_id: str) -> SearchEntry | None:
        """The entry of that id; None where there is none."""
        for segment in self._segments:
            place = segment.place_of(entry_id)
            if place >= 0:
                return segment.entry(place)
        return None

    def _append(self, entries: list[SearchEntry]) -> None:
        from knowledge.search.packing import pack
        from knowledge.search.segment import Segment

        self._pool = None
        if entries:
            self._segments.append(Segment(pack(entries)))

    def search(self, query: str, *, jurisdiction: str = "", limit: int = 20) -> list[Hit]:
        """Best entries first; the asked rule book weighs first, its province second. Nothing for an empty query."""
        from knowledge.search.query import parse

        parsed = parse(query)
        if not parsed.readings or not self._segments:
            return []
        return self._search(parsed, jurisdiction, limit)

    def _search(self, query: Query, jurisdiction: str, limit: int) -> list[Hit]:
        from knowledge.search.pool import Pool
        from knowledge.search.rank import SURE, Ranker, best_first

        if self._pool is None:
            self._pool = Pool(self._segments, self._parent_of)
        words = self._dictionary()
        ranker = Ranker(self._pool, jurisdiction)
        english = words.english(query.words, self._pool.leads)
        units = [words.units(reading, query.words, self._pool.leads) for reading in query.readings]
        ranked: list[Ranked] = []
        for number, reading in enumerate(query.readings):
            ranked += ranker.rank(reading, units[number], number)
            if any(one.alike > SURE for one in ranked):
                break
        if english:
            ranked += ranker.rank_terms(english)
        if all(one.alike <= SURE for one in ranked):
            ranked = ranker.add_meaning(ranked, self._closest(query))
        terms = [[*english, *(term for unit in each for term in unit.terms)] for each in units]
        return self._hits(self._pool, best_first(ranked, self._pool, limit), query, terms)

    @staticmethod
    def _closest(query: Query) -> list[tuple[str, float]]:
        from knowledge.search.meaning import meaning

        known = meaning()
        return known.closest(query.words) if known else []

    def _dictionary(self) -> Dictionary:
        from knowledge.search.words import dictionary

        if self._words is None:
            self._words = dictionary()
        return self._words

    def _hits(self, pool: Pool, ranked: list[Ranked], query: Query, terms: list[list[str]]) -> list[Hit]:
        from knowledge.search.marks import Clues, with_meaning
        from knowledge.search.rank import FULL_SCORE

        clues = [Clues(reading, each) for reading, each in zip(query.readings, terms, strict=True)]
        hits = []
        for one in ranked:
            entry = pool.entry(one.entry)
            why = clues[one.reading].marks(entry, _shown_lines(pool, one, clues[one.reading]))
            if one.meaning > _MOSTLY * one.alike:
                why = with_meaning(why, query.text, entry)
            hits.append(Hit(entry.id, round(100 * one.score / FULL_SCORE, 2), entry.title, why, entry.sources))
        return hits


def _shown_lines(pool: Pool, ranked: Ranked, clues: Clues) -> list[Line]:
    """The title, the lines that matched best, and the first that holds a word of the dictionary."""
    numbers = {0, *ranked.lines}
    if clues.knows_terms:
        numbers.update(clues.with_terms(pool.written(ranked.entry), _MOST_LINES))
    return [pool.line(ranked.entry, number) for number in sorted(numbers)[:_MOST_LINES]]
