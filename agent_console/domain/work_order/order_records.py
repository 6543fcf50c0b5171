"""Writing records into an order and setting its flags, as far as the rule book knows them."""

from __future__ import annotations

from datetime import date

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.work_order import duties, order_clocks
from agent_console.domain.work_order.order_life_facts import Flagged, Recorded
from agent_console.domain.work_order.order_rules import FieldRule, FlagRule, RecordRule
from agent_console.domain.work_order.orders import Order

OVER = ("archived", "withdrawn", "voided", "merged")
"""States in which an order takes no more records."""

_YES, _NO = "yes", "no"


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
        how = message("record.see_all")
        return Blocked((), message("record.unknown", record=command.record, book=book), how)
    known = tuple(field for field in rule.requires if duties.holds(field.only, order, {}))
    fields = filled_in(known, command.fields)
    refused = _not_now(order, rule, context) or _not_yours(order, rule, context)
    refused = refused or fields_refused(rule.clause, known, fields, order)
    if refused is not None:
        return refused
    follow = tuple(
        recorded(opened, {"reason": fields[field]}, order, context)
        for field, opened in rule.opens.items()
        if fields.get(field, "").strip()
    )
    written = recorded(command.record, fields, order, context)
    return Done((written, *follow, *_flags(order, rule, fields, context)))


def filled_in(known: tuple[FieldRule, ...], told: dict[str, str]) -> dict[str, str]:
    """What was told, defaults where nothing was, and what follows from it."""
    filled = {field: text for field, text in told.items() if text.strip()}
    fields = {**{rule.field: rule.default for rule in known if rule.default}, **filled}
    derived = {rule.field: all(fields.get(part) == _YES for part in rule.all_of) for rule in known if rule.all_of}
    return {**fields, **{field: _YES if holding else _NO for field, holding in derived.items()}}


def recorded(record: str, fields: dict[str, str], order: Order, context: Context) -> Recorded:
    """The fact of a record, written by the context's actor now, about the unit that has the order."""
    actor = context.actor
    return Recorded(record, fields, actor.name, actor.role, actor.unit, context.now, about=order.lead)


def _flags(order: Order, rule: RecordRule, fields: dict[str, str], context: Context) -> tuple[Flagged, ...]:
    ticked = {flag: field for field, flag in rule.sets_if.items() if fields.get(field, "").strip()}
    wanted = {**dict.fromkeys(rule.sets, ""), **ticked}
    return tuple(
        Flagged(flag, on=True, cause=cause, occurred_at=context.now)
        for flag, cause in wanted.items()
        if flag not in order.flags
    )


def _not_now(order: Order, rule: RecordRule, context: Context) -> Decision | None:
    states = rule.when or ("raised", "dispatched", "signed", "returned", "completed")
    if order.status not in states:
        return Blocked((rule.clause,), message("record.not_now", record=rule.name))
    if rule.flag and rule.flag not in order.flags:
        flag = _flag_name(rule.flag, context)
        return Blocked((rule.clause,), message("record.needs_flag", record=rule.name, flag=flag))
    if not duties.holds(rule.only, order, {}):
        return Blocked((rule.clause,), message("record.not_this_order", record=rule.name))
    if rule.after_due and not order_clocks.lateness(order, context):
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


def _not_yours(order: Order, rule: RecordRule, context: Context) -> Decision | None:
    actor = context.actor
    if rule.roles and actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles=roles))
    if actor.unit and actor.unit not in (*order.handlers, *order.supporting):
        return Blocked((rule.clause,), message("order.not_your_order", unit=order.lead))
    return None


def fields_refused(clause: str, asked: tuple[FieldRule, ...], fields: dict[str, str], order: Order) -> Decision | None:
    """What is missing or not allowed of the fields of a record; `clause` where a field names none of its own."""
    empty = [known for known in asked if _is_owed(known, fields) and not fields.get(known.field, "").strip()]
    if empty:
        return Missing(tuple(known.field for known in empty), empty[0].clause or clause)
    wrong = [known for known in asked if not _fits(known, fields, order)]
    if wrong:
        allowed = "、".join(_values(wrong[0], order)) or "2026-01-31"
        cited = wrong[0].clause or clause
        return Blocked((cited,), message("record.not_allowed", value=fields[wrong[0].field], allowed=allowed))
    return None


def _is_owed(known: FieldRule, fields: dict[str, str]) -> bool:
    asked = all(fields.get(field) == value for field, value in known.where.items())
    return asked and not known.optional and not any(fields.get(field) == value for field, value in known.unless.items())


def _fits(known: FieldRule, fields: dict[str, str], order: Order) -> bool:
    value = fields.get(known.field, "")
    if value and known.form == "date":
        return _is_day(value)
    return not known.values or value in ("", *_values(known, order))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _values(known: FieldRule, order: Order) -> tuple[str, ...]:
    more = (value for flag, values in known.with_flag.items() if flag in order.flags for value in values)
    return (*known.values, *more)


def decide_flag(order: Order, command: SetFlag, context: Context) -> Decision:
    """Whether the flag exists in the book and may be set by this person."""
    rule = context.rule_book.life.flags.get(command.flag)
    if rule is None:
        book = context.rule_book.short_title
        flags = context.rule_book.life.flags
        known = "、".join(f"{id_}（{one.name}）" for id_, one in flags.items())
        how = message("order.known_kinds", known=known) if flags else None
        return Blocked((), message("flag.unknown", flag=command.flag, book=book), how)
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
