"""Entries that were indexed together, read from arrays in memory or in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.search.entry import SearchEntry
from knowledge.search.index import (
    CHARS_1,
    CHARS_2,
    FIELDS,
    Flags,
    Ids,
    Line,
    Points,
    gram_code,
    near,
    text_of_points,
)
from knowledge.search.packing import Packed, id_key

Piece = Callable[[str, int, int], npt.NDArray[Any]]
Marks = npt.NDArray[np.uint8]

_LEARNED = 4096
"""Terms whose entries are remembered from one key to the next."""
_READ = 1024
"""Entries that are remembered, since the next key mostly finds the same ones."""
_CHECKED = 120
"""Entries that are looked at letter by letter for a term; where most of them carry it, the others are taken to."""
_entry_decoder = msgspec.msgpack.Decoder(SearchEntry)


class Segment:
    """Never changed, but entries can be crossed out."""

    def __init__(self, packed: Packed, piece: Piece | None = None) -> None:
        """`piece`: reads a stretch of one of the two large arrays, texts and blobs, where they are not in memory."""
        self._piece = piece or (lambda name, start, end: packed.arrays[name][start:end])
        arrays = packed.arrays
        self.belonging = packed.belonging
        self.kind: Ids = arrays["kind"]
        """For each entry the number of how it belongs to rule books."""
        self.plain: npt.NDArray[np.float32] = arrays["plain"]
        """1 for an entry that rests on one article, less for one that rests on several."""
        self.first_line: npt.NDArray[np.int64] = arrays["first_line"]
        self.offsets: npt.NDArray[np.int64] = arrays["offsets"]
        """Where each line begins in the texts."""
        self.lines: npt.NDArray[np.int32] = arrays["lines"]
        self._arrays = arrays
        self.alive: Flags = np.ones(len(self.kind), bool)
        self.dead: list[int] = []
        self._read: dict[int, SearchEntry] = {}
        self._containing: dict[str, Ids] = {}

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def living(self) -> int:
        """How many entries are not crossed out."""
        return len(self) - len(self.dead)

    def place_of(self, entry_id: str) -> int:
        """The place of the entry of that id that is not crossed out; -1 where there is none."""
        keys, places = self._arrays["id_keys"], self._arrays["id_places"]
        wanted = np.uint64(id_key(entry_id))
        for at in range(int(np.searchsorted(keys, wanted)), len(keys)):
            if keys[at] != wanted:
                break
            place = int(places[at])
            if self.alive[place] and self.entry(place).id == entry_id:
                return place
        return -1

    def cross_out(self, place: int) -> None:
        """Let an entry be found no more."""
        self.alive[place] = False
        self.dead.append(place)

    def entry(self, place: int) -> SearchEntry:
        """The entry as it was given."""
        found = self._read.get(place)
        if found is None:
            if len(self._read) > _READ:
                self._read.clear()
            start, end = self._arrays["blob_at"][place : place + 2].tolist()
            found = self._read[place] = _entry_decoder.decode(self._piece("blobs", start, end).tobytes())
        return found

    def entries(self) -> list[SearchEntry]:
        """Entries that are not crossed out."""
        return [self.entry(place) for place in np.flatnonzero(self.alive).tolist()]

    def line(self, number: int) -> Line:
        """Where a line stands in its entry."""
        field, item, start, end = self.lines[number].tolist()
        return Line(FIELDS[field], item, start, end)

    def grams(self, codes: Sequence[int]) -> list[int]:
        """Place of each gram among those of the segment; -1 where no entry contains it."""
        known = self._arrays["codes"]
        wanted = np.array(codes, np.uint64)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        found: list[int] = np.where(known[places] == wanted, places, -1).tolist()
        return found

    def count(self, gram: int) -> int:
        """How many entries contain a gram."""
        return int(self._arrays["counts"][gram]) if gram >= 0 else 0

    def add(self, marks: Marks, gram: int, weight: int) -> None:
        """Add a weight to the mark of each entry that contains a gram."""
        if gram < 0:
            return
        row = int(self._arrays["row"][gram])
        if row >= 0:
            flags = np.unpackbits(self._arrays["bits"][row], count=len(self), bitorder="little")
            flags *= np.uint8(weight)
            marks += flags
        else:
            marks[self._listed(gram)] += np.uint8(weight)

    def _listed(self, gram: int) -> Ids:
        start, end = self._arrays["starts"][gram : gram + 2].tolist()
        ids: Ids = self._arrays["ids"][start:end]
        return ids

    def _having(self, gram: int) -> Ids:
        row = int(self._arrays["row"][gram])
        if row < 0:
            return self._listed(gram)
        flags = np.unpackbits(self._arrays["bits"][row], count=len(self), bitorder="little")
        return np.flatnonzero(flags).astype(np.int32)

    def _kept(self, places: Ids, gram: int) -> Ids:
        """Those of some entries that contain a gram."""
        row = int(self._arrays["row"][gram])
        if row >= 0:
            bits: Marks = self._arrays["bits"][row]
            kept: Ids = places[(bits[places >> 3] >> (places & 7).astype(np.uint8)) & 1 == 1]
            return kept
        return np.intersect1d(places, self._listed(gram), assume_unique=True)

    def containing(self, term: str) -> Ids:
        """Entries that contain a term in normal form; for `@` and an id the entry of that id."""
        found = self._containing.get(term)
        if found is None:
            if len(self._containing) > _LEARNED:
                self._containing.clear()
            found = self._containing[term] = self._find(term)
        return found[self.alive[found]] if self.dead else found

    def _find(self, term: str) -> Ids:
        if term.startswith("@"):
            place = self.place_of(term[1:])
            return np.array([place] if place >= 0 else [], np.int32)
        if not term:
            return np.zeros(0, np.int32)
        size = min(len(term), 2)
        kind = CHARS_2 if size == 2 else CHARS_1
        grams = self.grams([gram_code(kind, term[i : i + size]) for i in range(len(term) - size + 1)])
        if min(grams) < 0:
            return np.zeros(0, np.int32)
        grams.sort(key=self.count)
        places = self._having(grams[0])
        for gram in grams[1:]:
            places = self._kept(places, gram)
        return self._checked(places, near(term)) if len(term) > 2 else places

    def _checked(self, places: Ids, term: str) -> Ids:
        some, rest = places[:_CHECKED], places[_CHECKED:]
        sure = np.array([place for place in some.tolist() if term in self.written(place)], np.int32)
        if not len(rest):
            return sure
        if 2 * len(sure) > len(some):
            return np.concatenate((sure, rest))
        more = np.array([place for place in rest.tolist() if term in self.written(place)], np.int32)
        return np.concatenate((sure, more))

    def written(self, place: int) -> str:
        """Characters of all lines of an entry in normal form, each with its break."""
        first, last = self.first_line[place : place + 2].tolist()
        start, end = self.offsets[[first, last]].tolist()
        return text_of_points(self._piece("texts", 3 * start, 2 * start + end))

    def texts(self, starts: Sequence[int], ends: Sequence[int]) -> Points:
        """Characters, exact syllables and first letters of entries whose lines begin and end there, as three rows."""
        stretches = zip(starts, ends, strict=True)
        return np.concatenate([self._piece("texts", 3 * a, 3 * b).reshape(3, -1) for a, b in stretches], axis=1)
