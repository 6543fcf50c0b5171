"""One thing a caller wants: its note, its screening, and exactly one outcome."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.intake.admission import order_refused
from agent_console.domain.intake.outcomes import (
    WAYS,
    Answered,
    Ended,
    FollowedUp,
    Interrupted,
    Ordered,
    Outcome,
    Refused,
    Transferred,
)
from agent_console.domain.messages import message
from agent_console.domain.rule_book import Named, Refusal, RuleBook
from agent_console.domain.units import service_lines


@fact("matter.opened")
class MatterOpened(msgspec.Struct, frozen=True):
    """The caller began to tell a matter."""

    matter: str
    occurred_at: Instant


@fact("matter.concluded", personal=("note", "words", "outcome"))
class MatterConcluded(msgspec.Struct, frozen=True):
    """A matter got its outcome.

    note: what the operator wrote while listening; empty where only category and time may be kept. words: free text
    of the outcome (what was said, a reason). outcome: sealed too, for its reason is free text. proposed: classes the
    screening proposed, best first; chosen: the class the operator took.
    """

    matter: str
    outcome: Outcome
    occurred_at: Instant
    note: str = ""
    words: str = ""
    proposed: tuple[str, ...] = ()
    chosen: str = ""


@fact("matter.dropped")
class MatterDropped(msgspec.Struct, frozen=True):
    """A matter that was opened and never told was taken back."""

    matter: str


@fact("callback.opened")
class CallbackOpened(msgspec.Struct, frozen=True):
    """The caller was gone: somebody owes a call back."""

    task: str
    matter: str
    occurred_at: Instant


class Matter(msgspec.Struct, frozen=True):
    """Folded state of one matter."""

    id: str
    opened_at: Instant
    outcome: Outcome | None = None
    note: str = ""
    words: str = ""
    chosen: str = ""
    concluded_at: Instant = 0
    proposed: tuple[str, ...] = ()


class Conclude(msgspec.Struct, frozen=True):
    """Give the matter its outcome. `callback_task` is the id of the task an interrupted matter opens."""

    matter: str
    outcome: Outcome
    note: str = ""
    words: str = ""
    proposed: tuple[str, ...] = ()
    chosen: str = ""
    callback_task: str = ""


def decide_outcome(matter: Matter, command: Conclude, context: Context, by_number: Refusal | None = None) -> Decision:
    """Whether the matter may end so; one that has an outcome keeps it.

    by_number: the item of the refusal list that the caller's number points to; it stands first among the proposals.
    """
    if matter.outcome is not None:
        return Blocked((), message("matter.has_outcome"))
    refused = _check(command.outcome, command, context) or _order_refused(command, by_number, context)
    if refused is not None:
        return refused
    outcome, keeps = command.outcome, content_may_be_kept(command.outcome, context.rule_book)
    if isinstance(outcome, Refused) and not keeps:
        outcome = msgspec.structs.replace(outcome, reason="", told={})
    facts: list[msgspec.Struct] = [
        MatterConcluded(
            matter=command.matter,
            outcome=outcome,
            occurred_at=context.now,
            note=command.note if keeps else "",
            words=command.words if keeps else "",
            proposed=_proposed(command, by_number),
            chosen=command.chosen,
        )
    ]
    if isinstance(command.outcome, Interrupted):
        facts.append(CallbackOpened(command.callback_task, command.matter, context.now))
    return Done(tuple(facts))


def _order_refused(command: Conclude, by_number: Refusal | None, context: Context) -> Decision | None:
    if not isinstance(command.outcome, Ordered):
        return None
    return order_refused(command.outcome, command.chosen, by_number, context)


def _proposed(command: Conclude, by_number: Refusal | None) -> tuple[str, ...]:
    first = by_number.classes[:1] if by_number is not None else ()
    return (*first, *(name for name in command.proposed if name not in first))


def _check(outcome: Outcome, command: Conclude, context: Context) -> Decision | None:
    match outcome:
        case Refused():
            return _check_refused(outcome, command, context)
        case Ended():
            return _duties_owed(outcome, context)
        case Transferred():
            return _check_transferred(outcome, context)
        case _:
            empty = _still_empty(outcome, command)
            return Missing((empty,)) if empty else None


def _still_empty(outcome: Outcome, command: Conclude) -> str:
    """The field without which the outcome says nothing; "" where it says enough."""
    match outcome:
        case FollowedUp(number=""):
            return "earlier_order"
        case Answered(article="") if not (command.words.strip() or command.note.strip()):
            return "answer"
        case Ordered(order=""):
            return "order"
        case _:
            return ""


def _check_transferred(outcome: Transferred, context: Context) -> Decision | None:
    if not outcome.target or not outcome.way:
        return Missing(("target",) if not outcome.target else ("way",))
    own = context.rule_book.answer_ways
    known = dict.fromkeys((*WAYS, *(way.id for way in own)))
    if outcome.way in known:
        return service_lines.transfer_refused(outcome.target, context) or _way_needs(outcome, own)
    clauses = tuple(dict.fromkeys(way.clause for way in own))
    return Blocked(clauses, message("record.not_allowed", value=outcome.way, allowed="、".join(known)))


def _way_needs(outcome: Transferred, ways: tuple[Named, ...]) -> Decision | None:
    way = next((way for way in ways if way.id == outcome.way), None)
    empty = tuple(name for name in way.needs if not outcome.told.get(name, "").strip()) if way else ()
    return Missing(empty, way.clause) if way and empty else None


def _duties_owed(outcome: Refused | Ended, context: Context) -> Decision | None:
    rule = context.rule_book.refusing
    done = {"explained": outcome.explained, "guided": outcome.guided}
    owed = tuple(name for name in rule.requires if not done.get(name, True))
    return Missing(owed, rule.clause) if owed else None


def _check_refused(outcome: Refused, command: Conclude, context: Context) -> Decision | None:
    book = context.rule_book
    item = book.refusal(outcome.clause)
    if item is None:
        return Blocked((), message("matter.no_such_refusal", clause=outcome.clause, book=book.short_title))
    owed = _duties_owed(outcome, context)
    if owed is not None:
        return owed
    values = {**outcome.told, "reason": outcome.reason or command.words, "earlier_order": outcome.earlier_order}
    needs = (*item.needs, *item.by_class.get(outcome.screening_class, ()))
    empty = tuple(name for name in needs if not values.get(name, "").strip())
    if empty:
        return Missing(empty, item.clause)
    untold = tuple(name for name in book.refusing.told if not values.get(name, "").strip())
    if untold:
        return Missing(untold, book.refusing.clause)
    wrong = next((name for name, allowed in item.values.items() if values.get(name, "") not in allowed), "")
    if not wrong:
        return None
    allowed = "、".join(item.values[wrong])
    return Blocked((item.clause,), message("record.not_allowed", value=values.get(wrong, ""), allowed=allowed))


def content_may_be_kept(outcome: Outcome, book: RuleBook) -> bool:
    """Whether more than category and time may be kept, also of a caller who hung up in the script of the item."""
    if not isinstance(outcome, Refused | Interrupted):
        return True
    item = book.refusal(outcome.clause)
    return item is None or item.keeps_content


def evolve(matter: Matter, happened: MatterConcluded) -> Matter:
    """The matter with its outcome."""
    return msgspec.structs.replace(
        matter,
        outcome=happened.outcome,
        note=happened.note,
        words=happened.words,
        chosen=happened.chosen,
        concluded_at=happened.occurred_at,
        proposed=happened.proposed,
    )
