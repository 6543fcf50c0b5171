"""Searches typed on purpose: kept without what names a person, read as gaps and aliases, destroyed after 90 days."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from agent_console.desk import articles
from agent_console.desk.desk import Desk
from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import local_date
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.matters import content_may_be_kept
from agent_console.domain.intake.outcomes import Answered, Outcome
from agent_console.domain.upkeep.articles import ArticleLife
from agent_console.domain.upkeep.searches import (
    KEPT_DAYS,
    SearchAnswered,
    SearchDay,
    SearchesErased,
    SearchUnanswered,
    cleaned,
)
from agent_console.store.connection import rows
from agent_console.store.projections.knowledge import SEARCHES
from knowledge.gaps import Alias, Gap, aliases, grouped
from knowledge.library import Library

_PREFIX = "searches:"
_MOST_DAYS = KEPT_DAYS + 1


def keep(desk: Desk, call: Call, outcome: Outcome, searched: tuple[str, ...], classes: tuple[str, ...]) -> None:
    """Inside a transaction: keep what was searched for before a matter got its outcome.

    classes: what the screening proposed and the operator chose. Nothing is kept of a confidential call, nor where one
    of them or the outcome says that only category and time may be kept.
    """
    if call.confidential or _keeps_no_content(desk, outcome, classes):
        return
    now = desk.context().now
    for query in dict.fromkeys(cleaned(query, (call.caller_name,)) for query in searched):
        if query:
            desk.note(f"{_PREFIX}{local_date(now).isoformat()}", _fact(query, outcome, now))


def _fact(query: str, outcome: Outcome, now: int) -> msgspec.Struct:
    if isinstance(outcome, Answered) and outcome.article:
        return SearchAnswered(query, outcome.article, now)
    return SearchUnanswered(query, now)


def _keeps_no_content(desk: Desk, outcome: Outcome, classes: tuple[str, ...]) -> bool:
    book = desk.rule_book
    items = [book.refusal_for(name) for name in classes]
    return not content_may_be_kept(outcome, book) or any(item and not item.keeps_content for item in items)


def gaps(opened: OpenDesk) -> list[Gap]:
    """What operators searched for in vain within the last 90 days, the most frequent first."""
    return grouped(search for day in _days(opened) for search in day.unanswered)


def learned(opened: OpenDesk) -> list[Alias]:
    """Words that led to an entry that does not carry them, for the editor to add; declined ones are left out."""
    entries = Library(opened.store.connection).entries()
    offered = aliases((search for day in _days(opened) for search in day.answered), entries)
    lives = {one.id: one for one in articles.lives(opened)}
    return [alias for alias in offered if not _settled(alias, lives.get(alias.article))]


def _settled(alias: Alias, life: ArticleLife | None) -> bool:
    """Whether the editor took the words into a draft, or declined them."""
    if life is None:
        return False
    return alias.query in life.declined or (life.draft is not None and alias.query in life.draft.wording.questions)


def forget_old(opened: OpenDesk) -> int:
    """Destroy the searches of every day that lies more than 90 days back; how many days that were."""
    sql = "SELECT stream FROM search_day WHERE stream < ? AND sealed IS NOT NULL"
    old = [stream for (stream,) in rows(opened.store.connection, sql, (_first_kept(opened),))]
    for stream in old:
        with opened.desk.transaction():
            opened.desk.note(stream, SearchesErased(opened.desk.context().now))
            opened.store.erase(stream)
    return len(old)


def _first_kept(opened: OpenDesk) -> str:
    day = local_date(opened.desk.context().now) - timedelta(days=KEPT_DAYS)
    return f"{_PREFIX}{day.isoformat()}"


def _days(opened: OpenDesk) -> list[SearchDay]:
    forget_old(opened)
    return SEARCHES.states(opened.store.connection, "1", limit=_MOST_DAYS)
