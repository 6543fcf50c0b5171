"""A regulation cut at its headings: what stands before, the chapters, the articles."""

from __future__ import annotations

import re

import msgspec

from knowledge.importing.headings import Heading, find_headings
from knowledge.importing.lines import Line
from knowledge.importing.report import Remark

_FULL_STOP = re.compile(r"[。；;！!]")
_LONGEST_CONTENTS_LINE = 40


class Piece(msgspec.Struct, frozen=True):
    """A line, or the part of one that belongs to one article."""

    line: int
    text: str
    ends_line: bool = True


class RawArticle(msgspec.Struct):
    """One article as it was cut out, nothing cleaned yet."""

    line: int
    number: int
    chapter: str
    pieces: list[Piece]


class Division(msgspec.Struct):
    """A regulation in parts."""

    front: list[Piece] = []
    between: list[Piece] = []
    """Text between the heading of a chapter and its first article."""
    contents: list[Piece] = []
    """A table of contents that repeats the headings of the articles."""
    articles: list[RawArticle] = []
    chapters: list[Heading] = []
    mended: list[Remark] = []
    doubtful: list[Remark] = []


def divide(lines: list[Line]) -> Division:
    """Cut a document at its headings; without any article everything is `front`."""
    division = Division()
    target = division.front
    chapter = ""
    cuts = _cuts(lines, find_headings(lines))
    for place, (heading, pieces) in enumerate(cuts):
        if heading is None:
            target = division.front
        elif heading.chapter is not None:
            chapter = heading.chapter
            division.chapters.append(heading)
            target = division.between if division.articles else division.front
        else:
            if _repeats(lines, heading, cuts, place):
                division.contents += _heading_piece(lines, heading, pieces)
                continue
            target = []
            division.articles.append(RawArticle(lines[heading.line].number, heading.number, chapter, target))
        target += pieces
        if heading:
            _remark(division, lines, heading)
    return division


def _cuts(lines: list[Line], headings: list[Heading]) -> list[tuple[Heading | None, list[Piece]]]:
    """Each heading with the pieces up to the next one; first the text before all of them."""
    cuts: list[tuple[Heading | None, list[Piece]]] = [(None, [])]
    by_line: dict[int, list[Heading]] = {}
    for heading in headings:
        by_line.setdefault(heading.line, []).append(heading)
    for place, line in enumerate(lines):
        start = 0
        for heading in by_line.get(place, []):
            _add(cuts[-1][1], line, start, heading.start, ends_line=False)
            cuts.append((heading, []))
            start = heading.end
        _add(cuts[-1][1], line, start, len(line.text), ends_line=True)
    return cuts


def _add(pieces: list[Piece], line: Line, start: int, end: int, *, ends_line: bool) -> None:
    text = line.text[start:end].strip()
    if text:
        pieces.append(Piece(line.number, text, ends_line))


def _heading_piece(lines: list[Line], heading: Heading, pieces: list[Piece]) -> list[Piece]:
    line = lines[heading.line]
    return pieces or [Piece(line.number, line.text[heading.start : heading.end])]


def _repeats(
    lines: list[Line], heading: Heading, cuts: list[tuple[Heading | None, list[Piece]]], place: int
) -> bool:
    """Whether the heading stands in a table of contents: only short titles until article 1 comes again."""
    following = [(h, p) for h, p in cuts[place:] if h is not None and h.chapter is None]
    again = next((i for i, (h, _) in enumerate(following) if i and h.number == 1), None)
    if again is None:
        return False
    return all(_is_title(pieces) for _, pieces in following[:again])


def _is_title(pieces: list[Piece]) -> bool:
    text = "".join(piece.text for piece in pieces)
    return len(text) <= _LONGEST_CONTENTS_LINE and not _FULL_STOP.search(text)


def _remark(division: Division, lines: list[Line], heading: Heading) -> None:
    line = lines[heading.line]
    text = line.text[heading.start : heading.end + 12]
    if heading.damaged:
        division.mended.append(Remark(line.number, "kb.mend.heading", text))
    if heading.guessed:
        division.doubtful.append(Remark(line.number, "kb.doubt.heading", text, kept=True))
