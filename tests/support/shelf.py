"""The knowledge base of a city, kept by whoever may, and looked at with the eyes of an operator."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from agent_console.desk import articles
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Decision
from agent_console.domain.people import Actor
from agent_console.domain.upkeep.article_steps import ReleaseArticle, ReviewArticle
from agent_console.domain.upkeep.articles import ArticleLife, Wording
from knowledge.library import Library
from screens.lookups import Lookups

from ..conftest import Office
from .clock import SettableClock
from .rule_of import CENTRE, CLERK, OPERATOR, facts

EDITOR = Actor("周编辑", "knowledge_editor")
TITLE = "蓝鞋子登记在哪里办"


def wording(**changes: object) -> Wording:
    """An entry with everything any of the five books asks for; nobody else writes of blue shoes."""
    plain: dict[str, object] = {
        "title": TITLE,
        "body": "蓝鞋子登记在城市管理局窗口办。",
        "class_": "办事指南",
        "published_on": date(2026, 3, 2),
    }
    return Wording(**{**plain, **changes})  # type: ignore[arg-type]


class Shelf:
    """Steps give the decision; those with a name in the past tense insist on it."""

    def __init__(self, office: Office, clock: SettableClock, home: Path, jurisdiction: str) -> None:
        self.jurisdiction = jurisdiction
        self.clock = clock
        self._office = office
        self._home = home
        self._desks: dict[Actor, OpenDesk] = {}

    def desk(self, actor: Actor = OPERATOR, at: str = "") -> OpenDesk:
        """The desk of this person, on the same file, at this time."""
        if at:
            self.clock.set(at)
        if actor not in self._desks:
            self._desks[actor] = self._office(self.jurisdiction, actor)
        return self._desks[actor]

    def submit(self, actor: Actor = CLERK, at: str = "", **changes: object) -> Decision:
        """Hand in an entry."""
        return articles.submit(self.desk(actor, at), wording(**changes))[0]

    def handed_in(self, actor: Actor = CLERK, at: str = "", **changes: object) -> str:
        """An entry that waits for its release; its id."""
        decision, article = articles.submit(self.desk(actor, at), wording(**changes))
        facts(decision)
        return article

    def change(self, article: str, actor: Actor = CLERK, at: str = "", **changes: object) -> Decision:
        """Draft the next version."""
        return articles.change(self.desk(actor, at), article, changes)

    def review(self, article: str, actor: Actor = CENTRE, *, passed: bool = True, words: str = "") -> Decision:
        """Look at the draft."""
        return articles.take(self.desk(actor), article, ReviewArticle(passed, words))

    def release(self, article: str, actor: Actor = CENTRE, at: str = "") -> Decision:
        """Let operators find the draft."""
        return articles.take(self.desk(actor, at), article, ReleaseArticle())

    def publish(self, article: str) -> str:
        """Review where the book wants it, and release."""
        if self.desk(CENTRE).desk.rule_book.knowledge.reviewing is not None:
            facts(self.review(article))
        facts(self.release(article))
        return article

    def published(self, actor: Actor = CLERK, at: str = "", **changes: object) -> str:
        """An entry that operators find; its id."""
        return self.publish(self.handed_in(actor, at, **changes))

    def life(self, article: str) -> ArticleLife:
        """What happened to an entry."""
        return articles.life(self.desk(), article)

    @property
    def library(self) -> Library:
        """The knowledge base on the file."""
        return Library(self.desk().store.connection)

    def lookups(self) -> Lookups:
        """The search of an operator who sits at the seat; close it when done."""
        return Lookups(self._home, self.jurisdiction)

    def found(self, query: str = "蓝鞋子") -> list[tuple[str, int]]:
        """Entries on blue shoes, or on what is asked, that a newly opened search finds: id and version."""
        lookups = self.lookups()
        try:
            return hits(lookups, query)
        finally:
            lookups.close()

    def owed(self) -> list[tuple[str, str, str, str]]:
        """What owners have to look at: owner, why, day, clause."""
        return [(one.kept.owner, one.reason, str(one.day), one.clause) for one in articles.upkeep(self.desk())]


def hits(lookups: Lookups, query: str = "蓝鞋子") -> list[tuple[str, int]]:
    """Entries in whose title the query stands: id and version."""
    found = lookups.look("", query).answers
    return [(answer.id, answer.version) for answer in found if query in answer.title]
