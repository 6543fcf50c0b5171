"""The files of words an editor writes: `words/*.txt`, one group a line, `official = what people say`.

A line in brackets, `[@where-12315]`, begins a section: where its groups lead when no entry carries their terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput

FOLDER = Path(__file__).parent / "words"
SKIP, TERMS = "skip", "official_terms"
"""Names of the two files that hold bare words: those that say nothing, and official terms of local entries."""
_EQUALS = re.compile("[=＝]")


class Place(msgspec.Struct, frozen=True, gc=False):
    """A line of a file."""

    file: str
    line: int


class Group(msgspec.Struct, frozen=True, gc=False):
    """Words that mean one thing: the official terms (or `@` and the id of an entry), and what people say for them."""

    official: tuple[str, ...]
    said: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    """Where the words lead when no entry carries an official term."""
    place: Place = Place("", 0)


class Words(msgspec.Struct, frozen=True):
    """All that the files hold."""

    groups: tuple[Group, ...] = ()
    skip: tuple[str, ...] = ()
    terms: tuple[tuple[str, Place], ...] = ()
    """Official terms that stand in local entries only, so that no shipped entry needs to carry them."""


def read_words(*folders: Path) -> Words:
    """All files of these folders of words, the shipped ones where none is named. Raises BadInput naming the line."""
    groups: list[Group] = []
    bare: dict[str, list[tuple[str, Place]]] = {SKIP: [], TERMS: []}
    for path in (path for folder in folders or (FOLDER,) for path in sorted(folder.glob("*.txt"))):
        if path.stem in bare:
            bare[path.stem] += _bare(path)
        else:
            groups += _groups(path)
    return Words(tuple(groups), tuple(word for word, _ in bare[SKIP]), tuple(bare[TERMS]))


def _bare(path: Path) -> Iterator[tuple[str, Place]]:
    return ((word, Place(path.name, number)) for number, line in _lines(path) for word in _words(line))


def _groups(path: Path) -> Iterator[Group]:
    section: tuple[str, ...] = ()
    for number, line in _lines(path):
        if line.startswith("["):
            section = _words(line.strip("[]"))
            continue
        sides = [_words(side) for side in _EQUALS.split(line)]
        if len(sides) != 2 or not all(sides):
            raise BadInput("error.data", "advice.data", path=str(path), reason=f"{number}: {line}")
        yield Group(sides[0], sides[1], section, Place(path.name, number))


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines that hold words; those that begin with # are remarks."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("error.data", "advice.data", path=str(path), reason=str(error)) from error
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _words(text: str) -> tuple[str, ...]:
    return tuple([word for part in text.replace(",", "，").split("，") if (word := part.strip())])
