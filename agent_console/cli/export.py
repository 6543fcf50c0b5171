"""`agent-console export`: calls as a file, and who took what out of the seat's file."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of
from agent_console.cli.common_options import As, Json, Jurisdiction, Today
from agent_console.cli.exporting import Approval, Ground, permit
from agent_console.cli.forms import moment, shown_name, shown_number
from agent_console.cli.output import print_json
from agent_console.cli.tables import column, print_rows
from agent_console.desk.leaving.export_log import exports
from agent_console.desk.leaving.exporting import save
from agent_console.domain.confidentiality.exports import Export
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.outcomes import name_of as tag_of
from agent_console.texts import say
from agent_console.texts.wording import moment as shown_moment
from agent_console.texts.wording import name_of

_MOST = 100_000
_LISTED = 200
_COLUMNS = ("id", "taken_at", "channel", "operator", "status", "caller_name", "number", "matter", "outcome")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def register(app: typer.Typer) -> None:
    """Add `export` to the command line."""
    group = typer.Typer(help=say("help.export"), no_args_is_help=True)
    group.command("calls", help=say("help.export_calls"))(calls)
    group.command("log", help=say("help.export_log"))(log)
    app.add_typer(group, name="export")


def calls(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.export_file"))],
    today: Today = False,
    approval: Approval = "",
    ground: Ground = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Write the calls into a CSV file, a line per matter, who called masked."""
    with desk_of(jurisdiction, acting) as opened:
        granted = permit(opened.desk, "calls", approval, ground, {"today": "true"} if today else {})
        now = opened.desk.context().now
        found = opened.records.calls_of_day(now) if today else opened.records.calls(_MOST)
        lines = [line for call in found for line in _lines(call)]
        save(opened.desk, granted, path, _csv(lines), len(lines))
    if as_json:
        print_json({"export": granted.export, "path": str(path), "count": len(lines)})
    else:
        sys.stdout.write(say("export.done", count=len(lines), path=str(path)) + "\n")


def _lines(call: Call) -> list[tuple[str, ...]]:
    who = (shown_name(call.caller_name, unmask=False), shown_number(call.number, unmask=False))
    head = (call.id, moment(call.taken_at) or "", call.channel, call.operator, call.status, *who)
    told = [(matter.note, tag_of(matter.outcome) if matter.outcome else "") for matter in call.matters]
    return [(*head, note, outcome) for note, outcome in told or [("", "")]]


def _csv(lines: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name_of("field", name) for name in _COLUMNS])
    writer.writerows([_plain(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: str) -> str:
    """A spreadsheet must not take what a caller said for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def log(as_json: Json = False, acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """Who exported what, when, how much of it, on which ground."""
    with desk_of(jurisdiction, acting) as opened:
        found = exports(opened, _LISTED)
    if as_json:
        print_json([_form(export) for export in found])
        return
    heads, rows = ("at", "by", "what", "count", "approval", "ground"), []
    for export in found:
        form = _form(export)
        at = shown_moment(export.granted.occurred_at) if export.granted is not None else ""
        what = name_of("exported", form["what"])
        rows.append((at, form["by"], what, str(form["count"]), form["approval"], form["ground"]))
    print_rows([column(f"head.export_{head}", prose=head in ("what", "ground")) for head in heads], rows)


def _form(export: Export) -> dict[str, Any]:
    granted = export.granted
    assert granted is not None
    return {
        "at": moment(granted.occurred_at),
        "by": granted.by,
        "role": granted.role,
        "unit": granted.unit,
        "what": granted.what,
        "filters": granted.filters,
        "approval": granted.approval,
        "ground": granted.ground,
        "clause": granted.clause,
        "count": export.count,
        "sha256": export.sha256,
        "written_at": moment(export.written_at),
    }
