"""What belongs to an article and what strayed into it, judged sentence by sentence.

A sentence with one of the forms of `junk` is set aside. A phrase without full stop that hangs behind a full stop
or stands alone in its line is a stray title, unless the text goes on with it, it speaks as a rule does, or it
is the heading of a chapter that lost its number. What could be either goes to the review list.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

from knowledge.importing import junk
from knowledge.importing.division import Piece
from knowledge.importing.report import Remark
from knowledge.importing.sentences import ITEM, Unit, units
from knowledge.importing.vocabulary import Vocabulary, is_chapter_name, is_normative

_OPEN_END = re.compile(r"[:：,，、]$")
_COLON_END = re.compile(r"[:：]$")
_CONTINUING = re.compile(r"^[，,、。；;：:）)」』”’】》]")
_INNER = re.compile(r"[，,、：:“”《》]")
_LEAD = re.compile(r"^([^\s\d，。；：、！,;:!()（）“”《》]{4,20})\s+(?=\S{4})")
_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]")
_FOREIGN, _AT_HOME, _LONG = 0.15, 0.6, 40
_FOREIGN_RUN = 6
"""So many unknown pairs in a row do not occur at the start of a sentence in the rule books themselves."""


class Verdict(Enum):
    """What becomes of a sentence."""

    KEEP = "keep"
    DOUBT_KEEP = "doubt_keep"
    ASIDE = "aside"
    DOUBT_ASIDE = "doubt_aside"
    CHAPTER = "chapter"


class Cleaned(msgspec.Struct):
    """The sentences of one article after cleaning."""

    kept: list[Unit] = []
    mended: list[Remark] = []
    doubtful: list[Remark] = []
    set_aside: list[Remark] = []
    chapter: str = ""
    """Heading of a chapter without number that stood behind the article."""


def clean(pieces: list[Piece], vocabulary: Vocabulary, *, last: bool) -> Cleaned:
    """Sort the text of one article; `last` says that no other article follows."""
    result = Cleaned()
    every = units(pieces, result.set_aside, result.mended)
    parted = ""
    for place, unit in enumerate(every):
        following = every[place + 1] if place + 1 < len(every) else None
        form = _form(unit, result, last=last)
        if form in junk.SOFT and _is_rule(unit, vocabulary):
            result.kept.append(unit)
            result.doubtful.append(Remark(unit.line, f"kb.junk.{form}", unit.text, kept=True))
        elif form:
            result.set_aside.append(Remark(unit.line, f"kb.junk.{form}", unit.text))
            parted = form if form in junk.PARTING and result.kept else parted
        elif parted and (last or not _belongs(unit, vocabulary)):
            result.set_aside.append(Remark(unit.line, "kb.junk.after", unit.text))
        else:
            _sort(_without_lead(unit, vocabulary, result), following, vocabulary, result)
    return result


def _form(unit: Unit, result: Cleaned, *, last: bool) -> str | None:
    if not result.kept and (is_chapter_name(unit.text) or ITEM.match(unit.text)):
        return None
    form = junk.form_of(unit.text)
    if form == "page" and not unit.alone:
        return None
    if form is None and last and result.kept and result.kept[-1].complete and junk.is_issuer(unit.text):
        return "signature"
    return form


def _is_rule(unit: Unit, vocabulary: Vocabulary) -> bool:
    """Whether a sentence is so much at home here that its form must be chance."""
    return unit.complete and vocabulary.familiarity(unit.text) >= 0.75


def _belongs(unit: Unit, vocabulary: Vocabulary) -> bool:
    return bool(ITEM.match(unit.text)) or vocabulary.familiarity(unit.text) >= _AT_HOME or is_normative(unit.text)


def _without_lead(unit: Unit, vocabulary: Vocabulary, result: Cleaned) -> Unit:
    """The sentence without a foreign phrase that stands before it, a blank between them."""
    match = _LEAD.match(unit.text)
    if match and _is_foreign(match[1], vocabulary):
        result.set_aside.append(Remark(unit.line, "kb.junk.stray", match[1]))
        return msgspec.structs.replace(unit, text=unit.text[match.end() :])
    run = vocabulary.foreign_start(unit.text) if result.kept and result.kept[-1].complete else 0
    if run < _FOREIGN_RUN or len(unit.text) < run + 4:
        return unit
    result.doubtful.append(Remark(unit.line, "kb.doubt.foreign", unit.text[:run]))
    return msgspec.structs.replace(unit, text=unit.text[run:])


def _is_foreign(phrase: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.familiarity(phrase) <= _FOREIGN and not is_normative(phrase) and not is_chapter_name(phrase)


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


def _judge(unit: Unit, following: Unit | None, vocabulary: Vocabulary, kept: list[Unit]) -> tuple[Verdict, str]:
    text = unit.text
    if unit.complete:
        return _judge_sentence(text, vocabulary, kept)
    if ITEM.match(text) or _OPEN_END.search(text):
        return (Verdict.KEEP, "") if following else (Verdict.DOUBT_KEEP, "kb.doubt.no_stop")
    if following and (unit.full_line or len(_IDEOGRAPHS.findall(text)) < 4):
        return Verdict.KEEP, ""
    if not kept:
        return _judge_first(text, following, vocabulary)
    return _judge_phrase(text, following, vocabulary, kept)


def _judge_phrase(text: str, following: Unit | None, vocabulary: Vocabulary, kept: list[Unit]) -> tuple[Verdict, str]:
    """A phrase without full stop behind other text."""
    opens_list = following is not None and _COLON_END.search(kept[-1].text) and ITEM.match(following.text)
    if not kept[-1].complete and not opens_list:
        return _judge_fragment(text, vocabulary)
    if following and _goes_on(text, following.text, vocabulary):
        return Verdict.KEEP, ""
    return _judge_stray(text, following, vocabulary)


def _judge_sentence(text: str, vocabulary: Vocabulary, kept: list[Unit]) -> tuple[Verdict, str]:
    short = len(_IDEOGRAPHS.findall(text)) > 5 and len(text) <= 30 and not ITEM.match(text)
    begins = bool(kept) and kept[-1].complete
    if short and begins and vocabulary.familiarity(text) <= 0.1 and not is_normative(text):
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
