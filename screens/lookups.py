"""Looking things up while the operator types: answers and screening, in a thread of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from agent_console.clock import Clock, clock_from_environment
from agent_console.desk.calls.earlier import Alike, EarlierMatters
from agent_console.desk.opening import SEAT_FILE
from agent_console.domain.instants import local_date
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import jurisdiction_codes, load_book, parent_of
from agent_console.store.connection import ChangeWatch, open_connection
from agent_console.texts import say
from knowledge.article import Article
from knowledge.library import Library
from knowledge.screening.engine import Screener
from knowledge.screening.model import Screening
from knowledge.search.calm import calm
from knowledge.search.entry import Hit, Source
from knowledge.search.kept import INDEX_FILE, KeptSearch
from knowledge.validity import Lapse, holding_first

_SHOWN = 20
_REMEMBERED = 1000


class Answer(msgspec.Struct, frozen=True):
    """A found entry as the screen shows it; `marks` are the matched stretches of the title."""

    id: str
    version: int
    title: str
    body: str
    sources: str
    marks: tuple[tuple[int, int], ...] = ()
    local_check: bool = False
    lapse: Lapse | None = None
    """Why it does not hold today; None: it does."""


class Found(msgspec.Struct, frozen=True):
    """What one look at the note and the search line gave."""

    answers: tuple[Answer, ...]
    screening: Screening
    read_so_far: int | None = None
    """While the index is being made: how many entries were read."""
    alike: tuple[Alike, ...] = ()
    """Earlier calls and orders that tell of the same matter."""


class Lookups:
    """The knowledge base and the screening of one rule book, in memory."""

    def __init__(self, home: Path, jurisdiction: str, clock: Clock | None = None) -> None:
        """Open the seat's file, bring in the shipped entries, build the index."""
        self._clock = clock or clock_from_environment()
        self._lapsed: tuple[date | None, dict[str, Lapse]] = (None, {})
        self._connection = open_connection(home / SEAT_FILE)
        self._library = Library(self._connection)
        self._library.load_stock()
        self._watch = ChangeWatch(self._connection)
        self._book: RuleBook = load_book(jurisdiction)
        self._screener = Screener(self._book)
        self._search = KeptSearch(self._library, home / INDEX_FILE, parent_of)
        self._articles: dict[str, Article] = {}
        self._earlier = EarlierMatters(self._connection)
        self._note = ""
        self._shown: list[str] = []

    def look(self, note: str, query: str, caller: str = "", call_id: str = "") -> Found:
        """Answers to `query` and the screening of the note; one that did not change since the last look is finished.

        caller: the number that calls, in the call `call_id`.
        """
        if self._watch.changed() or self._search.is_due:
            self._search.refresh()
            self._articles.clear()
            self._lapsed = (None, {})
        growing, self._note = note != self._note, note
        screening = self._screener.screen(note, growing=growing)
        alike = self._earlier.like(note, caller, without_call=call_id) if call_id else ()
        return Found(self.search(query), screening, self._search.read_so_far, alike)

    def search(self, query: str) -> tuple[Answer, ...]:
        """Ranked answers, those of the seat's rule book first; what was shown before keeps its order."""
        hits = self._search.search(query, jurisdiction=self._book.code, limit=_SHOWN) if query.strip() else []
        hits = holding_first(calm(self._shown, hits), self._lapsed_today())
        self._shown = [hit.id for hit in hits]
        if len(self._articles) > _REMEMBERED:
            self._articles.clear()
        if unread := [hit.id for hit in hits if hit.id not in self._articles]:
            self._articles |= self._library.named(unread)
        return tuple(self._answer(hit) for hit in hits if hit.id in self._articles)

    def _lapsed_today(self) -> dict[str, Lapse]:
        today = local_date(self._clock.now())
        if self._lapsed[0] != today:
            self._lapsed = (today, self._library.lapsed(today))
        return self._lapsed[1]

    def close(self) -> None:
        """Close the file."""
        self._search.close()
        self._connection.close()

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
            lapse=self._lapsed_today().get(entry.id),
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
