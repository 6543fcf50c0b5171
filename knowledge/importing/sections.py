"""A document without articles, a news report for instance, into drafts by its section headings."""

from __future__ import annotations

import re

import msgspec

from knowledge.importing import junk
from knowledge.importing.cleaning import clean
from knowledge.importing.division import Piece
from knowledge.importing.lines import Line
from knowledge.importing.numerals import NUMBER, value
from knowledge.importing.regulation import join
from knowledge.importing.repairs import Draft
from knowledge.importing.report import ImportReport, Remark
from knowledge.importing.vocabulary import Vocabulary, is_chapter_name, is_normative

_LONGEST_HEADING = 24
_LONG_PARAGRAPH = 40
_COUNTED = re.compile(rf"^({NUMBER})\s*、\s*([^。；;]{{2,{_LONGEST_HEADING}}})([。：:]?)")
_ENDS = re.compile(r"[。！？!；;：:，,、][”’」』）)】]*$")
_SIGNS = re.compile(r"[。；;，,！!]")


class _Section(msgspec.Struct):
    line: int
    heading: str
    pieces: list[Piece] = []


def read_sections(lines: list[Line], report: ImportReport) -> list[Draft]:
    """The sections of a document as drafts, numbered in their order."""
    pieces = _body(lines, report)
    vocabulary = Vocabulary(piece.text for piece in pieces)
    drafts: list[Draft] = []
    for section in _sections(pieces, vocabulary, report):
        cleaned = clean(section.pieces, vocabulary, last=False)
        report.mended += cleaned.mended
        report.doubtful += cleaned.doubtful
        report.set_aside += cleaned.set_aside
        body = join(cleaned.kept, report)
        if body:
            drafts.append(Draft(section.line, len(drafts) + 1, section.heading, body))
        elif section.heading:
            report.set_aside.append(Remark(section.line, "kb.junk.stray", section.heading))
    return drafts


def _body(lines: list[Line], report: ImportReport) -> list[Piece]:
    """Lines without those of a junk form; after a list of related reports begins nothing is taken."""
    pieces: list[Piece] = []
    parted = False
    for line in lines:
        form = junk.form_of(line.text)
        if form:
            parted = parted or (form in ("related", "attachment") and any(_is_paragraph(p.text) for p in pieces))
            report.set_aside.append(Remark(line.number, f"kb.junk.{form}", line.text))
        elif parted:
            report.set_aside.append(Remark(line.number, "kb.junk.after", line.text))
        else:
            pieces.append(Piece(line.number, line.text))
    return pieces


def _is_paragraph(text: str) -> bool:
    return len(text) >= _LONG_PARAGRAPH or bool(_ENDS.search(text))


def _is_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not _ENDS.search(text) and not _SIGNS.search(text)


def _sections(pieces: list[Piece], vocabulary: Vocabulary, report: ImportReport) -> list[_Section]:
    counted = _counted(pieces)
    if len(counted) >= 2:
        return counted
    sections: list[_Section] = []
    for place, piece in enumerate(pieces):
        following = pieces[place + 1].text if place + 1 < len(pieces) else ""
        if _is_heading(piece.text):
            if _opens_section(piece.text, following, vocabulary):
                sections.append(_Section(piece.line, piece.text))
            else:
                report.set_aside.append(Remark(piece.line, "kb.junk.headline", piece.text))
        elif not _is_paragraph(piece.text) and not sections:
            report.set_aside.append(Remark(piece.line, "kb.junk.headline", piece.text))
        elif sections:
            sections[-1].pieces.append(piece)
        else:
            sections.append(_Section(piece.line, "", [piece]))
    return sections


def _opens_section(text: str, following: str, vocabulary: Vocabulary) -> bool:
    if not _is_paragraph(following):
        return False
    return vocabulary.familiarity(text) > 0.15 or is_normative(text) or is_chapter_name(text)


def _counted(pieces: list[Piece]) -> list[_Section]:
    """Sections whose headings are counted 一、二、三、 in a row."""
    sections: list[_Section] = []
    for piece in pieces:
        match = _COUNTED.match(piece.text)
        if match and value(match[1]) == len(sections) + 1:
            rest = piece.text[match.end() :].strip()
            alone = not rest and match[3] != "："
            text = rest or ("" if alone else match[2])
            sections.append(_Section(piece.line, match[2].strip(), [Piece(piece.line, text)] if text else []))
        elif sections:
            sections[-1].pieces.append(piece)
    return sections
