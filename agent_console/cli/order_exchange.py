"""`agent-console order export`, `order import`: orders as a file, in the form of `docs/exchange.md`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction, Unmask
from agent_console.cli.exporting import Approval, Ground, permit
from agent_console.cli.output import print_json, tell
from agent_console.desk.reports.figures import Period
from agent_console.domain.decisions import Blocked, Done
from agent_console.domain.errors import BadInput
from agent_console.settings import home, load_settings
from agent_console.texts import say
from agent_console.texts.wording import told

_FIRST, _LAST = date(1970, 1, 2), date(9999, 12, 30)


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    group.command("export", help=say("help.order_export"))(export)
    group.command("import", help=say("help.order_import"))(import_)


def export(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER…]", help=say("help.export_orders"))] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=say("help.export_to"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=say("help.export_all"))] = False,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help=say("help.export_from"))] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help=say("help.export_until"))] = "",
    without_files: Annotated[bool, typer.Option("--without-attachments", help=say("help.export_bare"))] = False,
    schema: Annotated[bool, typer.Option("--schema", help=say("help.export_schema"))] = False,
    unmask: Unmask = False,
    approval: Approval = "",
    ground: Ground = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Write orders with their history and attachments into a file, callers masked."""
    from agent_console.desk.leaving import exchange_out
    from agent_console.desk.leaving.exchange_schema import exchange_schema

    if schema:
        print_json(exchange_schema())
        return
    if output is None:
        raise BadInput("exchange.no_output", "exchange.name_output")
    period = _period(names or [], since, until, everything=everything)
    asked = {"orders": "、".join(names or []), "from": since, "to": until, "unmask": "true" if unmask else ""}
    filters = {name: text for name, text in asked.items() if text}
    with desk_of(jurisdiction, acting) as opened:
        chosen = exchange_out.choose(opened, names or [], period)
        granted = permit(opened.desk, "orders", approval, ground, filters)
        answer = exchange_out.export(
            opened, granted, chosen, output, unmask=unmask, ground=ground, with_files=not without_files
        )
    if isinstance(answer, Blocked):
        insist(answer)
        raise AssertionError(granted.export)
    for left in answer.left:
        tell(say("exchange.left_out", number=left.number, reason=say(left.reason)))
    for sha256 in answer.gone:
        tell(say("exchange.file_gone", sha256=sha256[:12]))
    if as_json:
        print_json({"export": granted.export, "path": str(output), "masked": not unmask, **_counts(answer)})
    else:
        sys.stdout.write(say("exchange.exported", count=answer.orders, files=answer.files, path=str(output)) + "\n")


def _counts(answer: Any) -> dict[str, Any]:
    return {
        "orders": answer.orders,
        "attachments": answer.files,
        "left": [{"number": left.number, "reason": say(left.reason)} for left in answer.left],
        "missing_attachments": answer.gone,
    }


def _period(names: list[str], since: str, until: str, *, everything: bool) -> Period | None:
    """The days of raising that were asked for; None: no matter when. Raises BadInput where nothing was chosen."""
    if [bool(names), everything, bool(since or until)].count(True) != 1:
        raise BadInput("exchange.nothing_chosen", "exchange.choose")
    if not (since or until):
        return None
    return Period(_day("--from", since, _FIRST), _day("--to", until, _LAST))


def _day(option: str, text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise BadInput("error.choice", "advice.choice", name=option, value=text, known="2026-01-31") from error


def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.import_file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("help.import_dry_run"))] = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Take orders in from a file; what is known stays as it is."""
    from agent_console.desk.leaving import exchange_in

    with desk_of(jurisdiction, acting) as opened:
        insist(exchange_in.refused(opened.desk) or Done(()))
        limit = load_settings(home()).attachment_limit_mb << 20
        found = exchange_in.take_in(opened, path, limit, dry_run=dry_run)
    left = [
        {"place": entry.place, "number": entry.number, "reason": told(entry.reason)}
        for entry in found.entries
        if entry.reason is not None
    ]
    counts = {fate: found.count(fate) for fate in ("new", "extended", "known", "left")}
    if as_json:
        more = {"attachments": found.files, "missing_attachments": found.files_wanting, "masked": found.masked}
        print_json({"changed": found.changed, "dry_run": dry_run, **counts, **more, "problems": left})
        return
    for line in left:
        tell(say("exchange.left", **line))
    for sha256 in found.files_wanting:
        tell(say("exchange.file_wanting", sha256=sha256[:12]))
    if found.masked:
        tell(say("exchange.was_masked"))
    sys.stdout.write(_summary(counts, found.files, changed=found.changed, dry_run=dry_run) + "\n")


def _summary(counts: dict[str, int], files: int, *, changed: bool, dry_run: bool) -> str:
    if not changed:
        return say("exchange.unchanged", known=counts["known"], left=counts["left"])
    return say("exchange.would_import" if dry_run else "exchange.imported", **counts, files=files)
