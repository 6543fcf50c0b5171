"""The steps of an order as forms: which fields the rule book asks for, and the command that filled fields make.

A form is a tuple of plain descriptions; `desk.steps` gives them their type. Lists of units are written with 、 between.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.rule_book import RequiredField, RuleBook
from agent_console.domain.units.routing_steps import HandBackOrder, PassOnOrder
from agent_console.domain.work_order import duties
from agent_console.domain.work_order.order_corrections import AddToOrder, AmendOrder, ReassignOrder
from agent_console.domain.work_order.order_details import text_of
from agent_console.domain.work_order.order_endings import (
    ArchiveOrder,
    MergeOrder,
    RateOrder,
    RedoOrder,
    ReopenOrder,
    UndoOrder,
    VoidOrder,
    WithdrawOrder,
)
from agent_console.domain.work_order.order_records import SetFlag, WriteRecord
from agent_console.domain.work_order.order_rules import FieldRule
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.domain.work_order.orders import Order

Values = dict[str, str]
Form = tuple[dict[str, Any], ...]

YES, NO = "yes", "no"
_GRANTED = {"field": "granted", "values": (YES, NO)}
_REASON = {"field": "reason"}
_REMARK = {"field": "reason", "owed": False}


class StepKind(msgspec.Struct, frozen=True):
    """One step: whether a rule book knows it, the fields of its form, the command they make."""

    form: Callable[[Order, Context], Form]
    command: Callable[[Values], msgspec.Struct]
    known: Callable[[RuleBook], bool] = lambda _book: True


def form_of(step: str, order: Order, context: Context) -> Form:
    """The fields of a step, of `record.<name>`, of `flag.<name>` or of `amend.<field>`."""
    sort, _, name = step.partition(".")
    match sort:
        case "record":
            return _record_form(name, order, context)
        case "flag":
            causes = context.rule_book.life.flags[name].causes if name not in order.flags else ()
            return ({"field": "cause", "values": causes},) if causes else ()
        case "amend" if name:
            return _amendment(name, order, context)
    return KINDS[step].form(order, context)


def command_for(step: str, values: Values, order: Order) -> msgspec.Struct:
    """The command that these fields make; `order` tells whether a flag is to be set or taken off."""
    sort, _, name = step.partition(".")
    match sort:
        case "record":
            return WriteRecord(name, values)
        case "flag":
            return SetFlag(name, name not in order.flags, values.get("cause", ""))
        case "amend" if name:
            return AmendOrder(name, values.get("new", ""), values.get("reason", ""))
    return KINDS[step].command(values)


def split_units(text: str) -> tuple[str, ...]:
    """Units of a list as it stands in a field."""
    return tuple(part.strip() for part in text.split("、") if part.strip())


def _record_form(name: str, order: Order, context: Context) -> Form:
    rule = context.rule_book.life.records[name]
    known = [field for field in rule.requires if duties.holds(field.only, order, {}) and not field.all_of]
    return tuple(_asked_by(field, rule.clause, order) for field in known)


def _asked_by(known: FieldRule, clause: str, order: Order) -> dict[str, Any]:
    more = (value for flag, values in known.with_flag.items() if flag in order.flags for value in values)
    return {
        "field": known.field,
        "clause": known.clause or clause,
        "values": (*known.values, *more),
        "owed": not known.optional,
        "default": known.default,
        "where": known.where,
        "unless": known.unless,
        "form": known.form,
    }


def _amendment(field: str, order: Order, context: Context) -> Form:
    book = context.rule_book
    values = {"kind": tuple(kind.id for kind in book.kinds), "urgency": ("normal", "urgent")}.get(field, ())
    flag = isinstance(getattr(order.details, field), bool)
    new = {
        "field": "new",
        "values": ("true", "false") if flag else values,
        "default": text_of(order.details, field),
        "owed": False,
    }
    return (new, _REMARK)


def _required(step: str, order: Order, context: Context) -> Form:
    """Fields the book asks for in a step, of this order."""
    return tuple(
        _demanded(required)
        for required in context.rule_book.steps[step].requires
        if (not required.kinds or order.details.kind in required.kinds) and duties.holds(required.only, order, {})
    )


def _demanded(required: RequiredField) -> dict[str, Any]:
    return {
        "field": required.field,
        "clause": required.clause,
        "values": required.values,
        "owed": not required.optional,
        "where": required.where,
    }


def _by_book(step: str) -> Callable[[Order, Context], Form]:
    return lambda order, context: _required(step, order, context)


def _units(order: Order, _context: Context) -> Form:
    supporting = "、".join(order.supporting or order.details.supporting)
    return (
        {"field": "lead", "default": order.lead or order.details.lead},
        {"field": "supporting", "default": supporting, "owed": False},
    )


def _reassignment(order: Order, context: Context) -> Form:
    named = [asked for asked in _required("reassign", order, context) if asked["field"] != "lead"]
    return ({"field": "lead"}, {"field": "supporting", "owed": False}, *named)


def _right_under(order: Order, context: Context) -> Form:
    """The units a unit may pass the order on to, and the lead that may take it back."""
    units = context.directory.units.values()
    under = tuple(unit.name for unit in units if unit.parent == order.handlers[-1])
    return ({"field": "unit", "values": (*under, *((order.lead,) if order.passed else ()))},)


def _extension(order: Order, context: Context) -> Form:
    asked = tuple(field for field in _required("extend", order, context) if field["field"] != "days")
    until = any(field["field"] == "new_due" for field in asked)
    return asked if until else ({"field": "days", "form": "number"}, *asked)


def _decided_extension(_order: Order, _context: Context) -> Form:
    return (_GRANTED, {"field": "override", "values": (NO, YES), "default": NO, "owed": False}, _REMARK)


def _grounds(_order: Order, context: Context) -> Form:
    rule = context.rule_book.life.redo
    return ({"field": "ground", "values": tuple(rule.grounds) if rule else ()}, _REMARK)


def _ratings(_order: Order, context: Context) -> Form:
    rule = context.rule_book.life.rating
    return ({"field": "rating", "values": rule.values if rule else ()}, {"field": "comment", "owed": False})


def _file_classes(_order: Order, context: Context) -> Form:
    rule = context.rule_book.life.archive
    return ({"field": "file_class", "values": rule.classes},) if rule and rule.classes else ()


def _fixed(*fields: dict[str, Any]) -> Callable[[Order, Context], Form]:
    return lambda _order, _context: fields


def _but(values: Values, *names: str) -> Values:
    return {name: text for name, text in values.items() if name not in names}


def _days(values: Values) -> int:
    text = values.get("days", "").strip()
    return int(text) if text.isascii() and text.isdigit() else 0


def _extend(values: Values) -> ExtendOrder:
    return ExtendOrder(_days(values), _but(values, "days"))


def _reassign(values: Values) -> ReassignOrder:
    units = split_units(values.get("supporting", ""))
    return ReassignOrder(values.get("lead", ""), units, _but(values, "lead", "supporting"))


def _decide_extension(values: Values) -> DecideExtension:
    reason = values.get("reason", "")
    return DecideExtension(values.get("granted") == YES, reason, values.get("override") == YES)


def _reason(values: Values) -> str:
    return values.get("reason", "")


KINDS: dict[str, StepKind] = {
    "dispatch": StepKind(
        _units, lambda values: DispatchOrder(values.get("lead", ""), split_units(values.get("supporting", "")))
    ),
    "sign": StepKind(_by_book("sign"), SignOrder),
    "return": StepKind(_by_book("return"), ReturnOrder),
    "decide_return": StepKind(
        _fixed(_GRANTED, _REMARK),
        lambda values: DecideReturn(values.get("granted") == YES, _reason(values)),
        lambda book: bool(book.steps["return"].decided_by),
    ),
    "extend": StepKind(_extension, _extend),
    "decide_extension": StepKind(
        _decided_extension, _decide_extension, lambda book: bool(book.steps["extend"].decided_by)
    ),
    "complete": StepKind(_by_book("complete"), CompleteOrder),
    "reassign": StepKind(_reassignment, _reassign, lambda book: "reassign" in book.steps),
    "pass_on": StepKind(
        _right_under,
        lambda values: PassOnOrder(values.get("unit", "")),
        lambda book: book.routing.passing_on is not None,
    ),
    "hand_back": StepKind(
        _fixed(_REASON), lambda values: HandBackOrder(_reason(values)), lambda book: book.routing.reserved is not None
    ),
    "rate": StepKind(
        _ratings,
        lambda values: RateOrder(values.get("rating", ""), values.get("comment", "")),
        lambda book: book.life.rating is not None,
    ),
    "redo": StepKind(
        _grounds,
        lambda values: RedoOrder(values.get("ground", ""), _reason(values)),
        lambda book: book.life.redo is not None,
    ),
    "archive": StepKind(
        _file_classes,
        lambda values: ArchiveOrder(values.get("file_class", "")),
        lambda book: book.life.archive is not None,
    ),
    "reopen": StepKind(
        _fixed(_REASON), lambda values: ReopenOrder(_reason(values)), lambda book: book.life.archive is not None
    ),
    "add": StepKind(_fixed({"field": "content"}), lambda values: AddToOrder(values.get("content", ""))),
    "amend": StepKind(_fixed(), lambda _values: AmendOrder("content", "")),
    "withdraw": StepKind(_fixed(_REASON), lambda values: WithdrawOrder(_reason(values))),
    "void": StepKind(_fixed(_REASON), lambda values: VoidOrder(_reason(values))),
    "undo": StepKind(_fixed(), lambda _values: UndoOrder()),
    "merge": StepKind(_fixed({"field": "repeat_of"}), lambda values: MergeOrder(values.get("repeat_of", ""))),
}
"""Every step there is, by id; which of them an order can take is for the rule book to say."""
