"""Opening the seat; the first time it asks for what it needs.

This module is on the way of every start: it imports neither Typer nor Textual.
"""

from __future__ import annotations

import gc
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from agent_console.cli.output import tell
from agent_console.clock import Clock, clock_from_environment
from agent_console.domain.errors import BadInput, ConsoleError, UnknownName
from agent_console.domain.people import Actor
from agent_console.settings import Settings, home, load_settings, save_settings
from agent_console.texts import say

SMALLEST = (80, 24)
"""Columns and lines below which the seat cannot be worked on."""

_ASKED = ("jurisdiction", "seat", "operator")
_LONGEST_ANSWER = 40
_KITTY_OFF = "TEXTUAL_DISABLE_KITTY_KEY"
_IN_BROWSER = "web_driver"
"""Part of the name of the driver that draws into a browser instead of a terminal."""


def open_seat(given: Settings | None = None, acting: str = "", *, watching: bool = False) -> int:
    """Open the seat on the user's own folder; returns its exit code. `given` is kept for the next start.

    watching: the monitor instead. acting: who works there, as `--as` names them; that is not kept. Raises BadInput
    where there is no terminal, or too small a one, UnknownName for a role the rule book does not have, RuleForbids for
    one that nobody can have so.
    """
    folder = home()
    clock = clock_from_environment()
    kept = load_settings(folder)
    settings = merged(kept, given or Settings())
    check_terminal()
    settings = _complete(settings)
    actor = person_named(settings, acting)
    if settings != kept:
        save_settings(folder, settings)
    return run_screens(folder, settings, clock, actor, watching=watching)


def person_named(settings: Settings, acting: str) -> Actor | None:
    """Who `--as` names for the screens, None where it names nobody. Raises BadInput, UnknownName, RuleForbids."""
    if not acting:
        return None
    from agent_console.cli.acting import insist, person_at
    from agent_console.domain.confidentiality.sight import nobody_like
    from agent_console.resources.rule_books import load_book

    person = person_at(settings, acting)
    if refused := nobody_like(person, load_book(settings.jurisdiction)):
        insist(refused)
    return person


def run_screens(
    folder: Path, settings: Settings, clock: Clock, actor: Actor | None = None, *, watching: bool = False
) -> int:
    """Show the seat that stands in `folder` to `actor`, None: the operator of the settings; returns its exit code.

    watching: the monitor instead.
    """
    if not settings.kitty_keyboard:
        os.environ.setdefault(_KITTY_OFF, "1")
    # Collections take a fifteenth of the time until the first frame and find nothing; the app allows them again.
    gc.disable()
    from screens.app import run_seat

    return run_seat(folder, settings, clock, actor, watching=watching)


def check_terminal() -> None:
    """Raise BadInput where the seat cannot be shown."""
    if _IN_BROWSER in os.environ.get("TEXTUAL_DRIVER", ""):
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("error.no_terminal", "advice.no_terminal")
    size = shutil.get_terminal_size()
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        raise BadInput(
            "error.terminal_small",
            "advice.terminal_small",
            columns=size.columns,
            lines=size.lines,
            least_columns=SMALLEST[0],
            least_lines=SMALLEST[1],
        )


def merged(kept: Settings, given: Settings) -> Settings:
    """The kept settings with the jurisdiction, seat and operator that are given. Raises BadInput, UnknownName."""
    changes = {name: value.strip() for name in _ASKED if (value := getattr(given, name))}
    if "jurisdiction" in changes:
        changes["jurisdiction"] = _code(changes["jurisdiction"])
    for name in _ASKED[1:]:
        if name in changes and not _sensible(changes[name]):
            raise BadInput(f"error.{name}_name", f"advice.{name}_name", text=changes[name])
    return msgspec.structs.replace(kept, **changes)


def _complete(settings: Settings) -> Settings:
    """Ask for what is missing, one question after the other."""
    missing = [name for name in _ASKED if not getattr(settings, name)]
    if not missing:
        return settings
    with suppress(ImportError):
        # Lets the terminal rub out a Chinese character whole.
        import readline  # noqa: F401
    tell(say("console.first_start"))
    try:
        answers = {name: _ask_jurisdiction() if name == "jurisdiction" else _ask(name) for name in missing}
    except (EOFError, KeyboardInterrupt) as error:
        tell("")
        raise BadInput("error.first_start", "advice.first_start") from error
    return msgspec.structs.replace(settings, **answers)


def _ask_jurisdiction() -> str:
    from agent_console.resources.rule_books import jurisdiction_codes, load_book

    codes = jurisdiction_codes()
    for number, code in enumerate(codes, 1):
        book = load_book(code)
        mark = say("console.mark", mark=book.mark) if book.mark else ""
        tell(say("console.choice", number=number, name=book.short_title + mark, code=code, prefix=book.prefix))
    while True:
        answer = input(say("console.ask.jurisdiction")).strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(codes):
            return codes[int(answer) - 1]
        try:
            return _code(answer)
        except UnknownName as error:
            _explain(error)


def _ask(name: str) -> str:
    while True:
        answer = input(say(f"console.ask.{name}")).strip()
        if _sensible(answer):
            return answer
        tell(say(f"advice.{name}_name"))


def _code(name: str) -> str:
    from agent_console.resources.rule_books import jurisdiction_code

    return jurisdiction_code(name)


def _explain(error: ConsoleError) -> None:
    from agent_console.texts import sentence

    tell(sentence(error.advice or error.message))


def _sensible(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_ANSWER and text.isprintable()
