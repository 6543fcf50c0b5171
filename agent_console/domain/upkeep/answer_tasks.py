"""A hot topic that a unit is asked to answer formally; its answer becomes an entry of the knowledge base."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message
from agent_console.domain.upkeep.article_steps import may


@fact("answer_task.set")
class TaskSet(msgspec.Struct, frozen=True):
    """A unit was asked for a formal answer to a topic."""

    task: str
    topic: str
    unit: str
    by: str
    occurred_at: Instant


@fact("answer_task.answered")
class TaskAnswered(msgspec.Struct, frozen=True):
    """The unit answered; the answer was handed in as this entry."""

    article: str
    by: str
    occurred_at: Instant


class AnswerTask(msgspec.Struct, frozen=True):
    """Folded state of one task."""

    id: str = ""
    topic: str = ""
    unit: str = ""
    set_by: str = ""
    set_at: Instant = 0
    article: str = ""
    answered_at: Instant = 0


class SetTask(msgspec.Struct, frozen=True):
    """Ask a unit for a formal answer."""

    task: str
    topic: str
    unit: str


class AnswerTopic(msgspec.Struct, frozen=True):
    """The answer is handed in as this entry."""

    article: str


def decide_set(_task: AnswerTask, command: SetTask, context: Context) -> Decision:
    """Whether this person may ask a unit for a formal answer under this book."""
    rule = context.rule_book.knowledge.formal_answers
    refused = may(rule, "", context)
    if refused is not None:
        return refused
    empty = tuple(name for name in ("topic", "unit") if not getattr(command, name).strip())
    if empty:
        return Missing(empty, rule.clause if rule else "")
    return Done((TaskSet(command.task, command.topic, command.unit, context.actor.name, context.now),))


def decide_answer(task: AnswerTask, command: AnswerTopic, context: Context) -> Decision:
    """Only the unit that was asked answers, once."""
    rule = context.rule_book.knowledge.formal_answers
    if task.article:
        return Blocked((), message("task.answered", article=task.article))
    if context.actor.unit != task.unit:
        return Blocked((rule.clause,) if rule else (), message("task.unit_only", unit=task.unit))
    return Done((TaskAnswered(command.article, context.actor.name, context.now),))


def evolve(task: AnswerTask, happened: msgspec.Struct | None) -> AnswerTask:
    """State after a fact."""
    if isinstance(happened, TaskSet):
        return AnswerTask(happened.task, happened.topic, happened.unit, happened.by, happened.occurred_at)
    if isinstance(happened, TaskAnswered):
        return msgspec.structs.replace(task, article=happened.article, answered_at=happened.occurred_at)
    return task
