"""Why an entry was found: the stretches of its text that the query matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from knowledge.search.entry import Mark, MatchedBy, SearchEntry
from knowledge.search.index import BREAK, Line, lines_of, text_of
from knowledge.search.normal_form import kept_with_origin
from knowledge.search.query import Reading, Token
from knowledge.search.sound import folded, sounds

_LETTERS = 3


class _LineForms(msgspec.Struct, frozen=True):
    chars: str
    sound: str
    initials: str
    origin: tuple[int, ...]


@lru_cache(4096)
def _forms(text: str) -> _LineForms:
    """Forms of a line; remembered, since the next key mostly finds the same entries."""
    form = kept_with_origin(text)
    exact, initials = sounds(form.spoken)
    return _LineForms(form.text, folded(exact), initials, form.origin)


class Clues:
    """What to look for in the lines of the hits of one reading: grams by kind, surest first."""

    def __init__(self, reading: Reading, terms: Iterable[str]) -> None:
        pairs: dict[tuple[str, str], None] = {}
        initials: dict[str, None] = {}
        for token in reading:
            pairs.update(dict.fromkeys(_pairs(token)))
            if len(token) > 1 and not all(element.sound for element in token):
                initials.update(dict.fromkeys(_initials(token)))
        self._pairs, self._initials, self._terms = tuple(pairs), tuple(initials), tuple(terms)

    def marks(self, entry: SearchEntry, lines: Sequence[Line]) -> tuple[Mark, ...]:
        """Marks of some lines of an entry, in the order of the lines."""
        return tuple(mark for line in lines for mark in self._line_marks(entry, line))

    @property
    def knows_terms(self) -> bool:
        """True where the dictionary led anywhere."""
        return bool(self._terms)

    def with_terms(self, text: str, most: int) -> Iterator[int]:
        """Numbers of the lines of a text in normal form that contain a word of the dictionary, `most` for each word."""
        for term in self._terms:
            at = text.find(term)
            for _ in range(most if at >= 0 else 0):
                yield text.count(BREAK, 0, at)
                at = text.find(term, text.find(BREAK, at))
                if at < 0:
                    break

    def _line_marks(self, entry: SearchEntry, line: Line) -> list[Mark]:
        forms = _forms(text_of(entry, line))
        how: dict[int, MatchedBy] = {}
        for chars, sound in self._pairs:
            if chars and chars in forms.chars:
                _mark(how, "chars", forms, forms.chars, chars)
            elif sound and sound in forms.sound:
                _mark(how, "sound", forms, forms.sound, sound)
        for letters in self._initials:
            if letters in forms.initials:
                _mark(how, "initials", forms, forms.initials, letters)
        for term in self._terms:
            if term in forms.chars:
                _mark(how, "word", forms, forms.chars, term)
        return _stretches(line, how) if how else []


def with_meaning(marks: Sequence[Mark], typed: str, entry: SearchEntry) -> tuple[Mark, ...]:
    """The marks; those of the line closest in wording to what was typed give way to one of the whole line."""
    letters = frozenset(typed)
    lines = [line for line in lines_of(entry) if line.field != "body"]
    line = max(lines, key=lambda line: _agreement(letters, text_of(entry, line)))
    others = [mark for mark in marks if (mark.field, mark.item) != (line.field, line.item)]
    return (*others, Mark(line.field, line.start, line.end, "meaning", line.item))


def _agreement(letters: frozenset[str], text: str) -> float:
    """Share of the characters of both that they have in common."""
    own = frozenset(text)
    return len(letters & own) / max(1, len(letters | own))


def _mark(how: dict[int, MatchedBy], kind: MatchedBy, forms: _LineForms, text: str, gram: str) -> None:
    size, start = len(gram), text.find(gram)
    while start >= 0:
        for place in forms.origin[start : start + size]:
            how.setdefault(place, kind)
        start = text.find(gram, start + 1)


def _pairs(token: Token) -> Iterator[tuple[str, str]]:
    """Neighbouring elements as characters and as merged syllables; empty where that is not known of both."""
    size = min(2, len(token))
    for start in range(len(token) - size + 1):
        part = token[start : start + size]
        chars = "".join(element.char for element in part) if all(element.char for element in part) else ""
        sound = "".join(element.sound for element in part) if all(element.sound for element in part) else ""
        yield chars, folded(sound)


def _initials(token: Token) -> Iterator[str]:
    size = min(_LETTERS, len(token))
    for start in range(len(token) - size + 1):
        yield "".join(element.initial for element in token[start : start + size])


def _stretches(line: Line, how: dict[int, MatchedBy]) -> list[Mark]:
    found: list[Mark] = []
    places = sorted(how)
    first = 0
    for at, place in enumerate(places, 1):
        kind = how[place]
        if at < len(places) and places[at] == place + 1 and how[places[at]] == kind:
            continue
        found.append(Mark(line.field, line.start + places[first], line.start + place + 1, kind, line.item))
        first = at
    return found
