"""Which unit a matter belongs to, and why: by place, by competence, by precedent, by the list of service items.

A suggestion, never a decision. Which of the four count, and which weighs most, is what the rule book says.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from agent_console.domain.messages import Message, message
from agent_console.domain.units.directory import Directory, ListedUnit, ServiceItem
from agent_console.domain.units.routing_rules import Ground, RoutingRules, ThroughParent
from agent_console.domain.work_order.order_details import OrderDetails
from agent_console.domain.work_order.order_life_facts import PrecedentSet

_MOST = 8


class Suggestion(msgspec.Struct, frozen=True):
    """A unit an order could go to, every reason that speaks for it, and the clause of the weightiest."""

    unit: str
    reasons: tuple[Message, ...]
    clause: str


class _Candidate(msgspec.Struct):
    """weights: one for each ground of the book, in its order; 0 where the ground does not speak for the unit."""

    weights: tuple[int, ...]
    reasons: tuple[Message, ...]


class _Matter(msgspec.Struct, frozen=True):
    details: OrderDetails
    directory: Directory
    precedent: PrecedentSet | None
    around: frozenset[str]


def suggest(
    details: OrderDetails,
    directory: Directory,
    rules: RoutingRules,
    *,
    precedent: PrecedentSet | None = None,
    flags: tuple[str, ...] = (),
) -> tuple[Suggestion, ...]:
    """Units for a matter, the best first, at most eight; none where the book names no grounds.

    precedent: of a matter of this sort. flags: of the order, once it is raised; one whose duty is unclear gets the
    fallback unit first.
    """
    matter = _Matter(details, directory, precedent, _around(details, directory))
    unclear = rules.fallback is not None and rules.fallback.flag in flags
    grounds = tuple(sorted(rules.grounds, key=lambda ground: not (unclear and ground.by == "fallback")))
    weighed = {name: _weighed(name, matter, grounds) for name in _names(matter)}
    ranked = sorted(weighed, key=lambda name: weighed[name].weights, reverse=True)
    return tuple(
        _suggestion(name, weighed[name], grounds, directory, rules) for name in ranked if any(weighed[name].weights)
    )[:_MOST]


def _names(matter: _Matter) -> tuple[str, ...]:
    others = (matter.precedent.lead if matter.precedent else "", fallback_of(matter.details, matter.directory))
    return tuple(dict.fromkeys([*(unit.name for unit in matter.directory.units.values()), *filter(None, others)]))


def _weighed(name: str, matter: _Matter, grounds: tuple[Ground, ...]) -> _Candidate:
    found = [(ground, *_SPEAKS[ground.by](name, matter)) for ground in grounds]
    weights = tuple(weight for _, weight, _ in found)
    return _Candidate(weights, tuple(reason for _, weight, reason in found if weight))


def _suggestion(
    name: str, candidate: _Candidate, grounds: tuple[Ground, ...], directory: Directory, rules: RoutingRules
) -> Suggestion:
    clause = next(ground.clause for ground, weight in zip(grounds, candidate.weights, strict=True) if weight)
    way = rules.through_parent
    parent = gateway(name, way, directory) if way is not None else ""
    if way is not None and parent:
        through = message("routing.because_parent", name=name, clause=way.clause)
        return Suggestion(parent, (*candidate.reasons, through), clause)
    return Suggestion(name, (*candidate.reasons, *_pushing(name, directory, rules)), clause)


def gateway(name: str, rule: ThroughParent, directory: Directory) -> str:
    """The unit above by way of which an order reaches this one; "" where it goes there straight away."""
    if directory.tier_of(name) != rule.tier:
        return ""
    return next((above for above in directory.above(name) if directory.tier_of(above) != rule.tier), "")


def _pushing(name: str, directory: Directory, rules: RoutingRules) -> tuple[Message, ...]:
    rule = rules.reserved
    if rule is None or directory.tier_of(name) != rule.tier:
        return ()
    return (message("routing.because_pushed", agency=rule.agency, clause=rule.push_clause),)


# place


def _parts(details: OrderDetails) -> tuple[str, ...]:
    return tuple(part for part in (details.district, details.street, details.community) if part)


def _depth(unit: ListedUnit, details: OrderDetails) -> int:
    """How near the unit is to the place: 0 not at all, more for the street than for the district."""
    matching = [depth for depth, part in enumerate(_parts(details), 1) if unit.region.endswith(part)]
    return max(matching, default=0)


def _around(details: OrderDetails, directory: Directory) -> frozenset[str]:
    """Regions of the units at the place and of all above them; empty where no unit is there."""
    found: set[str] = set()
    for unit in directory.units.values():
        if _depth(unit, details):
            above = (directory.unit(name) for name in directory.above(unit.name))
            found |= {unit.region, *(each.region for each in above if each is not None)}
    return frozenset(found)


def _is_elsewhere(unit: ListedUnit, matter: _Matter) -> bool:
    return bool(matter.around and unit.region) and unit.region not in matter.around


def _by_place(name: str, matter: _Matter) -> tuple[int, Message]:
    unit = matter.directory.unit(name)
    depth = _depth(unit, matter.details) if unit else 0
    return depth, message("routing.because_place", place=unit.region if unit else "")


def _by_duty(name: str, matter: _Matter) -> tuple[int, Message]:
    unit = matter.directory.unit(name)
    if unit is None or _is_elsewhere(unit, matter):
        return 0, message("routing.because_duty", duties="")
    details = matter.details
    told = "".join((details.kind, details.title, details.content, details.concerns, details.wish))
    duties = [duty for duty in unit.duties if duty and duty in told]
    return len(duties), message("routing.because_duty", duties="、".join(duties))


# what was decided before


def _by_precedent(name: str, matter: _Matter) -> tuple[int, Message]:
    precedent = matter.precedent
    number = precedent.order if precedent is not None and precedent.lead == name else ""
    return int(bool(number)), message("routing.because_precedent", number=number)


def _by_fallback(name: str, matter: _Matter) -> tuple[int, Message]:
    item = item_of(matter.details, matter.directory)
    is_named = item is not None and item.fallback == name
    return int(is_named), message("routing.because_fallback", item=item.name if item else "")


_SPEAKS: dict[str, Callable[[str, _Matter], tuple[int, Message]]] = {
    "place": _by_place,
    "duty": _by_duty,
    "precedent": _by_precedent,
    "fallback": _by_fallback,
}


def item_of(details: OrderDetails, directory: Directory) -> ServiceItem | None:
    """The service item of the list that the matter names; the longest name where it names several."""
    told = "".join((details.title, details.content))
    named = [item for item in directory.items.values() if item.name in told]
    return max(named, key=lambda item: len(item.name), default=None)


def fallback_of(details: OrderDetails, directory: Directory) -> str:
    """The fallback unit of the service item the matter names; "" where it names none."""
    item = item_of(details, directory)
    return item.fallback if item is not None else ""
