"""Finds thousands of words in a note in one pass, and reads the text around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from knowledge.search.normal_form import simplified

Place = tuple[int, int]
"""Start and end of an occurrence."""

Hits = dict[str, list[Place]]
"""Occurrences by group of words."""

MASK = "_mask"
"""Group of the innocent words (火车, 法院路) that hide the words they contain."""

_NEGATED = re.compile(
    r"(?:没有?|冇得?|没得|不是|并未|从未|未|不会|别|不要|不用|无)(?:人|发生|再|真的?|被|说|要|出现|来|啥|什么|有人|跟人|在)?$"
)
_BRACES = re.compile(r"\{([^{}]*)\}")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
_DIALECT = str.maketrans("哒冇著", "了没着")
"""哒 ends a verb on the Yangtze as 了 does elsewhere; 冇 is 没 across the south; 著 is also 着."""


def normalise(text: str) -> str:
    """Half width, simplified and standard, character by character: positions stay those of the note."""
    return text.translate(_HALF_WIDTH).translate(simplified()).translate(_DIALECT)


def expand(pattern: str) -> list[str]:
    """The words of `a|b{c,d}`: alternatives by bars, variants of a part in braces."""
    words = []
    for word in pattern.split("|"):
        variants = [word]
        while any("{" in variant for variant in variants):
            variants = [_BRACES.sub(part.strip(), variant, count=1) for variant in variants for part in _inner(variant)]
        words.extend(variants)
    return words


def _inner(variant: str) -> list[str]:
    found = _BRACES.search(variant)
    return found[1].split(",") if found else [""]


class WordIndex:
    """Words grouped by name; a word may stand in several groups."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        found: dict[str, list[str]] = {}
        for name, words in groups.items():
            for word in dict.fromkeys(map(normalise, words)):
                found.setdefault(word, []).append(name)
        self._single = {word: tuple(names) for word, names in found.items() if len(word) == 1}
        self._longer = {word: tuple(names) for word, names in found.items() if len(word) > 1}
        lengths: dict[str, set[int]] = {}
        for word in self._longer:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {pair: tuple(sorted(some, reverse=True)) for pair, some in lengths.items()}

    def find(self, text: str) -> Hits:
        """Occurrences of every group; words inside an innocent word are left out."""
        hits: Hits = {}
        for start, character in enumerate(text):
            for name in self._single.get(character, ()):
                hits.setdefault(name, []).append((start, start + 1))
            for length in self._lengths.get(text[start : start + 2], ()):
                end = start + length
                if end <= len(text):
                    for name in self._longer.get(text[start:end], ()):
                        hits.setdefault(name, []).append((start, end))
        masks = hits.pop(MASK, None)
        return _unmasked(hits, masks) if masks else hits


def _unmasked(hits: Hits, masks: list[Place]) -> Hits:
    kept = {name: [place for place in places if not _hidden(place, masks)] for name, places in hits.items()}
    return {name: places for name, places in kept.items() if places}


def _hidden(place: Place, masks: list[Place]) -> bool:
    return any(place == mask or (_overlap(place, mask) and not _covers(place, mask)) for mask in masks)


def _overlap(place: Place, other: Place) -> bool:
    return place[0] < other[1] and other[0] < place[1]


def _covers(place: Place, other: Place) -> bool:
    return place[0] <= other[0] and other[1] <= place[1]


def negated(text: str, start: int) -> bool:
    """Whether the words at `start` stand right after a negation (没着火, 不是打架)."""
    return _NEGATED.search(text, max(0, start - 5), start) is not None
