"""Entries written as such: Markdown with one entry per heading, CSV and JSON with named columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.texts import say
from knowledge.article import Article, Source, known_articles
from knowledge.importing.report import ImportReport, Remark

_COLUMNS = {
    "id": ("id", "编号"),
    "title": ("title", "标题", "题目", "名称"),
    "body": ("body", "正文", "内容", "答案", "content", "answer"),
    "keywords": ("keywords", "关键词", "关键字"),
    "questions": ("questions", "问法", "问题", "question"),
    "sources": ("sources", "来源", "依据", "source"),
    "class": ("class", "分类", "类别"),
    "jurisdictions": ("jurisdictions", "地区"),
    "article": ("article", "条"),
}
_FIELD_OF = {column: field for field, columns in _COLUMNS.items() for column in columns}
_HEADING = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*\s*$")
_BULLET = re.compile(r"^[-*]\s*([\w\u4e00-\u9fff]{1,12})\s*[:：]\s*(.*)$")
_SEPARATORS = re.compile(r"[;；、|\n]")
_SOURCE = re.compile(r"(?P<doc>[^:：#\s]+)(?:[:：#\s]\s*第?(?P<article>\d{1,4})条?)?")


class _Row(msgspec.Struct):
    line: int
    fields: dict[str, Any]


def read_entries(text: str, path: Path, doc: str, report: ImportReport) -> list[tuple[int, Article]]:
    """The entries of a Markdown, CSV or JSON text. Raises BadInput naming the line or column that is wrong."""
    report.form = "entries"
    entries: list[tuple[int, Article]] = []
    used: set[str] = set()
    for number, row in enumerate(_rows(text, path), 1):
        title, body = _text(row.fields.get("title")), _text(row.fields.get("body"))
        if not title or not body:
            key = "kb.doubt.no_title" if body else "kb.doubt.no_body"
            report.doubtful.append(Remark(row.line, key, (title or body)[:40]))
            continue
        entry_id = _entry_id(row, doc, number, used)
        entries.append((row.line, _entry(row, entry_id, doc, title, body)))
    return entries


def names_entries(text: str) -> bool:
    """Whether a Markdown text gives its entries numbers of their own, as an export does."""
    return any("id" in row.fields for row in _markdown_rows(text))


def _rows(text: str, path: Path) -> Iterator[_Row]:
    if path.suffix.lower() == ".csv":
        return _csv_rows(text, path)
    return _json_rows(text, path) if path.suffix.lower() == ".json" else _markdown_rows(text)


def _entry(row: _Row, entry_id: str, doc: str, title: str, body: str) -> Article:
    fields = row.fields
    article = _text(fields.get("article"))
    number = int(article) if article.isdecimal() else None
    jurisdictions = tuple(name for name in _words(fields.get("jurisdictions")) if name in known_articles())
    return Article(
        id=entry_id,
        title=title,
        body=body,
        questions=_words(fields.get("questions")),
        keywords=_words(fields.get("keywords")),
        class_=_text(fields.get("class")) or say("kb.class.entry"),
        jurisdictions=jurisdictions or ((doc,) if doc in known_articles() else ()),
        doc=doc,
        article=number,
        sources=_sources(fields.get("sources")) or (Source(doc, number),),
        origin="import",
    )


def _entry_id(row: _Row, doc: str, number: int, used: set[str]) -> str:
    given = _text(row.fields.get("id"))
    plain = given if given.startswith(f"{doc}-") else f"{doc}-{given or number}"
    entry_id, again = plain, 1
    while entry_id in used:
        again += 1
        entry_id = f"{plain}-{again}"
    used.add(entry_id)
    return entry_id


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _words(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _SEPARATORS.split(_text(value))
    return tuple(dict.fromkeys(word for word in map(_text, parts) if word))


def _sources(value: object) -> tuple[Source, ...]:
    if isinstance(value, list):
        return tuple(source for item in value if (source := _source(item)))
    return tuple(source for part in re.split(r"[;；、|\n]", _text(value)) if (source := _source(part)))


def _source(item: object) -> Source | None:
    if isinstance(item, dict):
        article = item.get("article")
        doc = _text(item.get("doc"))
        return Source(doc, article if isinstance(article, int) else None) if doc else None
    match = _SOURCE.fullmatch(_text(item))
    return Source(match["doc"], int(match["article"]) if match["article"] else None) if match else None


def _csv_rows(text: str, path: Path) -> Iterator[_Row]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [_FIELD_OF.get(name.strip().lower(), "") for name in next(reader)]
        _require(names, path)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(reader.line_num, dict(zip(names, cells, strict=False)))
    except csv.Error as error:
        raise BadInput(
            "kb.error.csv", "kb.advice.csv", path=str(path), line=reader.line_num, reason=str(error)
        ) from error


def _require(names: list[str], path: Path) -> None:
    for field in ("title", "body"):
        if field not in names:
            raise BadInput("kb.error.column", "kb.advice.column", path=str(path), column=field)


def _json_rows(text: str, path: Path) -> Iterator[_Row]:
    try:
        value = msgspec.json.decode(text.encode())
    except msgspec.DecodeError as error:
        raise BadInput("kb.error.json", "kb.advice.json", path=str(path), reason=str(error)) from error
    if isinstance(value, dict):
        value = next((value[key] for key in ("articles", "entries", "article") if key in value), [value])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadInput("kb.error.json", "kb.advice.json", path=str(path), reason=say("kb.error.json_form"))
    for number, item in enumerate(value, 1):
        yield _Row(number, {_FIELD_OF.get(key.lower(), key): cell for key, cell in item.items()})


def _markdown_rows(text: str) -> Iterator[_Row]:
    """One row per heading that has text below it; a heading without text only groups others."""
    row: _Row | None = None
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line)
        if heading:
            if row and row.fields["body"].strip():
                yield row
            row = _Row(number, {"title": heading[2], "body": ""})
        elif row:
            _add_markdown(row, line)
    if row and row.fields["body"].strip():
        yield row


def _add_markdown(row: _Row, line: str) -> None:
    bullet = _BULLET.match(line)
    field = _FIELD_OF.get(bullet[1].lower()) if bullet else None
    if bullet and field not in (None, "title", "body") and not row.fields["body"].strip():
        row.fields[field] = bullet[2]
    else:
        row.fields["body"] += line.rstrip() + "\n"
