"""Keeping a made-up directory: what its keepers enter, change and are refused."""

from __future__ import annotations

import msgspec

from agent_console.desk.units import directory
from agent_console.domain.decisions import Decision
from agent_console.domain.people import Actor
from agent_console.domain.units.directory import Directory, LinkedBody, ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.directory_steps import Command, ListItem, ListLine, ListLink, ListUnit

from ..clauses.conftest import Case
from .rule_of import LEAD, facts

Entry = ListedUnit | ServiceLine | ServiceItem | LinkedBody
_COMMANDS: dict[type, type] = {
    ListedUnit: ListUnit,
    ServiceLine: ListLine,
    ServiceItem: ListItem,
    LinkedBody: ListLink,
}


class Register:
    """The directory of one city, kept by whoever is named."""

    def __init__(self, order: Case) -> None:
        self.order = order

    def enter(self, entry: Entry, actor: Actor = LEAD) -> Decision:
        """Enter or replace one entry."""
        return self.keep(_COMMANDS[type(entry)](entry), actor)

    def entered(self, *entries: Entry) -> Register:
        """Enter them all, and insist on it."""
        for entry in entries:
            facts(self.enter(entry))
        return self

    def keep(self, command: Command, actor: Actor = LEAD) -> Decision:
        """Any change of the directory."""
        return directory.keep(self.order.desk(actor), command)

    def change(self, name: str, actor: Actor = LEAD, /, **fields: object) -> Decision:
        """Change some fields of a unit."""
        return self.enter(msgspec.structs.replace(self.now.units[name], **fields), actor)

    @property
    def now(self) -> Directory:
        """The directory as it stands on the file."""
        return self.order.desk().directory()

    @property
    def gaps(self) -> list[tuple[str, str, str]]:
        """Name, empty field and clause of everything that is incomplete."""
        return [(gap.name, gap.field, gap.clause) for gap in directory.check(self.order.desk())]
