"""What is released here stands in the knowledge base in the transaction of the event; what is withdrawn does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import local_date
from agent_console.domain.upkeep.article_imports import KnowledgeImported
from agent_console.domain.upkeep.articles import ArticleReleased, ArticleTakenOver, ArticleWithdrawn, Wording
from agent_console.store.connection import path_of
from agent_console.store.migrations import Migration
from knowledge.article import SUBMITTED, Article, Source
from knowledge.changes import Change
from knowledge.checking import source_name
from knowledge.importing import kept_files
from knowledge.library import MIGRATION_SET, MIGRATIONS, Import, Library, Progress

if TYPE_CHECKING:
    from knowledge.importing.documents import ReadDocument


KNOWLEDGE_FACTS = ("knowledge.imported", "article.released", "article.taken_over", "article.withdrawn")
"""Facts the knowledge base is folded from."""


class AtHand(msgspec.Struct):
    """A file that was just read, so that it need not be read again; `change` is what taking it in did."""

    sha256: str
    document: ReadDocument
    progress: Progress | None = None
    change: Change = Change()


class ReleasedArticles:
    """Writes imports, releases and withdrawals into the knowledge base."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.at_hand: AtHand | None = None

    name = MIGRATION_SET
    version = 1
    migrations: Sequence[Migration] = MIGRATIONS

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        match event.fact:
            case KnowledgeImported() as happened:
                self._take_in(connection, happened)
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

    def drop(self, connection: Connection, stream: str) -> None:
        """No row is taken out: the events that follow write over what was released under other ones."""

    def clear(self, connection: Connection) -> None:
        """Remove what was handed in here or read from a file that is kept; the rest is written over by what follows."""
        library = Library(connection)
        library.drop_submitted()
        folder = path_of(connection).parent
        gone = [doc for doc, file, sha256 in library.kept_imports() if _is_kept(folder, sha256, file)]
        library.drop_imported(gone)

    def _take_in(self, connection: Connection, happened: KnowledgeImported) -> None:
        imported, at_hand = happened.imported, self.at_hand
        if at_hand is None or at_hand.sha256 != imported.sha256:
            path = kept_files.kept(path_of(connection).parent, imported.sha256, imported.file)
            if not kept_files.is_whole(path, imported.sha256):
                # What was read from it stands as it is.
                return
            # Late: a seat opens without what reads documents.
            from knowledge.importing.documents import read_document

            at_hand = AtHand(imported.sha256, read_document(path, imported.doc if imported.named else None))
        library, document = Library(connection), at_hand.document
        counts = (imported.entries, imported.doubtful, imported.set_aside)
        run = Import(imported.doc, imported.file, happened.occurred_at, *counts, imported.sha256)
        store = library.take_back if document.comes_back else library.replace_document
        at_hand.change = store(run, document.entries, at_hand.progress)


def _is_kept(folder: Path, sha256: str, file: str) -> bool:
    return kept_files.is_whole(kept_files.kept(folder, sha256, file), sha256)


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
