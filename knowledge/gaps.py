"""What was searched for in vain, grouped; and words that led people to an entry that does not carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import msgspec

from agent_console.domain.upkeep.searches import SearchAnswered, SearchUnanswered
from knowledge.article import Article

_LEAST_ALIKE = 0.75
_SHORTEST_INSIDE = 2


class Gap(msgspec.Struct, frozen=True):
    """Searches for one thing that ended without an answer from the list: the commonest wording first."""

    topic: str
    count: int
    queries: tuple[str, ...]


class Alias(msgspec.Struct, frozen=True):
    """Words that were typed before this entry was chosen, and how often."""

    query: str
    article: str
    title: str
    count: int


def grouped(searches: Iterable[SearchUnanswered]) -> list[Gap]:
    """Gaps, the most frequent first."""
    counts = Counter(search.query for search in searches)
    groups: list[list[str]] = []
    for query, _ in counts.most_common():
        near = next((group for group in groups if _alike(_plain(group[0]), _plain(query))), None)
        if near is None:
            groups.append([query])
        else:
            near.append(query)
    gaps = [Gap(group[0], sum(counts[query] for query in group), tuple(group)) for group in groups]
    return sorted(gaps, key=lambda gap: -gap.count)


def aliases(searches: Iterable[SearchAnswered], articles: Sequence[Article]) -> list[Alias]:
    """Words for the editor to add to an entry, the most frequent first; what it carries already is left out."""
    known = {article.id: article for article in articles if article.status == "active"}
    counts = Counter((search.query, search.article) for search in searches)
    return [
        Alias(query, entry, known[entry].title, count)
        for (query, entry), count in counts.most_common()
        if entry in known and not _carries(known[entry], query)
    ]


def _carries(article: Article, query: str) -> bool:
    return any(_plain(query) in _plain(text) for text in (article.title, *article.questions, *article.keywords))


def _plain(text: str) -> str:
    # Late: the tables behind it are not needed for anything else of the desk.
    from knowledge.search.normal_form import kept

    return kept(text).text


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    inside = len(short) >= _SHORTEST_INSIDE and short in long
    return inside or SequenceMatcher(None, one, other).ratio() >= _LEAST_ALIKE
