"""`agent-console link …`: bodies and hotlines one can transfer to on one key."""

from __future__ import annotations

from typing import Any

import typer

from agent_console.cli.directory_table import register_table
from agent_console.desk.desk import Desk
from agent_console.domain.units.directory import LinkedBody


def register(app: typer.Typer) -> None:
    """Add `link` to the command line."""
    register_table(app, "link", LinkedBody, _counted)


def _counted(desk: Desk) -> dict[str, Any]:
    links = desk.directory().links.values()
    return {"loaded": len(links), "by": {}}
