"""What the model reads of a note: runs of characters, runs of sounds, and what the words and cues found.

A feature is a 32-bit number, so that neither training nor the seat keeps a list of strings.
"""

from __future__ import annotations

import zlib
from functools import cache

import msgspec
import numpy as np

from knowledge.screening.keys import Keys
from knowledge.screening.matcher import Hits, Place
from knowledge.screening.rules import SENSE, STANDS, Reading
from knowledge.screening.sounds import sound_of

LONGEST = 4
"""Characters or syllables of the longest run."""
_NEAR = 10
"""Characters between two word groups that are still read together."""
_MOODS = frozenset(
    f"{SENSE}{name}" for name in ("past", "done", "hypo", "notso", "fiction", "ask", "suggest", "service", "now")
)
"""Groups that say when, whether and to what end."""
_PRIME = np.uint32(0x01000193)
_STEP = np.uint32(0x9E3779B1)
_MIX_1, _MIX_2 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_SHIFT_1, _SHIFT_2 = np.uint32(13), np.uint32(16)
_EDGES = ("\x02", "\x03")
_SOUND_SALT = 64


class Run(msgspec.Struct, frozen=True):
    """All runs of one length: their keys, in the order of the text."""

    length: int
    keys: Keys


class Features(msgspec.Struct, frozen=True):
    """The features of one note. `origin` gives for every kept character where it stands in the note."""

    characters: tuple[Run, ...]
    sounds: tuple[Run, ...]
    findings: Keys
    origin: tuple[int, ...]


def _mixed(keys: Keys, salt: int) -> Keys:
    keys = (keys ^ np.uint32(salt)) * _MIX_1
    keys ^= keys >> _SHIFT_1
    keys *= _MIX_2
    return keys ^ (keys >> _SHIFT_2)


def _runs(codes: Keys, salt: int) -> tuple[Run, ...]:
    found, rolling = [], codes
    for length in range(1, min(LONGEST, len(codes)) + 1):
        if length > 1:
            rolling = ((rolling[:-1] * _PRIME) ^ codes[length - 1 :]) * _STEP
        found.append(Run(length, _mixed(rolling, salt + length)))
    return tuple(found)


@cache
def key_of(name: str) -> int:
    """The number of a named feature."""
    return zlib.crc32(name.encode())


@cache
def _by_book(name: str, traits: frozenset[str]) -> frozenset[int]:
    """A group of words by what the book leaves out."""
    return frozenset(zlib.crc32(f"{trait} and {name}".encode()) for trait in traits)


@cache
def _mood(mood: str, name: str) -> int:
    return zlib.crc32(f"mood {mood} {name}".encode())


@cache
def _pair(first: str, second: str) -> int:
    return zlib.crc32(f"pair {first} {second}".encode())


def read_features(reading: Reading, traits: frozenset[str] = frozenset()) -> Features:
    """The features of a note; `traits` are parts of classes the book leaves out."""
    plain = reading.plain.lower()
    origin = tuple(place for place, character in enumerate(plain) if character.isalnum())
    letters = "".join((_EDGES[0], *(plain[place] for place in origin), _EDGES[1]))
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32)
    return Features(
        characters=_runs(codes, 0),
        sounds=_runs(sound_of(codes), _SOUND_SALT),
        findings=np.array(sorted(_findings(reading, traits)), dtype=np.uint32),
        origin=origin,
    )


def _findings(reading: Reading, traits: frozenset[str]) -> set[int]:
    names = [f"group {name}" for name in reading.hits if not name.startswith(SENSE)]
    senses = {name: places for name, places in reading.hits.items() if name.startswith(SENSE)}
    by_book: set[int] = set()
    for name, places in senses.items():
        names += _sense(reading, name, places)
        by_book |= _by_book(name, traits)
    names += _fired(reading) + _weighed(reading)
    names += [f"left out {part}" for part in reading.left_out]
    names.append(f"length {min(6, len(reading.plain) // 8)}")
    return {key_of(name) for name in names} | by_book | _pairs(senses) | _moods(senses)


def _sense(reading: Reading, name: str, places: list[Place]) -> list[str]:
    """What is said with one group of words: how often, whether it is denied, whether it comes last."""
    starts = {start for start, _ in places}
    if starts <= reading.denied:
        return [f"no {name}"]
    names = [f"group {name}", *(f"{least} of {name}" for least in (2, 4) if len(starts) >= least)]
    if 0 < reading.last_clause <= max(starts):
        names.append(f"last {name}")
    return names


def _moods(senses: Hits) -> set[int]:
    """When, whether and to what end something is said, with what is said."""
    moods = [name for name in senses if name in _MOODS]
    return {_mood(mood, name) for mood in moods for name in senses if name != mood}


def _fired(reading: Reading) -> list[str]:
    names = []
    for cue, _ in reading.matches:
        what = f"{cue.why} {cue.classes} {cue.against}"
        names += [f"because {what}", f"cue {what} {cue.all[0]}"]
    return names


def _weighed(reading: Reading) -> list[str]:
    names, best, most = [], "accept", STANDS - 1
    for name, verdict in reading.verdicts.items():
        net = verdict.net
        if verdict.against:
            names.append(f"against {name}")
        if verdict.points:
            names.append(f"points {name} {max(-3, min(4, net // 2))}")
            names += [f"at least {least} for {name}" for least in (STANDS, 7) if net >= least]
        if reading.live(name) >= STANDS:
            names.append(f"live {name}")
        if net > most and name != "urgent":
            best, most = name, net
    return [*names, f"best {best}"]


def _pairs(senses: Hits) -> set[int]:
    """Groups of words that stand close to each other."""
    places = sorted((start, end, name) for name, spots in senses.items() for start, end in spots)
    found = set()
    for index, (_, end, name) in enumerate(places):
        for start, _, other in places[index + 1 :]:
            if start - end > _NEAR:
                break
            if other != name:
                found.add(_pair(*sorted((name, other))))
    return found
