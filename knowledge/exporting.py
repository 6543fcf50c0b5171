"""The knowledge base as a file that people and other programs can read, and that `kb import` takes back as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from agent_console.domain.errors import BadInput
from knowledge.article import Article
from knowledge.checking import source_name
from knowledge.importing.columns import COLUMNS, LISTS, SEPARATORS
from knowledge.importing.markdown import FENCE, FENCE_IN_BODY

Progress = Callable[[int, int], None]
"""Told how many entries of how many are written."""

_EVERY = 500
_LONGEST_IN_WORKBOOK = 32_767
_NOT_IN_WORKBOOK = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NEEDS_QUOTES = re.compile(r"^[\"'\s]|[\r\n]|\s$")


def export(articles: Sequence[Article], path: Path, progress: Progress | None = None) -> None:
    """Write the entries with every column, in the form of the file's suffix: .csv, .xlsx, .json or .md.

    Raises BadInput for another suffix, where the file cannot be written, or where an entry does not fit into the form.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput("kb.error.suffix", "kb.advice.export", path=str(path), suffix=path.suffix)
    fresh = path.with_name(f".{path.name}.new")
    try:
        # Beside the old file and renamed: whoever exports again never holds half a file.
        with fresh.open("wb") as file:
            write(_told(articles, progress), file)
        fresh.replace(path)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    finally:
        fresh.unlink(missing_ok=True)


def _told(articles: Sequence[Article], progress: Progress | None) -> Iterator[Article]:
    for number, article in enumerate(articles, 1):
        yield article
        if progress is not None and number % _EVERY == 0:
            progress(number, len(articles))


def _cells(article: Article) -> dict[str, Any]:
    plain = msgspec.to_builtins(article) | {"sources": [source_name(source) for source in article.sources]}
    return {column: plain[column] for column in COLUMNS}


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return _joined([str(item) for item in value])
    if value is None or value is False:
        return ""
    return "true" if value is True else str(value)


def _joined(items: list[str]) -> str:
    """The items with semicolons; as a JSON array where one of them holds a mark that parts words."""
    if any(SEPARATORS.search(item) or item.startswith("[") for item in items):
        return msgspec.json.encode(items).decode()
    return ";".join(items)


def _json(articles: Iterator[Article], file: BinaryIO) -> None:
    before = b"[\n"
    for article in articles:
        file.write(before + msgspec.json.format(msgspec.json.encode(article), indent=2))
        before = b",\n"
    file.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def _csv(articles: Iterator[Article], file: BinaryIO) -> None:
    # The mark at the start lets spreadsheets read the file as UTF-8.
    out = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for article in articles:
        writer.writerow([_cell(value) for value in _cells(article).values()])
    out.flush()
    out.detach()


def _xlsx(articles: Iterator[Article], file: BinaryIO) -> None:
    # Late: only a workbook needs it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([names[0] for names in COLUMNS.values()])
    for article in articles:
        row: list[Any] = [_fitting(article, _cell(value)) or None for value in _cells(article).values()]
        for place, written in enumerate(row):
            if written is not None and written.startswith("="):
                # A text that begins with an equals sign is not to be computed.
                row[place] = WriteOnlyCell(sheet, written)
                row[place].data_type = "s"
        sheet.append(row)
    book.save(file)


def _fitting(article: Article, written: str) -> str:
    if len(written) > _LONGEST_IN_WORKBOOK:
        raise BadInput("kb.error.long_cell", "kb.advice.long_cell", id=article.id, most=_LONGEST_IN_WORKBOOK)
    return _NOT_IN_WORKBOOK.sub("", written)


def _markdown(articles: Iterator[Article], file: BinaryIO) -> None:
    for article in articles:
        file.write(_markdown_entry(article).encode())


def _markdown_entry(article: Article) -> str:
    cells = _cells(article)
    body = FENCE_IN_BODY.sub(r"\\", cells.pop("body"))
    facts = "".join(_fact(name, value) for name, value in cells.items())
    return f"{FENCE}\n{facts}{FENCE}\n\n{body}\n\n"


def _fact(name: str, value: Any) -> str:
    if name in LISTS:
        return f"{name}:\n" + "".join(f"  - {_scalar(str(item))}\n" for item in value) if value else ""
    written = _cell(value)
    return f"{name}: {_scalar(written)}\n" if written else ""


def _scalar(written: str) -> str:
    return msgspec.json.encode(written).decode() if _NEEDS_QUOTES.search(written) else written


_WRITERS: dict[str, Callable[[Iterator[Article], BinaryIO], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
    ".md": _markdown,
    ".markdown": _markdown,
}
