"""Rows of CSV, XLSX and JSON files."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.texts import say
from knowledge.importing.columns import FIELD_OF, Row, field_of, text

_LONGEST_CELL = 1 << 30
_WRAPPERS = ("articles", "entries", "article")


class Table(msgspec.Struct, frozen=True):
    """The rows of a file and about how many lines it has."""

    rows: Iterator[Row]
    lines: int


def csv_table(content: str, path: Path) -> Table:
    """A CSV text; the first line names the columns. Raises BadInput."""
    return Table(_csv_rows(content, path), content.count("\n") + 1)


def _csv_rows(content: str, path: Path) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    first = content.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        names = _required(next(reader), path)
        begins = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(begins, names, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            "kb.error.csv", "kb.advice.csv", path=str(path), line=reader.line_num, reason=str(error)
        ) from error


def _row(line: int, names: Sequence[str], cells: Sequence[object]) -> Row:
    too_many = any(text(cell) for cell in cells[len(names) :])
    return Row(line, dict(zip(names, cells, strict=False)), "kb.doubt.columns" if too_many else "")


def _required(heads: Sequence[object], path: Path) -> list[str]:
    names = [field_of(head) for head in heads]
    for field in ("title", "body"):
        if field not in names:
            raise BadInput("kb.error.column", "kb.advice.column", path=str(path), column=field)
    return names


def xlsx_table(raw: bytes, path: Path) -> Table:
    """The first sheet of a workbook; its first row names the columns. Raises BadInput."""
    # Late: only a workbook needs it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # What a workbook holds beside its cells is of no concern here.
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets[0]
            rows = sheet.iter_rows(values_only=True)
            names = _required(next(rows, ()), path)
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise BadInput("kb.error.xlsx", "kb.advice.xlsx_broken", path=str(path), reason=str(error)) from error
    return Table(_sheet_rows(rows, names), sheet.max_row or 0)


def _sheet_rows(rows: Iterator[tuple[Any, ...]], names: list[str]) -> Iterator[Row]:
    for line, cells in enumerate(rows, 2):
        if any(text(cell) for cell in cells):
            yield _row(line, names, cells)


def json_table(content: str, path: Path) -> Table:
    """A JSON array of objects, or an object with one. Raises BadInput naming the place that is wrong."""
    raw = content.encode()
    try:
        items = _items(raw)
    except msgspec.DecodeError as error:
        raise BadInput("kb.error.json", "kb.advice.json", path=str(path), reason=str(error)) from error
    rows = list(_json_rows(raw, items))
    if rows and all(row.fault for row in rows):
        raise BadInput("kb.error.json", "kb.advice.json", path=str(path), reason=say("kb.error.json_form"))
    return Table(iter(rows), content.count("\n") + 1)


def _items(raw: bytes) -> list[msgspec.Raw]:
    if raw.lstrip().startswith(b"["):
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    whole = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    wrapped = next((whole[key] for key in _WRAPPERS if key in whole), None)
    if wrapped is not None and bytes(wrapped).startswith(b"["):
        return msgspec.json.decode(wrapped, type=list[msgspec.Raw])
    return [msgspec.Raw(raw)]


def _json_rows(raw: bytes, items: list[msgspec.Raw]) -> Iterator[Row]:
    line, place = 1, 0
    for item in items:
        found = max(raw.find(bytes(item), place), place)
        line += raw.count(b"\n", place, found)
        begins, line = line, line + bytes(item).count(b"\n")
        place = found + len(bytes(item))
        try:
            cells = msgspec.json.decode(item, type=dict[str, Any])
        except msgspec.DecodeError:
            yield Row(begins, {}, "kb.error.json_form")
            continue
        yield Row(begins, {FIELD_OF.get(key.lower(), key): cell for key, cell in cells.items()})
