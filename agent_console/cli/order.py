"""`agent-console order`: raise an order, look at those there are. The steps stand in `order_steps`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
import typer

from agent_console.cli import order_life, order_steps
from agent_console.cli.acting import As, Json, Jurisdiction, Today, Unmask, desk_of, insist
from agent_console.cli.forms import event_form, order_form
from agent_console.cli.options import form_options, given, with_options
from agent_console.cli.order_view import print_order, print_orders
from agent_console.cli.output import print_json
from agent_console.desk import intake
from agent_console.desk.desk import Desk, order_stream
from agent_console.desk.intake import OrderRaising, Telling
from agent_console.desk.opening import OpenDesk
from agent_console.desk.unmasking import unmask as note_unmasking
from agent_console.desk.whole_call import log_order, of_call
from agent_console.domain.calls import DescribeCaller
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import local_date
from agent_console.domain.order_clocks import running
from agent_console.domain.orders import Order, OrderDetails, OrderStatus
from agent_console.texts import say

_LISTED = 200
STATUSES = tuple(status for status in get_args(OrderStatus) if status != "new")


def register(app: typer.Typer) -> None:
    """Add `order` to the command line."""
    group = typer.Typer(help=say("help.order"), no_args_is_help=True)
    group.command("raise", help=say("help.order_raise"))(raise_)
    group.command("list", help=say("help.order_list"))(list_)
    group.command("show", help=say("help.order_show"))(show)
    order_steps.register(group)
    order_life.register(group)
    app.add_typer(group, name="order")


@with_options(form_options(OrderDetails))
def raise_(
    input_file: Annotated[Path | None, typer.Option("--input", metavar="FILE", help=say("help.order_input"))] = None,
    note: Annotated[str, typer.Option(help=say("help.note"))] = "",
    call: Annotated[str, typer.Option(metavar="ID", help=say("help.order_call"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **form: Any,
) -> None:
    """Make a work order, and the call it came by."""
    details = _details(input_file, form)
    with desk_of(jurisdiction, acting) as opened:
        if call:
            raised = _on_call(opened, call, details, Telling(note))
        else:
            raised = log_order(opened.desk, _caller(details), details, Telling(note or details.content))
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
    )


def _on_call(opened: OpenDesk, call_id: str, details: OrderDetails, telling: Telling) -> OrderRaising:
    call = opened.records.call(call_id)
    matter = call.open_matter
    if matter is None or not call.unfinished:
        raise BadInput("order.on_call", "order.on_call_advice", call=call_id)
    return intake.raise_order(opened.desk, call.id, matter.id, of_call(details, call), telling)


def list_(
    status: Annotated[str, typer.Option(help=say("help.order_status", known="、".join(STATUSES)))] = "",
    today: Today = False,
    as_json: Json = False,
    jurisdiction: Jurisdiction = "",
) -> None:
    """The newest orders, of one status or of today."""
    if status and status not in STATUSES:
        raise BadInput("error.choice", "advice.choice", name="status", value=status, known="、".join(STATUSES))
    with desk_of(jurisdiction) as opened:
        desk = opened.desk
        now = desk.context().now
        orders = opened.records.orders(_LISTED, status=status)
    if today:
        orders = [order for order in orders if local_date(order.raised_at) == local_date(now)]
    clocks = {order.id: running(order, desk.context_for(order)) for order in orders}
    if as_json:
        print_json([order_form(order, clocks[order.id]) for order in orders])
    else:
        print_orders(orders, clocks, now)


def show(
    name: Annotated[str, typer.Argument(metavar="NUMBER", help=say("help.order_name"))],
    unmask: Unmask = False,
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """One order: its facts, the clocks that run on it and why, what happened so far."""
    with desk_of(jurisdiction, acting) as opened:
        order = opened.records.order(name)
        if unmask:
            note_unmasking(opened.desk, order_stream(order.id))
        context = opened.desk.context_for(order)
        history = _history(opened.desk, order)
    clocks = running(order, context)
    if as_json:
        print_json({**order_form(order, clocks, unmask=unmask), "history": history})
    else:
        print_order(order, clocks, history, context.rule_book, context.now, unmask=unmask)


def _history(desk: Desk, order: Order) -> list[dict[str, Any]]:
    return [event_form(event) for event in desk.store.log.load(order_stream(order.id))]
