"""What people add to a report: items that nobody counts, and sending it to the tier above."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message

Key = tuple[str, ...]


@fact("report.filled", personal=("value",))
class ReportFilled(msgspec.Struct, frozen=True):
    """An item of one line of a report was written by hand; the last word counts."""

    line: Key
    item: str
    value: str
    by: str
    occurred_at: Instant


@fact("report.submitted")
class ReportSubmitted(msgspec.Struct, frozen=True):
    """A unit sent its report to the tier above; digest: of the figures as they stood."""

    unit: str
    digest: str
    by: str
    occurred_at: Instant


class Added(msgspec.Struct, frozen=True):
    """What was added to one report of one period."""

    filled: dict[tuple[Key, str], str] = {}
    submitted: tuple[ReportSubmitted, ...] = ()


class FillItem(msgspec.Struct, frozen=True):
    """Write an item of one line of the report `report`."""

    report: str
    line: Key
    item: str
    value: str


class SubmitReport(msgspec.Struct, frozen=True):
    """Send the report to the tier above."""

    report: str
    digest: str


def decide_filling(_added: Added, command: FillItem, context: Context) -> Decision:
    """Only items the book leaves to be written, by whom it names."""
    rule = context.rule_book.reports.reports[command.report]
    actor = context.actor
    if command.item not in rule.filled_in:
        allowed = "、".join(rule.filled_in)
        return Blocked((rule.clause,), message("report.no_item", item=command.item, allowed=allowed))
    if actor.role not in rule.fill_roles:
        roles = "、".join(rule.fill_roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles=roles))
    if not command.value.strip():
        return Missing((command.item,), rule.clause)
    return Done((ReportFilled(command.line, command.item, command.value.strip(), actor.name, context.now),))


def decide_submission(added: Added, command: SubmitReport, context: Context) -> Decision:
    """Once for every period, by a unit of the tier that owes it."""
    rule = context.rule_book.reports.reports[command.report].submission
    actor = context.actor
    if rule is None:
        return Blocked((), message("report.not_submitted", report=command.report))
    if actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles=roles))
    if rule.tiers and context.directory.tier_of(actor.unit) not in rule.tiers:
        return Blocked((rule.clause,), message("report.not_your_tier", unit=actor.unit))
    if any(sent.unit == actor.unit for sent in added.submitted):
        return Blocked((rule.clause,), message("report.sent_already", unit=actor.unit))
    return Done((ReportSubmitted(actor.unit, command.digest, actor.name, context.now),))


def evolve_added(added: Added, happened: msgspec.Struct | None) -> Added:
    """State after a fact."""
    match happened:
        case ReportFilled(line, item, value):
            return msgspec.structs.replace(added, filled={**added.filled, (line, item): value})
        case ReportSubmitted():
            return msgspec.structs.replace(added, submitted=(*added.submitted, happened))
        case _:
            return added
