"""What is looked up of a token: pairs of characters and of syllables, first letters."""

from __future__ import annotations

import msgspec

from knowledge.search.index import CHARS_1, CHARS_2, INITIALS_2, INITIALS_3, SOUND_1, SOUND_2
from knowledge.search.query import Token
from knowledge.search.sound import folded


class Gram(msgspec.Struct, frozen=True, gc=False):
    """A gram of the query, where it stands, and what it is worth beside how rare it is."""

    kind: int
    gram: str
    worth: float
    places: tuple[int, ...]


def grams_of(token: Token) -> list[Gram]:
    """Single characters of a token of one, else its pairs, and three first letters where a sound is unknown."""
    found: list[Gram] = []
    single = len(token) == 1
    for place, element in enumerate(token):
        if single and element.char:
            found.append(Gram(CHARS_1, element.char, 1.0, (place,)))
        if single and element.sound:
            found.append(Gram(SOUND_1, folded(element.sound), 0.5, (place,)))
        if place + 1 < len(token):
            found += _pairs(element.char, token, place)
        if place + 2 < len(token) and not all(other.sound for other in token[place : place + 3]):
            letters = "".join(other.initial for other in token[place : place + 3])
            found.append(Gram(INITIALS_3, letters, 0.8, (place, place + 1, place + 2)))
    return found


def _pairs(char: str, token: Token, place: int) -> list[Gram]:
    one, two = token[place], token[place + 1]
    places = (place, place + 1)
    found: list[Gram] = []
    if one.sound and two.sound:
        found.append(Gram(SOUND_2, folded(one.sound + two.sound), 0.75, places))
    else:
        found.append(Gram(INITIALS_2, one.initial + two.initial, 0.3, places))
    if char and two.char:
        found.append(Gram(CHARS_2, char + two.char, 0.25 if one.sound and two.sound else 1.0, places))
    return found
