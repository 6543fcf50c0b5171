"""`agent-console order suggest / pass-on / hand-back`: which unit, why, and the ways that are no dispatch."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, looked_at
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import form_options, given, with_options
from agent_console.cli.order_steps import Reason, step
from agent_console.cli.output import console, print_json
from agent_console.desk.desk import Desk
from agent_console.desk.orders.routing import suggestions, suggestions_for
from agent_console.domain.units.routing import Suggestion
from agent_console.domain.units.routing_steps import HandBackOrder, PassOnOrder
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.texts import say
from agent_console.texts.wording import all_told, told

Form = dict[str, Any]


def register(group: typer.Typer) -> None:
    """Add the way of an order to its unit to `order`."""
    group.command("suggest", help=say("help.order_suggest"))(suggest)
    group.command("pass-on", help=say("help.order_pass_on"))(pass_on)
    group.command("hand-back", help=say("help.order_hand_back"))(hand_back)


@with_options(form_options(OrderDetails))
def suggest(
    name: Annotated[str, typer.Argument(metavar="[NUMBER]", help=say("help.suggest_name"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
    as_json: Json = False,
    **form: Any,
) -> None:
    """Units for an order, or for what stands in the options, the best first."""
    with desk_of(jurisdiction, acting) as opened:
        if name:
            found = suggestions_for(opened.desk, looked_at(opened, name).order)
        else:
            found = suggestions(opened.desk, msgspec.convert(given(form), OrderDetails))
    if as_json:
        print_json([_form(suggestion) for suggestion in found])
    else:
        console().print("\n".join(lines(found)) or say("routing.none"))


def lines(found: tuple[Suggestion, ...]) -> list[str]:
    """One line for each suggested unit: its name, why, and the clause."""
    return [say("routing.suggestion", unit=one.unit, reasons=all_told(one.reasons), clause=one.clause) for one in found]


def offered(desk: Desk, details: OrderDetails) -> str:
    """What is suggested for a form without a unit, to be told; "" where nothing is."""
    found = lines(suggestions(desk, details))
    return "\n".join((say("routing.suggested"), *found)) if found else say("routing.none")


def _form(suggestion: Suggestion) -> Form:
    return {
        "unit": suggestion.unit,
        "reasons": [told(reason) for reason in suggestion.reasons],
        "clause": suggestion.clause,
    }


@step
def pass_on(unit: Annotated[str, typer.Argument(metavar="UNIT", help=say("help.pass_on_unit"))]) -> PassOnOrder:
    """A unit lets one right under it do the work; naming itself takes it back."""
    return PassOnOrder(unit)


@step
def hand_back(reason: Reason = "") -> HandBackOrder:
    """The agency above leaves a pushed order to the line again."""
    return HandBackOrder(reason)
