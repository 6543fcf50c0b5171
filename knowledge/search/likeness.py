"""How alike a token and some lines are, by rapidfuzz, in characters, sound and first letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from knowledge.search.index import Forms, Scores
from knowledge.search.query import Token
from knowledge.search.sound import folded

_SOUND, _FOLDED, _INITIALS = 0.97, 0.93, 0.95
"""A match by sound counts a little less than one by characters, one by near sound less again."""
_GAPS = 0.4
"""Share of the gap-tolerant subsequence beside the best window."""
_DOUBT = 0.5
"""What is missing from a match by sound or first letters counts half again: a few syllables agree by chance."""
_SHORT, _CHANCE = 2, 0.5
"""Two written characters sound like many others: what agrees by sound only counts so much less."""
_UNKNOWN = "\x00"


def _alike(text: str, lines: Sequence[str]) -> Scores:
    window = process.cdist([text], lines, scorer=fuzz.partial_ratio, dtype=np.float32)[0] / 100
    window *= np.minimum(1, np.array([*map(len, lines)], np.float32) / len(text))
    if len(text) < 3:
        return np.asarray(window, np.float32)
    common = process.cdist([text], lines, scorer=LCSseq.similarity, dtype=np.float32)[0] / len(text)
    return np.asarray((1 - _GAPS) * window + _GAPS * common, np.float32)


def _doubted(scores: Scores, doubt: float) -> Scores:
    return np.asarray(scores - doubt * (1 - scores), np.float32)


def _by_sound(part: Token, forms: Forms) -> Scores:
    exact = "".join(element.sound for element in part)
    near = _FOLDED * _doubted(_alike(folded(exact), forms.folded), _DOUBT)
    same = _SOUND * _doubted(_alike(exact, forms.exact), _DOUBT)
    return np.asarray(np.maximum(same, near), np.float32)


def _known(part: Token, forms: Forms) -> Scores:
    """Likeness of elements whose sound is known, some of them with their character."""
    sound = _by_sound(part, forms)
    written = sum(1 for element in part if element.char)
    if not written:
        return sound
    chars = _alike("".join(element.char or _UNKNOWN for element in part), forms.chars)
    if written == len(part):
        return np.maximum(chars, sound if len(part) > _SHORT else sound * (1 - _CHANCE * (1 - chars)))
    return np.maximum(sound, 0.5 * (sound + chars * len(part) / written))


def _runs(token: Token) -> list[Token]:
    runs: list[list[int]] = []
    for place, element in enumerate(token):
        if element.sound and runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        elif element.sound:
            runs.append([place])
    return [tuple(token[place] for place in run) for run in runs]


def likeness(token: Token, forms: Forms) -> Scores:
    """0 to 1 for each line."""
    if all(element.sound for element in token):
        return _known(token, forms)
    letters = "".join(element.initial for element in token)
    initials = _INITIALS * _doubted(_alike(letters, forms.initials), 2 * _DOUBT)
    runs = _runs(token)
    if not runs:
        return initials
    parts = sum((len(run) * _known(run, forms) for run in runs), np.zeros(len(forms.chars), np.float32))
    return np.asarray(0.5 * initials + 0.5 * parts / sum(map(len, runs)), np.float32)
