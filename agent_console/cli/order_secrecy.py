"""`agent-console order classify`, `declassify`: confidential orders, and back."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.order_steps import Name, step_on
from agent_console.domain.work_order.order_secrecy import ClassifyOrder, DeclassifyOrder
from agent_console.texts import say

Ground = Annotated[str, typer.Option("--ground", help=say("help.secret_ground"))]


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    group.command("classify", help=say("help.order_classify"))(classify)
    group.command("declassify", help=say("help.order_declassify"))(declassify)


def classify(
    name: Name,
    category: Annotated[str, typer.Option(help=say("help.secret_category"))] = "",
    ground: Ground = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Make an order confidential."""
    step_on(name, acting, jurisdiction, ClassifyOrder(category, ground), as_json=as_json)
    if not as_json:
        sys.stdout.write(say("secret.classified") + "\n")


def declassify(
    name: Name, ground: Ground = "", acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False
) -> None:
    """Make it an ordinary order again."""
    step_on(name, acting, jurisdiction, DeclassifyOrder(ground), as_json=as_json)
