"""Reads what was typed: characters, pinyin, first letters and mixtures, token by token."""

from __future__ import annotations

import re
from itertools import islice, product

import msgspec

from knowledge.search.letters import Piece, readings
from knowledge.search.normal_form import kept, plain_form
from knowledge.search.sound import sounds, tables

_MOST_READINGS = 3
_LONGEST_QUERY = 120
_RUN = re.compile(r"[a-z']+|[^a-z']+")


class Element(msgspec.Struct, frozen=True, gc=False):
    """One character to find: what is known of it; empty where it is not."""

    char: str
    sound: str
    initial: str


Token = tuple[Element, ...]
Reading = tuple[Token, ...]


class Query(msgspec.Struct, frozen=True):
    """A typed query: its words between blanks, each way to read its letters, likeliest first."""

    words: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def text(self) -> str:
        """The words without blanks."""
        return "".join(self.words)


def _spelled(piece: Piece) -> Element:
    if piece.kind == "syllable":
        return Element("", tables().code[piece.text], piece.text[0])
    return Element("", "", piece.text[0])


def _written(run: str) -> Token:
    text = kept(run)
    return tuple(map(Element, text.text, *sounds(text.spoken)))


def _token_readings(word: str) -> list[Token]:
    parts: list[list[Token]] = []
    for run in _RUN.findall(word):
        letters = run.replace("'", "")
        if run[0].isascii() and letters.isalpha():
            parts.append([tuple(map(_spelled, pieces)) for pieces in readings(letters)])
        else:
            parts.append([_written(run)])
    combined = islice(product(*parts), _MOST_READINGS)
    return [tuple(element for part in choice for element in part) for choice in combined]


def parse(text: str) -> Query:
    """Read a query; nothing but blanks and punctuation gives one without readings."""
    words = [word for word in plain_form(text[:_LONGEST_QUERY]).split() if kept(word).text]
    choices = product(*(_token_readings(word) for word in words))
    found = [reading for reading in islice(choices, _MOST_READINGS) if any(reading)]
    return Query(tuple(kept(word).text for word in words), tuple(found) if words else ())
