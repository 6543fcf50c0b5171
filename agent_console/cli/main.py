"""`agent-console`: wires the nouns together and turns errors into exit codes."""

from __future__ import annotations

import sys

import typer

from agent_console.cli import deadline
from agent_console.cli.output import report
from agent_console.domain.errors import ConsoleError
from agent_console.texts import say

app = typer.Typer(
    help=say("help.program"),
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
deadline.register(app)


def run() -> None:
    """Entry point of the console script."""
    try:
        app()
    except ConsoleError as error:
        sys.exit(report(error))
