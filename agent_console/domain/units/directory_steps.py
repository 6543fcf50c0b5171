"""Keeping the directory: who may, and what the rule book wants of a unit, a line, an item, a body to transfer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.people import LEAD
from agent_console.domain.units.directory import (
    ContactChanged,
    Directory,
    ItemListed,
    LineListed,
    LinkedBody,
    LinkListed,
    ListedUnit,
    RightsSet,
    ServiceItem,
    ServiceLine,
    UnitClosed,
    evolve,
    listed,
)
from agent_console.domain.units.directory_places import place_refused
from agent_console.domain.units.directory_rules import KeeperRule

_HOUSE = KeeperRule(clause="", roles=(LEAD, "centre"), basis="推定")


class ListUnit(msgspec.Struct, frozen=True, tag="list_unit"):
    """Enter a unit, or put its record in place of the one there is."""

    unit: ListedUnit


class CloseUnit(msgspec.Struct, frozen=True, tag="close_unit"):
    """Take a unit out of the directory."""

    name: str
    reason: str


class SetRights(msgspec.Struct, frozen=True, tag="set_rights"):
    """Settle which steps a unit may take."""

    unit: str
    steps: tuple[str, ...]


class ListLine(msgspec.Struct, frozen=True, tag="list_line"):
    """Enter or change a service line."""

    line: ServiceLine


class ListItem(msgspec.Struct, frozen=True, tag="list_item"):
    """Enter or change a service item."""

    item: ServiceItem


class ListLink(msgspec.Struct, frozen=True, tag="list_link"):
    """Enter or change a body to transfer to."""

    link: LinkedBody


Command = ListUnit | CloseUnit | SetRights | ListLine | ListItem | ListLink


class ListMany(msgspec.Struct, frozen=True):
    """Many changes at once, each decided on what the ones before led to; those that are refused are left out."""

    commands: tuple[Command, ...]


def decide(directory: Directory, command: Command | ListMany, context: Context) -> Decision:
    """What the command leads to, by the rule book of the context."""
    if isinstance(command, ListMany):
        decisions = decide_each(directory, command.commands, context)
        return Done(tuple(happened for decision in decisions for happened in _facts(decision)))
    return _DECIDE[type(command)](directory, command, context)


def decide_each(directory: Directory, commands: Sequence[Command], context: Context) -> list[Decision]:
    """What each of many changes leads to on what the ones before it led to."""
    decisions = []
    for command in commands:
        decisions.append(decide(directory, command, context))
        directory = reduce(evolve, _facts(decisions[-1]), directory)
    return decisions


def _facts(decision: Decision) -> tuple[msgspec.Struct, ...]:
    return decision.facts if isinstance(decision, Done) else ()


def _list_unit(directory: Directory, command: ListUnit, context: Context) -> Decision:
    unit, old = command.unit, directory.unit(command.unit.name)
    if not unit.name.strip():
        return Missing(("name",))
    refused = _may_not_keep(directory, unit, context) or place_refused(directory, unit, context.rule_book.directory)
    if refused is not None:
        return refused
    if unit.reachable_always and not unit.duty_number:
        return Missing(("duty_number",))
    if unit == old:
        return Done(())
    return Done((listed(unit, context.now), *_contact_changes(old, unit, context)))


def _contact_changes(old: ListedUnit | None, unit: ListedUnit, context: Context) -> tuple[ContactChanged, ...]:
    rule = context.rule_book.directory.changes
    if rule is None or old is None:
        return ()
    changed = (
        (field, getattr(old, field), getattr(unit, field))
        for field in rule.fields
        if getattr(old, field) and getattr(old, field) != getattr(unit, field)
    )
    by, now = context.actor.name, context.now
    return tuple(ContactChanged(unit.name, unit.parent, field, was, new, by, now) for field, was, new in changed)


def _may_not_keep(directory: Directory, unit: ListedUnit, context: Context) -> Decision | None:
    rules, actor = context.rule_book.directory, context.actor
    keepers = rules.keepers or _HOUSE
    if actor.role in keepers.roles and not actor.unit:
        return None
    old = directory.unit(unit.name)
    own = directory.below(actor.unit)
    parents = {unit.parent, old.parent} if old is not None else {unit.parent}
    if actor.unit and actor.role in keepers.parent_roles and parents <= own:
        return None
    changes = rules.changes
    if changes is not None and old is not None and actor.unit == unit.name and actor.role in changes.roles:
        kept = {field: getattr(old, field) for field in changes.fields}
        if msgspec.structs.replace(unit, **kept) == old:
            return None
    return _not_yours(keepers, context)


def _not_yours(keepers: KeeperRule, context: Context) -> Blocked:
    roles = "、".join(dict.fromkeys((*keepers.roles, *keepers.parent_roles)))
    clauses = (keepers.clause,) if keepers.clause else ()
    return Blocked(clauses, message("directory.not_yours", role=context.actor.role, roles=roles))


def _close_unit(directory: Directory, command: CloseUnit, context: Context) -> Decision:
    unit = directory.unit(command.name)
    if unit is None:
        return Blocked((), message("directory.no_such_unit", unit=command.name))
    refused = _may_not_keep(directory, unit, context)
    if refused is not None:
        return refused
    below = directory.below(unit.name) - {unit.name}
    if below:
        names = "、".join(sorted(below))
        return Blocked((), message("directory.has_units_below", unit=unit.name, units=names))
    if not command.reason.strip():
        return Missing(("reason",))
    return Done((UnitClosed(unit.name, command.reason, context.now),))


def _set_rights(directory: Directory, command: SetRights, context: Context) -> Decision:
    rule, actor = context.rule_book.directory.rights, context.actor
    if rule is None:
        return Blocked((), message("directory.no_rights", book=context.rule_book.short_title))
    if directory.unit(command.unit) is None:
        return Blocked((), message("directory.no_such_unit", unit=command.unit))
    if directory.tier_of(command.unit) != rule.tier:
        tier = context.rule_book.directory.tiers[rule.tier].name
        return Blocked((rule.clause,), message("directory.rights_of_tier", tier=tier))
    above = directory.above(command.unit)
    if actor.role not in rule.roles or not actor.unit or actor.unit not in above:
        return Blocked((rule.clause,), message("directory.rights_by_parent", parent=next(iter(above), "")))
    wrong = [step for step in command.steps if step not in rule.steps]
    if wrong:
        allowed = "、".join(rule.steps)
        return Blocked((rule.clause,), message("record.not_allowed", value=wrong[0], allowed=allowed))
    return Done((RightsSet(command.unit, command.steps, actor.name, context.now),))


def right_refused(step: str, context: Context) -> Decision | None:
    """Why the unit of whoever acts may not take this step of an order: its parent did not give it the right."""
    rule, unit = context.rule_book.directory.rights, context.actor.unit
    given = context.directory.rights.get(unit)
    if rule is None or given is None or step not in rule.steps or step in given:
        return None
    parent = next(iter(context.directory.above(unit)), "")
    return Blocked((rule.clause,), message("directory.right_not_given", unit=unit), message("directory.ask", to=parent))


def _list_line(directory: Directory, command: ListLine, context: Context) -> Decision:
    rule, line = context.rule_book.directory.lines, command.line
    if rule is None:
        return Blocked((), message("directory.no_lines", book=context.rule_book.short_title))
    empty = tuple(name for name in ("name", "way") if not getattr(line, name).strip())
    if empty:
        return Missing(empty, rule.clause)
    if line.way not in rule.ways:
        return Blocked((rule.clause,), message("record.not_allowed", value=line.way, allowed="、".join(rule.ways)))
    refused = _not_of_the_line(context) or _full(directory.lines, line.name, rule.slots, rule.clause)
    return refused or Done((LineListed(line, context.now),) if directory.lines.get(line.name) != line else ())


def _list_item(directory: Directory, command: ListItem, context: Context) -> Decision:
    rule, item = context.rule_book.directory.items, command.item
    if rule is None:
        return Blocked((), message("directory.no_items", book=context.rule_book.short_title))
    if not item.name.strip():
        return Missing(("name",), rule.clause)
    if rule.classes and item.item_class not in rule.classes:
        allowed = "、".join(rule.classes)
        return Blocked((rule.clause,), message("record.not_allowed", value=item.item_class, allowed=allowed))
    refused = _not_of_the_line(context) or _full(directory.items, item.name, rule.slots, rule.clause)
    return refused or Done((ItemListed(item, context.now),) if directory.items.get(item.name) != item else ())


def _list_link(directory: Directory, command: ListLink, context: Context) -> Decision:
    sorts, link = context.rule_book.directory.links, command.link
    if not sorts:
        return Blocked((), message("directory.no_links", book=context.rule_book.short_title))
    empty = tuple(name for name in ("name", "number") if not getattr(link, name).strip())
    rule = sorts.get(link.sort)
    if rule is None:
        clauses = tuple(dict.fromkeys(sort.clause for sort in sorts.values()))
        return Blocked(clauses, message("record.not_allowed", value=link.sort, allowed="、".join(sorts)))
    if empty:
        return Missing(empty, rule.clause)
    taken = next((other for other in directory.links.values() if link.key and other.key == link.key), None)
    if taken is not None and taken.name != link.name:
        return Blocked((rule.clause,), message("directory.key_taken", digit=link.key, name=taken.name))
    if link.key and not (len(link.key) == 1 and link.key in "123456789"):
        return Blocked((rule.clause,), message("directory.one_key", digit=link.key))
    refused = _not_of_the_line(context)
    return refused or Done((LinkListed(link, context.now),) if directory.links.get(link.name) != link else ())


def _not_of_the_line(context: Context) -> Decision | None:
    keepers = context.rule_book.directory.keepers or _HOUSE
    if context.actor.role in keepers.roles and not context.actor.unit:
        return None
    return _not_yours(msgspec.structs.replace(keepers, parent_roles=()), context)


def _full(table: dict[str, Any], name: str, slots: int, clause: str) -> Decision | None:
    if not slots or name in table or len(table) < slots:
        return None
    return Blocked((clause,), message("directory.full", count=slots))


_DECIDE: dict[type, Callable[[Directory, Any, Context], Decision]] = {
    ListUnit: _list_unit,
    CloseUnit: _close_unit,
    SetRights: _set_rights,
    ListLine: _list_line,
    ListItem: _list_item,
    ListLink: _list_link,
}
