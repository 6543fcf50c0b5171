"""Which 第N条 opens an article, and which only refers to one.

A heading stands at the start of a line or behind a full stop. One that another text is glued to, or that reads
like a reference, counts only where its number is the very one that is missing at that place. Numbers may
repeat and jump: they are never merged and never sorted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import msgspec

from knowledge.importing.lines import Line
from knowledge.importing.numerals import NUMBER, value
from knowledge.importing.vocabulary import is_chapter_name

Before = Literal["start", "open_start", "stop", "glued", "reference"]
After = Literal["blank", "text", "reference"]

_ARTICLE = re.compile(rf"[第笫]\s*({NUMBER})\s*[条條](之[一二三四五六七八九十])?")
_HEADLESS = re.compile(rf"(?:[第笫]\s*({NUMBER})|({NUMBER})\s*[条條])[、\s?？](?=\S{{4}})")
_CHAPTER = re.compile(rf"[第笫]\s*({NUMBER})\s*[章编節节][\s、,，:：.．?？\ufffd]*")
_OPENERS = "\"'“‘《〈【[「*#>-·•|｜ "
_STOPS = "。！？!；;:：|｜"
_CLOSERS = "”’」』】]）)\"' "
_REFERS_BEFORE = re.compile(
    r"(?:办法|条例|规定|细则|制度|本法|》|[依按参对遵比]照|根据|依据|违反|符合|适用|执行|履行|属于|涉及|列入|以及|所列|"
    r"[按和及与至到或、除在有见以对如因由将为的该据(（\-~—])\s*$"
)
_REFERS_AFTER = re.compile(
    r"(?:规定|的|所(?![有需属称])|之|中|第|至(?!少)|到(?![达期])|和|与|及(?![时其])|以及|或|以外|要求|情形|明确|款|项|执行|处理|处罚|外|内容|列举|范围|等|、?\s?第|[,，)）])"
)
_LIST_OF_REFERENCES = re.compile(rf"\s?(?:[、,，至到和与及或~—-]|以及|或者)\s?[第笫]\s*{NUMBER}\s*[条款项]")
_SEPARATOR = re.compile(r"[\s、.．:：?？\ufffd|｜\]】]*")
_SPEAKS_OF_RULES = re.compile(
    r"[依按参对遵比]照|根据|依据|违反|符合|适用|履行|属于|涉及|列入|[本该]|前款|应|按|除|有|和|与|及"
)
_ROW_END = re.compile(r"[-—_=~*·.…]{3,}$")
_LONGEST_TITLE = 20
_MOST_JUMP = 3


class Heading(msgspec.Struct, frozen=True):
    """A heading at characters `start` to `end` of line `line` (its place in the list, not its number)."""

    line: int
    start: int
    end: int
    number: int
    chapter: str | None = None
    """Name of the chapter; None for an article."""
    guessed: bool = False
    """The place, not the look, made it a heading: an editor should see it."""
    damaged: bool = False
    """A question mark stood where a blank belongs."""


class _Candidate(msgspec.Struct, frozen=True):
    heading: Heading
    before: Before
    after: After

    @property
    def sure(self) -> bool:
        if self.after == "reference":
            return False
        return self.before in ("start", "stop") or (self.before == "open_start" and self.after == "blank")


def find_headings(lines: list[Line]) -> list[Heading]:
    """Headings of chapters and articles, in the order of the text."""
    chapters = _chapters(lines)
    articles = _recover(lines, _choose(_candidates(lines, chapters)))
    return sorted([*chapters, *articles], key=lambda heading: (heading.line, heading.start))


def _candidates(lines: list[Line], chapters: list[Heading]) -> list[_Candidate]:
    ends = {(chapter.line, chapter.end) for chapter in chapters}
    found: list[_Candidate] = []
    for place, line in enumerate(lines):
        previous = lines[place - 1].text if place else ""
        for match in _ARTICLE.finditer(line.text):
            number = value(match[1])
            after = _after(line.text[match.end() :])
            if number is None or after is None:
                continue
            separator = _SEPARATOR.match(line.text, match.end())
            end = separator.end() if separator else match.end()
            behind_chapter = (place, match.start()) in ends or _chapter_line_before(place, match.start(), chapters)
            before = "stop" if behind_chapter else _before(line.text[: match.start()], previous)
            damaged = bool(re.search(r"[?？\ufffd]", line.text[match.end() : end]))
            start = match.start() - _opener_length(line.text[: match.start()])
            found.append(_Candidate(Heading(place, start, end, number, damaged=damaged), before, after))
    return found


def _chapter_line_before(place: int, start: int, chapters: list[Heading]) -> bool:
    return start == 0 and any(chapter.line == place - 1 for chapter in chapters)


def _opener_length(text: str) -> int:
    return len(text) - len(text.rstrip(_OPENERS + "（("))


def _before(text: str, previous: str) -> Before:
    bare = text.rstrip(_OPENERS)
    if not bare:
        if not previous or previous.rstrip(_CLOSERS).endswith(tuple(_STOPS)) or is_chapter_name(previous):
            return "start"
        return "reference" if _refers(previous) else "open_start"
    if bare.rstrip(_CLOSERS).endswith(tuple(_STOPS)):
        return "stop"
    return "reference" if _refers(bare) else "glued"


def _refers(text: str) -> bool:
    """Whether the text before a number makes it a reference, and is no title of its own."""
    if not _REFERS_BEFORE.search(text) or _ROW_END.search(text):
        return False
    phrase = re.split(r"[。！？!；;]", text)[-1].strip()
    alone = 4 <= len(phrase) <= _LONGEST_TITLE and not re.search(r"[，,、：:（(]", phrase)
    return not (is_chapter_name(phrase) or (alone and not _SPEAKS_OF_RULES.search(phrase)))


def _after(text: str) -> After | None:
    """What follows the number; None where a second number makes it a list of references."""
    if _LIST_OF_REFERENCES.match(text):
        return None
    if re.match(r"[\s、.．:：?？\ufffd|｜\]】]", text) or not text:
        return "blank"
    return "reference" if _REFERS_AFTER.match(text) else "text"


def _choose(candidates: list[_Candidate]) -> list[Heading]:
    sure = [c.heading.number for c in candidates if c.sure]
    chosen: list[Heading] = []
    for place, candidate in enumerate(candidates):
        heading = candidate.heading
        last = chosen[-1].number if chosen else 0
        later = candidates[place + 1 :]
        following = next((c.heading.number for c in later if c.sure), None)
        if candidate.sure:
            if not _is_outlier(heading.number, last, following, sure):
                chosen.append(heading)
        elif _fits(candidate, last, following) or _opens(candidate, last, later):
            chosen.append(msgspec.structs.replace(heading, guessed=candidate.before == "glued" and last > 0))
    return chosen


def _fits(candidate: _Candidate, last: int, following: int | None) -> bool:
    number = candidate.heading.number
    if candidate.before == "reference" or (candidate.before == "glued" and candidate.after == "reference"):
        return False
    return number == last + 1 and (following is None or following > number)


def _opens(candidate: _Candidate, last: int, later: list[_Candidate]) -> bool:
    """The very first heading may be glued to the title of the document, if only article 2 comes next."""
    following = next((c.heading.number for c in later if c.before != "reference"), None)
    return candidate.heading.number == 1 and last == 0 and candidate.after != "reference" and following in (None, 2)


def _is_outlier(number: int, last: int, following: int | None, sure: list[int]) -> bool:
    """A number far beyond all others after which the old row goes on: it came in with a foreign line."""
    others = [n for n in sure if n != number]
    return (
        bool(others)
        and sure.count(number) == 1
        and number > max(others) + _MOST_JUMP
        and following is not None
        and following <= last + 1
    )


def _recover(lines: list[Line], headings: list[Heading]) -> list[Heading]:
    """Headings that lost 第 or 条, where exactly their number is missing between two others."""
    found = list(headings)
    for before, after in pairwise(headings):
        if after.number != before.number + 2 or after.line - before.line < 2:
            continue
        for place in range(before.line + 1, after.line):
            match = _HEADLESS.match(lines[place].text)
            if match and value(match[1] or match[2]) == before.number + 1:
                found.append(Heading(place, 0, match.end(), before.number + 1, guessed=True))
                break
    return found


def _chapters(lines: list[Line]) -> list[Heading]:
    found: list[Heading] = []
    last = 0
    for place, line in enumerate(lines):
        for match in _CHAPTER.finditer(line.text):
            number = value(match[1])
            before = _before(line.text[: match.start()], "")
            rest = line.text[match.end() :]
            name, length = _chapter_name(rest)
            opens_text = number == 1 and is_chapter_name(name or "")
            if number is None or name is None or (before == "reference" and not opens_text):
                continue
            fits = number in (last, last + 1) or number == 1
            if (fits and before != "glued") or is_chapter_name(name):
                damaged = bool(re.search(r"[?？\ufffd]", match[0]))
                end = match.end() + length
                found.append(
                    Heading(place, match.start(), end, number, f"{_label(match[0])} {name}".strip(), damaged=damaged)
                )
                last = number
    return found


def _label(text: str) -> str:
    return re.sub(r"[\s、,，:：.．?？\ufffd]", "", text)


def _chapter_name(rest: str) -> tuple[str | None, int]:
    """Name of a chapter and how many characters it takes; None where a sentence follows instead."""
    stop = re.search(rf"[第笫]\s*{NUMBER}\s*[章编節节条條]", rest)
    text = rest[: stop.start()] if stop else rest
    if re.match(r"的|规定|所|[，,。)）]", text):
        return None, 0
    taken = ""
    for chunk in re.split(r"(\s+)", text):
        joined = taken + chunk
        # One lone ideograph before the blank: the name is spaced out, 总 则.
        if taken.strip() and chunk.strip() and len(taken.strip()) > 1 and not is_chapter_name(joined):
            break
        taken = joined
    name = re.sub(r"\s", "", taken).strip("、.:：…·")
    name = re.sub(r"[.…·]{2,}\d*$|(?<=\D)\d{1,3}$", "", name)
    if len(name) > 24 or re.search(r"[。；;！!，]", name):
        return None, 0
    return name, len(taken.rstrip())
