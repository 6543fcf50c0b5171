"""`agent-console order attach`, `attachments`, `withdraw-attachment`: photos, videos and documents of an order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist, looked_at
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.exporting import Approval, Ground, permit
from agent_console.cli.forms import moment
from agent_console.cli.order_steps import Name, Reason
from agent_console.cli.output import print_json, tell
from agent_console.clock import clock_from_environment
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import attaching
from agent_console.desk.orders.attaching import Line
from agent_console.domain.decisions import Decision
from agent_console.domain.work_order.attachments import wanted
from agent_console.domain.work_order.orders import Order
from agent_console.settings import home, load_settings
from agent_console.texts import say
from agent_console.texts.order_text import wanted_text
from agent_console.texts.wording import moment as shown_moment
from agent_console.texts.wording import name_of

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help=say("help.attach_files"))]


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    group.command("attach", help=say("help.order_attach"))(attach)
    group.command("attachments", help=say("help.order_attachments"))(attachments)
    group.command("withdraw-attachment", help=say("help.order_withdraw_attachment"))(withdraw_attachment)


def attach(name: Name, files: Files, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Put files to an order."""
    with desk_of(jurisdiction, acting) as opened:
        order = opened.records.order(name)
        insist(attached(opened, order.id, files))
        found = attaching.lines(opened, opened.desk.order(order.id))
    if as_json:
        print_json([form(line) for line in found])
    else:
        sys.stdout.write(say("attachment.done", count=len(files)) + "\n")


def attached(opened: OpenDesk, order_id: str, files: list[Path], then: msgspec.Struct | None = None) -> Decision:
    """Put files to an order within the limit of the settings; `then`: a step that is taken with it."""
    limit = load_settings(home()).attachment_limit_mb << 20
    return attaching.attach(opened, order_id, files, limit, then)


def tell_wanted(opened: OpenDesk, order: Order, step: str) -> None:
    """Say which photo the rule book would have liked with a step; it was taken all the same."""
    rule = wanted(order, step, opened.desk.context_for(order).rule_book.life)
    if rule is not None:
        tell(wanted_text(rule))


def attachments(
    name: Name,
    save: Annotated[Path | None, typer.Option("--save", metavar="FOLDER", help=say("help.attachments_save"))] = None,
    check: Annotated[bool, typer.Option("--check", help=say("help.attachments_check"))] = False,
    approval: Approval = "",
    ground: Ground = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """List the files of an order, or write them into a folder."""
    with desk_of(jurisdiction, acting) as opened:
        order = looked_at(opened, name).order
        if check or save is not None:
            _fetch(opened, order)
        found = attaching.lines(opened, order, check=check)
        if save is not None:
            granted = permit(opened.desk, "attachments", approval, ground, {"order": order.number})
            written = attaching.save(opened, granted, order, save)
            tell(say("attachment.saved", count=len(written), path=str(save)))
    if as_json:
        print_json([form(line) for line in found])
    else:
        _print(found)


def _fetch(opened: OpenDesk, order: Order) -> None:
    from agent_console.desk.orders.fetching import fetch_missing

    settings = load_settings(home())
    if not settings.server:
        return
    came = fetch_missing(opened, order, home(), settings, clock_from_environment())
    if came:
        tell(say("attachment.fetched", count=came))


def withdraw_attachment(
    name: Name,
    which: Annotated[str, typer.Argument(metavar="ATTACHMENT", help=say("help.which_attachment"))],
    reason: Reason = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Say that a file counts no longer."""
    with desk_of(jurisdiction, acting) as opened:
        order = opened.records.order(name)
        insist(attaching.withdraw(opened, order.id, which, reason))
        found = attaching.lines(opened, opened.desk.order(order.id))
    if as_json:
        print_json([form(line) for line in found])
    else:
        sys.stdout.write(say("attachment.withdrawn") + "\n")


def form(line: Line) -> dict[str, Any]:
    """One file as JSON."""
    one = line.attachment
    told = {name: getattr(one, name) for name in ("sha256", "name", "type", "size", "by", "unit", "reason")}
    return {
        **told,
        "attached_at": moment(one.attached_at),
        "withdrawn_at": moment(one.withdrawn_at),
        "state": line.state,
    }


def _remark(line: Line, *, has_server: bool) -> str:
    elsewhere = line.state == "missing" and has_server
    return say("attachment.elsewhere" if elsewhere else f"attachment.{line.state}")


def _print(found: list[Line]) -> None:
    from agent_console.cli.tables import column, print_rows

    heads = ("head.attachment", "head.media", "head.size", "head.who", "head.time", "head.hash", "head.remark")
    rows = []
    has_server = bool(load_settings(home()).server)
    for line in found:
        one = line.attachment
        remark = "" if line.state == "there" else _remark(line, has_server=has_server)
        remark = say("attachment.taken_back", reason=one.reason) if one.withdrawn_at else remark
        size = say("attachment.size", size=f"{one.size / (1 << 20):.1f}")
        at = shown_moment(one.attached_at)
        rows.append((one.name, name_of("media", one.sort), size, one.unit or one.by, at, one.sha256[:8], remark))
    print_rows([column(head, prose=head in ("head.attachment", "head.who", "head.remark")) for head in heads], rows)
