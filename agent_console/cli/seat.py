"""`agent-console` without a noun: the options of opening the seat."""

from __future__ import annotations

from typing import Annotated

import typer

from agent_console.cli.common_options import As
from agent_console.cli.console import open_seat
from agent_console.settings import Settings
from agent_console.texts import say


def register(app: typer.Typer) -> None:
    """Make opening the seat what happens without a noun."""
    app.callback(invoke_without_command=True)(seat_command)


def seat_command(
    context: typer.Context,
    jurisdiction: Annotated[str, typer.Option(help=say("help.jurisdiction"))] = "",
    seat: Annotated[str, typer.Option(help=say("help.seat"))] = "",
    operator: Annotated[str, typer.Option(help=say("help.operator"))] = "",
    acting: As = "",
    version: Annotated[bool, typer.Option("--version", help=say("help.version"))] = False,
) -> None:
    """Open the seat, unless a noun follows."""
    if version:
        from agent_console import __version__

        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(open_seat(Settings(jurisdiction=jurisdiction, seat=seat, operator=operator), acting))
