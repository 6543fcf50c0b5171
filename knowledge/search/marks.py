"""Why an entry was found: the stretches of its text that the query matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.search.entry import Mark, MatchedBy, SearchEntry
from knowledge.search.index import Line, text_of
from knowledge.search.normal_form import kept_with_origin
from knowledge.search.query import Reading, Token
from knowledge.search.sound import folded, sounds

_ORDER: tuple[MatchedBy, ...] = ("chars", "sound", "word", "initials")
_LETTERS = 3


def _places(text: str, part: str) -> Iterable[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _token_places(token: Token, forms: tuple[str, str, str]) -> Iterable[tuple[MatchedBy, int, int]]:
    chars, near, initials = forms
    size = min(2, len(token))
    for i in range(len(token) - size + 1):
        part = token[i : i + size]
        if all(element.char for element in part):
            gram = "".join(element.char for element in part)
            yield from (("chars", at, at + size) for at in _places(chars, gram))
        if all(element.sound for element in part):
            gram = folded("".join(element.sound for element in part))
            yield from (("sound", at, at + size) for at in _places(near, gram))
    for i in range(len(token) - _LETTERS + 1):
        part = token[i : i + _LETTERS]
        if not all(element.sound for element in part):
            gram = "".join(element.initial for element in part)
            yield from (("initials", at, at + _LETTERS) for at in _places(initials, gram))
    if len(token) == 2 and not all(element.sound for element in token):
        gram = "".join(element.initial for element in token)
        yield from (("initials", at, at + 2) for at in _places(initials, gram))


def marks(entry: SearchEntry, lines: Sequence[Line], reading: Reading, terms: Sequence[str]) -> tuple[Mark, ...]:
    """Marks of some lines of an entry, in the order of the lines."""
    return tuple(mark for line in lines for mark in _line_marks(entry, line, reading, terms))


def _line_marks(entry: SearchEntry, line: Line, reading: Reading, terms: Sequence[str]) -> list[Mark]:
    form = kept_with_origin(text_of(entry, line))
    exact, initials = sounds(form.spoken)
    how: dict[int, MatchedBy] = {}
    found = [one for token in reading for one in _token_places(token, (form.text, folded(exact), initials))]
    found += [("word", at, at + len(term)) for term in terms for at in _places(form.text, term)]
    for kind, start, end in sorted(found, key=lambda one: _ORDER.index(one[0])):
        for place in range(start, end):
            how.setdefault(form.origin[place], kind)
    return _stretches(line, how)


def _stretches(line: Line, how: dict[int, MatchedBy]) -> list[Mark]:
    stretches: list[Mark] = []
    for place in sorted(how):
        start = line.start + place
        if stretches and stretches[-1].end == start and stretches[-1].how == how[place]:
            last = stretches.pop()
            stretches.append(Mark(line.field, last.start, start + 1, last.how, line.item))
        else:
            stretches.append(Mark(line.field, start, start + 1, how[place], line.item))
    return stretches
