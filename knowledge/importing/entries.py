"""Entries written as such: Markdown, CSV, XLSX and JSON with named columns; an export comes back as it went out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from agent_console.texts import say
from knowledge.article import STOCK, SUBMITTED, Article, Source, known_articles
from knowledge.importing import columns
from knowledge.importing.columns import CellFault, Row, text, words
from knowledge.importing.lines import MOST_BYTES_OF_ENTRIES, decode, read_bytes
from knowledge.importing.report import ImportReport, Remark
from knowledge.importing.tables import Table, csv_table, json_table, xlsx_table

Progress = Callable[[int, int], None]
"""Told how many lines of how many are done."""

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_EVERY = 500
_LONGEST_REMARK = 40
_ORIGINS = {STOCK: "stock", SUBMITTED: "submitted"}


class ReadRows(msgspec.Struct):
    """The entries of a file with their lines.

    comes_back: the rows name the documents they belong to, as those of an export do; each of them stands for itself,
    and entries that are not among them stay.
    """

    entries: list[tuple[int, Article]] = []
    comes_back: bool = False


def table_of(path: Path) -> Table:
    """The rows of a workbook, a CSV or a JSON file, by its suffix. Raises BadInput."""
    suffix = path.suffix.lower()
    raw = read_bytes(path, MOST_BYTES_OF_ENTRIES)
    if suffix in WORKBOOKS:
        return xlsx_table(raw, path)
    content = decode(raw, path)
    return csv_table(content, path) if suffix == ".csv" else json_table(content, path)


def read_rows(
    table: Table, doc: str, report: ImportReport, *, named: bool = False, progress: Progress | None = None
) -> ReadRows:
    """The entries of a table; rows that are broken are listed in the report, the others are taken.

    named: the document was named by whoever imports, so that all rows belong to it.
    """
    report.form = "entries"
    read = ReadRows()
    used: set[str] = set()
    for number, row in enumerate(table.rows, 1):
        if progress is not None and number % _EVERY == 0:
            progress(row.line, table.lines)
        comes_back = not named and bool(text(row.fields.get("doc")))
        try:
            entry = _entry(row, doc, number, used, comes_back=comes_back)
        except CellFault as fault:
            report.doubtful.append(Remark(row.line, fault.reason, fault.cell[:_LONGEST_REMARK]))
            continue
        read.comes_back |= comes_back
        read.entries.append((row.line, entry))
    return read


def _entry(row: Row, doc: str, number: int, used: set[str], *, comes_back: bool) -> Article:
    """Raises CellFault where something of the row cannot be read."""
    fields = row.fields
    title, body = text(fields.get("title")), text(fields.get("body"))
    if row.fault:
        raise CellFault(row.fault, title or body)
    if not title or not body:
        raise CellFault("kb.doubt.no_title" if body else "kb.doubt.no_body", title or body)
    common: dict[str, Any] = {
        "title": title,
        "body": body,
        "questions": words(fields.get("questions")),
        "keywords": words(fields.get("keywords")),
        "article": columns.number(fields.get("article")),
        "chapter": text(fields.get("chapter")),
        "valid_from": columns.day(fields.get("valid_from")),
        "valid_until": columns.day(fields.get("valid_until")),
        "published_on": columns.day(fields.get("published_on")),
        "owner": text(fields.get("owner")),
        "local_check": columns.flag(fields.get("local_check")),
    }
    rest = _as_it_went_out(fields) if comes_back else _as_written(fields, doc, common["article"])
    entry_id = _same_id(fields, number, used) if comes_back else _own_id(fields, doc, number, used)
    return Article(id=entry_id, **common, **rest)


def _as_it_went_out(fields: dict[str, Any]) -> dict[str, Any]:
    doc = text(fields.get("doc"))
    return {
        "doc": doc,
        "version": columns.number(fields.get("version")) or 1,
        "class_": text(fields.get("class")),
        "jurisdictions": words(fields.get("jurisdictions")),
        "sources": columns.sources(fields.get("sources")),
        "status": columns.status(fields.get("status")),
        "updated_on": columns.day(fields.get("updated_on")),
        "released_by": text(fields.get("released_by")),
        "origin": _ORIGINS.get(doc, "import"),
    }


def _as_written(fields: dict[str, Any], doc: str, article: int | None) -> dict[str, Any]:
    known = tuple(name for name in words(fields.get("jurisdictions")) if name in known_articles())
    return {
        "doc": doc,
        "class_": text(fields.get("class")) or say("kb.class.entry"),
        "jurisdictions": known or ((doc,) if doc in known_articles() else ()),
        "sources": columns.sources(fields.get("sources")) or (Source(doc, article),),
        "origin": "import",
    }


def _same_id(fields: dict[str, Any], number: int, used: set[str]) -> str:
    entry_id = text(fields.get("id")) or f"{text(fields.get('doc'))}-{number}"
    if entry_id in used:
        raise CellFault("kb.doubt.id_twice", entry_id)
    used.add(entry_id)
    return entry_id


def _own_id(fields: dict[str, Any], doc: str, number: int, used: set[str]) -> str:
    given = text(fields.get("id"))
    plain = given if given.startswith(f"{doc}-") else f"{doc}-{given or number}"
    entry_id, again = plain, 1
    while entry_id in used:
        again += 1
        entry_id = f"{plain}-{again}"
    used.add(entry_id)
    return entry_id
