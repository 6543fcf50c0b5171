"""Whether two tellings are of one matter: the same place and the same trouble, in whatever words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
from rapidfuzz import fuzz

from agent_console.resources.paths import read_toml
from knowledge.search.normal_form import simplified

_FILE = Path(__file__).with_suffix(".toml")
_PLACE = re.compile(
    r"[\u4e00-\u9fff\d]{2,6}?(?:花园小区|小区|社区|花园|新村|家园|公寓|大厦|广场|市场|学校|小学|中学|医院|公园|车站|大桥|大道|街道"
    r"|工业园|路|街|巷|弄|村|镇|乡|桥)"
)
_TAIL = re.compile(
    r"(?:花园小区|小区|社区|花园|新村|家园|公寓|大厦|广场|市场|学校|小学|中学|医院|公园|车站|大桥|大道|街道|工业园|.)$"
)
_NAMED_BY = 2
"""Characters before what sort of place it is that must be the same: 五四 of 五四路."""
_NOT_WORDS = re.compile(r"[^\u4e00-\u9fff]+")
_LIKE = 30
"""Likeness from which words that share a pair of characters tell of one trouble, in percent."""
_NEARLY_EQUAL = 65


class Traits(msgspec.Struct, frozen=True):
    """What is compared of a telling: the places it names, the troubles it is about, and its other words."""

    places: frozenset[str]
    troubles: frozenset[int]
    words: str


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    troubles: tuple[str, ...]
    filler: str


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    words = read_toml(_FILE, _Words)
    filler = sorted(words.filler.split("|"), key=len, reverse=True)
    return tuple(re.compile(line) for line in words.troubles), re.compile("|".join(filler))


def traits(text: str, *places: str) -> Traits:
    """What to compare of a telling; `places` are those that are written down beside it."""
    troubles, filler = _patterns()
    plain = text.translate(simplified())
    named = {_key(found) for part in (plain, *places) for found in _PLACE.findall(part)}
    rest = _NOT_WORDS.sub("", filler.sub("", _PLACE.sub("", plain)))
    about = frozenset(number for number, pattern in enumerate(troubles) if pattern.search(plain))
    return Traits(frozenset(named), about, rest)


def _key(place: str) -> str:
    """The end of a name of a place: whatever was said right before it is no part of it."""
    tail = _TAIL.search(place)
    return place[-(_NAMED_BY + len(tail[0])) :] if tail else place


def same_trouble(one: Traits, other: Traits) -> bool:
    """Whether both tell of the same trouble, wherever it is."""
    return bool(one.troubles & other.troubles) or likeness(one, other) >= _LIKE


def likeness(one: Traits, other: Traits) -> float:
    """How alike the words of two tellings are, in percent; 0 where they share no pair of characters."""
    short, long = sorted((one.words, other.words), key=len)
    ratio = float(fuzz.partial_ratio(short, long)) if len(short) > 1 else 0.0
    return ratio if ratio >= _NEARLY_EQUAL or _pairs(short) & _pairs(long) else 0.0


def _pairs(words: str) -> set[str]:
    return {words[start : start + 2] for start in range(len(words) - 1)}
