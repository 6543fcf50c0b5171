"""How an order is judged, done again, put away, taken back."""

from __future__ import annotations

from datetime import date

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.instants import local_date
from agent_console.domain.messages import message
from agent_console.domain.people import LEAD, OPERATOR
from agent_console.domain.work_order import duties
from agent_console.domain.work_order.order_life_facts import (
    SUPERVISED,
    Archived,
    Flagged,
    Merged,
    Rated,
    RedoOrdered,
    Reopened,
    Voided,
    Withdrawn,
)
from agent_console.domain.work_order.order_records import recorded
from agent_console.domain.work_order.order_rules import ArchiveRule, CallbackRule, RedoRule
from agent_console.domain.work_order.orders import Order

SUPERVISION = "supervision"
CALLBACK = "callback"
_LINE = (OPERATOR, LEAD, "centre", "callback_agent")


class RateOrder(msgspec.Struct, frozen=True):
    """What the caller says of the result."""

    value: str
    comment: str = ""


class RedoOrder(msgspec.Struct, frozen=True):
    """Send it back to be handled again, on a ground of the rule book."""

    ground: str
    reason: str = ""


class ArchiveOrder(msgspec.Struct, frozen=True):
    """Put it away."""

    file_class: str = ""


class ReopenOrder(msgspec.Struct, frozen=True):
    """Take it out of the archive."""

    reason: str


class WithdrawOrder(msgspec.Struct, frozen=True):
    """The caller takes it back."""

    reason: str


class VoidOrder(msgspec.Struct, frozen=True):
    """It should not have been raised."""

    reason: str


class UndoOrder(msgspec.Struct, frozen=True):
    """Take back what was raised a moment ago and not handed on."""


class MergeOrder(msgspec.Struct, frozen=True):
    """It repeats the order `master`, which goes on for both."""

    master: str


def decide_rating(order: Order, command: RateOrder, context: Context) -> Decision:
    """A rating of a completed order; some close and archive it at once."""
    rule = context.rule_book.life.rating
    if rule is None:
        return _not_in_book("rating", context)
    if order.status != "completed":
        return _not_now(order, rule.clause)
    if command.value not in rule.values:
        allowed = "、".join(rule.values)
        return Blocked((rule.clause,), message("record.not_allowed", value=command.value, allowed=allowed))
    rated = Rated(command.value, command.comment, context.now)
    if command.value in rule.archives:
        return Done((rated, Archived("", automatic=True, occurred_at=context.now)))
    return Done((rated,))


def decide_redo(order: Order, command: RedoOrder, context: Context) -> Decision:
    """Again by the same unit, on a ground the book knows, after what must stand before it."""
    rule = context.rule_book.life.redo
    if rule is None:
        return _not_in_book("redo", context)
    clause = rule.grounds.get(command.ground)
    if clause is None:
        return Blocked((rule.clause,), message("redo.no_ground", ground=command.ground))
    if order.status != "completed":
        return _not_now(order, clause)
    refused = _not_to_redo(order, rule.by.get(command.ground, rule.roles), clause, context)
    if refused is not None:
        return refused
    if rule.most and order.redos >= rule.most:
        cited = rule.most_clause or rule.clause
        return Blocked((cited,), message("redo.no_more", most=rule.most), message("redo.then"))
    refused = _redo_needs(order, command.ground, rule, clause)
    return refused if refused is not None else Done(_redo(order, command, rule, context))


def _not_to_redo(order: Order, roles: tuple[str, ...], clause: str, context: Context) -> Decision | None:
    actor = context.actor
    if roles and actor.role not in roles:
        return Blocked((clause,), message("order.not_your_step", role=actor.role, roles="、".join(roles)))
    if actor.unit and actor.unit != order.lead:
        return Blocked((clause,), message("order.not_your_order", unit=order.lead))
    return None


def _redo_needs(order: Order, ground: str, rule: RedoRule, clause: str) -> Decision | None:
    rating = rule.rating.get(ground, "")
    if rating and order.rating != rating:
        return Blocked((clause,), message("redo.not_rated", rating=rating))
    if not duties.holds(rule.when.get(ground, {}), order, {}):
        return Blocked((clause,), message("redo.not_so"))
    need = rule.needs.get(ground, "")
    entries = [entry for entry in order.recorded(need) if entry.occurred_at >= order.completed_at] if need else []
    if need and not entries:
        return Blocked((clause,), message("redo.needs_record"), message("redo.write_record"))
    if rule.finding and entries and entries[-1].fields.get("finding", rule.finding) != rule.finding:
        return Blocked((clause,), message("redo.not_to_blame"))
    return None


def _redo(order: Order, command: RedoOrder, rule: RedoRule, context: Context) -> tuple[msgspec.Struct, ...]:
    number = order.redos + 1
    keeps_clock = command.ground == "failed_check"
    facts: list[msgspec.Struct] = [RedoOrdered(command.ground, command.reason, number, keeps_clock, context.now)]
    if rule.supervise_from and number >= rule.supervise_from and SUPERVISED not in order.flags:
        entry = {"means": "", "reason": rule.supervise_clause, "automatic": "true"}
        facts.append(recorded(SUPERVISION, entry, order, context))
        facts.append(Flagged(SUPERVISED, on=True, cause=rule.supervise_clause, occurred_at=context.now))
    return tuple(facts)


def decide_archive(order: Order, command: ArchiveOrder, context: Context) -> Decision:
    """Put a completed order away, once what the book asks for stands in it."""
    rule = context.rule_book.life.archive
    if rule is None:
        return _not_in_book("archive", context)
    if order.status != "completed":
        return _not_now(order, rule.clause)
    refused = _archive_refused(order, rule, context)
    if refused is not None:
        return refused
    if rule.classes and command.file_class not in rule.classes:
        return Missing(("file_class",), rule.classes_clause or rule.clause)
    return Done((Archived(command.file_class, automatic=False, occurred_at=context.now),))


def _archive_refused(order: Order, rule: ArchiveRule, context: Context) -> Decision | None:
    life = context.rule_book.life
    if rule.roles and context.actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    missing = [need for need in rule.needs if not order.recorded(need)]
    if missing:
        needed = life.records[missing[0]].name
        return Blocked((rule.clause,), message("archive.needs", needed=needed), message("record.write"))
    if life.callback is not None and life.callback.before_archive and not called_back(order, life.callback):
        return Blocked((life.callback.clause,), message("archive.needs_callback"), message("callback.write"))
    return _redo_owed(order, life.redo)


def _redo_owed(order: Order, rule: RedoRule | None) -> Decision | None:
    """Where everything asks for a redo, the order cannot be put away instead."""
    if rule is None or not rule.compulsory or (rule.most and order.redos >= rule.most):
        return None
    for ground, clause in rule.grounds.items():
        if _redo_needs(order, ground, rule, clause) is None:
            return Blocked((clause,), message("archive.redo_owed"), message("archive.redo"))
    return None


def called_back(order: Order, rule: CallbackRule) -> bool:
    """Whether the citizen was reached, or as often tried as counts for it (A-44)."""
    tries = [entry for entry in order.recorded(CALLBACK) if entry.occurred_at >= order.redo_at]
    if any(entry.fields.get("reached") != "no" for entry in tries):
        return True
    days: set[date] = {local_date(entry.occurred_at) for entry in tries}
    return bool(rule.attempts) and len(tries) >= rule.attempts and len(days) >= rule.days


def decide_reopening(order: Order, command: ReopenOrder, context: Context) -> Decision:
    """Out of the archive again; a lead, with a reason (推定)."""
    if order.status != "archived":
        return _not_now(order, "")
    return _by_lead(context) or _with_reason(command.reason) or Done((Reopened(command.reason, context.now),))


def decide_withdrawal(order: Order, command: WithdrawOrder, context: Context) -> Decision:
    """The caller takes it back while it is being handled."""
    if order.status not in ("raised", "dispatched", "signed", "returned"):
        return _not_now(order, "")
    return _by_line(context) or _with_reason(command.reason) or Done((Withdrawn(command.reason, context.now),))


def decide_voiding(order: Order, command: VoidOrder, context: Context) -> Decision:
    """A lead takes it out of the world, with a reason."""
    if order.status not in ("raised", "dispatched", "signed", "returned"):
        return _not_now(order, "")
    return (
        _by_lead(context)
        or _with_reason(command.reason)
        or Done((Voided(command.reason, undone=False, occurred_at=context.now),))
    )


def decide_undo(order: Order, _command: UndoOrder, context: Context) -> Decision:
    """Before it was handed on, whoever is at the line may take it back on one key."""
    if order.status != "raised":
        return Blocked((), message("undo.too_late"), message("undo.instead"))
    return _by_line(context) or Done((Voided("", undone=True, occurred_at=context.now),))


def decide_merge(order: Order, command: MergeOrder, context: Context) -> Decision:
    """A repeat goes into its master order."""
    if order.status not in ("raised", "dispatched", "returned"):
        return _not_now(order, "")
    if not command.master:
        return Missing(("repeat_of",))
    if command.master == order.number:
        return Blocked((), message("merge.itself"))
    return _by_line(context) or Done((Merged(command.master, context.now),))


def _by_lead(context: Context) -> Decision | None:
    if context.actor.role in (LEAD, "centre"):
        return None
    return Blocked((), message("order.not_your_step", role=context.actor.role, roles=LEAD))


def _by_line(context: Context) -> Decision | None:
    if context.actor.role in _LINE:
        return None
    return Blocked((), message("order.not_your_step", role=context.actor.role, roles="、".join(_LINE[:3])))


def _with_reason(reason: str) -> Decision | None:
    return None if reason.strip() else Missing(("reason",))


def _not_now(order: Order, clause: str) -> Blocked:
    return Blocked(
        (clause,) if clause else (),
        message(f"order.step_not_now.{order.status}"),
        message(f"order.next_step.{order.status}"),
    )


def _not_in_book(what: str, context: Context) -> Blocked:
    return Blocked((), message(f"life.no_{what}", book=context.rule_book.short_title))
