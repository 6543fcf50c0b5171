"""What a rule book prescribes for the directory of units, lines and items, as values.

`data/jurisdictions/<code>/directory.toml` holds them. What a book does not name does not exist there: a book without
classes takes a unit of any class, a book without tiers knows no tier.
"""

from __future__ import annotations

import msgspec

CONTACTS = ("head", "deputy", "section", "handler", "duty_number")
"""Fields of a unit that say who answers there."""


class UnitClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of units; `tiers`: the only tiers it may stand in, where the book says.

    extends: a unit of this class has no tier of its own and stands under a unit of that tier.
    """

    name: str
    clause: str
    tiers: tuple[str, ...] = ()
    extends: str = ""
    basis: str = "letter"


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tier of the network; `under`: tiers in which the one parent of its units stands, empty at the top.

    parent_optional: a unit may also stand alone. most: how many bodies it may have, 0 for any number. beside: the tier
    it ranks with. role: the role that speaks for it.
    """

    name: str
    clause: str
    under: tuple[str, ...] = ()
    parent_optional: bool = False
    most: int = 0
    beside: str = ""
    role: str = ""
    basis: str = "letter"


class ContactRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something the record of a unit has to carry; a unit without is listed as incomplete.

    field: one of `CONTACTS`, or `reachable_always` for a duty number that is answered day and night. tiers: only units
    of these. classes: only units of these.
    """

    field: str
    clause: str
    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    basis: str = "letter"


class KeeperRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who keeps the directory: roles of the line for all of it, unit roles for what stands below their own unit."""

    clause: str
    roles: tuple[str, ...] = ()
    parent_roles: tuple[str, ...] = ()
    basis: str = "letter"


class ChangeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of who answers in a unit is reported: the parent can read it, and `roles` of the unit may enter it."""

    clause: str
    fields: tuple[str, ...]
    roles: tuple[str, ...] = ()
    basis: str = "letter"


class RightsRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps that units of a tier may take are set by these roles of their parent."""

    clause: str
    tier: str
    roles: tuple[str, ...]
    steps: tuple[str, ...]
    basis: str = "letter"


class LineRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Special service lines: how many the text lists, and how a line stands to the hotline."""

    clause: str
    slots: int = 0
    ways: tuple[str, ...] = ()
    basis: str = "letter"


class ItemRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Listed service items: their classes, how many the text lists, and the units each one needs.

    needs_clause: where the units are asked for, where that is another clause.
    """

    clause: str
    needs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    slots: int = 0
    needs_clause: str = ""
    basis: str = "letter"

    @property
    def needing(self) -> str:
        """The clause that asks for the units."""
        return self.needs_clause or self.clause


class LinkRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sort of bodies or hotlines one can transfer to on one key."""

    name: str
    clause: str
    basis: str = "letter"


class TransferRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Kinds whose caller is handed to the duty number of the unit before an order is made of the call.

    channels: of which calls. outcomes: how a transfer that led to no answer may have ended; the form of the order says
    which. answered: those after which it also says who picked up.
    """

    clause: str
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    outcomes: tuple[str, ...]
    answered: tuple[str, ...] = ()
    basis: str = "letter"


class DirectoryRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `directory.toml`, that of the parent book included where this one is silent.

    tiers_clause: where each unit is given one tier and one parent, where that is a clause of its own.
    """

    keepers: KeeperRule | None = None
    classes: dict[str, UnitClass] = {}
    tiers: dict[str, Tier] = {}
    tiers_clause: str = ""
    contacts: tuple[ContactRule, ...] = ()
    changes: ChangeRule | None = None
    rights: RightsRule | None = None
    lines: LineRules | None = None
    items: ItemRules | None = None
    links: dict[str, LinkRule] = {}
    transfer: TransferRule | None = None
    inherited: tuple[str, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Everybody who keeps the directory or speaks for a tier."""
        keepers = (*self.keepers.roles, *self.keepers.parent_roles) if self.keepers else ()
        return frozenset((*keepers, *(tier.role for tier in self.tiers.values() if tier.role)))
