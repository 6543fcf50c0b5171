"""`agent-console order <step>`: the steps of an order's life, taken from the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import As, Json, Jurisdiction, desk_of, insist
from agent_console.cli.forms import order_form
from agent_console.cli.options import given, pairs, with_options
from agent_console.cli.output import print_json
from agent_console.desk import handling
from agent_console.desk.desk import Desk
from agent_console.desk.listing import as_seen
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.order_clocks import running
from agent_console.domain.order_numbers import grouped
from agent_console.domain.order_steps import CompleteOrder
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
        clocks = running(order, desk.context_for(order))
    if as_json:
        print_json(order_form(order, clocks))
    else:
        status = name_of("order_status", order.status)
        sys.stdout.write(say("order.step_done", number=grouped(order.number), status=status) + "\n")


def step_on(name: str, acting: str, jurisdiction: str, command: msgspec.Struct, *, as_json: bool) -> None:
    """Take any command on the order of that name."""
    take_step(name, acting, jurisdiction, lambda desk, order: handling.take(desk, order, command), as_json=as_json)


def dispatch(
    name: Name,
    lead: Annotated[str, typer.Option(help=say("help.lead"))] = "",
    supporting: Annotated[list[str] | None, typer.Option(help=say("help.supporting"))] = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Hand an order to its units."""
    units = tuple(supporting or ())
    take_step(
        name, acting, jurisdiction, lambda desk, order: handling.dispatch(desk, order, lead, units), as_json=as_json
    )


@with_options(_fields(_SIGNING))
def sign(
    name: Name,
    field: Field = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **more: Any,
) -> None:
    """The unit takes the order."""
    fields = {**pairs(field), **given(more)}
    take_step(name, acting, jurisdiction, lambda desk, order: handling.sign(desk, order, fields), as_json=as_json)


@with_options(_fields(_RETURNING))
def return_(
    name: Name,
    field: Field = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **more: Any,
) -> None:
    """The unit sends it back, or asks to."""
    fields = {**pairs(field), **given(more)}
    take_step(name, acting, jurisdiction, lambda desk, order: handling.return_(desk, order, fields), as_json=as_json)


def decide_return(
    name: Name,
    granted: Granted,
    reason: Reason = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """The line decides a return."""

    def take(desk: Desk, order: str) -> Decision:
        return handling.decide_return(desk, order, granted=granted, reason=reason)

    take_step(name, acting, jurisdiction, take, as_json=as_json)


@with_options(_fields(_EXTENDING))
def extend(
    name: Name,
    days: Annotated[int, typer.Option(min=0, max=365, help=say("help.days"))] = 0,
    field: Field = None,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **more: Any,
) -> None:
    """The unit needs more time."""
    fields = {**pairs(field), **given(more)}
    take_step(
        name, acting, jurisdiction, lambda desk, order: handling.extend(desk, order, days, fields), as_json=as_json
    )


def decide_extension(
    name: Name,
    granted: Granted,
    reason: Reason = "",
    override: Annotated[bool, typer.Option("--override", help=say("help.override"))] = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Whoever consents decides an extension."""

    def take(desk: Desk, order: str) -> Decision:
        return handling.decide_extension(desk, order, granted=granted, reason=reason, override=override)

    take_step(name, acting, jurisdiction, take, as_json=as_json)


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
