"""Hot events: something many people call about at once, pinned with the answer they are given.

A lead pins it on a stream of its own (`hot:<id>`); calls that match are answered from it and counted here instead of
each becoming an order. Who called stands in the calls alone, so erasing a call takes its caller out of every list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message


class HotWords(msgspec.Struct, frozen=True):
    """What an event is and how it is recognised.

    places: one of them has to be told of, where there are any; topics likewise. order, number: the master order that
    lists the callers while it runs; empty where no unit has anything to do.
    """

    title: str
    answer: str
    places: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    order: str = ""
    number: str = ""


@fact("hot.pinned")
class HotPinned(msgspec.Struct, frozen=True):
    """A lead pinned an event under a rule book."""

    event: str
    words: HotWords
    rule_book: str
    by: str
    occurred_at: Instant


@fact("hot.changed")
class HotChanged(msgspec.Struct, frozen=True):
    """What is told, how it is recognised or its order changed."""

    words: HotWords
    by: str
    occurred_at: Instant


@fact("hot.answered")
class HotAnswered(msgspec.Struct, frozen=True):
    """A matter of a call was answered from it; version: of the answer that was given."""

    call: str
    matter: str
    version: int
    occurred_at: Instant


@fact("hot.unpinned")
class HotUnpinned(msgspec.Struct, frozen=True):
    """It is over."""

    by: str
    occurred_at: Instant


class HotEvent(msgspec.Struct, frozen=True):
    """Folded state of one event; version: of its words, from 1; answered: matters that were answered from it."""

    id: str = ""
    words: HotWords = HotWords("", "")
    rule_book: str = ""
    version: int = 0
    by: str = ""
    pinned_at: Instant = 0
    ended_at: Instant = 0
    answered: int = 0
    last_at: Instant = 0

    @property
    def is_pinned(self) -> bool:
        """Whether calls are answered from it."""
        return bool(self.id) and not self.ended_at


class PinEvent(msgspec.Struct, frozen=True):
    """Pin an event."""

    event: str
    words: HotWords


class ChangeEvent(msgspec.Struct, frozen=True):
    """Change what is told or how it is recognised."""

    words: HotWords


class AnswerFromEvent(msgspec.Struct, frozen=True):
    """Count a matter that is answered from it."""

    call: str
    matter: str
    confidential: bool = False


class UnpinEvent(msgspec.Struct, frozen=True):
    """It is over."""


Command = PinEvent | ChangeEvent | AnswerFromEvent | UnpinEvent


def decide(event: HotEvent, command: Command, context: Context) -> Decision:
    """Leads pin, change and unpin; everybody who takes calls answers from what is pinned."""
    if isinstance(command, AnswerFromEvent):
        return _answer(event, command, context)
    if isinstance(command, PinEvent):
        return no_lead(context) or _pin(event, command, context)
    refused = no_lead(context) or (None if event.is_pinned else Blocked((), message("hot.not_pinned")))
    if refused is not None:
        return refused
    if isinstance(command, UnpinEvent):
        return Done((HotUnpinned(context.actor.name, context.now),))
    return _change(event, command, context)


def no_lead(context: Context) -> Blocked | None:
    """Why this person does not lead the line; None where they do (推定)."""
    roles = context.rule_book.roles
    rule = roles.get(context.actor.role)
    if rule is not None and rule.leads:
        return None
    leading = "、".join(role for role, known in roles.items() if known.leads)
    return Blocked((), message("order.not_your_step", role=context.actor.role, roles=leading))


def _pin(event: HotEvent, command: PinEvent, context: Context) -> Decision:
    if event.id:
        return Blocked((), message("hot.pinned_already"))
    pinned = HotPinned(command.event, command.words, context.rule_book.code, context.actor.name, context.now)
    return _missing(command.words) or Done((pinned,))


def _change(event: HotEvent, command: ChangeEvent, context: Context) -> Decision:
    if command.words == event.words:
        return Done(())
    return _missing(command.words) or Done((HotChanged(command.words, context.actor.name, context.now),))


def _missing(words: HotWords) -> Missing | None:
    empty = tuple(name for name in ("title", "answer") if not getattr(words, name).strip())
    recognised = any(word.strip() for word in (*words.places, *words.topics))
    wanting = (*empty, *(() if recognised else ("topics",)))
    return Missing(wanting) if wanting else None


def _answer(event: HotEvent, command: AnswerFromEvent, context: Context) -> Decision:
    if not event.is_pinned:
        return Blocked((), message("hot.not_pinned"))
    if command.confidential:
        return Blocked((), message("hot.confidential"))
    return Done((HotAnswered(command.call, command.matter, event.version, context.now),))


def tells_of(words: HotWords, text: str) -> bool:
    """Whether a text names one of the places and one of the topics, where there are any; plain words only."""
    flat = "".join(text.lower().split())
    groups = [[word.lower() for word in group if word] for group in (words.places, words.topics)]
    named = [any(word in flat for word in group) for group in groups if group]
    return bool(named) and all(named)


def evolve(event: HotEvent, happened: msgspec.Struct | None) -> HotEvent:
    """State after a fact; facts of other kinds change nothing."""
    step = _EVOLVE.get(type(happened))
    return step(event, happened) if step else event


def _pinned(_event: HotEvent, happened: HotPinned) -> HotEvent:
    at = happened.occurred_at
    return HotEvent(happened.event, happened.words, happened.rule_book, 1, happened.by, at)


def _changed(event: HotEvent, happened: HotChanged) -> HotEvent:
    return msgspec.structs.replace(event, words=happened.words, version=event.version + 1)


def _answered(event: HotEvent, happened: HotAnswered) -> HotEvent:
    return msgspec.structs.replace(event, answered=event.answered + 1, last_at=happened.occurred_at)


_EVOLVE: dict[type, Callable[[HotEvent, Any], HotEvent]] = {
    HotPinned: _pinned,
    HotChanged: _changed,
    HotAnswered: _answered,
    HotUnpinned: lambda event, happened: msgspec.structs.replace(event, ended_at=happened.occurred_at),
}
