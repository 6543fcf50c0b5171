"""Cuts typed letters into syllables, first letters and a half-typed last syllable: gongjj → gong j j."""

from __future__ import annotations

import heapq
from functools import cache, lru_cache
from typing import Literal

import msgspec

from knowledge.search.sound import tables

_READINGS = 3
"""How many ways to read one run of letters are followed (danganguanli: dang an guan li, dan gan guan li)."""
_SLACK = 0.7
"""A reading this much dearer than the best is not followed."""
_LONGEST = 6
_SHORT_SYLLABLES = frozenset("aeo")
_DIGRAPHS = frozenset(("zh", "ch", "sh"))
_DIGRAPH_PRICE = 2.35
"""About that of two first letters: shz may be 收回证 or 上周, so both are followed."""


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A part of a run of letters."""

    kind: Literal["syllable", "initial", "partial"]
    text: str


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(syllable[:i] for syllable in tables().syllables for i in range(1, len(syllable)))


def _price(text: str, at_end: bool) -> tuple[float, Piece] | None:
    """Cost of reading the letters as one piece; whole syllables are cheapest, so long pieces win."""
    if text in tables().syllables and (len(text) > 1 or text in _SHORT_SYLLABLES):
        return (1.8 if len(text) == 1 else 1.0), Piece("syllable", text)
    if len(text) == 1:
        return 1.15, Piece("initial", text)
    if text in _DIGRAPHS:
        return _DIGRAPH_PRICE, Piece("initial", text)
    if text in _beginnings():
        return (1.25 if at_end else 1.9), Piece("partial", text)
    return None


@lru_cache(4096)
def readings(run: str) -> tuple[tuple[Piece, ...], ...]:
    """Ways to cut a run of lower-case letters, cheapest first."""
    size = len(run)
    best: list[list[tuple[float, tuple[Piece, ...]]]] = [[] for _ in range(size + 1)]
    best[0] = [(0.0, ())]
    for start in range(size):
        paths = heapq.nsmallest(_READINGS, best[start], key=lambda path: path[0])
        for end in range(start + 1, min(start + _LONGEST, size) + 1):
            priced = _price(run[start:end], end == size)
            if priced is not None:
                best[end] += [(cost + priced[0], (*path, priced[1])) for cost, path in paths]
    ranked = heapq.nsmallest(_READINGS, best[size], key=lambda path: path[0])
    found = tuple(path for cost, path in ranked if cost <= ranked[0][0] + _SLACK)
    letters = tuple(Piece("initial", letter) for letter in run)
    return found if letters in found or not _may_be_letters(found[0]) else (*found[: _READINGS - 1], letters)


def _may_be_letters(pieces: tuple[Piece, ...]) -> bool:
    """True where a few letters hardly make syllables: spaq is s, pa, q, but may be meant as four first letters."""
    letters = sum(piece.kind != "syllable" for piece in pieces)
    return letters >= 2 and sum(len(piece.text) for piece in pieces) <= _LONGEST
