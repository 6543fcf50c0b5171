"""What a rule book prescribes for the life of an order beyond its main steps, as values.

`data/jurisdictions/<code>/orders.toml` holds them: records that can be written into an order, duties that a step waits
for, flags, rating, redo, callback and archive. What a book does not name does not exist there.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a record: its id, the clause that asks for it, and the values it may have where they are listed.

    with_flag: values that only orders carrying the flag have besides. unless: other fields whose value makes this one
    needless (a callback that reached nobody). where: other fields that have to say this for it to be
    asked. form: `date` where it has to be a day. default: what it says where nothing is filled in. only: what has to
    hold of the order for the field to be known. all_of: it is not filled in but follows: yes where all these fields say
    yes, else no.
    """

    field: str
    clause: str = ""
    values: tuple[str, ...] = ()
    optional: bool = False
    with_flag: dict[str, tuple[str, ...]] = {}
    unless: dict[str, str] = {}
    where: dict[str, str] = {}
    form: Literal["", "date"] = ""
    default: str = ""
    only: dict[str, bool | str | tuple[str, ...]] = {}
    all_of: tuple[str, ...] = ()


Facts = dict[str, bool | str | tuple[str, ...]]
"""What has to hold of an order: flags (`flag.safety_hazard = true`), fields of the form and of the step in hand, the
state (`status`, `redo`, `overdue`, …), the result (`result.acceptance`), the last record of a sort since the handling
began (`record.callback.reached = "no"`), or whether there is one (`record.callback = true`)."""


class RecordRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be written into an order: a phone call to the unit, a first contact, a supervision entry.

    when: states of the order it can be written in; empty: any but new. flag: only on orders that carry it. only: what
    else has to hold of the order. after_due: only once the handling limit is over. most: how often, 0 for without
    limit. meets: the limit it fulfils. sets: flags the order carries from then on; sets_if: the same where a field is
    filled. opens: records that follow by themselves where a field is filled, its text with them. needs: records that
    must stand before it. binds: the field that names the unit the order has to go to from then on. starts: the event of
    a clock that it is.
    """

    name: str
    clause: str
    requires: tuple[FieldRule, ...] = ()
    roles: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    flag: str = ""
    only: Facts = {}
    after_due: bool = False
    most: int = 0
    meets: str = ""
    sets: tuple[str, ...] = ()
    sets_if: dict[str, str] = {}
    opens: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    binds: str = ""
    starts: str = ""
    basis: str = "letter"


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record a step waits for.

    before: the steps it blocks, or the records (`record.callback`); empty: it is only shown as owed, in red where
    `urgent`. says: what the last such record has to say. per: since when a record counts: since the handling began (a
    redo owes its own), since the present unit has the order, since the result, since the last extension, or at any
    time. after: the duty arises with each record of that name and is met by one that is not older.
    """

    record: str
    clause: str
    before: tuple[str, ...] = ()
    says: dict[str, str] = {}
    when: Facts = {}
    urgent: bool = False
    per: Literal["handling", "unit", "result", "extension", "order"] = "handling"
    after: str = ""
    basis: str = "letter"


class FlagRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark an order can carry; `causes` are the values one of which has to be named.

    seen_by: an order that carries it leaves the lists of everybody but these roles; none: it stays in all.
    """

    name: str
    clause: str
    roles: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ()
    basis: str = "letter"


class RatingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caller's rating. archives: the values that close and archive the order at once."""

    clause: str
    values: tuple[str, ...] = ("satisfied", "dissatisfied")
    archives: tuple[str, ...] = ()
    archive_clause: str = ""
    basis: str = "letter"


class RedoRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an order is handled again.

    grounds: what may lead to it (dissatisfied, not_accepted, doubtful_reply, failed_check, review). rating: the rating
    a ground rests on. when: what has to hold for a ground. by: the roles that may invoke a ground, where they differ.
    needs: records that must stand before, by ground, since the result. finding: what the last of them has to say.
    compulsory: an order that meets all this cannot be archived instead. most: how often; afterwards
    the ledger, an evaluation, or nothing more. at_once: records that lead to a redo by themselves, and the ground of
    it. supervise_from: from the how-manieth redo the order enters the
    supervision ledger; 0: never.
    """

    clause: str
    grounds: dict[str, str] = {}
    rating: dict[str, str] = {}
    when: dict[str, Facts] = {}
    by: dict[str, tuple[str, ...]] = {}
    needs: dict[str, str] = {}
    finding: str = ""
    at_once: dict[str, str] = {}
    compulsory: bool = False
    most: int = 0
    most_clause: str = ""
    most_basis: str = "letter"
    supervise_from: int = 0
    supervise_clause: str = ""
    roles: tuple[str, ...] = ()
    basis: str = "letter"


class CallbackRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calling the citizen back after an order: all of them, or samples with the dissatisfied first.

    What is written down is the record `callback`. rate_roles: who sets the share of a sample. attempts, days: an order
    counts as called back after so many attempts on so many days (A-44). only: what has to hold of an order to be drawn.
    """

    clause: str
    mode: Literal["all", "sample", "random"]
    rate_roles: tuple[str, ...] = ()
    attempts: int = 0
    days: int = 0
    attempts_basis: str = "letter"
    before_archive: bool = False
    only: Facts = {}
    dissatisfied_first: bool = False


class ArchiveRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Putting a finished order away: by whom, the records that must stand, and the classes it is filed under."""

    clause: str
    roles: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    classes_clause: str = ""
    basis: str = "letter"


class SupervisionRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What puts an order on the list of those to be supervised.

    triggers: concentrated (so many orders of one matter within so many days), overdue, repeated (told again, of the
    kinds named), dissatisfied.
    """

    clause: str
    triggers: tuple[Literal["concentrated", "overdue", "repeated", "dissatisfied"], ...]
    repeated_kinds: tuple[str, ...] = ()
    concentrated: int = 0
    concentrated_days: int = 0
    concentrated_basis: str = "letter"
    basis: str = "letter"


class AmendRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may correct a field once the units have the order; before_due: only until the present handling limit ends."""

    clause: str
    roles: tuple[str, ...] = ()
    before_due: bool = False
    basis: str = "letter"


class CallMarkRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark the record of a call can carry: what the operator says then, and whether a word on it is owed.

    taken_by: roles whose own calls carry the mark from the beginning. abuse: the mark of a call ended for abuse.
    """

    name: str
    clause: str
    says: str = ""
    roles: tuple[str, ...] = ()
    taken_by: tuple[str, ...] = ()
    note: bool = False
    abuse: bool = False
    basis: str = "letter"


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet to print of an order: which fields of the form stand on it, and what has to hold for it."""

    name: str
    clause: str
    fields: tuple[str, ...]
    only: Facts = {}
    basis: str = "letter"


class FirstUnitRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The unit that has an order answers for it, on the same clock, until another has signed for it."""

    clause: str
    basis: str = "letter"


class ReturnsRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the `alarm_from`-th return on, an order carries the flag."""

    clause: str
    alarm_from: int
    flag: str
    basis: str = "letter"


class AttachmentRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Photos and videos the book would like to see: with which steps, of which sorts. None of them is compulsory."""

    clause: str
    wanted_with: tuple[str, ...] = ()
    sorts: tuple[Literal["image", "video", "audio", "application", "text"], ...] = ("image", "video")
    basis: str = "letter"


class OrderRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `orders.toml`, that of the parent book included where this one is silent.

    urgent_first: the clause that puts urgent orders on top of every list; urgent_first_on: only those of these
    channels.
    """

    records: dict[str, RecordRule] = {}
    duties: tuple[Duty, ...] = ()
    flags: dict[str, FlagRule] = {}
    rating: RatingRule | None = None
    redo: RedoRule | None = None
    callback: CallbackRule | None = None
    archive: ArchiveRule | None = None
    supervision: SupervisionRule | None = None
    first_unit: FirstUnitRule | None = None
    returns: ReturnsRule | None = None
    urgent_first: str = ""
    urgent_first_on: tuple[str, ...] = ()
    papers: dict[str, Paper] = {}
    stages: dict[str, Facts] = {}
    stages_clause: str = ""
    call_marks: dict[str, CallMarkRule] = {}
    amendments: dict[str, AmendRule] = {}
    attachments: AttachmentRule | None = None
    inherited: tuple[str, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        """Everybody who has a part in the life of an order."""
        named = (*self.records.values(), *self.flags.values(), *self.call_marks.values(), self.redo, self.archive)
        rates = self.callback.rate_roles if self.callback else ()
        return frozenset((*rates, *(role for rule in named if rule for role in rule.roles)))
