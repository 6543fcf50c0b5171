"""What belongs to an article and what strayed into it, judged sentence by sentence.

A sentence with one of the forms of `junk` is set aside. A phrase without full stop that hangs behind a full stop
or stands alone in its line is a stray title, unless the text goes on with it, it speaks as a rule does, or it
is the heading of a chapter that lost its number. What could be either goes to the review list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

import msgspec

from knowledge.importing import junk
from knowledge.importing.division import Piece
from knowledge.importing.report import Remark
from knowledge.importing.vocabulary import Vocabulary, is_chapter_name, is_normative

ITEM = re.compile(
    r"^\s*(?:[(（〔]\s*(?:[一二三四五六七八九十百]{1,3}|\d{1,2})\s*[)）〕]|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．]|[①-⑳]|"
    r"[一二三四五六七八九十]是)"
)
"""An item of a list: (一), （1）, 1., 一、, ①, 一是."""

_SENTENCE = re.compile(r"[^。！？!；;]*[。！？!；;]+[”’」』）)】]*|[^。！？!；;]+$")
_TERMINATED = re.compile(r"[。！？!；;][”’」』）)】]*$")
_OPEN_END = re.compile(r"[:：,，、]$")
_CONTINUING = re.compile(r"^[，,、。；;：:）)」』”’】》]")
_INNER = re.compile(r"[，,、：:“”《》]")
_LEAD = re.compile(r"^([^\s\d，。；：、！,;:!()（）“”《》]{4,20})\s+(?=\S{4})")
_FOREIGN, _AT_HOME, _LONG = 0.15, 0.6, 40


class Verdict(Enum):
    """What becomes of a sentence."""

    KEEP = "keep"
    DOUBT_KEEP = "doubt_keep"
    ASIDE = "aside"
    DOUBT_ASIDE = "doubt_aside"
    CHAPTER = "chapter"


class Unit(msgspec.Struct, frozen=True):
    """A sentence, or what is left of one at the end of a line."""

    line: int
    text: str
    ends_line: bool

    @property
    def complete(self) -> bool:
        """Whether it ends with a full stop."""
        return bool(_TERMINATED.search(self.text))


class Cleaned(msgspec.Struct):
    """The sentences of one article after cleaning."""

    kept: list[Unit] = []
    doubtful: list[Remark] = []
    set_aside: list[Remark] = []
    chapter: str = ""
    """Heading of a chapter without number that stood behind the article."""


def clean(pieces: list[Piece], vocabulary: Vocabulary, *, last: bool) -> Cleaned:
    """Sort the text of one article; `last` says that no other article follows."""
    result = Cleaned()
    units = list(_units(pieces, result))
    parted = ""
    for place, unit in enumerate(units):
        following = units[place + 1] if place + 1 < len(units) else None
        form = _form(unit, result, last=last)
        if form:
            result.set_aside.append(Remark(unit.line, f"kb.junk.{form}", unit.text))
            parted = form if form in junk.PARTING and result.kept else parted
        elif parted and (last or not _belongs(unit, vocabulary)):
            result.set_aside.append(Remark(unit.line, "kb.junk.after", unit.text))
        else:
            _sort(_without_lead(unit, vocabulary, result), following, vocabulary, result)
    return result


def _units(pieces: list[Piece], result: Cleaned) -> Iterator[Unit]:
    for piece in pieces:
        form = junk.form_of(piece.text)
        if form:
            yield Unit(piece.line, piece.text, piece.ends_line)
            continue
        parts = [part for part in _split_at_rows(piece, result) if part.strip()]
        for number, part in enumerate(parts):
            sentences = _SENTENCE.findall(part)
            for place, sentence in enumerate(sentences):
                at_end = number + 1 < len(parts) or piece.ends_line
                if sentence.strip():
                    yield Unit(piece.line, sentence.strip(), at_end and place + 1 == len(sentences))


def _split_at_rows(piece: Piece, result: Cleaned) -> list[str]:
    parts: list[str] = []
    start = 0
    for run in junk.RULE_RUN.finditer(piece.text):
        parts.append(piece.text[start : run.start()])
        start = run.end()
        result.set_aside.append(Remark(piece.line, "kb.junk.rule_row", run[0]))
    return [*parts, piece.text[start:]]


def _form(unit: Unit, result: Cleaned, *, last: bool) -> str | None:
    if not result.kept and (is_chapter_name(unit.text) or ITEM.match(unit.text)):
        return None
    form = junk.form_of(unit.text)
    if form is None and last and result.kept and result.kept[-1].complete and junk.is_issuer(unit.text):
        return "signature"
    return form


def _belongs(unit: Unit, vocabulary: Vocabulary) -> bool:
    return bool(ITEM.match(unit.text)) or vocabulary.familiarity(unit.text) >= _AT_HOME or is_normative(unit.text)


def _without_lead(unit: Unit, vocabulary: Vocabulary, result: Cleaned) -> Unit:
    """The sentence without a foreign phrase that stands before it, a blank between them."""
    match = _LEAD.match(unit.text)
    if not match or not _is_foreign(match[1], vocabulary):
        return unit
    result.set_aside.append(Remark(unit.line, "kb.junk.stray", match[1]))
    return msgspec.structs.replace(unit, text=unit.text[match.end() :])


def _is_foreign(phrase: str, vocabulary: Vocabulary) -> bool:
    return (
        vocabulary.familiarity(phrase) <= _FOREIGN and not is_normative(phrase) and not is_chapter_name(phrase)
    )


def _sort(unit: Unit, following: Unit | None, vocabulary: Vocabulary, result: Cleaned) -> None:
    verdict, reason = _judge(unit, following, vocabulary, result.kept)
    if verdict in (Verdict.KEEP, Verdict.DOUBT_KEEP):
        result.kept.append(unit)
    if verdict is Verdict.DOUBT_KEEP:
        result.doubtful.append(Remark(unit.line, reason, unit.text, kept=True))
    elif verdict is Verdict.DOUBT_ASIDE:
        result.doubtful.append(Remark(unit.line, reason, unit.text))
    elif verdict is Verdict.ASIDE:
        result.set_aside.append(Remark(unit.line, reason, unit.text))
    elif verdict is Verdict.CHAPTER:
        result.chapter = re.sub(r"\s", "", unit.text)


def _judge(
    unit: Unit, following: Unit | None, vocabulary: Vocabulary, kept: list[Unit]
) -> tuple[Verdict, str]:
    text = unit.text
    if unit.complete:
        return _judge_sentence(text, vocabulary, first=not kept)
    if ITEM.match(text) or _OPEN_END.search(text):
        return (Verdict.KEEP, "") if following else (Verdict.DOUBT_KEEP, "kb.doubt.no_stop")
    if not kept:
        return _judge_first(text, following, vocabulary)
    if not kept[-1].complete:
        return _judge_fragment(text, vocabulary)
    if following and _goes_on(text, following.text, vocabulary):
        return Verdict.KEEP, ""
    return _judge_stray(text, following, vocabulary)


def _judge_sentence(text: str, vocabulary: Vocabulary, *, first: bool) -> tuple[Verdict, str]:
    short = len(text) <= 30 and not ITEM.match(text)
    if short and not first and len(text) > 6 and vocabulary.familiarity(text) <= 0.1 and not is_normative(text):
        return Verdict.DOUBT_ASIDE, "kb.doubt.foreign"
    return Verdict.KEEP, ""


def _judge_first(text: str, following: Unit | None, vocabulary: Vocabulary) -> tuple[Verdict, str]:
    if following and len(text) <= 24 and not _INNER.search(text) and _is_foreign(text, vocabulary):
        return Verdict.DOUBT_ASIDE, "kb.doubt.foreign"
    return (Verdict.KEEP, "") if following else (Verdict.DOUBT_KEEP, "kb.doubt.no_stop")


def _judge_fragment(text: str, vocabulary: Vocabulary) -> tuple[Verdict, str]:
    """A phrase behind text that has not come to its full stop: mostly a broken line."""
    if 4 <= len(text) <= 24 and not _INNER.search(text) and _is_foreign(text, vocabulary):
        return Verdict.DOUBT_ASIDE, "kb.doubt.foreign"
    return Verdict.KEEP, ""


def _goes_on(text: str, following: str, vocabulary: Vocabulary) -> bool:
    """Whether the next line continues the phrase rather than beginning anew."""
    if _CONTINUING.match(following):
        return True
    if ITEM.match(following):
        return False
    return (
        vocabulary.knows(text[-1] + following[0])
        or len(text) > _LONG
        or is_normative(text)
        or (bool(_INNER.search(text)) and vocabulary.familiarity(text) >= 0.3)
        or vocabulary.familiarity(text) >= 0.7
    )


def _judge_stray(text: str, following: Unit | None, vocabulary: Vocabulary) -> tuple[Verdict, str]:
    if is_chapter_name(text) and following is None:
        return Verdict.CHAPTER, ""
    at_home = vocabulary.familiarity(text) >= 0.5
    if is_normative(text) and (at_home or not _is_foreign(text, vocabulary)):
        return Verdict.DOUBT_KEEP, "kb.doubt.no_stop"
    if at_home and (_INNER.search(text) or len(text) > _LONG):
        return Verdict.DOUBT_KEEP, "kb.doubt.no_stop"
    if at_home:
        return Verdict.DOUBT_ASIDE, "kb.doubt.stray"
    return Verdict.ASIDE, "kb.junk.stray"
