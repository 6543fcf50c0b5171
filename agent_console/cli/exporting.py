"""What every command that exports shares: the options, and the gate."""

from __future__ import annotations

from typing import Annotated

import typer

from agent_console.cli.acting import insist
from agent_console.desk.desk import Desk
from agent_console.desk.leaving.exporting import allow
from agent_console.domain.confidentiality.exports import ExportGranted
from agent_console.domain.decisions import Blocked
from agent_console.texts import say

Approval = Annotated[str, typer.Option("--approval", metavar="REFERENCE", help=say("help.approval"))]
Ground = Annotated[str, typer.Option("--ground", help=say("help.export_ground"))]


def permit(desk: Desk, what: str, approval: str, ground: str, filters: dict[str, str] | None = None) -> ExportGranted:
    """Leave to export. Raises RuleForbids with the clause where the rule book refuses."""
    answer = allow(desk, what, approval=approval, ground=ground, filters=filters)
    if isinstance(answer, Blocked):
        insist(answer)
        raise AssertionError(what)
    return answer
