"""`agent-console sync conflicts / tray`: what took no effect at the server, and what could not be sent."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import Json
from agent_console.cli.output import print_json, tell
from agent_console.desk.sync import tray as trays
from agent_console.desk.sync.tray import TrayItem
from agent_console.desk.sync.tray_text import item_line, item_lines, why_text
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import iso
from agent_console.store.outbox import State
from agent_console.texts import say

Entry = Annotated[str, typer.Argument(metavar="ENTRY", help=say("help.sync_entry"))]
Ground = Annotated[str, typer.Option("--drop", metavar="REASON", help=say("help.sync_drop"))]
Again = Annotated[bool, typer.Option("--again", help=say("help.sync_again"))]
SendAgain = Annotated[str, typer.Option("--send-again", metavar="ENTRY", help=say("help.sync_send_again"))]


def register(group: typer.Typer) -> None:
    """Add them to `sync`."""
    conflicts = typer.Typer(help=say("help.sync_conflicts"), invoke_without_command=True)
    conflicts.callback()(list_)
    conflicts.command("show", help=say("help.sync_conflicts_show"))(show)
    conflicts.command("resolve", help=say("help.sync_conflicts_resolve"))(resolve)
    group.add_typer(conflicts, name="conflicts")
    group.command("tray", help=say("help.sync_tray"))(tray)


def list_(context: typer.Context, as_json: Json = False) -> None:
    """What took no effect at the server."""
    if context.invoked_subcommand is None:
        _list(("rejected", "conflict"), as_json=as_json)


def tray(send_again: SendAgain = "", as_json: Json = False) -> None:
    """What could not be sent; `--send-again` puts one at the end of the queue."""
    if send_again:
        _again(send_again)
    else:
        _list(("parked", "held"), as_json=as_json)


def show(entry: Entry, as_json: Json = False) -> None:
    """Both versions of one entry."""
    with desk_of() as opened:
        item = trays.item(opened.store, entry)
    if as_json:
        print_json(_form(item))
    else:
        sys.stdout.write("\n".join(item_lines(item.entry, item.verdict, item.theirs)) + "\n")


def resolve(entry: Entry, again: Again = False, drop: Ground = "") -> None:
    """Do it once more on what holds now, or leave it at what the server has; either is written down."""
    if again == bool(drop.strip()):
        raise BadInput("error.sync_resolve", "advice.sync_resolve")
    if again:
        _again(entry)
        return
    with desk_of() as opened:
        trays.drop(opened.desk, opened.store, entry, drop)
    tell(say("sync.dropped"))


def _again(entry: str) -> None:
    with desk_of() as opened:
        insist(trays.do_again(opened.desk, opened.store, entry))
    tell(say("sync.done_again"))


def _list(states: tuple[State, ...], *, as_json: bool) -> None:
    with desk_of() as opened:
        found = [item for item in trays.tray(opened.store) if item.entry.state in states]
    if as_json:
        print_json([_form(item) for item in found])
        return
    lines = [item_line(item.entry, item.verdict) for item in found] or [say("sync.tray_empty")]
    sys.stdout.write("\n".join(lines) + "\n")


def _form(item: TrayItem) -> dict[str, Any]:
    entry, verdict = item.entry, item.verdict
    reason = verdict.reason if verdict is not None else None
    return {
        "id": entry.id,
        "at": iso(entry.at),
        "state": entry.state,
        "actor": entry.actor,
        "why": why_text(entry, verdict),
        "clauses": list(reason.clauses) if reason is not None else [],
        "mine": [
            {"stream": step.stream, "command": step.command, "body": msgspec.Raw(step.body) if step.body else None}
            for step in entry.steps
        ],
        "theirs": [
            {
                "type": event.envelope.type,
                "at": iso(event.envelope.occurred_at),
                "actor": event.envelope.actor,
                "fact": msgspec.to_builtins(event.fact),
            }
            for event in item.theirs
        ],
    }
