"""`agent-console sync`: how the seat stands to its server, and what waits to be sent."""

from __future__ import annotations

import sys

import typer

from agent_console.cli.acting import Json
from agent_console.cli.output import print_json
from agent_console.clock import clock_from_environment
from agent_console.desk.opening import SEAT_FILE
from agent_console.domain.instants import iso
from agent_console.settings import home, load_settings
from agent_console.store.projections import projectors
from agent_console.store.seat_file import Store
from agent_console.sync.link import Link, probe
from agent_console.sync.outbox import Outbox, read_outbox
from agent_console.texts import say
from agent_console.texts.wording import moment, told


def register(app: typer.Typer) -> None:
    """Add `sync` to the command line."""
    group = typer.Typer(help=say("help.sync"), invoke_without_command=True)
    group.callback()(sync)
    group.command("status", help=say("help.sync_status"))(status)
    app.add_typer(group, name="sync")


def sync(context: typer.Context, as_json: Json = False) -> None:
    """Without a word of its own: `status`."""
    if context.invoked_subcommand is None:
        status(as_json=as_json)


def status(as_json: Json = False) -> None:
    """Print link and outbox."""
    clock = clock_from_environment()
    server = load_settings(home()).server
    outbox = Outbox(0)
    if (home() / SEAT_FILE).exists():
        with Store.open(home() / SEAT_FILE, clock, projectors()) as store:
            outbox = read_outbox(store)
    link = probe(server, clock)
    if as_json:
        oldest = None if outbox.oldest is None else iso(outbox.oldest)
        state = {"state": link.state, "server": server, "why": told(link.why) if link.why else ""}
        print_json({"link": state, "outbox": {"unsent": outbox.unsent, "oldest": oldest}})
    else:
        sys.stdout.write(f"{link_text(link, server)}\n{_outbox_text(outbox)}\n")


def link_text(link: Link, server: str) -> str:
    """The link in one sentence."""
    return say(f"link.{link.state}", server=server, why=told(link.why) if link.why else "")


def _outbox_text(outbox: Outbox) -> str:
    if outbox.oldest is None:
        return say("outbox.empty")
    return say("outbox.unsent", count=outbox.unsent, at=moment(outbox.oldest))
