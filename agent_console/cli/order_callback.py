"""`agent-console order callbacks`: who is to be called back, the share that is drawn, and what needs a lead's eye."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.forms import order_form
from agent_console.cli.order_view import print_orders
from agent_console.cli.output import print_json
from agent_console.desk.listing import newest_orders
from agent_console.desk.orders import callbacks as callback_desk
from agent_console.texts import say

_LISTED = 10_000


def register(group: typer.Typer) -> None:
    """Add them to `order`."""
    group.command("callbacks", help=say("help.order_callbacks"))(callbacks)
    group.command("callback-share", help=say("help.order_callback_share"))(callback_share)
    group.command("flagged", help=say("help.order_flagged"))(flagged)


def callbacks(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Finished orders whose citizen has to be called back."""
    with desk_of(jurisdiction, acting) as opened:
        orders = callback_desk.queue(opened.desk, opened.records)
        now = opened.desk.clock.now()
    if as_json:
        print_json([order_form(order, {}) for order in orders])
    else:
        print_orders(orders, {order.id: {} for order in orders}, now)


def flagged(
    flag: Annotated[str, typer.Argument(metavar="FLAG", help=say("help.flag"))],
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Orders that carry a flag."""
    with desk_of(jurisdiction, acting) as opened:
        orders = [order for order in newest_orders(opened, _LISTED) if flag in order.flags]
        now = opened.desk.clock.now()
    if as_json:
        print_json([order_form(order, {}) for order in orders])
    else:
        print_orders(orders, {order.id: {} for order in orders}, now)


def callback_share(
    percent: Annotated[int, typer.Argument(min=1, max=100, help=say("help.percent"))],
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Set how many of a hundred finished orders are called back."""
    with desk_of(jurisdiction, acting) as opened:
        insist(callback_desk.set_share(opened.desk, percent))
    sys.stdout.write(say("callback.share_set", percent=percent) + "\n")
