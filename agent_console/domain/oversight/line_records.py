"""Writing something down at the line that belongs to no single order: a head's duty, a letter to all."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message
from agent_console.domain.work_order.order_records import fields_refused, filled_in
from agent_console.domain.work_order.orders import Order


@fact("line.recorded", personal=("fields",))
class LineRecorded(msgspec.Struct, frozen=True):
    """Something was written down: which kind of record, about which unit, by whom in which role, and its fields."""

    record: str
    unit: str
    fields: dict[str, str]
    by: str
    role: str
    occurred_at: Instant


class LineEntry(msgspec.Struct, frozen=True):
    """One entry; empty until it is written, never changed afterwards."""

    written: LineRecorded | None = None


class WriteAtLine(msgspec.Struct, frozen=True):
    """Write one record with its fields."""

    record: str
    fields: dict[str, str]


def evolve_entry(entry: LineEntry, happened: msgspec.Struct | None) -> LineEntry:
    """The entry after a fact."""
    return LineEntry(happened) if isinstance(happened, LineRecorded) else entry


def decide_entry(_entry: LineEntry, command: WriteAtLine, context: Context) -> Decision:
    """Whether the book knows the record, and it may be written by this person with these fields."""
    rule = context.rule_book.lists.records.get(command.record)
    actor = context.actor
    if rule is None:
        book = context.rule_book.short_title
        return Blocked((), message("record.unknown", record=command.record, book=book))
    if rule.roles and actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles=roles))
    fields = filled_in(rule.requires, command.fields)
    refused = fields_refused(rule.clause, rule.requires, fields, Order())
    if refused is not None:
        return refused
    if actor.unit and fields.get("unit", actor.unit) != actor.unit:
        return Blocked((rule.clause,), message("order.not_your_order", unit=fields["unit"]))
    written = LineRecorded(command.record, fields.get("unit", ""), fields, actor.name, actor.role, context.now)
    return Done((written,))
