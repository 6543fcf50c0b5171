"""The files of words an editor writes: `words/*.txt`, one group a line, `official = what people say`."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput

FOLDER = Path(__file__).parent / "words"
SKIP, TERMS = "skip", "official_terms"
"""Names of the two files that hold bare words: those that say nothing, and official terms of local entries."""
_COMMA = re.compile("[,，]")
_EQUALS = re.compile("[=＝]")


class Place(msgspec.Struct, frozen=True):
    """A line of a file."""

    file: str
    line: int


class Group(msgspec.Struct, frozen=True):
    """Words that mean one thing: the official terms (or `@` and the id of an entry), and what people say for them."""

    official: tuple[str, ...]
    said: tuple[str, ...] = ()
    place: Place = Place("", 0)


class Words(msgspec.Struct, frozen=True):
    """All that the files hold."""

    groups: tuple[Group, ...] = ()
    skip: tuple[str, ...] = ()
    terms: tuple[tuple[str, Place], ...] = ()
    """Official terms that stand in local entries only, so that no shipped entry needs to carry them."""


def read_words(folder: Path = FOLDER) -> Words:
    """All files of a folder of words. Raises BadInput naming the file and the line."""
    groups: list[Group] = []
    bare: dict[str, list[tuple[str, Place]]] = {SKIP: [], TERMS: []}
    for path in sorted(folder.glob("*.txt")):
        for number, line in _lines(path):
            place = Place(path.name, number)
            if path.stem in bare:
                bare[path.stem] += [(word, place) for word in _words(line)]
            else:
                groups.append(_group(line, place, path))
    return Words(tuple(groups), tuple(word for word, _ in bare[SKIP]), tuple(bare[TERMS]))


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines that hold words; those that begin with # are remarks."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("error.data", "advice.data", path=str(path), reason=str(error)) from error
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in _COMMA.split(text) if (word := part.strip()))


def _group(line: str, place: Place, path: Path) -> Group:
    sides = [_words(side) for side in _EQUALS.split(line)]
    if len(sides) != 2 or not all(sides):
        reason = f"{place.line}: {line}"
        raise BadInput("error.data", "advice.data", path=str(path), reason=reason)
    return Group(sides[0], sides[1], place)
