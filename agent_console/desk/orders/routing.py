"""Units for a matter by the directory of the centre, for whoever fills the form or looks at an order."""

from __future__ import annotations

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.orders import precedents
from agent_console.domain.units.routing import Suggestion, suggest
from agent_console.domain.units.service_lines import known_line
from agent_console.domain.work_order.orders import Order, OrderDetails


def suggestions(desk: Desk, details: OrderDetails) -> tuple[Suggestion, ...]:
    """Units for a matter that is no order yet, the best first, by the rule book of the desk."""
    return suggest(details, desk.directory(), desk.rule_book.routing, precedent=precedents.proposed(desk, details))


def completed(desk: Desk, details: OrderDetails) -> OrderDetails:
    """A proposed form with the unit that is suggested first, and without a line that the directory does not list."""
    line = known_line(details.line, desk.directory())
    best = "" if details.lead else next((found.unit for found in suggestions(desk, details)), "")
    return msgspec.structs.replace(details, line=line, lead=details.lead or best)


def suggestions_for(desk: Desk, order: Order) -> tuple[Suggestion, ...]:
    """Units for an order, by the rule book it runs under; its flags count."""
    context = desk.context_for(order)
    precedent = precedents.proposed(desk, order.details)
    return suggest(order.details, context.directory, context.rule_book.routing, precedent=precedent, flags=order.flags)
