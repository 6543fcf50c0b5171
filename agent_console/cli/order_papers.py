"""`agent-console order paper`: sheets the rule book wants to have on paper, as text to print."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from agent_console.cli.acting import desk_of, insist, looked_at
from agent_console.cli.common_options import As, Json, Jurisdiction, Unmask, UnmaskGround
from agent_console.cli.order_steps import Name
from agent_console.cli.output import print_json
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Done
from agent_console.domain.messages import message
from agent_console.domain.work_order import duties
from agent_console.domain.work_order.order_clocks import handling
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.order_rules import Paper
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from agent_console.texts.explain import due_text
from agent_console.texts.order_text import facts_of
from agent_console.texts.wording import name_of


def register(group: typer.Typer) -> None:
    """Add it to `order`."""
    group.command("paper", help=say("help.order_paper"))(paper)


def paper(
    name: Name,
    which: Annotated[str, typer.Argument(metavar="PAPER", help=say("help.paper"))],
    unmask: Unmask = False,
    ground: UnmaskGround = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
) -> None:
    """Print a sheet of an order."""
    with desk_of(jurisdiction, acting) as opened:
        order = looked_at(opened, name, unmask=unmask, ground=ground).order
        context = opened.desk.context_for(order)
        sheet = _sheet(order, which, context)
    told = {"number": grouped(order.number), **facts_of(order, unmask=unmask)}
    lines = {field: told[field] for field in ("number", *sheet.fields) if field in told}
    lines["due"] = due_text(handling(order, context))
    if as_json:
        print_json({"name": sheet.name, "clause": sheet.clause, "fields": lines})
        return
    printed = [say("paper.head", name=sheet.name, clause=sheet.clause)]
    printed += [say("paper.line", field=name_of("field", field), value=value) for field, value in lines.items()]
    sys.stdout.write("\n".join(printed) + "\n")


def _sheet(order: Order, which: str, context: Context) -> Paper:
    book = context.rule_book
    sheet = book.life.papers.get(which)
    if sheet is None:
        insist(Blocked((), message("paper.unknown", paper=which, book=book.short_title)))
        raise AssertionError(which)
    holds = duties.holds(sheet.only, order, {})
    insist(Done(()) if holds else Blocked((sheet.clause,), message("paper.not_this_order", paper=sheet.name)))
    return sheet
