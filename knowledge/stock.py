"""The entries that ship with the console: `knowledge/articles/*.toml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from agent_console.resources.paths import read_toml
from knowledge.article import Article, Source

_FOLDER = Path(__file__).parent / "articles"


class _StockArticle(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An entry as the files write it."""

    id: str
    version: int
    title: str
    body: str
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    class_: str = msgspec.field(default="", name="class")
    jurisdictions: tuple[str, ...] = ()
    valid_from: date | None = None
    local_check: bool = False
    sources: tuple[Source, ...] = ()


class _StockFile(msgspec.Struct, forbid_unknown_fields=True):
    article: tuple[_StockArticle, ...] = ()


def read_stock(folder: Path | None = None) -> list[Article]:
    """All entries of the files in the folder, in the order of the files. Raises BadInput naming the file."""
    return [
        _as_article(entry)
        for path in sorted((folder or _FOLDER).glob("*.toml"))
        for entry in read_toml(path, _StockFile).article
    ]


def _as_article(entry: _StockArticle) -> Article:
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return Article(**{**fields, "body": entry.body.strip(), "origin": "stock"})
