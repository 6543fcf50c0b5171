"""`agent-console demo`: a seat on a throw-away folder, with a day of made-up calls and orders."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.console import check_terminal, person_named, run_screens
from agent_console.cli.output import print_json
from agent_console.clock import clock_from_environment
from agent_console.desk.demo import build_day
from agent_console.resources.rule_books import jurisdiction_code
from agent_console.settings import Settings, save_settings
from agent_console.texts import say
from agent_console.texts.wording import name_of

_JURISDICTION = "fujian"
_SEAT = "8"


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command("demo", help=say("help.demo"))(demo)


def demo(
    jurisdiction: Jurisdiction = _JURISDICTION,
    seed_only: Annotated[bool, typer.Option("--seed-only", help=say("help.seed_only"))] = False,
    acting: As = "",
    as_json: Json = False,
) -> None:
    """Open a seat that may be played with; nothing of it is kept."""
    settings = Settings(jurisdiction=jurisdiction_code(jurisdiction), seat=_SEAT, operator=say("demo.operator"))
    actor = person_named(settings, acting)
    if not seed_only:
        check_terminal()
    with tempfile.TemporaryDirectory(prefix="agent-console-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        clock = clock_from_environment()
        save_settings(home, settings)
        day = build_day(home, settings, clock.now())
        if not seed_only:
            raise typer.Exit(run_screens(home, settings, clock, actor))
    if as_json:
        print_json(day)
    else:
        statuses = (
            say("demo.status", status=name_of("order_status", status), count=count)
            for status, count in day.statuses.items()
        )
        typer.echo(say("demo.built", calls=day.calls, orders=day.orders, statuses=say("sign.list").join(statuses)))
