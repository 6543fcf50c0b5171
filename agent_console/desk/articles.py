"""Keeping the entries of the knowledge base: handing in, changing, reviewing, releasing, withdrawing, looking after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from agent_console.desk.calls.intake import Refusing
from agent_console.desk.desk import new_id
from agent_console.desk.opening import OpenDesk
from agent_console.desk.units.directory import find_unit
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.upkeep import answer_tasks, article_steps
from agent_console.domain.upkeep.answer_tasks import AnswerTask, AnswerTopic, SetTask
from agent_console.domain.upkeep.article_steps import (
    ChangeArticle,
    DeclineAlias,
    GiveFeedback,
    RemindOwner,
    Standing,
    SubmitArticle,
    WithdrawArticle,
)
from agent_console.domain.upkeep.article_upkeep import Kept, Owed, owed
from agent_console.domain.upkeep.articles import (
    ArticleLife,
    Complaint,
    FeedbackGiven,
    KnowledgeExported,
    Wording,
    evolve,
)
from agent_console.store.projections.knowledge import LIVES, TASKS
from knowledge.article import STOCK, Article
from knowledge.library import Library
from knowledge.releases import wording_of

_MOST = 100_000
_TAIL = 12
EXPORTS = "line:knowledge"
"""Stream of the exports of the knowledge base."""


def article_stream(article: str) -> str:
    """Stream of an entry."""
    return f"article:{article}"


def task_stream(task: str) -> str:
    """Stream of a formal answer."""
    return f"answer_task:{task}"


def life(opened: OpenDesk, article: str) -> ArticleLife:
    """What happened to an entry here; empty where nothing did yet. Raises UnknownName where there is no such entry."""
    found = LIVES.state(opened.store.connection, article_stream(article))
    if found is None and Library(opened.store.connection).find(article) is None:
        raise UnknownName("kb.error.unknown", "kb.advice.unknown", id=article)
    return found or ArticleLife()


def is_known(opened: OpenDesk, article: str) -> bool:
    """Whether an entry of that id stands in the knowledge base, or was handed in."""
    found = LIVES.state(opened.store.connection, article_stream(article))
    return bool(found and found.versions) or Library(opened.store.connection).find(article) is not None


def draft(opened: OpenDesk, article: str, wording: Wording, owner: str = "") -> Decision:
    """Inside a transaction: hand in an entry under this id, or draft the next version of the one that has it."""
    if is_known(opened, article):
        return _step(opened, article, ChangeArticle(article, wording, None, _standing(opened, article)))
    return _step(opened, article, SubmitArticle(article, wording, owner))


def lives(opened: OpenDesk) -> list[ArticleLife]:
    """Every entry that something happened to here."""
    return LIVES.states(opened.store.connection, "1", limit=_MOST)


def complaints(opened: OpenDesk) -> list[tuple[str, tuple[FeedbackGiven, ...]]]:
    """Feedback that no release has answered yet, by the id of its entry."""
    found = LIVES.states(opened.store.connection, "complaints > 0", limit=_MOST)
    return [(one.id, one.complaints) for one in found]


def submit(opened: OpenDesk, wording: Wording, owner: str = "", task: str = "") -> tuple[Decision, str]:
    """Hand in a new entry; with `task` as the formal answer of a unit, both in one transaction. The entry's id."""
    article = f"kb-{new_id()[-_TAIL:]}"
    try:
        with opened.desk.transaction():
            if task:
                _answer(opened, task, article)
            decision = _step(opened, article, SubmitArticle(article, wording, _listed(opened, owner), task))
            if not isinstance(decision, Done):
                raise Refusing(decision)
    except Refusing as refused:
        return refused.decision, ""
    return decision, article


def _listed(opened: OpenDesk, unit: str) -> str:
    """The unit as the directory names it, where there is one. Raises UnknownName with the nearest names."""
    return find_unit(opened.desk, unit).name if unit and opened.desk.directory().units else unit


def _answer(opened: OpenDesk, task: str, article: str) -> None:
    if TASKS.state(opened.store.connection, task_stream(task)) is None:
        raise UnknownName("kb.error.task", "kb.advice.task", id=task)
    decision = opened.desk.step(
        task_stream(task), AnswerTask(), answer_tasks.evolve, answer_tasks.decide_answer, AnswerTopic(article)
    )
    if not isinstance(decision, Done):
        raise Refusing(decision)


def change(opened: OpenDesk, article: str, changes: dict[str, Any], owner: str | None = None) -> Decision:
    """Draft the next version: as the last one stands, with these fields changed."""
    with opened.desk.transaction():
        last, standing = life(opened, article).latest, _standing(opened, article)
        before = last.wording if last else standing.wording if standing else Wording()
        wording = msgspec.structs.replace(before, **changes)
        named = None if owner is None else _listed(opened, owner)
        return _step(opened, article, ChangeArticle(article, wording, named, standing))


def withdraw(opened: OpenDesk, article: str, reason: str) -> Decision:
    """Let operators find an entry no more."""
    with opened.desk.transaction():
        life(opened, article)
        return _step(opened, article, WithdrawArticle(article, reason, _standing(opened, article)))


def remind(opened: OpenDesk, article: str) -> Decision:
    """Ask the owner to look at an entry again."""
    with opened.desk.transaction():
        life(opened, article)
        return _step(opened, article, RemindOwner(article, _standing(opened, article)))


def take(opened: OpenDesk, article: str, command: msgspec.Struct) -> Decision:
    """Review or release the draft of an entry. Raises UnknownName."""
    with opened.desk.transaction():
        life(opened, article)
        return _step(opened, article, command)


def adopt_alias(opened: OpenDesk, article: str, query: str) -> Decision:
    """Draft the next version with these words among its questions."""
    with opened.desk.transaction():
        last, standing = life(opened, article).latest, _standing(opened, article)
        before = last.wording if last else standing.wording if standing else Wording()
        questions = tuple(dict.fromkeys((*before.questions, query)))
        wording = msgspec.structs.replace(before, questions=questions)
        return _step(opened, article, ChangeArticle(article, wording, None, standing))


def decline_alias(opened: OpenDesk, article: str, query: str) -> Decision:
    """Say that these words are not to be offered for the entry again."""
    with opened.desk.transaction():
        life(opened, article)
        return _step(opened, article, DeclineAlias(article, query, _standing(opened, article)))


def give_feedback(
    opened: OpenDesk, article: str, complaint: Complaint, words: str = "", call: str = "", version: int = 0
) -> Decision:
    """Say what is wrong with an entry, the call at hand attached; without `version` it is the one that is found now."""
    with opened.desk.transaction():
        life(opened, article)
        standing = _standing(opened, article)
        told = GiveFeedback(article, complaint, words, version or (standing.version if standing else 0), call)
        return _step(opened, article, told)


def _step(opened: OpenDesk, article: str, command: msgspec.Struct) -> Decision:
    return opened.desk.step(article_stream(article), ArticleLife(), evolve, article_steps.decide, command)


def _standing(opened: OpenDesk, article: str) -> Standing | None:
    entry = Library(opened.store.connection).find(article)
    return Standing(wording_of(entry), entry.version, entry.owner) if entry else None


def may_export(opened: OpenDesk, entries: Sequence[Article], owner: str = "") -> Decision:
    """Whether these entries may go out as a file; where they may, that they did is kept."""
    rule = opened.desk.rule_book.knowledge.exporting
    context = opened.desk.context()
    for name in {entry.owner for entry in entries} if rule is not None else set():
        refused = article_steps.may(rule, name, context)
        if refused is not None:
            return refused
    exported = KnowledgeExported(len(entries), owner, context.actor.name, context.now)
    with opened.desk.transaction():
        opened.desk.note(EXPORTS, exported)
    return Done((exported,))


def upkeep(opened: OpenDesk) -> list[Owed]:
    """Entries their owners should look at again. Those that ship with the console are kept by its updates."""
    library, known = Library(opened.store.connection), lives(opened)
    imported = library.imported_at()
    handed_in = {one.id: one.versions[0].drafted_at for one in known if one.versions}
    kept = [
        _kept(entry, imported.get(entry.doc, 0), handed_in.get(entry.id, 0))
        for entry in library.entries()
        if entry.status == "active" and (entry.doc != STOCK or entry.updated_on is not None)
    ]
    waiting = [_draft_kept(one) for one in known if one.draft is not None and one.released is None]
    return owed([*kept, *waiting], opened.desk.context())


def _kept(entry: Article, imported_at: Instant, handed_in_at: Instant) -> Kept:
    updated = entry.updated_on or (local_date(imported_at) if imported_at else None)
    return Kept(
        entry.id,
        entry.title,
        entry.owner,
        updated,
        entry.valid_until,
        entry.published_on,
        handed_in_at or imported_at,
        entry.version,
    )


def _draft_kept(one: ArticleLife) -> Kept:
    wording = one.versions[-1].wording
    handed_in_at = one.versions[0].drafted_at
    return Kept(one.id, wording.title, one.owner, published_on=wording.published_on, handed_in_at=handed_in_at)


def set_task(opened: OpenDesk, topic: str, unit: str) -> tuple[Decision, str]:
    """Ask a unit for a formal answer to a hot topic; the decision and the id of the task."""
    task = new_id()[-_TAIL:]
    with opened.desk.transaction():
        decision = opened.desk.step(
            task_stream(task),
            AnswerTask(),
            answer_tasks.evolve,
            answer_tasks.decide_set,
            SetTask(task, topic, _listed(opened, unit)),
        )
    return decision, task if isinstance(decision, Done) else ""


def tasks(opened: OpenDesk) -> list[AnswerTask]:
    """Formal answers that were asked for, those still owed first; a unit sees its own."""
    actor = opened.desk.actor
    where, values = ("unit = ?", (actor.unit,)) if actor.unit else ("1", ())
    return TASKS.states(opened.store.connection, where, values, "answered_at > 0, set_at DESC", limit=_MOST)
