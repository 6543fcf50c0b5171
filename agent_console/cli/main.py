"""`agent-console`: wires the nouns together and turns errors into exit codes.

The seat itself is opened without the modules of the nouns, and a noun without those of the others: what a call does
not need is not imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from agent_console.cli.output import report
from agent_console.domain.errors import ConsoleError
from agent_console.texts import say

if TYPE_CHECKING:
    import typer

NOUNS = {
    "demo": "demo",
    "deadline": "deadline",
    "screen": "screen",
    "kb": "kb",
    "script": "script",
    "call": "call",
    "order": "order",
    "rules": "rules",
    "calendar": "calendar",
    "sync": "sync",
    "doctor": "doctor",
}
"""Every noun and its module in `agent_console.cli`, in the order of `--help`.

A module has `register(app)`, or an `app` of its own that is hung in under the noun.
"""


def build(nouns: Iterable[str] = tuple(NOUNS)) -> typer.Typer:
    """The command line with these nouns."""
    import typer

    from agent_console.cli import seat

    app = typer.Typer(
        help=say("help.program"),
        no_args_is_help=False,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    seat.register(app)
    for noun in nouns:
        _hang_in(app, noun)
    return app


def _hang_in(app: typer.Typer, noun: str) -> None:
    module = import_module(f"agent_console.cli.{NOUNS[noun]}")
    register: Callable[[typer.Typer], object] | None = getattr(module, "register", None)
    if register is not None:
        register(app)
    else:
        app.add_typer(module.app, name=noun)


def _asked_for(arguments: Sequence[str]) -> tuple[str, ...]:
    """Nouns to load: those that are named; all where a name is unknown or help is wanted."""
    named = tuple(noun for noun in NOUNS if noun in arguments)
    opens_the_seat = all(argument not in ("-h", "--help") for argument in arguments) and arguments[0].startswith("-")
    return named if named or opens_the_seat else tuple(NOUNS)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the console script; exits with the code of `cli.md`."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(_run(words))
    except ConsoleError as error:
        sys.exit(report(error))


def _run(words: list[str]) -> int:
    if not words:
        from agent_console.cli.console import open_seat

        return open_seat()
    build(_asked_for(words))(words, prog_name="agent-console")
    return 0


def __getattr__(name: str) -> Any:
    """`app`: the whole command line, built when it is first asked for."""
    if name != "app":
        raise AttributeError(name)
    globals()["app"] = build()
    return globals()["app"]
