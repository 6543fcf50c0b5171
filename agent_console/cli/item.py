"""`agent-console item …`: the listed service items."""

from __future__ import annotations

from typing import Any

import typer

from agent_console.cli.directory_table import register_table
from agent_console.desk.desk import Desk
from agent_console.domain.instants import local_date
from agent_console.domain.units.directory import ServiceItem


def register(app: typer.Typer) -> None:
    """Add `item` to the command line."""
    register_table(app, "item", ServiceItem, _counted)


def _counted(desk: Desk) -> dict[str, Any]:
    rule, items = desk.rule_book.directory.items, desk.directory().items.values()
    classes = rule.classes if rule else ()
    return {
        "loaded": len(items),
        "slots": rule.slots if rule else 0,
        "by": {name: sum(item.item_class == name for item in items) for name in classes},
        "updated_on": {name: local_date(at) for name, at in desk.directory().items_updated.items()},
    }
