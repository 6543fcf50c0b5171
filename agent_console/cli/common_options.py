"""Options that many commands share, worded once; nothing of the hotline is imported for them."""

from __future__ import annotations

from typing import Annotated

import typer

from agent_console.texts import say

COMMON = say("help.panel.common")
As = Annotated[str, typer.Option("--as", metavar=say("help.metavar.as"), help=say("help.as"), rich_help_panel=COMMON)]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"), rich_help_panel=COMMON)]
Jurisdiction = Annotated[
    str,
    typer.Option("--jurisdiction", "-j", metavar="CODE", help=say("help.jurisdiction"), rich_help_panel=COMMON),
]
Unmask = Annotated[bool, typer.Option("--unmask", help=say("help.unmask"))]
UnmaskGround = Annotated[str, typer.Option("--ground", help=say("help.unmask_ground"))]
Today = Annotated[bool, typer.Option("--today", help=say("help.today"))]
