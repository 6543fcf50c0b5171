"""Variants of a statement for training: wrong characters of the same sound, clauses in another order, a note's opening.

What normalising already makes one (width, script, punctuation) needs no variant. The same statement always gives the
same variants.
"""

from __future__ import annotations

import random
import re
import zlib
from functools import cache

from knowledge.screening.evaluation import Labelled
from knowledge.search.sound import tables

_OPENINGS = ("来电人反映", "来电人称", "市民反映", "来电人：", "群众来电称")
_CLAUSE = re.compile(r"[，。！？；、,!?;…\s]+")
_WRONG_SHARE = 0.12
_ASKS_FOR_NO_OPENING = ("来电", "市民", "群众", "反映")
_COMMON = (0xB0A1, 0xD7F9)
"""First level of GB 2312: the characters an input method offers first."""


@cache
def _alike() -> dict[str, str]:
    """Character → common characters of the same folded sound."""
    known = tables()
    groups: dict[str, list[str]] = {}
    for point, syllable in known.exact.items():
        character = chr(point)
        if _is_common(character):
            groups.setdefault(known.fold[ord(syllable)], []).append(character)
    return {character: "".join(sorted(group)) for group in groups.values() for character in group}


def _is_common(character: str) -> bool:
    try:
        code = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False
    return _COMMON[0] <= code <= _COMMON[1]


def variants(case: Labelled) -> list[str]:
    """Other ways the same words may reach the note."""
    chance = random.Random(zlib.crc32(case.text.encode()))
    found = [_misheard(case.text, chance)]
    clauses = [clause for clause in _CLAUSE.split(case.text) if clause]
    if len(clauses) >= 3:
        first = chance.randrange(len(clauses) - 1)
        clauses[first], clauses[first + 1] = clauses[first + 1], clauses[first]
        found.append("，".join(clauses))
    if not case.text.startswith(_ASKS_FOR_NO_OPENING):
        found.append(chance.choice(_OPENINGS) + _misheard(case.text, chance))
    return [text for text in dict.fromkeys(found) if text != case.text]


def _misheard(text: str, chance: random.Random) -> str:
    alike = _alike()
    return "".join(
        chance.choice(alike[character]) if character in alike and chance.random() < _WRONG_SHARE else character
        for character in text
    )
