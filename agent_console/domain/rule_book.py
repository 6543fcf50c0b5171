"""Everything one jurisdiction prescribes, as a value.

A rule book is read from `data/jurisdictions/<code>/` by `agent_console.resources`. Each value carries the clause
it rests on; `inherited_from` names the parent book a value was taken from (FJ-32.2, A-36).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from agent_console.domain.confidentiality.confidentiality_rules import Confidentiality, Retention
from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.oversight.list_rules import ListRules
from agent_console.domain.oversight.report_rules import ReportRules
from agent_console.domain.time_limits.limits import LimitTable, Session
from agent_console.domain.units.directory_rules import DirectoryRules
from agent_console.domain.units.routing_rules import RoutingRules
from agent_console.domain.upkeep.article_rules import KnowledgeRules
from agent_console.domain.work_order.order_rules import Facts, OrderRules

BookStatus = Literal["in_force", "draft", "provisional", "reported"]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of matter a caller may bring; `under` names the kind whose limits a sub-kind shares (A-38)."""

    id: str
    clause: str
    help: str = ""
    under: str = ""


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of working days in which a channel is open; a record of any other time carries `off_hours_reason`."""

    clause: str
    sessions: tuple[Session, ...]
    basis: str = "letter"


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel, a caller type or a way to an answer; `limits_as` names the channel whose limits it shares.

    needs: what the record of such a way to an answer carries. opening: when a channel is open, where not always.
    """

    id: str
    name: str
    clause: str
    limits_as: str = ""
    needs: tuple[str, ...] = ()
    opening: Opening | None = None


class RequiredField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of the order form or of a step that must be filled; for all kinds unless `kinds` names some.

    channels, beside: only for these channels, only where that other field is filled. values: what it may say, where
    that is listed. optional: it may be left out, and only its value is looked at. where: other fields that have to say
    this for it to be asked. warns: what a look at the text may warn of. only: what has to hold of the order for a step
    to ask for it.
    """

    field: str
    clause: str
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    beside: str = ""
    values: tuple[str, ...] = ()
    optional: bool = False
    where: dict[str, str] = {}
    warns: Literal["", "citations"] = ""
    only: Facts = {}


class Greeting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator says first."""

    text: str
    clause: str
    basis: str = "letter"


class ScopeItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of what the line takes up, in own words; no kinds: any."""

    item: str
    title: str
    clause: str
    kinds: tuple[str, ...] = ()
    basis: str = "letter"


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the list of matters not taken.

    `classes` are the screening classes that point to it, `needs` the fields the record must carry, `keeps_content`
    is false where only category and time may be kept (secrets, privacy), `follow_up` is true where the call is added
    to the running order instead (A-09). `values` lists what a field of `needs` may say.
    `hidden_on` names the channels on which the console itself points to the item where the caller's number is withheld
    or cannot be one. `by_class`: fields that only matters of one class need; `follow_up_classes`: the classes added to
    the running order where it is not all of them.
    """

    item: str
    title: str
    clause: str
    classes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    values: dict[str, tuple[str, ...]] = {}
    keeps_content: bool = True
    hidden_on: tuple[str, ...] = ()
    follow_up: bool = False
    follow_up_classes: tuple[str, ...] = ()
    by_class: dict[str, tuple[str, ...]] = {}
    emergency: bool = False
    basis: str = "letter"


class JointRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who names the one lead of an order that goes to several units."""

    clause: str
    roles: tuple[str, ...]
    basis: str = "letter"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a step of an order needs: fields, the roles that may take it, whose consent it rests on.

    `decided_by` names the roles that decide a request; empty: the step takes effect at once; `decision_clause` is
    the clause of their decision where it is another. `only_before_signing` closes the door once the unit has
    signed. `joint` says who names the lead of several units.
    """

    clause: str
    requires: tuple[RequiredField, ...] = ()
    roles: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    decision_clause: str = ""
    only_before_signing: bool = False
    joint: JointRule | None = None
    basis: str = "letter"

    @property
    def deciding(self) -> str:
        """The clause the decision of a request rests on."""
        return self.decision_clause or self.clause


class AdmitRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may take a matter of the refusal list all the same, with a reason on the record."""

    clause: str
    roles: tuple[str, ...]
    basis: str = "letter"


class RefusalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator owes a refused caller, fields every refusal carries (`told`), and who may make an exception."""

    clause: str
    requires: tuple[str, ...] = ("explained", "guided")
    told: tuple[str, ...] = ()
    admits: AdmitRule | None = None
    basis: str = "letter"


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """Parts of this version that from a day on also hold for orders raised under an earlier one.

    since: the first local day. parts: see `transitions.py`.
    """

    clause: str
    since: date
    parts: tuple[str, ...]
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
    confidentiality: Confidentiality = Confidentiality()
    retention: Retention = Retention()
    knowledge: KnowledgeRules = KnowledgeRules()
    reports: ReportRules = ReportRules()
    routing: RoutingRules = RoutingRules()
    lists: ListRules = ListRules()
    directory: DirectoryRules = DirectoryRules()
    roles: dict[str, RoleRule] = {}
    parent: str = ""
    inherited: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    scope: tuple[ScopeItem, ...] = ()
    greeting: Greeting | None = None
    answer_ways: tuple[Named, ...] = ()
    transition: Transition | None = None

    def kind(self, kind_id: str) -> Kind | None:
        """The kind of that id, or None where the book does not know it."""
        return next((kind for kind in self.kinds if kind.id == kind_id), None)

    def opening(self, channel_id: str) -> Opening | None:
        """The hours of a channel that is not always open."""
        return next((channel.opening for channel in self.channels if channel.id == channel_id), None)

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
