"""What a rule book says of the way of an order to its unit, as values.

`data/jurisdictions/<code>/routing.toml` holds them. What a book does not name does not exist there: without `grounds`
no unit is suggested, without `reserved` every tier is dispatched to by everybody who dispatches, and so on.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a unit is suggested; the first of a book weighs most.

    place: its region is that of the matter. duty: it is competent for what was told. precedent: a ruling gave it a
    matter of this sort before. fallback: the list of service items names it where nobody else is competent.
    """

    by: Literal["place", "duty", "precedent", "fallback"]
    clause: str
    basis: str = "letter"


class ReservedTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of `tier` get orders from `roles` only; whoever else chooses one pushes the order to `agency` instead."""

    tier: str
    clause: str
    roles: tuple[str, ...]
    agency: str
    push_clause: str
    basis: str = "letter"


class ThroughParent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order reaches a unit of `tier` only by way of its parent."""

    tier: str
    clause: str
    basis: str = "letter"


class PassingOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that has an order may pass it on to a unit right under it; both stay in the chain."""

    clause: str
    roles: tuple[str, ...]
    basis: str = "letter"


class CrossingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order with units of two departments or two regions carries `flag`; `record` escalates it."""

    clause: str
    flag: str
    record: str
    basis: str = "letter"


class FallbackRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order that carries `flag` goes to the fallback unit and to no other.

    It is the one the last `record` names in its field `unit`; while there is none and `from_list` holds, that of the
    list of service items.
    """

    clause: str
    flag: str
    record: str
    unit: str
    from_list: bool = False
    basis: str = "letter"


class LineRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The service line an order came in on is one of the directory.

    merged: the flag of orders from a line that stands to the hotline in the way `merged_way`.
    """

    clause: str
    merged_way: str = ""
    merged: str = ""
    basis: str = "letter"


class RoutingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `routing.toml`, that of the parent book included where this one is silent."""

    grounds: tuple[Ground, ...] = ()
    reserved: ReservedTier | None = None
    through_parent: ThroughParent | None = None
    passing_on: PassingOn | None = None
    crossing: CrossingRule | None = None
    fallback: FallbackRule | None = None
    lines: LineRule | None = None
    inherited: tuple[str, ...] = ()
