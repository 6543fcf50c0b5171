"""Where a unit stands: its class, its one tier, its one parent, and what its record still lacks."""

from __future__ import annotations

from difflib import get_close_matches

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Missing
from agent_console.domain.errors import UnknownName
from agent_console.domain.messages import Message, message
from agent_console.domain.units.directory import Directory, ListedUnit
from agent_console.domain.units.directory_rules import ContactRule, DirectoryRules, Tier, UnitClass

_CLOSE = 0.4


class Gap(msgspec.Struct, frozen=True):
    """What is missing or wrong at one entry of the directory, and the clause that wants it.

    field: what is empty; `what` says what is wrong where nothing is.
    """

    sort: str
    name: str
    clause: str
    field: str = ""
    what: Message | None = None


def place_refused(directory: Directory, unit: ListedUnit, rules: DirectoryRules) -> Decision | None:
    """Why the unit cannot stand there: class, tier and parent as the rule book has them (BZ-11.0)."""
    return (
        _class_refused(unit, rules) or _tier_refused(directory, unit, rules) or _parent_refused(directory, unit, rules)
    )


def _class_refused(unit: ListedUnit, rules: DirectoryRules) -> Decision | None:
    clauses = tuple(dict.fromkeys(known.clause for known in rules.classes.values()))
    if unit.unit_class in rules.classes or not (rules.classes or unit.unit_class):
        return None
    if not unit.unit_class:
        return Missing(("unit_class",), clauses[0])
    allowed = "、".join(known.name for known in rules.classes.values())
    return Blocked(clauses, message("record.not_allowed", value=unit.unit_class, allowed=allowed))


def _tier_refused(directory: Directory, unit: ListedUnit, rules: DirectoryRules) -> Decision | None:
    known = rules.classes.get(unit.unit_class)
    if known is not None and known.extends:
        return Blocked((known.clause,), message("directory.no_tier_of_its_own")) if unit.tier else None
    if not rules.tiers and not unit.tier:
        return None
    allowed = known.tiers if known is not None and known.tiers else tuple(rules.tiers)
    if not unit.tier:
        return Missing(("tier",), rules.tiers_clause or rules.tiers[allowed[0]].clause)
    tier = rules.tiers.get(unit.tier)
    if tier is None or unit.tier not in allowed:
        clauses = tuple(dict.fromkeys(rules.tiers[name].clause for name in allowed))
        names = "、".join(rules.tiers[name].name for name in allowed)
        return Blocked(clauses, message("record.not_allowed", value=tier.name if tier else unit.tier, allowed=names))
    standing = [other for other in directory.units.values() if other.tier == unit.tier and other.name != unit.name]
    if tier.most and len(standing) >= tier.most:
        return Blocked((tier.clause,), message("directory.tier_full", tier=tier.name, unit=standing[0].name))
    return None


def _parent_refused(directory: Directory, unit: ListedUnit, rules: DirectoryRules) -> Decision | None:
    known, tier = rules.classes.get(unit.unit_class), rules.tiers.get(unit.tier)
    above = (known.extends,) if known is not None and known.extends else tier.under if tier else ()
    clause = _parent_clause(known, tier, rules)
    if not unit.parent:
        owed = bool(above) and not (tier is not None and tier.parent_optional)
        return Missing(("parent",), clause) if owed else None
    clauses = (clause,) if clause else ()
    parent = directory.unit(unit.parent)
    if parent is None:
        return Blocked(clauses, message("directory.no_such_unit", unit=unit.parent))
    if unit.name == parent.name or unit.name in directory.above(parent.name):
        return Blocked(clauses, message("directory.under_itself", unit=unit.name))
    if not (rules.tiers or above) or parent.tier in above:
        return None
    if not above:
        return Blocked(clauses, message("directory.top_has_no_parent", tier=tier.name if tier else ""))
    names = "、".join(rules.tiers[name].name for name in above)
    return Blocked(clauses, message("directory.parent_of_tier", tiers=names))


def _parent_clause(known: UnitClass | None, tier: Tier | None, rules: DirectoryRules) -> str:
    if known is not None and known.extends:
        return known.clause
    return rules.tiers_clause or (tier.clause if tier else "")


def unknown_unit(names: tuple[str, ...], context: Context) -> Decision | None:
    """Why an order cannot go to these: the directory that was loaded does not know one, and which are like it."""
    units = context.directory.units
    unknown = next((name for name in names if name and name not in units), "") if units else ""
    if not unknown:
        return None
    clauses = tuple(dict.fromkeys(known.clause for known in context.rule_book.directory.classes.values()))
    like = similar(unknown, tuple(units))
    how = message("directory.perhaps", units="、".join(like)) if like else message("directory.list_it")
    return Blocked(clauses[:1], message("directory.no_such_unit", unit=unknown), how)


def similar(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Names that hold the one that was typed, then those that look like it; at most three."""
    holding = [unit for unit in known if name in unit or unit in name]
    return tuple(dict.fromkeys((*holding, *get_close_matches(name, known, 3, _CLOSE))))[:3]


def named_unit(directory: Directory, name: str) -> ListedUnit:
    """The unit of that name. Raises UnknownName with the names that look like it."""
    unit = directory.unit(name)
    if unit is None:
        like = "、".join(similar(name, tuple(directory.units)))
        raise UnknownName("error.unit", "advice.unit" if like else "advice.unit_list", name=name, like=like)
    return unit


def lacking(unit: ListedUnit, rules: DirectoryRules) -> tuple[ContactRule, ...]:
    """What the record of a unit has to carry and does not."""
    return tuple(rule for rule in rules.contacts if _is_asked(rule, unit) and not getattr(unit, rule.field))


def _is_asked(rule: ContactRule, unit: ListedUnit) -> bool:
    return (not rule.tiers or unit.tier in rule.tiers) and (not rule.classes or unit.unit_class in rule.classes)


def gaps(directory: Directory, rules: DirectoryRules) -> list[Gap]:
    """Everything of the directory that is incomplete or does not fit the rule book."""
    found = [
        Gap("unit", unit.name, rule.clause, rule.field)
        for unit in directory.units.values()
        for rule in lacking(unit, rules)
    ]
    for unit in directory.units.values():
        refused = place_refused(directory, unit, rules)
        if isinstance(refused, Blocked):
            found.append(Gap("unit", unit.name, next(iter(refused.clauses), ""), what=refused.message))
        elif isinstance(refused, Missing):
            found.append(Gap("unit", unit.name, refused.clause, refused.fields[0]))
    return found + _item_gaps(directory, rules)


def _item_gaps(directory: Directory, rules: DirectoryRules) -> list[Gap]:
    rule, found = rules.items, list[Gap]()
    if rule is None:
        return found
    for item in directory.items.values():
        for field in rule.needs:
            unit = getattr(item, field)
            if not unit:
                found.append(Gap("item", item.name, rule.needing, field))
            elif unit not in directory.units:
                wrong = message("directory.no_such_unit", unit=unit)
                found.append(Gap("item", item.name, rule.needing, what=wrong))
    return found
