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
    needless (a callback that reached nobody). form: `date` where it has to be a day.
    """

    field: str
    clause: str = ""
    values: tuple[str, ...] = ()
    optional: bool = False
    with_flag: dict[str, tuple[str, ...]] = {}
    unless: dict[str, str] = {}
    form: Literal["", "date"] = ""


Facts = dict[str, bool | str | tuple[str, ...]]
"""What has to hold of an order: names of flags (`flag.safety_hazard = true`), of the form, of a step's fields."""


class RecordRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be written into an order: a phone call to the unit, a first contact, a supervision entry.

    when: states of the order it can be written in; empty: any but new. flag: only on orders that carry it. only: what
    else has to hold of the order. after_due: only once the handling limit is over. most: how often, 0 for without
    limit. meets: the limit it fulfils. sets: flags the order carries from then on; sets_if: the same where a field is
    filled. opens: records that follow by themselves where a field is filled, its text with them. needs: records that
    must stand before it.
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
    basis: str = "letter"


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record a step waits for.

    before: the steps it blocks; empty: it is only shown as owed, in red where `urgent`. per: since when a record counts:
    since the handling began (a redo owes its own), since the present unit has the order, or at any time. after: the
    duty arises with each record of that name and is met by one that is not older.
    """

    record: str
    clause: str
    before: tuple[str, ...] = ()
    when: Facts = {}
    urgent: bool = False
    per: Literal["handling", "unit", "order"] = "handling"
    after: str = ""
    basis: str = "letter"


class FlagRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark an order can carry; `causes` are the values one of which has to be named."""

    name: str
    clause: str
    roles: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
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
    a ground rests on. needs: records that must stand before, by ground, since the result. finding: what the last of
    them has to say. compulsory: an order that meets all this cannot be archived instead. most: how often; afterwards
    the ledger, an evaluation, or nothing more. supervise_from: from the how-manieth redo the order enters the
    supervision ledger; 0: never.
    """

    clause: str
    grounds: dict[str, str] = {}
    rating: dict[str, str] = {}
    needs: dict[str, str] = {}
    finding: str = ""
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
    counts as called back after so many attempts on so many days (A-44).
    """

    clause: str
    mode: Literal["all", "sample", "random"]
    rate_roles: tuple[str, ...] = ()
    attempts: int = 0
    days: int = 0
    attempts_basis: str = "letter"
    before_archive: bool = False
    dissatisfied_first: bool = False


class ArchiveRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Putting a finished order away: by whom, the records that must stand, and the classes it is filed under."""

    clause: str
    roles: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    classes_clause: str = ""
    basis: str = "letter"


class CallMarkRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark the record of a call can carry; `note` says whether a word on it is owed."""

    name: str
    clause: str
    roles: tuple[str, ...] = ()
    note: bool = False
    basis: str = "letter"


class OrderRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `orders.toml`, that of the parent book included where this one is silent."""

    records: dict[str, RecordRule] = {}
    duties: tuple[Duty, ...] = ()
    flags: dict[str, FlagRule] = {}
    rating: RatingRule | None = None
    redo: RedoRule | None = None
    callback: CallbackRule | None = None
    archive: ArchiveRule | None = None
    stages: dict[str, str] = {}
    call_marks: dict[str, CallMarkRule] = {}
    inherited: tuple[str, ...] = ()
