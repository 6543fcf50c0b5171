"""`agent-console monitor`: the team lead's screen, one look at it for a script, or the same in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json
from agent_console.cli.console import open_seat
from agent_console.cli.output import print_json
from agent_console.domain.people import LEAD
from agent_console.settings import Settings, home, load_settings
from agent_console.texts import say

if TYPE_CHECKING:
    from agent_console.desk.monitor.snapshot import Glance

HOST, PORT = "127.0.0.1", 8345


def register(app: typer.Typer) -> None:
    """Add `monitor` to the command line."""
    app.command("monitor", help=say("help.monitor"))(monitor)


def monitor(
    once: Annotated[bool, typer.Option("--once", help=say("help.monitor_once"))] = False,
    as_json: Json = False,
    web: Annotated[bool, typer.Option("--web", help=say("help.monitor_web"))] = False,
    host: Annotated[str, typer.Option("--host", help=say("help.monitor_host"))] = HOST,
    port: Annotated[int, typer.Option("--port", help=say("help.monitor_port"), min=1, max=65535)] = PORT,
    jurisdiction: Annotated[str, typer.Option("--jurisdiction", "-j", help=say("help.jurisdiction"))] = "",
    acting: As = "",
) -> None:
    """Open the monitor; on a lone seat as a lead, self-declared, unless somebody else is named."""
    who = acting or ("" if load_settings(home()).server else LEAD)
    if once or as_json:
        _once(jurisdiction, who, as_json=as_json)
    elif web:
        from agent_console.cli.monitor_web import serve

        serve(host, port, jurisdiction, who)
    else:
        raise typer.Exit(open_seat(Settings(jurisdiction=jurisdiction), who, watching=True))


def _once(jurisdiction: str, acting: str, *, as_json: bool) -> None:
    from agent_console.desk.monitor.asking import wall_once
    from agent_console.desk.monitor.snapshot import glance, told
    from agent_console.domain.oversight.hot_events import no_lead

    with desk_of(jurisdiction, acting) as opened:
        if refused := no_lead(opened.desk.context()):
            insist(refused)
        settings = load_settings(home())
        wall = wall_once(opened, home(), settings)
        if as_json:
            print_json(told(opened, wall, settings))
        else:
            typer.echo("\n".join(_lines(glance(opened, wall, settings))))


def _lines(seen: Glance) -> list[str]:
    counts = {"seats": seen.present, "alarms": len(seen.alarms), **seen.counts.by_list, "hot": len(seen.hot)}
    lines = [say("monitor.count", name=say(f"monitor.list.{name}"), count=count) for name, count in counts.items()]
    return lines if seen.waiting is not None else [*lines, say("monitor.no_phone")]
