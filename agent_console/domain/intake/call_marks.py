"""Marks on the record of a call: abuse, a suspicion, a call that somebody should listen to.

A call that was ended for abuse gets its mark in every city: a lead hears of it whether or not the rule book knows one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.order_rules import CallMarkRule

if TYPE_CHECKING:
    from agent_console.domain.intake.calls import Call

ABUSE = "abuse"
"""Mark of a call that was ended for abuse, where the rule book has none for that."""
_OF_THE_HOUSE = CallMarkRule(name="", clause="", basis="推定")


@fact("call.marked", personal=("note",))
class CallMarked(msgspec.Struct, frozen=True):
    """The record got a mark, by whom and why.

    ended: the call was ended for it, of which a lead hears; script, script_version, path: by which script, which way.
    """

    mark: str
    note: str
    by: str
    role: str
    occurred_at: Instant
    ended: bool = False
    script: str = ""
    script_version: int = 0
    path: tuple[str, ...] = ()


class MarkCall(msgspec.Struct, frozen=True):
    """Put a mark on the call, with a word on it; ended: it ends for that, by a script and the way through it."""

    mark: str
    note: str = ""
    ended: bool = False
    script: str = ""
    script_version: int = 0
    path: tuple[str, ...] = ()


def abuse_mark(book: RuleBook) -> str:
    """The mark of a call that is ended for abuse: that of the rule book, or the one every city has."""
    return next((name for name, rule in book.life.call_marks.items() if rule.abuse), ABUSE)


def decide(call: Call, command: MarkCall, context: Context) -> Decision:
    """Whether the book knows the mark and this person may set it; a call that is over can be marked too."""
    rule = _rule(command, context.rule_book)
    if rule is None:
        return Blocked((), message("call_mark.unknown", mark=command.mark, book=context.rule_book.short_title))
    clauses = (rule.clause,) if rule.clause else ()
    if call.status == "new":
        return Blocked(clauses, message("call.not_open"))
    roles = _roles(rule, command, context.rule_book)
    if roles and context.actor.role not in roles:
        return Blocked(clauses, message("order.not_your_step", role=context.actor.role, roles="、".join(roles)))
    if rule.note and not command.note.strip():
        return Missing(("note",), rule.clause)
    told = msgspec.structs.asdict(command)
    return Done((CallMarked(**told, by=context.actor.name, role=context.actor.role, occurred_at=context.now),))


def _rule(command: MarkCall, book: RuleBook) -> CallMarkRule | None:
    rule = book.life.call_marks.get(command.mark)
    return _OF_THE_HOUSE if rule is None and command.ended and command.mark == ABUSE else rule


def _roles(rule: CallMarkRule, command: MarkCall, book: RuleBook) -> tuple[str, ...]:
    """Who may set it; whoever takes calls may be abused, and ends such a call."""
    return tuple(name for name, role in book.roles.items() if role.calls) if command.ended else rule.roles


def marked_from_the_start(context: Context) -> tuple[CallMarked, ...]:
    """Marks that every call of this person carries, for the role they take it in."""
    marks = [name for name, rule in context.rule_book.life.call_marks.items() if context.actor.role in rule.taken_by]
    return tuple(CallMarked(mark, "", context.actor.name, context.actor.role, context.now) for mark in marks)
