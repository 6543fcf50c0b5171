"""`agent-console`: wires the nouns together and turns errors into exit codes.

The seat itself is opened without the modules of the nouns, and a noun without those of the others: what a call does
not need is not imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

from agent_console.cli.output import report, tell
from agent_console.domain.errors import ConsoleError
from agent_console.texts import say

if TYPE_CHECKING:
    import typer

_PANELS = {
    "help.panel.at_desk": ("demo", "monitor", "deadline", "screen", "kb", "script", "call", "order"),
    "help.panel.figures": ("report", "export"),
    "help.panel.books": ("rules", "unit", "line", "item", "link", "calendar"),
    "help.panel.keeping": ("keys", "config", "retention", "server", "sync", "doctor"),
}
"""Headings of `--help`, by the key of their wording."""

_PANEL_OF = {noun: panel for panel, nouns in _PANELS.items() for noun in nouns}
NOUNS = tuple(_PANEL_OF)
"""Every noun, in the order of `--help`; the module of the same name has `register(app)`."""


def build(nouns: Iterable[str] = NOUNS) -> typer.Typer:
    """The command line with these nouns."""
    import typer

    from agent_console.cli import seat
    from agent_console.cli.commands import in_panel, readable

    app = typer.Typer(
        help=say("help.program"),
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    seat.register(app)
    for noun in nouns:
        known = len(app.registered_commands), len(app.registered_groups)
        import_module(f"agent_console.cli.{noun}").register(app)
        in_panel(app, _PANEL_OF[noun], *known)
    return readable(app)


def _asked_for(arguments: Sequence[str]) -> tuple[str, ...]:
    """Nouns to load: those that are named; all where a name is unknown or help is wanted."""
    named = tuple(noun for noun in NOUNS if noun in arguments)
    opens_the_seat = all(argument not in ("-h", "--help") for argument in arguments) and arguments[0].startswith("-")
    return named if named or opens_the_seat else NOUNS


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the console script; exits with the code of `cli.md`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot write Chinese gets escapes instead of a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.exit(_run(words))
    except ConsoleError as error:
        sys.exit(report(error))


def _run(words: list[str]) -> int:
    if not words:
        from agent_console.cli.console import open_seat

        return open_seat()
    return _call(build(_asked_for(words)), words)


def _call(app: typer.Typer, words: list[str]) -> int:
    import typer

    from agent_console.cli.wrong_call import WrongCall, report_wrong

    try:
        ended = typer.main.get_command(app).main(words, prog_name="agent-console", standalone_mode=False)
    except WrongCall as error:
        return report_wrong(error)
    except typer.Abort:
        tell(say("usage.aborted"))
        return 1
    return ended if isinstance(ended, int) else 0
