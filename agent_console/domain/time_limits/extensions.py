"""Extending the handling limit: until when one may apply, whether it is granted, and the due time after it.

Only a granted extension moves a due date (C14); it runs on from the original due date (C10).
"""

from __future__ import annotations

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.messages import Message, message
from agent_console.domain.time_limits.counting import Counted
from agent_console.domain.time_limits.limits import ApplyBy, ExtensionRule, Unit
from agent_console.domain.time_limits.rule_due import Deadline, ExtensionDecision, Question, rule_due
from agent_console.domain.time_limits.situation import ExtensionRequest, holds, unknown
from agent_console.domain.time_limits.working_time import just_after, session_end

_SHORT = ("half_working_day", "clock_hour", "working_minute")
_HOURS_OF_A_DAY = 24


class _Finding(msgspec.Struct, frozen=True):
    clause: str
    reason: Message
    decision: ExtensionDecision = "refuse"


class _Case(msgspec.Struct, frozen=True):
    question: Question
    rule: ExtensionRule
    original: Deadline
    current: Deadline
    request: ExtensionRequest


def apply_by(question: Question) -> Deadline:
    """Latest moment to apply for an extension; no due time where none can be had."""
    original = rule_due(msgspec.structs.replace(question, limit="handle"))
    rule = _rule(question)
    if original.due is None:
        return _of(question, original, reasons=original.reasons)
    if rule is None or rule.apply_by is None:
        clause = rule.clause if rule else ""
        return _no_date(question, clause, message("reason.no_extension", clause=clause))
    if rule.ground and not _ground_open(question, rule):
        return _no_date(question, rule.ground.clause, _ground_missing(rule))
    request = question.situation.extension or ExtensionRequest()
    if rule.times and request.prior_extensions >= rule.times:
        return _no_date(question, rule.clause, message("reason.times", clause=rule.clause, times=rule.times))
    case = _case(question, rule, original, request)
    limit = _latest(case, rule.apply_by)
    end = message("reason.handling_ends", day=str(case.current.day))
    reasons = [end, _apply_reason(rule.apply_by), *_tolerance(case, rule.apply_by, limit)]
    provisional = case.current.provisional or limit.provisional
    return msgspec.structs.replace(
        _of(question, case.current, reasons=(*case.current.reasons, *reasons)),
        due=limit.due,
        clause=rule.apply_by.clause,
        basis=rule.apply_by.basis,
        provisional=provisional,
        days=(),
        inherited=rule.inherited,
        parent=question.table.parent_name if rule.inherited else "",
    )


def decide_extension(question: Question) -> Deadline:
    """Decision on the application in the situation, and the due time of handling after it."""
    original = rule_due(msgspec.structs.replace(question, limit="handle"))
    request = question.situation.extension
    if request is None:
        none_asked = message("reason.not_applied")
        return _of(question, original, reasons=(*original.reasons, none_asked))
    rule = _rule(question)
    if rule is None or not rule.allowed or original.due is None:
        clause = rule.clause if rule else ""
        refused = message("reason.no_extension", clause=clause)
        answer = _of(question, original, reasons=(*original.reasons, refused))
        return msgspec.structs.replace(answer, decision="refuse", clause=clause or original.clause)
    case = _case(question, rule, original, request)
    findings = _findings(case)
    return _settled(case, findings) if findings else _granted(case)


def _rule(question: Question) -> ExtensionRule | None:
    fitting = (
        rule
        for rule in question.table.extensions
        if holds(rule.when, question.situation, question.start, question.table)
    )
    return next(fitting, None)


def _of(question: Question, deadline: Deadline, reasons: tuple[Message, ...]) -> Deadline:
    return msgspec.structs.replace(deadline, limit=question.limit, immediate=False, reasons=reasons)


def _no_date(question: Question, clause: str, reason: Message) -> Deadline:
    return Deadline(limit=question.limit, start=question.start.at, clause=clause, reasons=(reason,))


def _case(question: Question, rule: ExtensionRule, original: Deadline, request: ExtensionRequest) -> _Case:
    prior = _prior_days(rule, original, request)
    current = _moved(question, original, prior) if prior else original
    return _Case(question, rule, original, current, request)


def extended(question: Question) -> Deadline:
    """The handling limit with the extensions granted before, as `prior_days` of the request says; C10."""
    original = rule_due(msgspec.structs.replace(question, limit="handle"))
    rule, request = _rule(question), question.situation.extension
    return original if rule is None or request is None else _case(question, rule, original, request).current


def extension_unit(question: Question) -> Unit:
    """What more time is counted in."""
    rule = _rule(question)
    original = rule_due(msgspec.structs.replace(question, limit="handle"))
    return _extension_unit(rule, original) if rule else "working_day"


def _prior_days(rule: ExtensionRule, original: Deadline, request: ExtensionRequest) -> int:
    if request.prior_days or rule.length != "exactly_original":
        return request.prior_days
    return request.prior_extensions * _length_of(rule, original)[0]


def _length_of(rule: ExtensionRule, original: Deadline) -> tuple[int, Unit]:
    """Length of the original limit, and what an extension of it is counted in; 0 where it has no number.

    The same length again is counted in the unit of the limit; where one may choose up to it, in whole days.
    """
    unit, amount = original.unit, original.amount
    if unit in ("working_day", "natural_day"):
        return amount, unit
    if unit in _SHORT and rule.length == "exactly_original":
        return amount, unit
    if unit == "half_working_day":
        return amount // 2, "working_day"
    if unit == "clock_hour":
        return amount // _HOURS_OF_A_DAY, "natural_day"
    return 0, "working_day"


def _extension_unit(rule: ExtensionRule, original: Deadline) -> Unit:
    return rule.unit if rule.length == "as_applied" else _length_of(rule, original)[1]


def _moved(question: Question, original: Deadline, days: int) -> Deadline:
    rule = _rule(question)
    if original.due is None or rule is None:
        return original
    more = question.counter.forward(days, _extension_unit(rule, original), original.due)
    return msgspec.structs.replace(
        original,
        due=more.due,
        days=(*original.days, *more.days),
        provisional=original.provisional or more.provisional,
    )


def _ground_open(question: Question, rule: ExtensionRule) -> bool:
    if rule.ground is None:
        return True
    facts = question.situation, question.start, question.table
    return holds(rule.ground.when, *facts) or unknown(rule.ground.when, *facts)


def _ground_missing(rule: ExtensionRule) -> Message:
    label, clause = (rule.ground.label, rule.ground.clause) if rule.ground else ("", rule.clause)
    return message("reason.no_ground", clause=clause, ground=label)


def _latest(case: _Case, limit: ApplyBy) -> Counted:
    return case.question.counter.back(limit.amount, limit.unit, case.current.due or case.original.start)


def _tolerated(case: _Case, limit: ApplyBy) -> Instant:
    latest = _latest(case, limit).due or case.original.start
    return session_end(case.question.table.hours, latest) if limit.tolerated == "session_end" else latest


def _apply_reason(limit: ApplyBy) -> Message:
    if limit.amount == 0:
        return message("reason.apply_any_time", clause=limit.clause)
    return message("reason.apply_before", clause=limit.clause, amount=limit.amount, unit=limit.unit)


def _tolerance(case: _Case, limit: ApplyBy, latest: Counted) -> list[Message]:
    tolerated = _tolerated(case, limit)
    return [] if tolerated == latest.due else [message("reason.tolerated", at=tolerated)]


def _findings(case: _Case) -> list[_Finding]:
    found = (_ground(case), _times(case), _late(case), _consent(case), _length(case))
    against = [finding for finding in found if finding]
    return sorted(against, key=lambda finding: finding.decision != "refuse")


def _ground(case: _Case) -> _Finding | None:
    rule, question = case.rule, case.question
    if not rule.ground or holds(rule.ground.when, question.situation, question.start, question.table):
        return None
    return _Finding(rule.ground.clause, _ground_missing(rule))


def _times(case: _Case) -> _Finding | None:
    rule, times = case.rule, case.rule.times
    before = max(case.request.prior_extensions, case.request.prior_days > 0)
    if not times or before < times:
        return None
    return _Finding(rule.clause, message("reason.times", clause=rule.clause, times=times))


def _late(case: _Case) -> _Finding | None:
    limit, applied = case.rule.apply_by, case.request.applied_at
    if limit is None or applied is None or applied < just_after(_tolerated(case, limit)):
        return None
    latest = _latest(case, limit).due or case.original.start
    return _Finding(limit.clause, message("reason.late", clause=limit.clause, at=latest, applied=applied))


def _consent(case: _Case) -> _Finding | None:
    consent = case.rule.consent
    if consent is None or consent.flag in case.request.consents:
        return None
    return _Finding(consent.clause, message("reason.no_consent", clause=consent.clause, who=consent.label))


def _length(case: _Case) -> _Finding | None:
    rule, request = case.rule, case.request
    clause = rule.length_clause or rule.clause
    most = _length_of(rule, case.original)[0]
    asked = request.requested_days
    if rule.length == "exactly_original":
        if most and asked in (None, most):
            return None
        return _Finding(clause, message("reason.exactly", clause=clause, days=most, asked=asked or 0))
    if asked is None:
        return _Finding(clause, message("reason.no_length", clause=clause))
    total = asked + request.prior_days
    if rule.length == "at_most_original" and total > most:
        return _Finding(clause, message("reason.too_long", clause=clause, days=most, total=total))
    if rule.cap is not None and total > rule.cap:
        key = "reason.override" if rule.over_cap == "override_required" else "reason.too_long"
        return _Finding(clause, message(key, clause=clause, days=rule.cap, total=total), rule.over_cap)
    return None


def _settled(case: _Case, findings: list[_Finding]) -> Deadline:
    told = tuple(finding.reason for finding in findings)
    unmoved = message("reason.due_stays")
    answer = _of(case.question, case.current, reasons=(*case.current.reasons, *told, unmoved))
    return _with_rule(case, answer, findings[0].clause, findings[0].decision)


def _granted(case: _Case) -> Deadline:
    days = _length_of(case.rule, case.original)[0] if case.rule.length == "exactly_original" else 0
    more = days or case.request.requested_days or 0
    prior = _prior_days(case.rule, case.original, case.request)
    moved = _moved(case.question, case.original, prior + more)
    within_cap = case.rule.cap is not None and prior + more < case.rule.cap
    clause = case.rule.clause if within_cap else case.rule.length_clause or case.rule.clause
    told = _said(clause, more, case)
    provisional = (message("reason.provisional"),) if moved.provisional > case.original.provisional else ()
    answer = _of(case.question, moved, reasons=(*moved.reasons, told, *provisional))
    return _with_rule(case, answer, clause, "grant")


def _said(clause: str, more: int, case: _Case) -> Message:
    unit, day = _extension_unit(case.rule, case.original), str(case.original.day)
    if unit in _SHORT:
        return message("reason.granted_again", clause=clause, amount=more, unit=unit, day=day)
    return message("reason.granted", clause=clause, days=more, day=day)


def _with_rule(case: _Case, answer: Deadline, clause: str, decision: ExtensionDecision) -> Deadline:
    inherited = case.rule.inherited
    parent = case.question.table.parent_name if inherited else ""
    marks = (message("reason.inherited", parent=parent),) if inherited > case.original.inherited else ()
    return msgspec.structs.replace(
        answer,
        clause=clause,
        decision=decision,
        inherited=inherited,
        parent=parent,
        basis=case.rule.basis,
        reasons=(*answer.reasons, *marks),
    )
