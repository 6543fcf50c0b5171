"""Keeping the directory of units, lines, items and bodies to transfer to; who acts is who works at the desk."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk.desk import Desk, directory_stream
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.units import directory_steps
from agent_console.domain.units.directory import ContactChange, Directory, ListedUnit, evolve
from agent_console.domain.units.directory_places import Gap, gaps, named_unit
from agent_console.domain.units.directory_steps import Command, ListMany, ListUnit
from agent_console.resources.rule_books import house

_AT_ONCE = 200
"""Changes in one command: what travels to a server must stay small."""


class Listing(msgspec.Struct, frozen=True):
    """What became of one entry of many: `changed` says whether it was not there before, or otherwise."""

    name: str
    decision: Decision

    @property
    def changed(self) -> bool:
        """Whether something follows from it."""
        return isinstance(self.decision, Done) and bool(self.decision.facts)


def keep(desk: Desk, command: Command) -> Decision:
    """Decide one change of the directory and write it down."""
    with desk.transaction():
        return desk.step(directory_stream(desk.rule_book.code), Directory(), evolve, directory_steps.decide, command)


def keep_all(desk: Desk, commands: Sequence[Command], *, dry_run: bool = False) -> list[Listing]:
    """Decide many changes, each on what the ones before led to; those that are allowed are written in one transaction.

    Units come in an order in which each finds its parent. dry_run: nothing is written.
    """
    ordered = _parents_first(commands)
    with desk.transaction():
        decisions = directory_steps.decide_each(desk.directory(), ordered, desk.context())
        for start in range(0, len(ordered) or 1, _AT_ONCE):
            many = ListMany(() if dry_run else ordered[start : start + _AT_ONCE])
            kept = desk.step(directory_stream(desk.rule_book.code), Directory(), evolve, directory_steps.decide, many)
            if not isinstance(kept, Done):
                return [Listing("", kept)]
    return [Listing(_name(command), decision) for command, decision in zip(ordered, decisions, strict=True)]


def _parents_first(commands: Sequence[Command]) -> tuple[Command, ...]:
    waiting = {command.unit.name: command for command in commands if isinstance(command, ListUnit)}
    ordered: list[Command] = []
    while waiting:
        ready = [name for name, command in waiting.items() if command.unit.parent not in waiting] or list(waiting)
        ordered += [waiting.pop(name) for name in ready]
    return (*ordered, *(command for command in commands if not isinstance(command, ListUnit)))


def _name(command: Command) -> str:
    match command:
        case directory_steps.ListUnit(unit):
            return unit.name
        case directory_steps.ListLine(line):
            return line.name
        case directory_steps.ListItem(item):
            return item.name
        case directory_steps.ListLink(link):
            return link.name
        case directory_steps.CloseUnit(name=name):
            return name
        case directory_steps.SetRights(unit=name):
            return name


def find_unit(desk: Desk, name: str) -> ListedUnit:
    """A unit of the directory. Raises UnknownName with the names that look like it."""
    return named_unit(desk.directory(), name)


def known_units(desk: Desk) -> tuple[str, ...]:
    """Names of units to offer: those of the directory, those of the house where none was loaded."""
    return tuple(desk.directory().units) or house().units


def check(desk: Desk) -> list[Gap]:
    """What is incomplete or does not fit the rule book."""
    return gaps(desk.directory(), desk.rule_book.directory)


def notices(desk: Desk) -> list[ContactChange]:
    """Changes of who answers in units, the newest first: all for the line, for a unit those right under it."""
    own = desk.actor.unit
    told = (change for change in desk.directory().changes if not own or change.parent == own)
    return sorted(told, key=lambda change: change.occurred_at, reverse=True)
