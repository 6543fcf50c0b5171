"""The clocks of an order: each limit that runs on it, from its own start (C13).

Nothing here is stored: due times follow from the facts, the rule book and the calendar.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.instants import Instant
from agent_console.domain.messages import Message
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.counting import MOST
from agent_console.domain.time_limits.deadlines import Deadline, ExtensionRequest, Situation, Start, due
from agent_console.domain.time_limits.extensions import extended, extension_unit
from agent_console.domain.time_limits.limits import TIERS
from agent_console.domain.time_limits.rule_due import Question
from agent_console.domain.time_limits.situation import STATUTORY_UNITS, StatutoryLimit
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import Order, OrderDetails


class ExtensionVerdict(msgspec.Struct, frozen=True):
    """What the rule book says to an extension: the days it gives, the new due time, why; `reason` is what decided."""

    decision: Literal["grant", "refuse", "override_required"]
    days: int
    due: Instant | None
    clause: str
    reasons: tuple[Message, ...]

    @property
    def reason(self) -> Message:
        """The one sentence that tells what the verdict rests on."""
        deciding = (told for told in self.reasons if told.fields.get("clause") == self.clause)
        return next(deciding, self.reasons[-1])


def situation_of(details: OrderDetails, rule_book: RuleBook) -> Situation:
    """Facts of the form as the limits ask for them."""
    units = len({details.lead, *details.supporting} - {""})
    return Situation(
        kind=details.kind or None,
        urgent=details.urgency == "urgent",
        simple=details.simple,
        listed_service_item=details.listed,
        complexity=details.complexity or None,
        channel=rule_book.limit_channel(details.channel),
        form=details.form or None,
        departments=units or None,
        joint=bool(details.supporting),
        unclear=details.unclear,
        statutory_limit=_statutory(details),
        superior_due=details.superior_due or None,
    )


def _statutory(details: OrderDetails) -> StatutoryLimit | None:
    """The limit of a law counts once number, unit and source are all told."""
    unit = next((unit for unit in STATUTORY_UNITS if unit == details.statutory_unit), None)
    if not details.statutory_amount or unit is None or not details.statutory_source:
        return None
    return StatutoryLimit(details.statutory_amount, unit, details.statutory_source)


def foreseen(details: OrderDetails, rule_book: RuleBook, calendar: Calendar, now: Instant) -> Deadline:
    """Handling limit of a form that is being filled, as if the unit took it now; provisional by nature."""
    situation = situation_of(details, rule_book)
    deadlines = (
        due(rule_book.limits, "handle", situation, Start(event, now), calendar) for event in _handle_starts(details)
    )
    found = [deadline for deadline in deadlines if deadline.due is not None]
    return found[0] if found else due(rule_book.limits, "handle", situation, Start("signed", now), calendar)


def _handle_starts(details: OrderDetails) -> tuple[str, ...]:
    if details.supporting:
        return ("lead_designated", "signed", "unit_received", "accepted")
    if details.form == "written":
        return ("written_complaint_received", "unit_received")
    return ("signed", "unit_received", "accepted")


def handling(order: Order, context: Context) -> Deadline:
    """Handling limit of an order, granted extensions included.

    Before signing it is shown as if signed on arrival (A-03); before dispatch as if dispatched now.
    """
    start = order.signed_at or order.received_at or context.now
    situation = situation_of(_with_units(order), context.rule_book)
    deadline = _redo_due(order, situation, context) or _first_due(order, situation, context, start)
    if not order.due:
        return deadline
    return msgspec.structs.replace(deadline, due=order.due)


def _redo_due(order: Order, situation: Situation, context: Context) -> Deadline | None:
    if not order.redo_at or order.redo_keeps_clock:
        return None
    start = Start("redo_dispatched", order.redo_at)
    anew = due(context.rule_book.limits, "redo", situation, start, context.calendar)
    return anew if anew.due is not None else None


def _with_units(order: Order) -> OrderDetails:
    if not order.lead:
        return order.details
    return msgspec.structs.replace(order.details, lead=order.lead, supporting=order.supporting)


def _first_due(order: Order, situation: Situation, context: Context, signed: Instant) -> Deadline:
    received = order.received_at or context.now
    starts = {
        "signed": signed,
        "lead_designated": received,
        "unit_received": received,
        "written_complaint_received": order.details.received_at or received,
        "accepted": order.details.received_at or order.raised_at or received,
    }
    starts |= _recorded_starts(order, context)
    table, calendar = context.rule_book.limits, context.calendar
    answers = {
        event: due(table, "handle", situation, Start(event, starts[event]), calendar)
        for event in _handle_starts(_with_units(order))
    }
    found = {event: answer for event, answer in answers.items() if answer.due is not None}
    rank = _letters(context)
    by_letter = [(rank[key], answer) for event, answer in found.items() if (key := (answer.clause, event)) in rank]
    if by_letter:
        return min(by_letter, key=lambda ranked: ranked[0])[1]
    return next(iter((*found.values(), *answers.values())))


def _letters(context: Context) -> dict[tuple[str, str], int]:
    """Clauses of handling limits with the event of the letter, and which goes first; other events only stand in."""
    rules = context.rule_book.limits.rules("handle")
    started = sorted((rule for rule in rules if rule.start), key=lambda rule: -TIERS.index(rule.tier))
    return {(rule.clause, rule.start[0]): TIERS.index(rule.tier) for rule in started}


def _recorded_starts(order: Order, context: Context) -> dict[str, Instant]:
    """Starts that are records: when they were written."""
    rules = context.rule_book.life.records.items()
    written = {rule.starts: order.recorded(name) for name, rule in rules if rule.starts}
    return {event: entries[-1].occurred_at for event, entries in written.items() if entries}


def recalculated(order: Order, context: Context) -> dict[str, Deadline]:
    """The clocks that run on the order by the calendar of the context, the end of an extended limit counted anew.

    Other clocks follow the calendar by themselves; the end of an extension is what was announced, until this.
    """
    if not order.due:
        return running(order, context)
    moved = extended(_asked(order, ExtensionRequest(), context))
    return running(msgspec.structs.replace(order, due=moved.due or order.due), context)


def is_recalculated(order: Order, change: Recalculated) -> bool:
    """Whether the order says already what a change would: each seat with the new table comes to the same.

    A change to a table that was replaced meanwhile counts no more either.
    """
    return any(
        (one.limit, one.calendar) == (change.limit, change.calendar) or one.replaced == change.calendar
        for one in order.recalculations
    )


def lateness(order: Order, context: Context) -> dict[str, str]:
    """`overdue` as a fact of the order: it runs beyond its limit, or was finished beyond it."""
    ended = order.completed_at or (context.now if order.status in ("dispatched", "signed") else 0)
    limit = handling(order, context) if ended else None
    is_late = limit is not None and limit.due is not None and not limit.immediate and ended > limit.due
    return {"overdue": "true"} if is_late else {}


def days_until(order: Order, text: str, context: Context) -> int:
    """Working days from the present end of handling to that day; 0 where it is no working day after it."""
    ends = handling(order, context).day
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return 0
    if ends is None or day <= ends or (day - ends).days > MOST or not context.calendar.is_working(day):
        return 0
    return sum(context.calendar.is_working(ends + timedelta(days=ahead)) for ahead in range(1, (day - ends).days + 1))


def return_window(order: Order, context: Context) -> Deadline | None:
    """Until when the unit may send the order back; None before it has arrived."""
    if not order.received_at:
        return None
    situation = situation_of(_with_units(order), context.rule_book)
    return due(
        context.rule_book.limits, "return", situation, Start("unit_received", order.received_at), context.calendar
    )


def dispatching(order: Order, context: Context) -> Deadline:
    """Until when the platform itself has to hand the order on."""
    start = order.details.received_at or order.raised_at
    return due(
        context.rule_book.limits,
        "dispatch",
        situation_of(order.details, context.rule_book),
        Start("accepted", start),
        context.calendar,
    )


def signing(order: Order, context: Context) -> Deadline | None:
    """Until when the unit has to sign; None before it has arrived."""
    if not order.received_at:
        return None
    start = Start("unit_received", order.received_at)
    return due(
        context.rule_book.limits, "sign", situation_of(order.details, context.rule_book), start, context.calendar
    )


def running(order: Order, context: Context, *, windows: bool = True) -> dict[str, Deadline]:
    """The clocks that run on the order now, by limit; those without a due time are left out.

    windows: also those whose end only closes a door, which take most of the time.
    """
    clocks: dict[str, Deadline | None] = {}
    if order.status in ("raised", "returned"):
        clocks["dispatch"] = dispatching(order, context)
    if order.status == "returned" and context.rule_book.life.first_unit is not None:
        clocks["handle"] = handling(order, context)
    if order.status == "dispatched":
        clocks["sign"] = signing(order, context)
    if order.status in ("dispatched", "signed"):
        step = context.rule_book.steps["return"]
        if windows and (order.status == "dispatched" or not step.only_before_signing):
            clocks["return"] = return_window(order, context)
        clocks["handle"] = handling(order, context)
        if not _met(order, "contact", context):
            clocks["contact"] = _contact(order, context)
        if windows:
            clocks["extension_apply_by"] = _apply_by(order, context)
    return {name: clock for name, clock in clocks.items() if clock is not None and clock.due is not None}


def _met(order: Order, limit: str, context: Context) -> bool:
    """Whether a record that fulfils the limit stands since the unit has the order, or since the redo."""
    records = context.rule_book.life.records
    since = max(order.received_at, order.redo_at)
    return any(
        entry.occurred_at >= since and entry.record in records and records[entry.record].meets == limit
        for entry in order.records
    )


def _contact(order: Order, context: Context) -> Deadline:
    situation = situation_of(_with_units(order), context.rule_book)
    starts = {"signed": order.signed_at or order.received_at, "unit_received": order.received_at}
    answers = [
        due(context.rule_book.limits, "contact", situation, Start(event, at), context.calendar)
        for event, at in starts.items()
    ]
    return next((answer for answer in answers if answer.due is not None), answers[0])


def _apply_by(order: Order, context: Context) -> Deadline:
    question = _asked(order, ExtensionRequest(), context)
    return due(question.table, "extension_apply_by", question.situation, question.start, question.calendar)


def _asked(order: Order, request: ExtensionRequest, context: Context) -> Question:
    """An application for more time, as the limits understand it; a redo is extended from its own start."""
    situation = situation_of(_with_units(order), context.rule_book)
    start = order.signed_at or order.received_at or context.now
    original = _redo_due(order, situation, context) or _first_due(order, situation, context, start)
    granted = msgspec.structs.replace(request, prior_extensions=order.extensions, prior_days=order.extended_days)
    asked = msgspec.structs.replace(situation, extension=granted)
    return Question(context.rule_book.limits, "extension_new_due", asked, Start("", original.start), context.calendar)


def extension(order: Order, days: int, context: Context, *, override: bool = False) -> ExtensionVerdict:
    """What the rule book says to `days` more working days, applied for at the context's now.

    Whoever has to consent does so by deciding the step; `override` goes beyond the ordinary length (A-25).
    """
    table = context.rule_book.limits
    request = ExtensionRequest(
        requested_days=days or None,
        applied_at=context.now,
        consents=frozenset(rule.consent.flag for rule in table.extensions if rule.consent),
    )
    question = _asked(order, request, context)
    answer = due(table, question.limit, question.situation, question.start, question.calendar)
    if answer.decision == "override_required" and override and answer.due is not None:
        later = question.counter.forward(days, extension_unit(question), answer.due)
        return ExtensionVerdict("grant", days, later.due, answer.clause, answer.reasons)
    return ExtensionVerdict(
        answer.decision or "refuse", days or answer.amount, answer.due, answer.clause, answer.reasons
    )
