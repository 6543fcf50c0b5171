"""From the knowledge base to the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from agent_console.resources.rule_books import parent_of
from agent_console.texts import say
from knowledge.article import Article, search_entry
from knowledge.asked import said_for
from knowledge.search.engine import SearchEngine
from knowledge.search.entry import Hit, SearchEntry, Source


def searchable(article: Article) -> SearchEntry:
    """The entry of an article; one with a number is found by its number and what people say for it."""
    entry = search_entry(article)
    if article.article is None:
        return entry
    number = say("kb.article", number=article.article)
    said = said_for(article.doc).get(article.article, ())
    return msgspec.structs.replace(entry, keywords=(*entry.keywords, number), said=said)


def searchable_articles(articles: Iterable[Article]) -> Iterator[SearchEntry]:
    """Entries of the articles that hold; withdrawn ones are left out."""
    return (searchable(article) for article in articles if article.status == "active")


def engine_of(articles: Iterable[Article]) -> SearchEngine:
    """A search over these articles, in memory."""
    engine = SearchEngine(parent_of)
    engine.build(searchable_articles(articles))
    return engine


def numbered_sources(hits: Iterable[Hit], jurisdiction: str) -> list[Source]:
    """Sources of ranked entries, each once: of an entry those of the asked rule book first; all have a number."""
    found: dict[Source, None] = {}
    for hit in hits:
        numbered = (source for source in hit.sources if source.article is not None)
        for source in sorted(numbered, key=lambda source: source.doc != jurisdiction):
            found.setdefault(source)
    return list(found)
