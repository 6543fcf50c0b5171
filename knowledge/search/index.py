"""What is indexed of an entry: its lines, the forms of a line, and the grams a line contains.

A line is a title, a question, a keyword, what people say, or a sentence of a body. Each line is kept in forms of equal
length, one 16-bit number for each character: characters, exact syllables, merged syllables, first letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.search.entry import FieldName, SearchEntry
from knowledge.search.sound import folded

Ids = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint64]
Points = npt.NDArray[np.uint16]
Flags = npt.NDArray[np.bool_]
Numbers = Ids | npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

BREAK: Final = "\n"
"""Ends a line."""
FIELDS: Final[tuple[FieldName, ...]] = ("title", "question", "keyword", "said", "body")
"""Fields by the number under which a line names them."""
BODY: Final = FIELDS.index("body")
_SENTENCE = re.compile(r"[^。！？；;!?\n]+[。！？；;!?\n]*")
_COMMAS = "，,、："
_LONGEST_LINE = 160
CHARS_1, CHARS_2, SOUND_1, SOUND_2, INITIALS_2, INITIALS_3 = range(6)
"""Kinds of grams: single ones and pairs of initials are kept for titles, questions and keywords only."""
KINDS: Final = range(6)
HEAD_ONLY: Final = frozenset((CHARS_1, SOUND_1, INITIALS_2))
LENGTH: Final = {CHARS_1: 1, CHARS_2: 2, SOUND_1: 1, SOUND_2: 2, INITIALS_2: 2, INITIALS_3: 3}
_KIND_BITS = 32
_BITS: Final = {1: 16, 2: 16, 3: 10}
"""Bits of a character in a gram of that length; a gram has at most 32."""
_FAR_BASE, _FAR_COUNT = 0xF000, 0x900
_LETTERS = 1 << 7
_OTHERS = (1 << 10) - _LETTERS


class Line(msgspec.Struct, frozen=True, gc=False):
    """Where a line stands: its field, which question or keyword, and its stretch of the text as written."""

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


def near(text: str) -> str:
    """The text in characters of 16 bits: the few beyond them share some private ones."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(one if one <= "\uffff" else chr(_FAR_BASE + ord(one) % _FAR_COUNT) for one in text)


def points_of(text: str) -> Points:
    """The characters of a text as numbers of 16 bits."""
    return np.frombuffer(near(text).encode("utf-16-le", "surrogatepass"), np.uint16)


def text_of_points(points: Points) -> str:
    """The text that these numbers stand for."""
    return points.tobytes().decode("utf-16-le", "surrogatepass")


@cache
def _fold_table() -> Points:
    every = "".join(map(chr, range(1 << 16)))
    return np.frombuffer(folded(every).encode("utf-16-le", "surrogatepass"), np.uint16)


def form_of(kind: int, chars: Points, exact: Points, initials: Points) -> Points:
    """The form that grams of a kind are cut from."""
    if kind in (CHARS_1, CHARS_2):
        return chars
    return folded_points(exact) if kind in (SOUND_1, SOUND_2) else initials


def folded_points(exact: Points) -> Points:
    """The merged syllables of exact ones."""
    found: Points = _fold_table()[exact]
    return found


def gram_code(kind: int, gram: str) -> int:
    """The number under which a gram is filed."""
    code = 0
    for character in near(gram):
        point = ord(character)
        if len(gram) == 3 and point >= _LETTERS:
            point = _LETTERS + point % _OTHERS
        code = (code << _BITS[len(gram)]) | point
    return (kind << _KIND_BITS) | code


def gram_points(kind: int, points: Points) -> npt.NDArray[np.uint32]:
    """At each place of a text the number of the gram that begins there, without its kind."""
    length = LENGTH[kind]
    wide = points.astype(np.uint32)
    if length == 3:
        wide = np.where(wide < _LETTERS, wide, _LETTERS + wide % _OTHERS)
    count = max(len(points) - length + 1, 0)
    codes = wide[:count]
    for step in range(1, length):
        codes = (codes << np.uint32(_BITS[length])) | wide[step : step + count]
    return codes


def filed(kind: int, codes: npt.NDArray[np.uint32]) -> Codes:
    """Numbers of grams with their kind."""
    return codes.astype(np.uint64) | np.uint64(kind << _KIND_BITS)


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


def stretches(starts: Numbers, sizes: Numbers) -> npt.NDArray[np.int64]:
    """All numbers from each start on, as many as its size says, one stretch after the other."""
    lengths = np.asarray(sizes, np.int64)
    before = np.cumsum(lengths) - lengths
    places: npt.NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return places
