"""What a rule book prescribes for the entries of the knowledge base, as values.

`data/jurisdictions/<code>/knowledge.toml` holds them. What a book does not name does not exist there.
"""

from __future__ import annotations

import msgspec

from agent_console.domain.work_order.order_rules import FieldRule


class ClassRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The class list: every entry has one of these classes."""

    clause: str
    values: tuple[str, ...]
    basis: str = "letter"


class OwnershipRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of this tier own entries; one of a lower tier submits for the unit above it."""

    clause: str
    tier: str
    basis: str = "letter"


class ActRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may do something with an entry: these roles, and with `owner` everybody of the unit that owns it.

    requires: what the entry has to say for it.
    """

    clause: str
    roles: tuple[str, ...] = ()
    owner: bool = False
    requires: tuple[FieldRule, ...] = ()
    basis: str = "letter"


class ImportingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy has to stand in the knowledge base in time after its publication; late ones are listed by unit.

    limit: the limit of the book that says until when.
    """

    clause: str
    limit: str
    basis: str = "letter"


class UpkeepRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry is looked at again: stale after so many days, expiring so many days before its end.

    roles: who may remind its owner.
    """

    clause: str
    roles: tuple[str, ...]
    stale_after: int
    expiring_within: int
    basis: str = "letter"


class KnowledgeRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of one book; None: the book says nothing. `inherited` names what comes from the parent book."""

    classes: ClassRule | None = None
    ownership: OwnershipRule | None = None
    submitting: ActRule | None = None
    reviewing: ActRule | None = None
    releasing: ActRule | None = None
    changing: ActRule | None = None
    exporting: ActRule | None = None
    importing: ImportingRule | None = None
    upkeep: UpkeepRule | None = None
    formal_answers: ActRule | None = None
    inherited: tuple[str, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Everybody who has a part in the knowledge base."""
        acts = (self.submitting, self.reviewing, self.releasing, self.changing, self.exporting, self.formal_answers)
        named = (*(rule.roles for rule in acts if rule), self.upkeep.roles if self.upkeep else ())
        return frozenset(role for roles in named for role in roles)
