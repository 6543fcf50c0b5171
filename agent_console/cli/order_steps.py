"""`agent-console order <step>`: the steps of an order's life, taken from the command line."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.forms import order_form
from agent_console.cli.options import given, pairs, with_options
from agent_console.cli.output import print_json, tell
from agent_console.desk.desk import Desk
from agent_console.desk.listing import as_seen
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.order_corrections import ReassignOrder
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DecideReturn,
    DispatchOrder,
    ExtendOrder,
    ReturnOrder,
    SignOrder,
)
from agent_console.texts import say
from agent_console.texts.wording import name_of

Name = Annotated[str, typer.Argument(metavar="NUMBER", help=say("help.order_name"))]
Field = Annotated[list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help=say("help.field"))]
Granted = Annotated[bool, typer.Option("--grant/--refuse", help=say("help.grant"))]
Reason = Annotated[str, typer.Option("--reason", help=say("help.reason"))]

_SIGNING = ("department", "officer")
_RETURNING = ("reason", "basis", "suggestion")
_EXTENDING = ("reason", "leader", "consented_at", "written_text", "explained_at")
_COMPLETING = (
    "result",
    "leader",
    "answered_at",
    "reported_at",
    "acceptance",
    "adopted",
    "adopted_reason",
    "resolution",
    "platform_reply_at",
    "phone_reply_at",
)


def register(group: typer.Typer) -> None:
    """Add the steps to `order`."""
    steps: dict[str, Callable[..., None]] = {
        "dispatch": dispatch,
        "sign": sign,
        "return": return_,
        "decide-return": decide_return,
        "extend": extend,
        "decide-extension": decide_extension,
        "complete": complete,
    }
    for name, step in steps.items():
        group.command(name, help=say(f"help.order_{name.replace('-', '_')}"))(step)


def step(makes: Callable[..., msgspec.Struct]) -> Callable[..., None]:
    """A step as a command of the command line.

    `makes` takes the words of the step and gives the command for the desk; the number of the order stands before its
    words, who acts, under which rule book, and `--json` behind them.
    """

    def command(
        name: Name, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False, **words: Any
    ) -> None:
        step_on(name, acting, jurisdiction, makes(**words), as_json=as_json)

    own = inspect.signature(makes, eval_str=True).parameters.values()
    number, *common = list(inspect.signature(command, eval_str=True).parameters.values())[:-1]
    named = (parameter.replace(kind=parameter.KEYWORD_ONLY) for parameter in (number, *own, *common))
    command.__signature__ = inspect.Signature(list(named))  # type: ignore[attr-defined]
    command.__doc__ = makes.__doc__
    return command


def _fields(names: tuple[str, ...]) -> dict[str, Any]:
    return dict.fromkeys(names, str)


def take_step(
    name: str, acting: str, jurisdiction: str, take: Callable[[Desk, str], Decision], *, as_json: bool = False
) -> None:
    """Take the step on the order of that name, and say where the order stands then."""
    take_opened(name, acting, jurisdiction, lambda opened, order: take(opened.desk, order), as_json=as_json)


def take_opened(
    name: str, acting: str, jurisdiction: str, take: Callable[[OpenDesk, str], Decision], *, as_json: bool
) -> None:
    """The same for a step that needs the seat's file itself."""
    with desk_of(jurisdiction, acting) as opened:
        desk = opened.desk
        order_id = opened.records.order(name).id
        insist(take(opened, order_id))
        order = as_seen(desk, desk.order(order_id))
        context = desk.context_for(order)
        clocks = running(order, context)
    if as_json:
        print_json(order_form(order, clocks, book=context.rule_book))
    else:
        status = name_of("order_status", order.status)
        sys.stdout.write(say("order.step_done", number=grouped(order.number), status=status) + "\n")


def step_on(name: str, acting: str, jurisdiction: str, command: msgspec.Struct, *, as_json: bool) -> None:
    """Take any command on the order of that name."""

    def take(desk: Desk, order: str) -> Decision:
        if isinstance(command, DispatchOrder | ReassignOrder):
            tell_unchecked(desk, command.lead, *command.supporting)
        return handling.take(desk, order, command)

    take_step(name, acting, jurisdiction, take, as_json=as_json)


def tell_unchecked(desk: Desk, *units: str) -> None:
    """Say that no rule can look these units up, where no directory was taken in."""
    if any(units) and not desk.directory().units:
        tell(say("units.unchecked"))


@step
def dispatch(
    lead: Annotated[str, typer.Option(help=say("help.lead"))] = "",
    supporting: Annotated[list[str] | None, typer.Option(help=say("help.supporting"))] = None,
) -> DispatchOrder:
    """Hand an order to its units."""
    return DispatchOrder(lead, tuple(supporting or ()))


@step
@with_options(_fields(_SIGNING))
def sign(field: Field = None, **more: Any) -> SignOrder:
    """The unit takes the order."""
    return SignOrder({**pairs(field), **given(more)})


@step
@with_options(_fields(_RETURNING))
def return_(field: Field = None, **more: Any) -> ReturnOrder:
    """The unit sends it back, or asks to."""
    return ReturnOrder({**pairs(field), **given(more)})


@step
def decide_return(granted: Granted, reason: Reason = "") -> DecideReturn:
    """The line decides a return."""
    return DecideReturn(granted, reason)


@step
@with_options(_fields(_EXTENDING))
def extend(
    days: Annotated[int, typer.Option(min=0, max=365, help=say("help.days"))] = 0, field: Field = None, **more: Any
) -> ExtendOrder:
    """The unit needs more time."""
    return ExtendOrder(days, {**pairs(field), **given(more)})


@step
def decide_extension(
    granted: Granted,
    reason: Reason = "",
    override: Annotated[bool, typer.Option("--override", help=say("help.override"))] = False,
) -> DecideExtension:
    """Whoever consents decides an extension."""
    return DecideExtension(granted, reason, override)


@with_options(_fields(_COMPLETING))
def complete(
    name: Name,
    field: Field = None,
    files: Annotated[list[Path] | None, typer.Option("--attach", metavar="FILE", help=say("help.attach_files"))] = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **more: Any,
) -> None:
    """Handled and answered, photos with it where there are any."""
    from agent_console.cli.order_attachments import attached, tell_wanted

    fields = {**pairs(field), **given(more)}

    def take(opened: OpenDesk, order: str) -> Decision:
        for told in handling.warnings(opened.desk, order, "complete", fields):
            sys.stderr.write(say("order.mostly_citations", field=name_of("field", told)) + "\n")
        decision = attached(opened, order, files or [], CompleteOrder(fields))
        if isinstance(decision, Done):
            tell_wanted(opened, opened.desk.order(order), "complete")
        return decision

    take_opened(name, acting, jurisdiction, take, as_json=as_json)
