"""One entry of the knowledge base, and which articles the documents of the rule books have."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

import msgspec

from agent_console.resources.paths import data_folder, read_toml
from knowledge.search.entry import SearchEntry, Source

__all__ = ["STOCK", "SUBMITTED", "Article", "Source", "known_articles", "search_entry"]

Origin = Literal["stock", "import", "submitted"]
Status = Literal["active", "withdrawn"]

STOCK = "stock"
"""Document name of the entries that ship with the console."""

SUBMITTED = "submitted"
"""Document name of the entries that were handed in here."""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One entry an operator can look up and read aloud."""

    id: str
    title: str
    body: str
    version: int = 1
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    class_: str = msgspec.field(default="", name="class")
    jurisdictions: tuple[str, ...] = ()
    """Codes of the rule books it belongs to; none: it holds everywhere."""
    doc: str = STOCK
    article: int | None = None
    """Number in the document; not unique, and None where the document has none."""
    chapter: str = ""
    sources: tuple[Source, ...] = ()
    """What it rests on, at most five."""
    status: Status = "active"
    valid_from: date | None = None
    valid_until: date | None = None
    """Last day on which it holds; None: until somebody says otherwise."""
    published_on: date | None = None
    """Day on which the policy was published."""
    owner: str = ""
    """The unit it belongs to; empty: the line itself."""
    updated_on: date | None = None
    """Day of the last release here; None: as shipped or imported."""
    released_by: str = ""
    local_check: bool = False
    """The centre has to confirm it for its own town before it is read aloud."""
    origin: Origin = "stock"


class _Counts(msgspec.Struct):
    articles: dict[str, int]


@cache
def known_articles() -> dict[str, int]:
    """How many articles the document of each rule book has: fujian 34 …"""
    return read_toml(data_folder("repairs") / "documents.toml", _Counts).articles


def search_entry(article: Article) -> SearchEntry:
    """The part of an entry that the search works on."""
    return SearchEntry(
        id=article.id,
        title=article.title,
        questions=article.questions,
        keywords=article.keywords,
        body=article.body,
        jurisdictions=article.jurisdictions,
        sources=article.sources,
    )
