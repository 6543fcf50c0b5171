"""Everything one jurisdiction prescribes, as a value.

A rule book is read from `data/jurisdictions/<code>/` by `agent_console.resources`. Each value carries the clause
it rests on; `inherited_from` names the parent book a value was taken from (FJ-32.2, A-36).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from agent_console.domain.limits import LimitTable
from agent_console.domain.order_rules import OrderRules

BookStatus = Literal["in_force", "draft", "provisional", "reported"]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of matter a caller may bring; `under` names the kind whose limits a sub-kind shares (A-38)."""

    id: str
    clause: str
    help: str = ""
    under: str = ""


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel or a caller type of the book; `limits_as` names the channel whose limits it shares."""

    id: str
    name: str
    clause: str
    limits_as: str = ""


class RequiredField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the order form or of a step that must be filled; for all kinds unless `kinds` names some.

    values: what it may say, where that is listed. optional: it may be left out, and only its value is looked at.
    """

    field: str
    clause: str
    kinds: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    optional: bool = False


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the list of matters not taken.

    `classes` are the screening classes that point to it, `needs` the fields the record must carry, `keeps_content`
    is false where only category and time may be kept (secrets, privacy), `follow_up` is true where the call is added
    to the running order instead (A-09).
    """

    item: str
    title: str
    clause: str
    classes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    keeps_content: bool = True
    follow_up: bool = False
    emergency: bool = False
    basis: str = "letter"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a step of an order needs: fields, the roles that may take it, whose consent it rests on.

    `decided_by` names the roles that decide a request; empty: the step takes effect at once. `only_before_signing`
    closes the door once the unit has signed.
    """

    clause: str
    requires: tuple[RequiredField, ...] = ()
    roles: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    only_before_signing: bool = False
    basis: str = "letter"


class RefusalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator owes a caller who is refused."""

    clause: str
    requires: tuple[str, ...] = ("explained", "guided")
    basis: str = "letter"


class RuleBook(msgspec.Struct, frozen=True):
    """One jurisdiction: identity, intake, refusals, limits, steps."""

    code: str
    prefix: str
    title: str
    short_title: str
    region: str
    status: BookStatus
    mark: str
    kinds: tuple[Kind, ...]
    channels: tuple[Named, ...]
    caller_types: tuple[Named, ...]
    required: tuple[RequiredField, ...]
    refusals: tuple[Refusal, ...]
    refusing: RefusalRule
    emergency_clause: str
    emergency_basis: str
    outcome_clause: str
    steps: dict[str, Step]
    limits: LimitTable
    version: str
    life: OrderRules = OrderRules()
    parent: str = ""
    inherited: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def kind(self, kind_id: str) -> Kind | None:
        """The kind of that id, or None where the book does not know it."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

    def limit_channel(self, channel_id: str) -> str | None:
        """The channel whose limits this one shares; None where none is given."""
        channel = next((channel for channel in self.channels if channel.id == channel_id), None)
        return (channel.limits_as or channel.id) if channel else (channel_id or None)

    def refusal(self, clause: str) -> Refusal | None:
        """The item of the refusal list that this clause ID names."""
        return next((item for item in self.refusals if item.clause == clause), None)

    def refusal_for(self, screening_class: str) -> Refusal | None:
        """The item a screening class points to, or None where the book does not refuse it."""
        return next((item for item in self.refusals if screening_class in item.classes), None)


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the rule book, cited by its ID."""

    id: str
    article: str
    summary: str
    part: str
    status: Literal["acts", "display"]
    basis: str = "letter"
