"""The directory of a centre: units, service lines, listed items and bodies to transfer to.

It is folded from the stream `directory:<code>`. Names of people are sealed with the key of that stream.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant


class ListedUnit(msgspec.Struct, frozen=True):
    """A unit orders can go to.

    unit_class, tier: ids of the rule book. parent: name of the unit above. region: the area it answers for. duties:
    what it is competent for, in few words each. head: who is responsible for all; deputy: the leader in charge; section
    and handler: who does the work. duty_number, reachable_always: its number on duty, and whether it is answered day
    and night.
    """

    name: str
    unit_class: str = ""
    tier: str = ""
    parent: str = ""
    region: str = ""
    duties: tuple[str, ...] = ()
    head: str = ""
    deputy: str = ""
    section: str = ""
    handler: str = ""
    duty_number: str = ""
    reachable_always: bool = False


class ServiceLine(msgspec.Struct, frozen=True):
    """A special service line; way: how it stands to the hotline, as the rule book names it."""

    name: str
    number: str = ""
    way: str = ""
    unit: str = ""


class ServiceItem(msgspec.Struct, frozen=True):
    """A listed service item with the unit responsible for it and the one that takes what nobody wants."""

    name: str
    item_class: str = ""
    responsible: str = ""
    fallback: str = ""


class LinkedBody(msgspec.Struct, frozen=True):
    """A body or hotline one can transfer to; sort: as the rule book names it; key: the one key, a digit."""

    name: str
    number: str = ""
    sort: str = ""
    key: str = ""


class ContactChange(msgspec.Struct, frozen=True):
    """Who answers in a unit changed: what the unit above is told."""

    unit: str
    parent: str
    field: str
    old: str
    new: str
    by: str
    occurred_at: Instant


_PEOPLE = ("head", "deputy", "handler")
People = dict[str, str]


@fact("directory.unit_listed", personal=("people",))
class UnitListed(msgspec.Struct, frozen=True):
    """A unit was entered, or its record changed; names of people apart."""

    unit: ListedUnit
    people: People
    occurred_at: Instant


@fact("directory.contact_changed", personal=("old", "new"))
class ContactChanged(msgspec.Struct, frozen=True):
    """Who answers in a unit changed; `parent` is told."""

    unit: str
    parent: str
    field: str
    old: str
    new: str
    by: str
    occurred_at: Instant


@fact("directory.rights_set")
class RightsSet(msgspec.Struct, frozen=True):
    """The unit above settled which steps a unit may take."""

    unit: str
    steps: tuple[str, ...]
    by: str
    occurred_at: Instant


@fact("directory.unit_closed")
class UnitClosed(msgspec.Struct, frozen=True):
    """A unit is no more."""

    name: str
    reason: str
    occurred_at: Instant


@fact("directory.line_listed")
class LineListed(msgspec.Struct, frozen=True):
    """A service line was entered or changed."""

    line: ServiceLine
    occurred_at: Instant


@fact("directory.item_listed")
class ItemListed(msgspec.Struct, frozen=True):
    """A service item was entered or changed."""

    item: ServiceItem
    occurred_at: Instant


@fact("directory.link_listed")
class LinkListed(msgspec.Struct, frozen=True):
    """A body to transfer to was entered or changed."""

    link: LinkedBody
    occurred_at: Instant


class Directory(msgspec.Struct, frozen=True):
    """Folded state: everything by name; `rights`: steps a unit may take, where its parent settled them."""

    units: dict[str, ListedUnit] = {}
    lines: dict[str, ServiceLine] = {}
    items: dict[str, ServiceItem] = {}
    links: dict[str, LinkedBody] = {}
    rights: dict[str, tuple[str, ...]] = {}
    items_updated: dict[str, Instant] = {}
    changes: tuple[ContactChange, ...] = ()

    def unit(self, name: str) -> ListedUnit | None:
        """The unit of that name."""
        return self.units.get(name)

    def below(self, name: str) -> frozenset[str]:
        """Names of a unit and of everything under it; the name alone where it is not listed."""
        found, layer = {name}, {name}
        while layer:
            layer = {unit.name for unit in self.units.values() if unit.parent in layer} - found
            found |= layer
        return frozenset(found)

    def above(self, name: str) -> tuple[str, ...]:
        """Names of the units above one, the nearest first."""
        chain: list[str] = []
        unit = self.units.get(name)
        while unit is not None and unit.parent and unit.parent not in (name, *chain):
            chain.append(unit.parent)
            unit = self.units.get(unit.parent)
        return tuple(chain)

    def tier_of(self, name: str) -> str:
        """The tier a unit stands in; an extension stands in that of its parent."""
        tiers = (self.units[each].tier for each in (name, *self.above(name)) if each in self.units)
        return next((tier for tier in tiers if tier), "")


def listed(unit: ListedUnit, now: Instant) -> UnitListed:
    """The fact that a unit stands in the directory as it is given."""
    people = {name: getattr(unit, name) for name in _PEOPLE}
    return UnitListed(msgspec.structs.replace(unit, **dict.fromkeys(_PEOPLE, "")), people, now)


def evolve(directory: Directory, happened: msgspec.Struct | None) -> Directory:
    """The directory after a fact; one that is unknown here changes nothing."""
    return msgspec.structs.replace(directory, **_changed(directory, happened))


def _changed(directory: Directory, happened: msgspec.Struct | None) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    match happened:
        case UnitListed(unit, people):
            entry = msgspec.structs.replace(unit, **people)
            changed = {"units": {**directory.units, unit.name: entry}}
        case UnitClosed(name=name):
            changed = {"units": {key: unit for key, unit in directory.units.items() if key != name}}
        case LineListed(line):
            changed = {"lines": {**directory.lines, line.name: line}}
        case ItemListed(item):
            updated = {**directory.items_updated, item.name: happened.occurred_at}
            changed = {"items": {**directory.items, item.name: item}, "items_updated": updated}
        case LinkListed(link):
            changed = {"links": {**directory.links, link.name: link}}
        case RightsSet(unit=name, steps=steps):
            changed = {"rights": {**directory.rights, name: steps}}
        case ContactChanged():
            changed = {"changes": (*directory.changes, ContactChange(**msgspec.structs.asdict(happened)))}
    return changed
