"""Matters of the refusal list: when the console itself points to an item, and who may take one all the same."""

from __future__ import annotations

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Missing, NeedsOverride
from agent_console.domain.instants import Instant, local
from agent_console.domain.intake.outcomes import Ordered
from agent_console.domain.messages import message
from agent_console.domain.rule_book import Opening, Refusal, RuleBook

_SPELLING = frozenset(" -+()（）转")
_SHORTEST, _LONGEST = 3, 15
"""Digits a telephone number can have: from a service number to the longest the telephone system allows (推定)."""


def is_telephone_number(text: str) -> bool:
    """Whether somebody could be called under it; a withheld one is empty, a word, or nothing but zeros."""
    digits = [character for character in text if character not in _SPELLING]
    plain = all(character.isascii() and character.isdigit() for character in digits)
    return plain and _SHORTEST <= len(digits) <= _LONGEST and set(digits) != {"0"}


def refused_by_number(channel: str, number: str, book: RuleBook) -> Refusal | None:
    """The item of the list that the caller's number alone points to."""
    if is_telephone_number(number):
        return None
    return next((item for item in book.refusals if channel in item.hidden_on), None)


def order_refused(outcome: Ordered, chosen: str, by_number: Refusal | None, context: Context) -> Decision | None:
    """Why an order cannot be made of a matter that is on the list; an exception names its item and has a reason."""
    book = context.rule_book
    if outcome.admits:
        return _exception_refused(outcome, context)
    item = book.refusal_for(chosen) or by_number
    if item is None or item.emergency or _followed_up(item, chosen):
        return None
    why = message("matter.is_refused", clause=item.clause, title=item.title)
    if book.refusing.admits is None:
        return Blocked((item.clause,), why)
    return NeedsOverride(book.refusing.admits.roles[0], item.clause, why)


def _followed_up(item: Refusal, chosen: str) -> bool:
    return item.follow_up and (not item.follow_up_classes or chosen in item.follow_up_classes)


def is_closed(channel: str, at: Instant, context: Context) -> Opening | None:
    """The hours of the channel where that moment lies outside them."""
    opening = context.rule_book.opening(channel)
    if opening is None:
        return None
    moment = local(at)
    inside = any(session.opens <= moment.time() < session.closes for session in opening.sessions)
    return None if inside and context.calendar.is_working(moment.date()) else opening


def _exception_refused(outcome: Ordered, context: Context) -> Decision | None:
    book = context.rule_book
    rule, item = book.refusing.admits, book.refusal(outcome.admits)
    if item is None:
        return Blocked((), message("matter.no_such_refusal", clause=outcome.admits, book=book.short_title))
    if rule is None:
        return Blocked((item.clause,), message("matter.no_exception", book=book.short_title))
    if context.actor.role not in rule.roles:
        return NeedsOverride(rule.roles[0], rule.clause, message("matter.exception_by", title=item.title))
    return None if outcome.reason.strip() else Missing(("admit_reason",), rule.clause)


def unknown_kind(kind: str, book: RuleBook) -> Blocked:
    """What is said of a kind the book does not know, and which it knows."""
    known = message("order.known_kinds", known="、".join(one.id for one in book.kinds))
    wrong = message("order.unknown_kind", kind=kind, book=book.short_title)
    return Blocked((book.kinds[0].clause,), wrong, known)
