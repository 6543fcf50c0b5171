"""Which entries their owner should look at again: stale ones, ones that end soon, policies that came in late."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.instants import Instant, at, local_date
from agent_console.domain.time_limits.deadlines import Situation, Start, due
from agent_console.domain.upkeep.article_rules import KnowledgeRules

Reason = Literal["stale", "expiring", "late"]
_POLICY = "policy_published"


class Kept(msgspec.Struct, frozen=True):
    """What is asked of an entry: owner, last update, end, publication of its policy, when it was first handed in."""

    article: str
    title: str
    owner: str
    updated_on: date | None = None
    valid_until: date | None = None
    published_on: date | None = None
    handed_in_at: Instant = 0
    version: int = 1


class Owed(msgspec.Struct, frozen=True):
    """An entry its owner should look at, why, since or until when, and the clause."""

    kept: Kept
    reason: Reason
    day: date
    clause: str


def owed(entries: list[Kept], context: Context) -> list[Owed]:
    """Everything that is owed now, by owner and then the oldest first."""
    rules, today = context.rule_book.knowledge, local_date(context.now)
    found = [one for kept in entries for one in (*_upkeep(kept, rules, today), *_late(kept, context))]
    return sorted(found, key=lambda one: (one.kept.owner, one.day, one.kept.article))


def _upkeep(kept: Kept, rules: KnowledgeRules, today: date) -> list[Owed]:
    rule = rules.upkeep
    if rule is None:
        return []
    found = []
    if kept.updated_on is not None and (today - kept.updated_on).days > rule.stale_after:
        found.append(Owed(kept, "stale", kept.updated_on, rule.clause))
    if kept.valid_until is not None and kept.valid_until - today <= timedelta(days=rule.expiring_within):
        found.append(Owed(kept, "expiring", kept.valid_until, rule.clause))
    return found


def _late(kept: Kept, context: Context) -> list[Owed]:
    rule = context.rule_book.knowledge.importing
    if rule is None or kept.published_on is None or not kept.handed_in_at:
        return []
    start = Start(_POLICY, at(kept.published_on, time()))
    until = due(context.rule_book.limits, rule.limit, Situation(), start, context.calendar)
    if until.due is None or kept.handed_in_at <= until.due:
        return []
    return [Owed(kept, "late", local_date(until.due), rule.clause)]
