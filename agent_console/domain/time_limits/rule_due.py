"""What one limit of a rule book says in one situation: the rule that speaks, and its due time."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from agent_console.domain.instants import Instant, local_date
from agent_console.domain.messages import Message, message
from agent_console.domain.time_limits.counting import Counted, Counter
from agent_console.domain.time_limits.limits import TIERS, LimitRule, LimitTable, Unit
from agent_console.domain.time_limits.situation import Situation, Start, holds
from agent_console.domain.time_limits.working_time import Calendar, CountedDay

ExtensionDecision = Literal["grant", "refuse", "override_required"]
PRESUMED = "推定"
_WITHOUT_AMOUNT = ("same_day", "at_once", "each_working_day")
_STANDSTILL = (
    ("return_filed_at", "reason.return_filed"),
    ("return_refused_at", "reason.return_refused"),
    ("qc_failed_at", "reason.qc_failed"),
)


class Deadline(msgspec.Struct, frozen=True):
    """When something is due, and why.

    due: None where the book gives no due time. amount, unit: what was counted. basis: letter, the reading
    (`A-08`) or 推定. parent: name of the book the rule is inherited from. days: every day the count came by.
    decision: of an extension only.
    """

    limit: str
    start: Instant
    due: Instant | None = None
    immediate: bool = False
    provisional: bool = False
    clause: str = ""
    basis: str = "letter"
    amount: int = 0
    unit: Unit | None = None
    inherited: bool = False
    parent: str = ""
    decision: ExtensionDecision | None = None
    days: tuple[CountedDay, ...] = ()
    reasons: tuple[Message, ...] = ()

    @property
    def day(self) -> date | None:
        """Date of the due time in Asia/Shanghai."""
        return None if self.due is None else local_date(self.due)


class Question(msgspec.Struct, frozen=True):
    """What is asked of a rule book: a limit, in a situation, from a start."""

    table: LimitTable
    limit: str
    situation: Situation
    start: Start
    calendar: Calendar

    @property
    def counter(self) -> Counter:
        """Counts by the calendar and the hours of the book."""
        return Counter(self.calendar, self.table.hours)


class _Answer(msgspec.Struct, frozen=True):
    rule: LimitRule
    amount: int
    unit: Unit | None
    counted: Counted
    base: str = ""


def rule_due(question: Question, *, any_start: bool = False) -> Deadline:
    """Deadline of an ordinary limit; `any_start`: the start is not checked against the rule (a redo)."""
    fitting = [rule for rule in question.table.rules(question.limit) if _applies(rule, question)]
    started = [rule for rule in fitting if any_start or _starts(rule, question.start)]
    if not started:
        return _none(question, fitting)
    answers = [_answer(rule, question) for rule in started]
    return _deadline(question, min(answers, key=_precedence))


def _applies(rule: LimitRule, question: Question) -> bool:
    situation = question.situation
    if rule.amount_from and situation.statutory_limit is None:
        return False
    if rule.due_from and situation.superior_due is None:
        return False
    return holds(rule.when, situation, question.start, question.table)


def _starts(rule: LimitRule, start: Start) -> bool:
    return not start.event or not rule.start or start.event in rule.start


def _answer(rule: LimitRule, question: Question) -> _Answer:
    start, situation = question.start.at, question.situation
    if rule.same_as:
        base = rule_due(msgspec.structs.replace(question, limit=rule.same_as), any_start=True)
        counted = Counted(base.due, base.days, base.provisional)
        return _Answer(rule, base.amount, base.unit, counted, base.clause)
    if rule.due_from:
        return _Answer(rule, 0, None, Counted(situation.superior_due))
    amount, unit = rule.amount, rule.unit or "no_number"
    if rule.amount_from and situation.statutory_limit:
        amount, unit = situation.statutory_limit.n, situation.statutory_limit.unit
    return _Answer(rule, amount, unit, question.counter.forward(amount, unit, start))


def _precedence(answer: _Answer) -> tuple[int, bool, Instant]:
    due = answer.counted.due
    return TIERS.index(answer.rule.tier), due is None, due or 0


def _deadline(question: Question, answer: _Answer) -> Deadline:
    rule, counted = answer.rule, answer.counted
    return Deadline(
        limit=question.limit,
        start=question.start.at,
        due=counted.due,
        immediate=answer.unit == "at_once",
        provisional=counted.provisional,
        clause=rule.clause,
        basis=rule.basis,
        amount=answer.amount,
        unit=answer.unit,
        inherited=rule.inherited,
        parent=question.table.parent_name if rule.inherited else "",
        days=counted.days,
        reasons=(*_why(question, answer), *_marks(question, answer)),
    )


def _why(question: Question, answer: _Answer) -> list[Message]:
    rule, start = answer.rule, question.start
    event = start.event or (rule.start[0] if rule.start else "")
    said = message(
        _sentence_key(answer),
        clause=rule.clause,
        event=event,
        amount=answer.amount,
        unit=answer.unit or "",
        limit=question.limit,
        word=rule.word,
        base=answer.base,
        at=start.at,
    )
    if not rule.start or not start.event or start.event == rule.start[0]:
        return [said]
    return [said, message("reason.stand_in", event=rule.start[0], given=start.event)]


def _sentence_key(answer: _Answer) -> str:
    rule, unit = answer.rule, answer.unit
    if rule.same_as:
        return "reason.anew" if rule.basis == PRESUMED else "reason.unmoved"
    if rule.due_from or rule.amount_from:
        return "reason.superior" if rule.due_from else "reason.law"
    if unit == "each_working_day" and answer.counted.due is None:
        return "reason.day_off"
    if unit == "no_number":
        return "reason.word" if rule.word else "reason.no_number"
    return f"reason.{unit}" if unit in _WITHOUT_AMOUNT else "reason.amount"


def _marks(question: Question, answer: _Answer) -> list[Message]:
    rule = answer.rule
    marks = [message(key) for name, key in _STANDSTILL if getattr(question.situation, name) is not None]
    if rule.basis == PRESUMED:
        marks.append(message("reason.presumed", note=rule.note))
    elif rule.basis != "letter":
        marks.append(message("reason.reading", note=rule.basis))
    if rule.inherited:
        marks.append(message("reason.inherited", parent=question.table.parent_name))
    if answer.counted.provisional:
        marks.append(message("reason.provisional"))
    return marks


def _none(question: Question, fitting: list[LimitRule]) -> Deadline:
    rules = question.table.rules(question.limit)
    clause, inherited = "", False
    if not rules:
        reason = message("reason.no_limit", limit=question.limit)
    elif not fitting:
        # With several rules none of them is the one that was meant.
        clause, inherited = (rules[0].clause, rules[0].inherited) if len(rules) == 1 else ("", False)
        reason = message("reason.no_case", limit=question.limit)
    else:
        rule, given = fitting[0], question.start.event
        clause, inherited = rule.clause, rule.inherited
        reason = message("reason.not_started", event=rule.start[0], given=given, clause=rule.clause)
    return Deadline(
        limit=question.limit,
        start=question.start.at,
        clause=clause,
        inherited=inherited,
        parent=question.table.parent_name if inherited else "",
        reasons=(reason,),
    )
