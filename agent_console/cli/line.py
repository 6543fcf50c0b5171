"""`agent-console line …`: the special service lines."""

from __future__ import annotations

from typing import Any

import typer

from agent_console.cli.directory_table import register_table
from agent_console.desk.desk import Desk
from agent_console.domain.units.directory import ServiceLine


def register(app: typer.Typer) -> None:
    """Add `line` to the command line."""
    register_table(app, "line", ServiceLine, _counted)


def _counted(desk: Desk) -> dict[str, Any]:
    rule, lines = desk.rule_book.directory.lines, desk.directory().lines.values()
    ways = rule.ways if rule else ()
    return {
        "loaded": len(lines),
        "slots": rule.slots if rule else 0,
        "by": {way: sum(line.way == way for line in lines) for way in ways},
    }
