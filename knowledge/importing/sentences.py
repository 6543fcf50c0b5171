"""The text of one article as sentences, and phrases that stand between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from knowledge.importing import junk
from knowledge.importing.division import Piece
from knowledge.importing.report import Remark

ITEM = re.compile(
    r"^\s*(?:[(（〔]\s*(?:[一二三四五六七八九十百]{1,3}|\d{1,2})\s*[)）〕]|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．]|[①-⑳]|"
    r"[一二三四五六七八九十]是)"
)
"""An item of a list: (一), （1）, 1., 一、, ①, 一是."""

_STOP = r"(?:。(?![a-z])|[！？!；;])"
# A full stop before a small letter is a dot that a scanner misread.
_SENTENCE = re.compile(rf"(?:(?!{_STOP}).)*{_STOP}+[”’」』）)】]*|(?:(?!{_STOP}).)+$")
_TERMINATED = re.compile(r"[。！？!；;][”’」』）)】]*$")
_NUMBERED = r"[(（][一二三四五六七八九十]{1,3}[)）]"
_PHRASE = r"[^\s，,。；;：:、！!？?()（）“”]{4,24}"
_BEFORE_ITEM = re.compile(rf"^({_PHRASE})(?={_NUMBERED})")
_BEHIND_COLON = re.compile(rf"(?<=[:：])({_PHRASE})(?=$|{_NUMBERED})")


class Unit(msgspec.Struct, frozen=True):
    """A sentence, or what is left of one at the end of a line."""

    line: int
    text: str
    ends_line: bool
    full_line: bool = False
    """It ends a line that was broken because the line was full: the next one continues it."""
    alone: bool = False
    """It is a whole line."""

    @property
    def complete(self) -> bool:
        """Whether it ends with a full stop."""
        return bool(_TERMINATED.search(self.text))


def units(pieces: list[Piece], rows: list[Remark], joined: list[Remark]) -> list[Unit]:
    """The sentences of the pieces; rows of signs go to `rows`, joined lines to `joined`."""
    found: list[Unit] = []
    for unit in (unit for piece in pieces for unit in _of_piece(piece, rows)):
        before = found[-1] if found else None
        if before and _continues(before, unit):
            found[-1] = msgspec.structs.replace(unit, line=before.line, text=before.text + unit.text, alone=False)
            joined.append(Remark(unit.line, "kb.mend.join", before.text[-6:] + unit.text[:6]))
        else:
            found.append(unit)
    return found


def _continues(before: Unit, unit: Unit) -> bool:
    """Whether a line goes on with the sentence of the line before, which was full."""
    opens_item = before.text.endswith((":", "：")) and ITEM.match(unit.text)
    return before.full_line and not (before.complete or opens_item or junk.form_of(unit.text))


def _of_piece(piece: Piece, rows: list[Remark]) -> Iterator[Unit]:
    if "。" not in piece.text[:-1] and junk.form_of(piece.text):
        yield Unit(piece.line, piece.text, piece.ends_line, alone=piece.starts_line and piece.ends_line)
        return
    parts = [part for part in _split_at_rows(piece, rows) if part.strip()]
    for number, part in enumerate(parts):
        phrases = [phrase.strip() for phrase in _phrases(part) if phrase.strip()]
        ends_line = number + 1 < len(parts) or piece.ends_line
        alone = piece.starts_line and ends_line and len(phrases) == 1
        for place, phrase in enumerate(phrases):
            final = place + 1 == len(phrases)
            yield Unit(piece.line, phrase, ends_line and final, piece.full and final, alone)


def _split_at_rows(piece: Piece, rows: list[Remark]) -> list[str]:
    parts: list[str] = []
    start = 0
    for run in junk.row_of_signs().finditer(piece.text):
        parts.append(piece.text[start : run.start()])
        start = run.end()
        rows.append(Remark(piece.line, "kb.junk.rule_row", run[0]))
    return [*parts, piece.text[start:]]


def _phrases(text: str) -> Iterator[str]:
    """Sentences; a phrase without any sign that stands before an item or ends the line is one of its own."""
    for sentence in _SENTENCE.findall(text):
        before = _BEFORE_ITEM.match(sentence)
        if before:
            yield before[1]
        rest = sentence[before.end() :] if before else sentence
        behind = None if ITEM.match(rest) else _BEHIND_COLON.search(rest)
        if behind:
            yield from (rest[: behind.start()], behind[1], rest[behind.end() :])
        else:
            yield rest
