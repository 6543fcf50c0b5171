"""What every command prints: tables for people, JSON for programs, errors without traceback."""

from __future__ import annotations

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


def console() -> Console:
    """Rich console on standard output; honours NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def print_json(value: object) -> None:
    """One JSON value, indented, on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_line(value: object) -> None:
    """One JSON value on one line."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A message for the person, on standard error."""
    sys.stderr.write(text + "\n")


@contextmanager
def _input_lines(path: Path) -> Iterator[Iterator[bytes]]:
    if str(path) == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        with path.open("rb") as file:
            yield iter(file)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def run_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """JSON lines in, JSON lines out, same order, `id` carried over. Raises BadInput naming the line."""
    with _input_lines(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                request = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise BadInput(
                    "error.json_line", "advice.json_line", path=str(path), line=number, reason=str(error)
                ) from error
            try:
                result = answer(request)
            except ConsoleError as error:
                raise BadInput(
                    "error.batch_line", "advice.json_line", path=str(path), line=number, reason=sentence(error.message)
                ) from error
            print_line({"id": request.get("id"), **result})


def report(error: ConsoleError) -> int:
    """Print an error in one or two lines; returns the exit code."""
    tell(sentence(error.message))
    if error.advice:
        tell(sentence(error.advice))
    return error.exit_code
