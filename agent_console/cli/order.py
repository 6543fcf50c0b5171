"""`agent-console order`: raise an order, look at those there are. The steps stand in `order_steps`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import typer

from agent_console.cli import (
    order_attachments,
    order_callback,
    order_elsewhere,
    order_exchange,
    order_life,
    order_lists,
    order_papers,
    order_routing,
    order_secrecy,
    order_seen,
    order_steps,
)
from agent_console.cli.acting import desk_of, insist, looked_at
from agent_console.cli.commands import in_panel
from agent_console.cli.common_options import As, Json, Jurisdiction, Today, Unmask, UnmaskGround
from agent_console.cli.forms import change_form, event_form, order_form
from agent_console.cli.options import by_id, form_options, given, with_options
from agent_console.cli.order_view import print_clock_changes, print_order, print_orders, print_owed
from agent_console.cli.output import console, print_json, tell
from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import OrderRaising, Telling
from agent_console.desk.calls.whole_call import log_order, of_call
from agent_console.desk.listing import newest_orders, orders_containing
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import attaching, handling, precedents, supervision
from agent_console.domain.confidentiality.sight import no_such_person
from agent_console.domain.decisions import Done, Missing
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import local_date
from agent_console.domain.intake.calls import DescribeCaller
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.duties import pending
from agent_console.domain.work_order.order_clocks import lateness, running
from agent_console.domain.work_order.orders import Order, OrderDetails, OrderStatus
from agent_console.domain.work_order.supervision_queue import Candidate
from agent_console.texts import say

_LISTED = 200
STATUSES = tuple(status for status in get_args(OrderStatus) if status != "new")


_PARTS = {
    "steps": (order_steps,),
    "way": (order_routing,),
    "corrections": (order_life,),
    "callbacks": (order_callback,),
    "papers": (order_papers, order_attachments, order_exchange),
    "lists": (order_lists,),
    "secrecy": (order_secrecy, order_seen),
}
"""Modules of the steps, under the headings of the help."""


def register(app: typer.Typer) -> None:
    """Add `order` to the command line."""
    group = typer.Typer(help=say("help.order"), no_args_is_help=True)
    group.command("raise", help=say("help.order_raise"))(raise_)
    group.command("list", help=say("help.order_list"))(list_)
    group.command("show", help=say("help.order_show"))(show)
    in_panel(group, "help.panel.see")
    for panel, parts in _PARTS.items():
        for part in parts:
            known = len(group.registered_commands)
            part.register(group)
            in_panel(group, f"help.panel.{panel}", known)
    app.add_typer(group, name="order")


@with_options(form_options(OrderDetails))
def raise_(
    input_file: Annotated[Path | None, typer.Option("--input", metavar="FILE", help=say("help.order_input"))] = None,
    note: Annotated[str, typer.Option(help=say("help.note"))] = "",
    admits: Annotated[str, typer.Option(metavar="CLAUSE", help=say("help.admits"))] = "",
    admit_reason: Annotated[str, typer.Option(help=say("help.admit_reason"))] = "",
    call: Annotated[str, typer.Option(metavar="ID", help=say("help.order_call"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **form: Any,
) -> None:
    """Make a work order, and the call it came by."""
    details = _details(input_file, form)
    telling = Telling(note or ("" if call else details.content), admits=admits.upper(), admit_reason=admit_reason)
    with desk_of(jurisdiction, acting) as opened:
        details = by_id(details, opened.desk.context().rule_book)
        order_steps.tell_unchecked(opened.desk, details.lead, *details.supporting)
        if call:
            raised = _on_call(opened, call, details, telling)
        else:
            raised = log_order(opened.desk, _caller(details), details, telling)
        if isinstance(raised.decision, Missing) and "lead" in raised.decision.fields:
            tell(order_routing.offered(opened.desk, details))
        insist(raised.decision)
        order = opened.desk.order(raised.order)
        clocks = running(order, opened.desk.context_for(order))
    if as_json:
        print_json(order_form(order, clocks))
    else:
        sys.stdout.write(say("order.raised", number=order.number) + "\n")


def _details(input_file: Path | None, form: dict[str, Any]) -> OrderDetails:
    """The form of the file, changed by what stands on the command line."""
    read = _read(input_file) if input_file else {}
    try:
        return msgspec.convert({**given(read), **given(form)}, OrderDetails)
    except msgspec.ValidationError as error:
        raise BadInput(
            "error.order_input", "advice.order_input", path=str(input_file or ""), reason=str(error)
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    try:
        read = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("error.order_input", "advice.order_input", path=str(path), reason=str(error)) from error
    unknown = sorted(set(read) - set(OrderDetails.__struct_fields__))
    if unknown:
        raise BadInput("error.order_input", "advice.order_input", path=str(path), reason=", ".join(unknown))
    return read


def _caller(details: OrderDetails) -> DescribeCaller:
    return DescribeCaller(
        number=details.caller_number,
        caller_name=details.caller_name,
        contact=details.contact_number,
        caller_type=details.caller_type,
        channel=details.channel,
        anonymous=details.anonymous,
        confidential=details.confidential,
        off_hours_reason=details.off_hours_reason,
    )


def _on_call(opened: OpenDesk, call_id: str, details: OrderDetails, telling: Telling) -> OrderRaising:
    call = opened.records.call(call_id)
    matter = call.open_matter
    if matter is None or not call.unfinished:
        raise BadInput("order.on_call", "order.on_call_advice", call=call_id)
    return intake.raise_order(opened.desk, call.id, matter.id, of_call(opened.desk, details, call), telling)


def list_(
    status: Annotated[str, typer.Option(help=say("help.order_status", known="、".join(STATUSES)))] = "",
    today: Today = False,
    to_supervise: Annotated[bool, typer.Option("--to-supervise", help=say("help.to_supervise"))] = False,
    containing: Annotated[str, typer.Option("--containing", metavar="TEXT", help=say("help.order_containing"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """The newest orders, of one status or of today."""
    if status and status not in STATUSES:
        raise BadInput(
            "error.choice", "advice.choice", name=say("head.status"), value=status, known="、".join(STATUSES)
        )
    with desk_of(jurisdiction, acting) as opened:
        desk = opened.desk
        now = desk.context().now
        waiting = {one.order.id: one for one in supervision.queue(desk, opened.records)} if to_supervise else {}
        insist(no_such_person(desk.context()) or Done(()))
        orders = (
            orders_containing(opened, containing, _LISTED, status=status)
            if containing
            else newest_orders(opened, _LISTED, status=status)
        )
        orders = [one.order for one in waiting.values()] if to_supervise else orders
        if today:
            orders = [order for order in orders if local_date(order.raised_at) == local_date(now)]
        contexts = {order.id: desk.context_for(order) for order in orders}
        clocks = {order.id: running(order, contexts[order.id]) for order in orders}
    if as_json:
        books = {order.id: contexts[order.id].rule_book for order in orders}
        print_json([_line(order, clocks[order.id], waiting, books[order.id]) for order in orders])
    else:
        print_orders(orders, clocks, now)


def _line(order: Order, clocks: dict[str, Deadline], waiting: dict[str, Candidate], book: RuleBook) -> dict[str, Any]:
    form = order_form(order, clocks, book=book)
    return {**form, "triggers": waiting[order.id].triggers} if order.id in waiting else form


def show(
    name: Annotated[str, typer.Argument(metavar="NUMBER", help=say("help.order_name"))],
    unmask: Unmask = False,
    ground: UnmaskGround = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """One order: its facts, the clocks that run on it and why, what happened so far."""
    with desk_of(jurisdiction, acting) as opened:
        try:
            looked = looked_at(opened, name, unmask=unmask, ground=ground)
        except UnknownName:
            if unmask or not order_elsewhere.is_shown(opened, name, as_json=as_json):
                raise
            return
        order = looked.order
        context = opened.desk.context_for(order)
        history = [event_form(event, unmask=unmask) for event in looked.history]
        precedent = precedents.proposed(opened.desk, order.details) if order.status in ("raised", "returned") else None
        changes = handling.clock_changes(opened.desk, order)
        files = attaching.lines(opened, order)
    clocks = running(order, context)
    owes = pending(order, context.rule_book.life, lateness(order, context))
    if as_json:
        print_json(
            {
                **order_form(order, clocks, unmask=unmask, book=context.rule_book),
                "attachments": [] if order.withheld else [order_attachments.form(one) for one in files],
                "owed": owes,
                "precedent": precedent,
                "history": history,
                "clock_history": [change_form(change) for change in changes],
            }
        )
    else:
        print_order(order, clocks, history, context.rule_book, context.now, unmask=unmask)
        print_clock_changes(changes)
        print_owed(owes, context.rule_book)
        if precedent is not None:
            console().print(say("order.precedent", lead=precedent.lead, number=precedent.order))
