"""A made-up directory: units, lines and items entered the way a centre enters them."""

from __future__ import annotations

from agent_console.desk.units import directory
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.directory_steps import Command, ListItem, ListLine, ListUnit

from ..clauses.conftest import Case
from .rule_of import CENTRE, facts

PROVINCE = Actor("省平台", "province")


def clerk_of(unit: str) -> Actor:
    """Somebody who handles orders in a unit."""
    return Actor("承办人", "unit_clerk", unit)


def enter(order: Case, *entries: ListedUnit | ServiceLine | ServiceItem) -> Case:
    """The centre enters them, one after the other; the case goes on with them."""
    for entry in entries:
        facts(directory.keep(order.desk(CENTRE), _command(entry)))
    return order


def _command(entry: ListedUnit | ServiceLine | ServiceItem) -> Command:
    match entry:
        case ListedUnit():
            return ListUnit(entry)
        case ServiceLine():
            return ListLine(entry)
        case ServiceItem():
            return ListItem(entry)
