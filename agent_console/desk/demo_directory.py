"""The made-up directory of the demo: `data/demo/directory.toml`, put where the rule book has a place for it."""

from __future__ import annotations

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.units.directory import keep_all
from agent_console.domain.people import LEAD, Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.units.directory import LinkedBody, ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.directory_rules import DirectoryRules
from agent_console.domain.units.directory_steps import Command, ListItem, ListLine, ListLink, ListUnit
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.resources.paths import data_folder, read_toml


class _DemoDirectory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    top: ListedUnit
    unit: tuple[ListedUnit, ...]
    line: tuple[ServiceLine, ...] = ()
    item: tuple[ServiceItem, ...] = ()
    link: tuple[LinkedBody, ...] = ()


def fill_directory(desk: Desk) -> None:
    """Load what the rule book of the desk has a place for; the rest of the file stays out."""
    script = read_toml(data_folder("demo") / "directory.toml", _DemoDirectory)
    keeper = Desk(desk.store, desk.rule_book, desk.calendar, desk.clock, Actor(desk.actor.name, LEAD), desk.seat)
    keep_all(keeper, _commands(script, desk.rule_book.directory))


def _commands(script: _DemoDirectory, rules: DirectoryRules) -> list[Command]:
    tier = next((name for name, rule in rules.tiers.items() if rule.under), "")
    first = rules.tiers[tier].under[0] if tier and not rules.tiers[tier].parent_optional else ""
    units = [_placed(unit, rules, tier, script.top.name if first else "") for unit in script.unit]
    if first:
        units.insert(0, _placed(script.top, rules, first, ""))
    commands: list[Command] = [ListUnit(unit) for unit in units]
    if rules.lines:
        commands += [ListLine(msgspec.structs.replace(line, way=rules.lines.ways[0])) for line in script.line]
    if rules.items:
        item_class = next(iter(rules.items.classes), "")
        commands += [ListItem(msgspec.structs.replace(item, item_class=item_class)) for item in script.item]
    sort = next(iter(rules.links), "")
    return commands + [ListLink(msgspec.structs.replace(link, sort=sort)) for link in script.link if sort]


def _placed(unit: ListedUnit, rules: DirectoryRules, tier: str, parent: str) -> ListedUnit:
    fitting = (name for name, rule in rules.classes.items() if not rule.extends and tier in (rule.tiers or (tier,)))
    return msgspec.structs.replace(unit, unit_class=next(fitting, ""), tier=tier, parent=parent)


def transfer_tried(book: RuleBook, details: OrderDetails) -> OrderDetails:
    """The form with a transfer that led to no answer, where the rule book wants one before the order."""
    rule = book.directory.transfer
    if rule is None or details.kind not in rule.kinds:
        return details
    return msgspec.structs.replace(details, transfer_unit=details.lead, transfer_outcome=rule.outcomes[0])
