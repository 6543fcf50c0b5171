"""What is released here stands in the knowledge base in the transaction of the event; what is withdrawn does not."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import local_date
from agent_console.domain.upkeep.articles import ArticleReleased, ArticleTakenOver, ArticleWithdrawn, Wording
from agent_console.store.migrations import Migration
from knowledge.article import SUBMITTED, Article, Source
from knowledge.checking import source_name
from knowledge.library import MIGRATION_SET, MIGRATIONS, Library


class ReleasedArticles:
    """Writes releases and withdrawals into the knowledge base."""

    name = MIGRATION_SET
    version = 1
    migrations: Sequence[Migration] = MIGRATIONS

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        match event.fact:
            case ArticleReleased() as released:
                _release(Library(connection), released)
            case ArticleTakenOver(article=article):
                Library(connection).keep_as_is(article)
            case ArticleWithdrawn(article=article):
                library = Library(connection)
                entry = library.find(article)
                if entry is not None:
                    library.edit(msgspec.structs.replace(entry, status="withdrawn"))
            case _:
                pass

    def forget(self, connection: Connection, owner: str) -> None:
        """Nothing personal stands in an entry."""

    def clear(self, connection: Connection) -> None:
        """Remove what was handed in here; what shipped or was imported is written over by the events that follow."""
        Library(connection).drop_submitted()


def _release(library: Library, released: ArticleReleased) -> None:
    stood = library.find(released.article) or Article(
        id=released.article, title="", body="", doc=SUBMITTED, origin="submitted"
    )
    entry = msgspec.structs.replace(
        stood,
        **_worded(released.wording),
        version=released.version,
        owner=released.owner,
        updated_on=local_date(released.occurred_at),
        released_by=released.by,
        status="active",
        local_check=False,
    )
    library.edit(entry)


def _worded(wording: Wording) -> dict[str, object]:
    fields = {name: getattr(wording, name) for name in Wording.__struct_fields__}
    return fields | {"sources": tuple(map(_source, wording.sources))}


def _source(text: str) -> Source:
    doc, _, number = text.partition(":")
    return Source(doc, int(number) if number.isdecimal() else None)


def wording_of(entry: Article) -> Wording:
    """What an entry says, as its next version begins."""
    fields = {name: getattr(entry, name) for name in Wording.__struct_fields__}
    return Wording(**{**fields, "sources": tuple(map(source_name, entry.sources))})
