"""Whether every entry can be used: it has text, and its sources exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from knowledge.article import STOCK, Article, Source, known_articles

MOST_SOURCES = 5


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with an entry; `reason` names a sentence of `agent_console.texts`."""

    id: str
    reason: str
    detail: str = ""


def check(articles: Iterable[Article]) -> list[Fault]:
    """All faults of the entries, in their order."""
    entries = list(articles)
    known = _known(entries)
    repeated = {entry_id for entry_id, count in Counter(e.id for e in entries).items() if count > 1}
    faults = [Fault(entry_id, "kb.fault.repeated") for entry_id in sorted(repeated)]
    for entry in entries:
        faults += _faults(entry, known)
    return faults


def _known(entries: list[Article]) -> dict[str, set[int | None]]:
    """Articles by document: those of the rule books, and whatever else was imported."""
    known: dict[str, set[int | None]] = {doc: {None, *range(1, n + 1)} for doc, n in known_articles().items()}
    ours = set(known)
    for entry in entries:
        if entry.doc not in ours and entry.doc != STOCK:
            known.setdefault(entry.doc, {None}).add(entry.article)
    return known


def _faults(entry: Article, known: dict[str, set[int | None]]) -> Iterator[Fault]:
    if not entry.title.strip():
        yield Fault(entry.id, "kb.fault.title")
    if not entry.body.strip():
        yield Fault(entry.id, "kb.fault.body")
    if not entry.sources and entry.origin == "import":
        yield Fault(entry.id, "kb.fault.no_source")
    if len(entry.sources) > MOST_SOURCES:
        yield Fault(entry.id, "kb.fault.many_sources", str(len(entry.sources)))
    for source in entry.sources:
        if source.doc not in known:
            yield Fault(entry.id, "kb.fault.doc", source.doc)
        elif source.article not in known[source.doc]:
            yield Fault(entry.id, "kb.fault.article", source_name(source))


def source_name(source: Source) -> str:
    """A source as lists show it: fujian:20."""
    return source.doc if source.article is None else f"{source.doc}:{source.article}"
