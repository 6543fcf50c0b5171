"""Writing records into an order and setting its flags, as far as the rule book knows them."""

from __future__ import annotations

import msgspec

from agent_console.domain import order_clocks
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.order_life_facts import Flagged, Recorded
from agent_console.domain.order_rules import FieldRule, FlagRule, RecordRule
from agent_console.domain.orders import Order

OVER = ("archived", "withdrawn", "voided", "merged")
"""States in which an order takes no more records."""


class WriteRecord(msgspec.Struct, frozen=True):
    """Write one record with its fields."""

    record: str
    fields: dict[str, str]


class SetFlag(msgspec.Struct, frozen=True):
    """Set a flag, or take it off; `cause` where the rule book asks for one."""

    flag: str
    on: bool = True
    cause: str = ""


def decide_record(order: Order, command: WriteRecord, context: Context) -> Decision:
    """Whether the record may be written now, by this person, with these fields."""
    rule = context.rule_book.life.records.get(command.record)
    if rule is None:
        book = context.rule_book.short_title
        return Blocked((), message("record.unknown", record=command.record, book=book))
    refused = _not_now(order, rule, context) or _not_yours(order, rule, context) or _fields(rule, command.fields)
    if refused is not None:
        return refused
    return Done((recorded(command.record, command.fields, context), *_flags(order, rule, context)))


def recorded(record: str, fields: dict[str, str], context: Context) -> Recorded:
    """The fact of a record, written by the context's actor now."""
    actor = context.actor
    return Recorded(record, fields, actor.name, actor.role, actor.unit, context.now)


def _flags(order: Order, rule: RecordRule, context: Context) -> tuple[Flagged, ...]:
    return tuple(
        Flagged(flag, on=True, cause="", occurred_at=context.now) for flag in rule.sets if flag not in order.flags
    )


def _not_now(order: Order, rule: RecordRule, context: Context) -> Decision | None:
    states = rule.when or ("raised", "dispatched", "signed", "returned", "completed")
    if order.status not in states:
        return Blocked((rule.clause,), message("record.not_now", record=rule.name))
    if rule.flag and rule.flag not in order.flags:
        flag = _flag_name(rule.flag, context)
        return Blocked((rule.clause,), message("record.needs_flag", record=rule.name, flag=flag))
    if rule.after_due and not _overdue(order, context):
        return Blocked((rule.clause,), message("record.not_overdue", record=rule.name))
    return _not_again(order, rule, context)


def _not_again(order: Order, rule: RecordRule, context: Context) -> Decision | None:
    if rule.most and len(order.recorded(_key(rule, context))) >= rule.most:
        return Blocked((rule.clause,), message("record.no_more", record=rule.name, most=rule.most))
    missing = [need for need in rule.needs if not order.recorded(need)]
    if missing:
        needed = context.rule_book.life.records[missing[0]].name
        return Blocked((rule.clause,), message("record.needs_record", record=rule.name, needed=needed))
    return None


def _key(rule: RecordRule, context: Context) -> str:
    return next(key for key, known in context.rule_book.life.records.items() if known is rule)


def _flag_name(flag: str, context: Context) -> str:
    known = context.rule_book.life.flags.get(flag)
    return known.name if known else flag


def _overdue(order: Order, context: Context) -> bool:
    due = order_clocks.handling(order, context).due
    return order.status in ("dispatched", "signed") and due is not None and context.now > due


def _not_yours(order: Order, rule: RecordRule, context: Context) -> Decision | None:
    actor = context.actor
    if rule.roles and actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles=roles))
    if actor.unit and actor.unit not in (order.lead, *order.supporting):
        return Blocked((rule.clause,), message("order.not_your_order", unit=order.lead))
    return None


def _fields(rule: RecordRule, fields: dict[str, str]) -> Decision | None:
    empty = [known for known in rule.requires if not known.optional and not fields.get(known.field, "").strip()]
    if empty:
        return Missing(tuple(known.field for known in empty), empty[0].clause or rule.clause)
    wrong = [known for known in rule.requires if not _fits(known, fields)]
    if wrong:
        allowed = "、".join(wrong[0].values)
        clause = wrong[0].clause or rule.clause
        return Blocked((clause,), message("record.not_allowed", value=fields[wrong[0].field], allowed=allowed))
    return None


def _fits(known: FieldRule, fields: dict[str, str]) -> bool:
    return not known.values or fields.get(known.field, "") in ("", *known.values)


def decide_flag(order: Order, command: SetFlag, context: Context) -> Decision:
    """Whether the flag exists in the book and may be set by this person."""
    rule = context.rule_book.life.flags.get(command.flag)
    if rule is None:
        book = context.rule_book.short_title
        return Blocked((), message("flag.unknown", flag=command.flag, book=book))
    refused = _flag_refused(order, rule, command, context)
    if refused is not None:
        return refused
    if (command.flag in order.flags) is command.on:
        return Done(())
    return Done((Flagged(command.flag, command.on, command.cause, context.now),))


def _flag_refused(order: Order, rule: FlagRule, command: SetFlag, context: Context) -> Decision | None:
    if order.status in ("new", *OVER):
        return Blocked((rule.clause,), message("record.not_now", record=rule.name))
    if rule.roles and context.actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    if command.on and rule.causes and not command.cause:
        return Missing(("cause",), rule.clause)
    if command.on and rule.causes and command.cause not in rule.causes:
        allowed = "、".join(rule.causes)
        return Blocked((rule.clause,), message("record.not_allowed", value=command.cause, allowed=allowed))
    return None
