"""Marks on the record of a call: abuse, a suspicion, a call that somebody should listen to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message

if TYPE_CHECKING:
    from agent_console.domain.intake.calls import Call


@fact("call.marked", personal=("note",))
class CallMarked(msgspec.Struct, frozen=True):
    """The record got a mark of the rule book, by whom and why."""

    mark: str
    note: str
    by: str
    role: str
    occurred_at: Instant


class MarkCall(msgspec.Struct, frozen=True):
    """Put a mark of the rule book on the call, with a word on it."""

    mark: str
    note: str = ""


def decide(call: Call, command: MarkCall, context: Context) -> Decision:
    """Whether the book knows the mark and this person may set it; a call that is over can be marked too."""
    rule = context.rule_book.life.call_marks.get(command.mark)
    if rule is None:
        return Blocked((), message("call_mark.unknown", mark=command.mark, book=context.rule_book.short_title))
    if call.status == "new":
        return Blocked((rule.clause,), message("call.not_open"))
    if rule.roles and context.actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    if rule.note and not command.note.strip():
        return Missing(("note",), rule.clause)
    return Done((CallMarked(command.mark, command.note, context.actor.name, context.actor.role, context.now),))


def marked_from_the_start(context: Context) -> tuple[CallMarked, ...]:
    """Marks that every call of this person carries, for the role they take it in."""
    marks = [name for name, rule in context.rule_book.life.call_marks.items() if context.actor.role in rule.taken_by]
    return tuple(CallMarked(mark, "", context.actor.name, context.actor.role, context.now) for mark in marks)
