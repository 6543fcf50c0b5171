"""What every command prints: tables for people, JSON for programs, errors without traceback."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.texts import sentence

if TYPE_CHECKING:
    from rich.console import Console


_UNKNOWN_WIDTH = 80
_FURTHER = 2
"""Cells by which the second line of an error stands further in."""


def console() -> Console:
    """Rich console on standard output; honours NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def print_folded(text: str, indent: int = 0, style: str = "") -> None:
    """Text for a person, folded as Chinese is; from the second line on `indent` cells further in."""
    from agent_console.cli.folding import folded

    screen = console()
    screen.print("\n".join(folded(text, screen.width, indent)), style=style or None)


def print_json(value: object) -> None:
    """One JSON value, indented, on standard output."""
    _write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_line(value: object) -> None:
    """One JSON value on one line."""
    _write(msgspec.json.encode(value).decode())


def _write(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has enough, as `head` does. Without this the interpreter complains once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def tell(text: str) -> None:
    """A message for the person, on standard error."""
    sys.stderr.write(text + "\n")


@contextmanager
def _input_lines(path: Path) -> Iterator[Iterator[bytes]]:
    if str(path) == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    with file:
        yield iter(file)


def run_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """JSON lines in, JSON lines out, same order, `id` carried over. Raises BadInput naming the line."""
    with _input_lines(path) as lines:
        for number, raw in enumerate(lines, 1):
            line = raw.removeprefix(codecs.BOM_UTF8).strip()
            if not line:
                continue
            try:
                request = msgspec.json.decode(line, type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise BadInput(
                    "error.json_line", "advice.json_line", path=str(path), line=number, reason=str(error)
                ) from error
            try:
                result = answer(request)
            except ConsoleError as error:
                raise BadInput(
                    "error.batch_line", "advice.json_line", path=str(path), line=number, reason=_reason(error)
                ) from error
            print_line({"id": request.get("id"), **result})


def _reason(error: ConsoleError) -> str:
    return "；".join(sentence(part) for part in (error.message, error.advice) if part)


def report(error: ConsoleError) -> int:
    """Print an error in one or two lines; returns the exit code."""
    for part in (error.message, error.advice):
        if part is not None:
            tell(_for_terminal(sentence(part)))
    return error.exit_code


def _for_terminal(text: str) -> str:
    """Folded as Chinese is where a person reads it; what is written to a file keeps its lines."""
    if not sys.stderr.isatty():
        return text
    from agent_console.cli.folding import folded

    return "\n".join(folded(text, os.get_terminal_size(sys.stderr.fileno()).columns or _UNKNOWN_WIDTH, _FURTHER))
