"""One file into entries of the knowledge base and a report of what became of its lines."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.texts import say
from knowledge.article import STOCK, Article, Source, known_articles
from knowledge.importing.division import Division, divide
from knowledge.importing.entries import WORKBOOKS, Progress, ReadRows, read_rows, table_of
from knowledge.importing.lines import MOST_BYTES, MOST_BYTES_OF_ENTRIES, decode, read_bytes, split_lines
from knowledge.importing.markdown import has_front_matter, markdown_table, names_entries
from knowledge.importing.numerals import written
from knowledge.importing.regulation import read_articles, report_numbers
from knowledge.importing.repairs import Draft, load_repairs, repair
from knowledge.importing.report import ImportReport, Taken
from knowledge.importing.sections import read_sections

_TEXT_SUFFIXES = {"", ".txt", ".text", ".md", ".markdown", ".htm", ".html"}
_MARKDOWN = {".md", ".markdown"}
_ENTRY_SUFFIXES = {*_MARKDOWN, *WORKBOOKS, ".csv", ".json"}
_SUFFIXES = _TEXT_SUFFIXES | _ENTRY_SUFFIXES
_NAME = re.compile(r"[^\s/\\:*?\"<>|\x00-\x1f][^/\\:*?\"<>|\x00-\x1f]{0,79}")
_THEME = re.compile(r"^([^。：:；;，,、（(！!？?\n]{2,18})[。：:](?=.)", re.DOTALL)
_FIRST_WORDS = re.compile(r"^(.{4,}?)(?:[，,。：:；;！!？?\n]|$)", re.DOTALL)
_LONGEST_FIRST_WORDS = 16


class ReadDocument(msgspec.Struct, frozen=True):
    """The entries that a file gives, and its report. comes_back: see `ReadRows`."""

    entries: tuple[Article, ...]
    report: ImportReport
    comes_back: bool = False


def read_document(path: Path, doc: str | None = None, progress: Progress | None = None) -> ReadDocument:
    """Read one file as document `doc` (default: the file's stem).

    Raises BadInput where the file cannot be read, has an unknown form or holds nothing to take.
    """
    name = _document_name(path, doc)
    suffix = path.suffix.lower()
    if not path.is_dir() and suffix not in _SUFFIXES:
        key = "kb.advice.old_workbook" if suffix in (".xls", ".et") else "kb.advice.suffix"
        raise BadInput("kb.error.suffix", key, path=str(path), suffix=suffix)
    report = ImportReport(name, path.name, "articles")
    read = _read(path, name, report, named=doc is not None, progress=progress)
    if not read.entries:
        raise BadInput("kb.error.nothing", "kb.advice.nothing", path=str(path))
    report.taken = [Taken(line, e.id, e.title, e.article) for line, e in read.entries]
    report.sort()
    return ReadDocument(tuple(entry for _, entry in read.entries), report, read.comes_back)


def _document_name(path: Path, doc: str | None) -> str:
    name = (doc if doc is not None else path.stem).strip()
    if name == STOCK or not _NAME.fullmatch(name):
        raise BadInput("kb.error.doc", "kb.advice.doc", doc=name)
    return name


def _read(path: Path, doc: str, report: ImportReport, *, named: bool, progress: Progress | None) -> ReadRows:
    suffix = path.suffix.lower()
    if suffix in _ENTRY_SUFFIXES - _TEXT_SUFFIXES:
        return read_rows(table_of(path), doc, report, named=named, progress=progress)
    text = decode(read_bytes(path, MOST_BYTES_OF_ENTRIES if suffix in _MARKDOWN else MOST_BYTES), path)
    if suffix in _MARKDOWN and _holds_entries(text):
        return read_rows(markdown_table(text), doc, report, named=named, progress=progress)
    lines, report.mended = split_lines(text)
    division = divide(lines)
    if _is_regulation(division):
        drafts, remarks = repair(read_articles(division, report), load_repairs(doc))
        report.mended += remarks
        report_numbers(drafts, report)
        return ReadRows(_articles(drafts, doc, say("kb.class.regulation")))
    if suffix in _MARKDOWN and (read := read_rows(markdown_table(text), doc, report, named=named)).entries:
        return read
    report.form = "sections"
    drafts, remarks = repair(read_sections(lines, report), load_repairs(doc))
    report.mended += remarks
    return ReadRows(_articles(drafts, doc, say("kb.class.section")))


def _is_regulation(division: Division) -> bool:
    return len(division.articles) >= 2 or any(article.number == 1 for article in division.articles)


def _holds_entries(text: str) -> bool:
    """Whether a Markdown text holds entries; a regulation may have front matter of its own."""
    if names_entries(text):
        return True
    return has_front_matter(text) and not _is_regulation(divide(split_lines(text)[0]))


def _articles(drafts: list[Draft], doc: str, class_: str) -> list[tuple[int, Article]]:
    used: dict[int, int] = {}
    entries = []
    for draft in drafts:
        number = draft.number or 0
        used[number] = used.get(number, 0) + 1
        suffix = f"-{used[number]}" if used[number] > 1 else ""
        entries.append((draft.line, _article(draft, f"{doc}-{number}{suffix}", doc, class_)))
    return entries


def _article(draft: Draft, entry_id: str, doc: str, class_: str) -> Article:
    return Article(
        id=entry_id,
        title=_title(draft),
        body=draft.body,
        class_=class_,
        jurisdictions=(doc,) if doc in known_articles() else (),
        doc=doc,
        article=draft.number,
        chapter=draft.chapter,
        sources=(Source(doc, draft.number),),
        origin="import",
    )


def _title(draft: Draft) -> str:
    """The theme where the article has one, else its number and its first words."""
    if draft.heading:
        return draft.heading
    if theme := _THEME.match(draft.body):
        return theme[1]
    match = _FIRST_WORDS.match(draft.body)
    words = match[1] if match and match[1] else draft.body
    if len(words) > _LONGEST_FIRST_WORDS:
        words = words[:_LONGEST_FIRST_WORDS]
        words = (words if words.count("〔") == words.count("〕") else words[: words.rindex("〔")]) + "…"
    number = say("kb.article", number=written(draft.number or 0))
    return f"{number} {words}"
