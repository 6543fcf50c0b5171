"""Grams of lines and the lines that contain them, packed in numpy arrays.

A line is a title, a question, a keyword or a sentence of a body. Each line is kept in four forms of equal length:
characters, exact syllables, merged syllables, first letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.search.entry import FieldName, SearchEntry
from knowledge.search.normal_form import kept
from knowledge.search.sound import folded, sounds

Ids = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]

_BREAK = "\n"
_SENTENCE = re.compile(r"[^。！？；;!?\n]+[。！？；;!?\n]*")
_COMMAS = "，,、："
_LONGEST_LINE = 160
_CHAR_BITS = 21
_TAG_BITS = 60
CHARS_1, CHARS_2, SOUND_1, SOUND_2, INITIALS_2, INITIALS_3 = range(6)
"""Kinds of grams: single ones and pairs of initials are kept for titles, questions and keywords only."""
_HEAD_ONLY: Final = frozenset((CHARS_1, SOUND_1, INITIALS_2))
_LENGTH: Final = {CHARS_1: 1, CHARS_2: 2, SOUND_1: 1, SOUND_2: 2, INITIALS_2: 2, INITIALS_3: 3}


class Line(msgspec.Struct, frozen=True):
    """Where a line stands: entry, field, which question or keyword, and its stretch of the text as written."""

    field: FieldName
    item: int
    start: int
    end: int


class Forms(msgspec.Struct, frozen=True):
    """The four forms of some lines."""

    chars: list[str]
    exact: list[str]
    folded: list[str]
    initials: list[str]


def gram_code(kind: int, gram: str) -> int:
    """The number under which a gram is filed."""
    code = 0
    for character in gram:
        code = (code << _CHAR_BITS if len(gram) < 3 else code << 16) | ord(character)
    return (kind << _TAG_BITS) | code


def _sentences(body: str) -> Iterable[tuple[int, int]]:
    for found in _SENTENCE.finditer(body):
        start, end = found.span()
        while end - start > _LONGEST_LINE:
            comma = max(body.rfind(mark, start, start + _LONGEST_LINE) for mark in _COMMAS)
            cut = comma + 1 if comma > start else start + _LONGEST_LINE
            yield start, cut
            start = cut
        yield start, end


def lines_of(entry: SearchEntry) -> list[Line]:
    """The lines of an entry: the title first."""
    lines = [Line("title", 0, 0, len(entry.title))]
    lines += [Line("question", i, 0, len(text)) for i, text in enumerate(entry.questions)]
    lines += [Line("keyword", i, 0, len(text)) for i, text in enumerate(entry.keywords)]
    lines += [Line("said", i, 0, len(text)) for i, text in enumerate(entry.said)]
    return lines + [Line("body", 0, start, end) for start, end in _sentences(entry.body)]


def text_of(entry: SearchEntry, line: Line) -> str:
    """The line as written."""
    return entry.texts(line.field)[line.item][line.start : line.end]


class Segment:
    """Entries that were indexed together; never changed, but entries can be crossed out."""

    def __init__(self, entries: Sequence[SearchEntry]) -> None:
        self.entries = list(entries)
        self.alive = np.ones(len(entries), bool)
        self.lines: list[Line] = []
        counts = []
        texts: list[str] = []
        spoken: list[str] = []
        for entry in entries:
            lines = lines_of(entry)
            forms = [kept(text_of(entry, line)) for line in lines]
            texts += [form.text for form in forms]
            spoken += [form.spoken for form in forms]
            self.lines += lines
            counts.append(len(lines))
        self._first_line = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        self.entry_of = np.repeat(np.arange(len(entries), dtype=np.int32), counts)
        self.is_head = np.fromiter((line.field != "body" for line in self.lines), bool, len(self.lines))
        sizes = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
        self._offsets = np.concatenate(([0], np.cumsum(sizes)))
        self._chars = "".join(text + _BREAK for text in texts)
        self._exact, self._initials = sounds("".join(text + _BREAK for text in spoken))
        self._pack()
        self._containing: dict[str, Ids] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def _pack(self) -> None:
        forms = {
            CHARS_1: self._chars,
            SOUND_1: folded(self._exact),
            INITIALS_2: self._initials,
        }
        forms |= {CHARS_2: forms[CHARS_1], SOUND_2: forms[SOUND_1], INITIALS_3: self._initials}
        line_of = np.repeat(np.arange(len(self.lines), dtype=np.int32), np.diff(self._offsets))
        head = self.is_head[line_of]
        parts = [_sorted(*_grams(kind, forms[kind], line_of, head)) for kind in _LENGTH]
        codes = np.concatenate([codes for codes, _ in parts])
        self._postings = np.concatenate([lines for _, lines in parts])
        starts = np.flatnonzero(np.diff(codes, prepend=np.uint64(2**64 - 1)))
        self._codes = codes[starts]
        self._starts = np.append(starts, len(codes))

    def postings(self, codes: Sequence[int]) -> list[Ids]:
        """For each gram the lines that contain it, in order."""
        wanted = np.array(codes, np.uint64)
        places = np.searchsorted(self._codes, wanted).tolist()
        known = len(self._codes)
        return [
            self._postings[self._starts[place] : self._starts[place + 1]]
            if place < known and self._codes[place] == code
            else self._postings[:0]
            for place, code in zip(places, codes, strict=True)
        ]

    def containing(self, term: str) -> Ids:
        """Entries that contain a term in normal form, remembered from one key to the next."""
        found = self._containing.get(term)
        if found is None:
            if len(self._containing) > 4096:
                self._containing.clear()
            found = self._containing[term] = self._find(term)
        return found

    def _find(self, term: str) -> Ids:
        if term.startswith("@"):
            return np.array([place for place, entry in enumerate(self.entries) if entry.id == term[1:]], np.int32)
        if len(term) < 2:
            return np.unique(self.entry_of[self.postings([gram_code(CHARS_1, term)])[0]])
        grams = [gram_code(CHARS_2, term[i : i + 2]) for i in range(len(term) - 1)]
        postings = sorted(self.postings(grams), key=len)
        lines = postings[0]
        for other in postings[1:]:
            lines = np.intersect1d(lines, other, assume_unique=True)
        if len(term) > 2:
            offsets = self._offsets
            lines = np.array(
                [line for line in lines.tolist() if self._chars.find(term, offsets[line], offsets[line + 1]) >= 0],
                np.int32,
            )
        return np.unique(self.entry_of[lines])

    def lines_of(self, entry: int) -> range:
        """Numbers of the lines of an entry."""
        return range(int(self._first_line[entry]), int(self._first_line[entry + 1]))

    def forms(self, lines: Sequence[int]) -> Forms:
        """The four forms of these lines."""
        ends = [(int(self._offsets[line]), int(self._offsets[line + 1]) - 1) for line in lines]
        exact = [self._exact[start:end] for start, end in ends]
        return Forms(
            chars=[self._chars[start:end] for start, end in ends],
            exact=exact,
            folded=[folded(text) for text in exact],
            initials=[self._initials[start:end] for start, end in ends],
        )

    def living(self) -> list[SearchEntry]:
        """Entries that are not crossed out."""
        return [entry for entry, alive in zip(self.entries, self.alive.tolist(), strict=True) if alive]


def _sorted(codes: Codes, lines: Ids) -> tuple[Codes, Ids]:
    """By gram and line, each pair once; lines come in order, so a stable sort by gram is enough."""
    order = np.argsort(codes, kind="stable")
    codes, lines = codes[order], lines[order]
    fresh = np.ones(len(codes), bool)
    fresh[1:] = (codes[1:] != codes[:-1]) | (lines[1:] != lines[:-1])
    return codes[fresh], lines[fresh]


def _grams(kind: int, text: str, line_of: Ids, head: npt.NDArray[np.bool_]) -> tuple[Codes, Ids]:
    """Codes of all grams of one kind that do not cross the end of a line, with their lines."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    length = _LENGTH[kind]
    count = max(len(points) - length + 1, 0)
    bits = np.uint64(_CHAR_BITS if length < 3 else 16)
    codes = points[:count].copy()
    whole = points[:count] != ord(_BREAK)
    for step in range(1, length):
        following = points[step : step + count]
        codes = (codes << bits) | following
        whole &= following != ord(_BREAK)
    if kind in _HEAD_ONLY:
        whole &= head[:count]
    return codes[whole] | np.uint64(kind << _TAG_BITS), line_of[:count][whole]
