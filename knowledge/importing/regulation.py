"""A regulation into drafts, one per article."""

from __future__ import annotations

import re

from knowledge.importing import junk
from knowledge.importing.cleaning import Cleaned, clean
from knowledge.importing.division import Division, Piece, RawArticle
from knowledge.importing.repairs import Draft
from knowledge.importing.report import ImportReport, Remark
from knowledge.importing.sentences import ITEM, Unit
from knowledge.importing.vocabulary import Vocabulary, is_chapter_name

_LONGEST_THEME = 18
_BRACKETED = re.compile(
    r"^(?:[【\[〔]\s*([^】\]〕。]{2,24})\s*[】\]〕]|[(（]([^()（）。，、；:：\d]{3,16})[)）](?=\S{4}))\s*"
)
_ITEM_NUMBER = re.compile(r"^[一二三四五六七八九十百]+$")
_SENTENCE_END = re.compile(r"[。！？!；;：:][”’」』）)】]*$")
_LATIN_EDGE = re.compile(r"[A-Za-z0-9]$")


def read_articles(division: Division, report: ImportReport) -> list[Draft]:
    """The articles of a division as drafts; everything else goes into the report."""
    vocabulary = Vocabulary(piece.text for article in division.articles for piece in article.pieces)
    _report_front(division, report)
    drafts: list[Draft] = []
    chapter = _first_chapter(division)
    for place, article in enumerate(division.articles):
        last = place + 1 == len(division.articles)
        cleaned = clean(article.pieces, vocabulary, last=last)
        report.mended += cleaned.mended
        report.doubtful += cleaned.doubtful
        report.set_aside += cleaned.set_aside
        drafts += _draft(article, article.chapter or chapter, cleaned, drafts, report)
        chapter = cleaned.chapter or chapter
    return drafts


def join(units: list[Unit], report: ImportReport) -> str:
    """One text: broken lines joined, a new line only where a sentence or an item begins one."""
    text = ""
    for place, unit in enumerate(units):
        if not text:
            text = unit.text
            continue
        before = units[place - 1]
        if not before.ends_line:
            text += unit.text
        elif _SENTENCE_END.search(text) or ITEM.match(unit.text):
            text += "\n" + unit.text
        else:
            gap = " " if _LATIN_EDGE.search(text) and re.match(r"[A-Za-z0-9]", unit.text) else ""
            report.mended.append(Remark(unit.line, "kb.mend.join", text[-6:] + gap + unit.text[:6]))
            text += gap + unit.text
    return text


def _draft(
    article: RawArticle, chapter: str, cleaned: Cleaned, drafts: list[Draft], report: ImportReport
) -> list[Draft]:
    heading, units = _cut_theme(cleaned.kept)
    body = join(units, report) or heading
    if not body:
        report.doubtful.append(Remark(article.line, "kb.doubt.empty", f"{article.number}"))
        return []
    if any(d.number == article.number and d.body == body for d in drafts):
        report.set_aside.append(Remark(article.line, "kb.junk.copy", body[:_LONGEST_THEME]))
        return []
    return [Draft(article.line, article.number, heading, body, chapter)]


def _cut_theme(units: list[Unit]) -> tuple[str, list[Unit]]:
    """The theme that stands behind the number of the article, and the rest."""
    if not units:
        return "", []
    first = units[0]
    match = _BRACKETED.match(first.text)
    if match and not _ITEM_NUMBER.match(theme := (match[1] or match[2]).strip()):
        rest = first.text[match.end() :]
        return theme, [Unit(first.line, rest, first.ends_line), *units[1:]] if rest else units[1:]
    if len(units) > 1 and first.ends_line and _is_theme(first.text):
        return first.text, units[1:]
    head, _, rest = first.text.partition(" ")
    if rest and len(rest) > _LONGEST_THEME and is_chapter_name(head):
        return head, [Unit(first.line, rest.strip(), first.ends_line), *units[1:]]
    return "", units


def _is_theme(text: str) -> bool:
    bare = text.rstrip(":：")
    return 2 <= len(bare) <= _LONGEST_THEME and bare == text and not re.search(r"[。；;，,：:!！?？(（]", text)


def _first_chapter(division: Division) -> str:
    """Heading without number right before the first article, as the front matter shows it."""
    if division.front and is_chapter_name(division.front[-1].text):
        return re.sub(r"\s", "", division.front[-1].text)
    return ""


def _report_front(division: Division, report: ImportReport) -> None:
    report.mended += division.mended
    report.doubtful += division.doubtful
    for piece in division.front:
        if not is_chapter_name(piece.text):
            report.set_aside.append(_front_remark(piece))
    report.set_aside += [Remark(piece.line, "kb.junk.contents", piece.text) for piece in division.contents]
    report.doubtful += [Remark(piece.line, "kb.doubt.between", piece.text) for piece in division.between]


def _front_remark(piece: Piece) -> Remark:
    form = junk.form_of(piece.text)
    if form is None and junk.row_of_signs().search(piece.text):
        form = "rule_row"
    return Remark(piece.line, f"kb.junk.{form}" if form else "kb.front", piece.text)


def report_numbers(drafts: list[Draft], report: ImportReport) -> None:
    """Tell which numbers repeat, are missing or out of order; nothing is changed."""
    seen: dict[int, int] = {}
    last = 0
    for draft in drafts:
        number = draft.number or 0
        if number in seen:
            text = f"{number} ({seen[number]}, {draft.line})"
            report.doubtful.append(Remark(draft.line, "kb.doubt.repeated", text, kept=True))
        elif number != last + 1:
            report.doubtful.append(Remark(draft.line, "kb.doubt.order", f"{last} → {number}", kept=True))
        seen.setdefault(number, draft.line)
        last = number
