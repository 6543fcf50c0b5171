"""`agent-console order …`: records, flags, corrections and endings of an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import pairs
from agent_console.cli.order_steps import Field, Name, Reason, step, take_step
from agent_console.cli.output import console, print_folded, print_json
from agent_console.desk.orders import handling
from agent_console.domain.work_order.order_corrections import AddToOrder, AmendOrder, ReassignOrder
from agent_console.domain.work_order.order_endings import (
    ArchiveOrder,
    RateOrder,
    RedoOrder,
    ReopenOrder,
    UndoOrder,
    VoidOrder,
    WithdrawOrder,
)
from agent_console.domain.work_order.order_records import SetFlag, WriteRecord
from agent_console.domain.work_order.order_rules import RecordRule
from agent_console.domain.work_order.order_units import returns_by_unit
from agent_console.texts import say
from agent_console.texts.wording import name_of

_COUNTED = 100_000
_FURTHER = 2


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    commands: dict[str, Callable[..., None]] = {
        "records": records,
        "returns": returns,
        "record": record,
        "flag": flag,
        "rate": rate,
        "redo": redo,
        "reassign": reassign,
        "archive": archive,
        "reopen": reopen,
        "amend": amend,
        "add": add,
        "withdraw": withdraw,
        "void": void,
        "undo": undo,
        "merge": merge,
    }
    for name, command in commands.items():
        group.command(name, help=say(f"help.order_{name}"))(command)


def records(jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """What can be written into an order of this rule book."""
    with desk_of(jurisdiction) as opened:
        known = opened.desk.rule_book.life.records
    if as_json:
        print_json([_record_form(name, rule) for name, rule in known.items()])
        return
    for name, rule in known.items():
        fields = "、".join(name_of("field", wanted.field) for wanted in rule.requires)
        line = say("order.record_line", id=name, name=rule.name, clause=rule.clause or rule.basis, fields=fields)
        print_folded(line, _FURTHER)


def returns(jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """How often each unit sent an order back."""
    with desk_of(jurisdiction) as opened:
        counts = returns_by_unit(opened.records.orders(_COUNTED))
    if as_json:
        print_json(counts)
        return
    for unit, count in counts.items():
        console().print(say("order.returns_line", unit=unit, count=count))


def _record_form(name: str, rule: RecordRule) -> dict[str, Any]:
    return {
        "id": name,
        "name": rule.name,
        "clause": rule.clause,
        "basis": rule.basis,
        "fields": [wanted.field for wanted in rule.requires],
        "roles": rule.roles,
    }


@step
def record(
    what: Annotated[str, typer.Argument(metavar="RECORD", help=say("help.record"))], field: Field = None
) -> WriteRecord:
    """Write a record into an order."""
    return WriteRecord(what, pairs(field))


@step
def flag(
    which: Annotated[str, typer.Argument(metavar="FLAG", help=say("help.flag"))],
    off: Annotated[bool, typer.Option("--off", help=say("help.flag_off"))] = False,
    cause: Annotated[str, typer.Option(help=say("help.cause"))] = "",
) -> SetFlag:
    """Set a flag, or take it off."""
    return SetFlag(which, not off, cause)


@step
def rate(
    value: Annotated[str, typer.Argument(help=say("help.rating"))],
    comment: Annotated[str, typer.Option(help=say("help.comment"))] = "",
) -> RateOrder:
    """What the caller says of the result."""
    return RateOrder(value, comment)


@step
def redo(
    ground: Annotated[str, typer.Option(help=say("help.ground"))] = "dissatisfied", reason: Reason = ""
) -> RedoOrder:
    """Send it back to be handled again."""
    return RedoOrder(ground, reason)


@step
def reassign(
    lead: Annotated[str, typer.Option(help=say("help.lead"))],
    supporting: Annotated[list[str] | None, typer.Option(help=say("help.supporting"))] = None,
    field: Field = None,
) -> ReassignOrder:
    """Hand a signed order to another unit."""
    return ReassignOrder(lead, tuple(supporting or ()), pairs(field))


@step
def archive(file_class: Annotated[str, typer.Option("--class", help=say("help.file_class"))] = "") -> ArchiveOrder:
    """Put a finished order away."""
    return ArchiveOrder(file_class)


@step
def reopen(reason: Reason = "") -> ReopenOrder:
    """Take it out of the archive."""
    return ReopenOrder(reason)


@step
def amend(
    field: Annotated[str, typer.Argument(help=say("help.amend_field"))],
    new: Annotated[str, typer.Argument(help=say("help.amend_new"))],
    reason: Reason = "",
) -> AmendOrder:
    """Correct a field of the form; limits that rest on it are computed anew."""
    return AmendOrder(field.replace("-", "_"), new, reason)


@step
def add(text: Annotated[str, typer.Argument(help=say("help.add_text"))]) -> AddToOrder:
    """Add what the caller said later."""
    return AddToOrder(text)


@step
def withdraw(reason: Reason = "") -> WithdrawOrder:
    """The caller takes it back."""
    return WithdrawOrder(reason)


@step
def void(reason: Reason = "") -> VoidOrder:
    """It should not have been raised."""
    return VoidOrder(reason)


@step
def undo() -> UndoOrder:
    """Take back what was not handed on."""
    return UndoOrder()


def merge(
    name: Name,
    master: Annotated[str, typer.Option(help=say("help.master"))],
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Put a repeat into its master order."""
    with desk_of(jurisdiction, acting) as opened:
        main_order = opened.records.order(master)
    take_step(name, acting, jurisdiction, lambda desk, order: handling.merge(desk, order, main_order), as_json=as_json)
