"""A regulation cut at its headings: what stands before, the chapters, the articles."""

from __future__ import annotations

import re
from collections import Counter

import msgspec

from knowledge.importing.headings import Heading, find_headings
from knowledge.importing.lines import Line
from knowledge.importing.report import Remark

_FULL_STOP = re.compile(r"[。；;！!]")
_LONGEST_CONTENTS_LINE = 40
_NARROWEST = 20
_RAGGED = 7


class Piece(msgspec.Struct, frozen=True):
    """A line, or the part of one that belongs to one article."""

    line: int
    text: str
    starts_line: bool = True
    ends_line: bool = True
    full: bool = False
    """Its line is as long as the lines of a text that was broken at a fixed width."""


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
            if _repeats(cuts[place:]):
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
    full = _full_lines(lines)
    for place, line in enumerate(lines):
        start = 0
        for heading in by_line.get(place, []):
            _add(cuts[-1][1], line, slice(start, heading.start), full=False)
            cuts.append((heading, []))
            start = heading.end
        _add(cuts[-1][1], line, slice(start, len(line.text)), full=place in full)
    return cuts


def _add(pieces: list[Piece], line: Line, part: slice, *, full: bool) -> None:
    text = line.text[part].strip()
    if text:
        pieces.append(Piece(line.number, text, part.start == 0, part.stop == len(line.text), full))


def _full_lines(lines: list[Line]) -> set[int]:
    """Places of the lines that end where they do only because the text was broken at a fixed width."""
    full: set[int] = set()
    for measure in (len, _cells):
        lengths = [measure(line.text) for line in lines]
        width = _width([n for n, line in zip(lengths, lines, strict=True) if not _FULL_STOP.search(line.text[-2:])])
        full |= {place for place, length in enumerate(lengths) if 0 < width <= length < width + _RAGGED}
    return full


def _width(lengths: list[int]) -> int:
    """Length that most of the lines without full stop have; 0 where each paragraph is a line."""
    thirds = Counter(length // 3 for length in lengths if length >= _NARROWEST)
    if not thirds:
        return 0
    common = max(thirds, key=lambda third: thirds[third] + thirds[third + 1])
    at_width = thirds[common] + thirds[common + 1]
    return common * 3 if at_width >= 5 and at_width * 2 >= len([n for n in lengths if n >= _NARROWEST]) else 0


def _cells(text: str) -> int:
    """Columns of a terminal or printed line: an ideograph takes two."""
    return sum(1 if character.isascii() else 2 for character in text)


def _heading_piece(lines: list[Line], heading: Heading, pieces: list[Piece]) -> list[Piece]:
    line = lines[heading.line]
    return pieces or [Piece(line.number, line.text[heading.start : heading.end])]


def _repeats(cuts: list[tuple[Heading | None, list[Piece]]]) -> bool:
    """Whether the first of these stands in a table of contents: only titles until article 1 comes again."""
    following = [(h, p) for h, p in cuts if h is not None and h.chapter is None]
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
