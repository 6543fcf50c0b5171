"""A file into the knowledge base: taken in as it is, or handed in entry by entry, as the rule book says of the role."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk import articles
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.upkeep import article_imports
from agent_console.domain.upkeep.article_imports import ImportedFile, ImportFile, Imports
from agent_console.domain.upkeep.articles import Wording
from knowledge.article import Article
from knowledge.changes import Change, Difference, Kind
from knowledge.importing.documents import ReadDocument
from knowledge.library import Library, Progress
from knowledge.releases import AtHand, ReleasedArticles, wording_of


class Refused(msgspec.Struct, frozen=True):
    """An entry that may not be handed in or changed, and why."""

    id: str
    title: str
    decision: Missing | Blocked | NeedsOverride


class Taken(msgspec.Struct, frozen=True):
    """What came of a file. drafted: its entries wait for their release. offered: drafts of entries worded here."""

    change: Change = Change()
    drafted: bool = False
    offered: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def take_in(
    opened: OpenDesk, document: ReadDocument, sha256: str, *, named: bool = False, progress: Progress | None = None
) -> Decision | Taken:
    """Inside a transaction: take in a file that was read, or hand its entries in where only that is allowed.

    sha256: of the file, which the caller keeps. named: whether its document was named. An entry that is worded here is
    not written over: what the file says is drafted as its next version.
    """
    report = document.report
    counts = (len(document.entries), len(report.doubtful), len(report.set_aside))
    imported = ImportedFile(report.doc, report.file, sha256, named, *counts)
    projector = next(one for one in opened.store.projectors if isinstance(one, ReleasedArticles))
    projector.at_hand = at_hand = AtHand(imported.sha256, document, progress)
    decision = opened.desk.step(
        article_imports.STREAM, Imports(), article_imports.evolve, article_imports.decide, ImportFile(imported)
    )
    projector.at_hand = None
    if not isinstance(decision, Done):
        return _hand_in(opened, document.entries, decision)
    offered, refused = _offer(opened, document.entries, at_hand.change.edited)
    return Taken(at_hand.change, offered=offered, refused=refused)


def _offer(
    opened: OpenDesk, entries: Sequence[Article], ids: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Refused, ...]]:
    wanted = set(ids)
    offered, refused = [], []
    for entry in (entry for entry in entries if entry.id in wanted):
        decision = _draft(opened, entry)
        if isinstance(decision, Done):
            offered.append(entry.id)
        elif decision is not None:
            refused.append(Refused(entry.id, entry.title, decision))
    return tuple(offered), tuple(refused)


def _hand_in(opened: OpenDesk, entries: Sequence[Article], why_not: Decision) -> Decision | Taken:
    """Each entry as a draft; the refusal itself where not one of them may be handed in."""
    differences, refused, unchanged = [], [], 0
    for entry in entries:
        is_new = not articles.is_known(opened, entry.id)
        decision = _draft(opened, entry)
        kind: Kind = "added" if is_new else "changed"
        if decision is None:
            unchanged += 1
        elif isinstance(decision, Done):
            differences.append(Difference(entry.id, entry.title, kind))
        else:
            refused.append(Refused(entry.id, entry.title, decision))
    if not differences and not unchanged:
        return refused[0].decision if refused else why_not
    added = sum(one.kind == "added" for one in differences)
    change = Change(added, len(differences) - added, unchanged, differences=tuple(differences))
    return Taken(change, drafted=True, refused=tuple(refused))


def _draft(opened: OpenDesk, entry: Article) -> Decision | None:
    """Hand an entry in, or draft its next version; None where its last version says the same."""
    wording = wording_of(entry)
    if _last_wording(opened, entry.id) == wording:
        return None
    return articles.draft(opened, entry.id, wording, entry.owner)


def _last_wording(opened: OpenDesk, article: str) -> Wording | None:
    if not articles.is_known(opened, article):
        return None
    last = articles.life(opened, article).latest
    standing = Library(opened.store.connection).find(article)
    return last.wording if last else wording_of(standing) if standing else None
