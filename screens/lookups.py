"""Looking things up while the operator types: answers and screening, in a thread of their own."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent_console.desk.opening import SEAT_FILE
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import jurisdiction_codes, load_book
from agent_console.store.connection import ChangeWatch, open_connection
from agent_console.texts import say
from knowledge.article import Article, search_entry
from knowledge.library import Library
from knowledge.screening.engine import Screener
from knowledge.screening.model import Screening
from knowledge.search.engine import SearchEngine
from knowledge.search.entry import Hit, Source

_SHOWN = 20


class Answer(msgspec.Struct, frozen=True):
    """A found entry as the screen shows it; `marks` are the matched stretches of the title."""

    id: str
    version: int
    title: str
    body: str
    sources: str
    marks: tuple[tuple[int, int], ...] = ()
    local_check: bool = False


class Found(msgspec.Struct, frozen=True):
    """What one look at the note and the search line gave."""

    answers: tuple[Answer, ...]
    screening: Screening


class Lookups:
    """The knowledge base and the screening of one rule book, in memory."""

    def __init__(self, home: Path, jurisdiction: str) -> None:
        """Open the seat's file, bring in the shipped entries, build the index."""
        self._connection = open_connection(home / SEAT_FILE)
        self._library = Library(self._connection)
        self._library.load_stock()
        self._watch = ChangeWatch(self._connection)
        self._book: RuleBook = load_book(jurisdiction)
        self._screener = Screener(self._book)
        self._engine = SearchEngine()
        self._articles: dict[str, Article] = {}
        self._revision = -1
        self._note = ""
        self._refresh()

    def look(self, note: str, query: str) -> Found:
        """Answers to `query` and the screening of the note; one that did not change since the last look is finished."""
        if self._watch.changed():
            self._refresh()
        growing, self._note = note != self._note, note
        return Found(self.search(query), self._screener.screen(note, growing=growing))

    def search(self, query: str) -> tuple[Answer, ...]:
        """Ranked answers, those of the seat's rule book first."""
        hits = self._engine.search(query, jurisdiction=self._book.code, limit=_SHOWN) if query.strip() else []
        return tuple(self._answer(hit) for hit in hits)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _refresh(self) -> None:
        revision = self._library.revision()
        if revision == self._revision:
            return
        if self._revision < 0:
            self._articles = {entry.id: entry for entry in self._library.entries() if entry.status == "active"}
            self._engine.build(search_entry(entry) for entry in self._articles.values())
        else:
            self._take_in(self._library.changed_since(self._revision))
        self._revision = revision

    def _take_in(self, changed: list[Article]) -> None:
        """Bring the index up to what was released, withdrawn or removed since."""
        withdrawn = {entry.id for entry in changed if entry.status != "active"}
        for gone in (self._articles.keys() - self._library.ids()) | withdrawn:
            self._articles.pop(gone, None)
            self._engine.remove(gone)
        for entry in changed:
            if entry.status == "active":
                self._articles[entry.id] = entry
                self._engine.put(search_entry(entry))

    def _answer(self, hit: Hit) -> Answer:
        entry = self._articles[hit.id]
        return Answer(
            id=entry.id,
            version=entry.version,
            title=entry.title,
            body=entry.body.strip(),
            sources=_sources(entry.sources) + _until(entry),
            marks=tuple((mark.start, mark.end) for mark in hit.why if mark.field == "title"),
            local_check=entry.local_check,
        )


def _sources(sources: tuple[Source, ...]) -> str:
    named = [say("answers.source", doc=_doc_name(source.doc), article=source.article or "") for source in sources]
    return say("answers.sources", list="、".join(named)) if named else ""


def _until(entry: Article) -> str:
    return say("answers.valid_until", day=entry.valid_until.isoformat()) if entry.valid_until else ""


def _doc_name(doc: str) -> str:
    return load_book(doc).short_title if doc in jurisdiction_codes() else doc


def last_words(note: str) -> str:
    """What the note ends with: the last clause, at most twenty characters; what the search listens to."""
    clause = note.rstrip("，。！？；、,.!?; \n")
    for mark in "，。！？；,.!?;\n":
        clause = clause.rsplit(mark, 1)[-1]
    return clause.strip()[-20:]
