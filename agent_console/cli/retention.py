"""`agent-console retention`: what is due for erasure, and erasing it."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.forms import moment
from agent_console.cli.output import print_json, tell
from agent_console.cli.tables import column, print_rows
from agent_console.desk.leaving import retention
from agent_console.desk.leaving.retention import Due
from agent_console.domain.errors import BadInput
from agent_console.texts import say
from agent_console.texts.wording import moment as shown_moment
from agent_console.texts.wording import name_of

Yes = Annotated[bool, typer.Option("--yes", help=say("help.retention_yes"))]


def register(app: typer.Typer) -> None:
    """Add `retention` to the command line."""
    group = typer.Typer(help=say("help.retention"), no_args_is_help=True)
    group.command("list", help=say("help.retention_list"))(list_)
    group.command("run", help=say("help.retention_run"))(run)
    app.add_typer(group, name="retention")


def list_(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """What has been kept for as long as the rule book wants."""
    with desk_of(jurisdiction, acting) as opened:
        found = retention.due(opened)
    if as_json:
        print_json([_form(item) for item in found])
        return
    _print(found)


def run(yes: Yes = False, acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Erase it: keys destroyed, an event for each, the file written anew."""
    with desk_of(jurisdiction, acting) as opened:
        insist(retention.may_erase(opened.desk))
        found = retention.due(opened)
        if found and not yes:
            _confirm(found)
        erased = retention.erase(opened, found)
    if as_json:
        print_json({"erased": erased.counts, "compacted": erased.compacted})
        return
    told = say("sign.list").join(
        say("retention.count", what=name_of("kept", what), count=count) for what, count in erased.counts.items()
    )
    sys.stdout.write(say("retention.done", told=told or say("cli.none")) + "\n")
    if not erased.compacted:
        tell(say("retention.not_compacted"))


def _confirm(found: list[Due]) -> None:
    if not sys.stdin.isatty():
        raise BadInput("retention.unconfirmed", "retention.confirm_how", count=len(found))
    _print(found)
    if not typer.confirm(say("retention.confirm", count=len(found))):
        raise typer.Exit(1)


def _print(found: list[Due]) -> None:
    rows = [
        (
            name_of("kept", item.what),
            item.name,
            shown_moment(item.since),
            shown_moment(item.due),
            item.clause or item.basis,
        )
        for item in found
    ]
    print_rows([column(f"head.retention_{head}") for head in ("kept", "name", "since", "due", "basis")], rows)


def _form(item: Due) -> dict[str, Any]:
    return {
        "what": item.what,
        "name": item.name,
        "since": moment(item.since),
        "due": moment(item.due),
        "clause": item.clause,
        "basis": item.basis,
    }
