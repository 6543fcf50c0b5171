"""What operators searched for on purpose: kept without anything that names a person, for 90 days (推定)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant

KEPT_DAYS = 90
_DIGITS = re.compile(r"(?:[\d〇零一二三四五六七八九幺][\s\-－—·.]?){5,}")
_SHORTEST_NAME = 2


@fact("search.unanswered", personal=("query",))
class SearchUnanswered(msgspec.Struct, frozen=True):
    """Somebody searched on purpose, and the matter ended without an answer from the list."""

    query: str
    occurred_at: Instant


@fact("search.answered", personal=("query",))
class SearchAnswered(msgspec.Struct, frozen=True):
    """Somebody searched on purpose and answered from this entry."""

    query: str
    article: str
    occurred_at: Instant


@fact("searches.erased")
class SearchesErased(msgspec.Struct, frozen=True):
    """The searches of a day were destroyed, their time being over."""

    occurred_at: Instant


class SearchDay(msgspec.Struct, frozen=True):
    """Searches of one day."""

    unanswered: tuple[SearchUnanswered, ...] = ()
    answered: tuple[SearchAnswered, ...] = ()


def evolve(day: SearchDay, happened: msgspec.Struct | None) -> SearchDay:
    """State after a fact."""
    if isinstance(happened, SearchUnanswered):
        return msgspec.structs.replace(day, unanswered=(*day.unanswered, happened))
    if isinstance(happened, SearchAnswered):
        return msgspec.structs.replace(day, answered=(*day.answered, happened))
    return day


def cleaned(query: str, names: Iterable[str]) -> str:
    """The query without runs of five digits and more, in either script, and without these names."""
    for name in sorted((name.strip() for name in names), key=len, reverse=True):
        if len(name) >= _SHORTEST_NAME:
            query = query.replace(name, " ")
    return " ".join(_DIGITS.sub(" ", query).split())
