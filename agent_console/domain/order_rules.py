"""What a rule book prescribes for the life of an order beyond its main steps, as values.

`data/jurisdictions/<code>/orders.toml` holds them: records that can be written into an order, duties that a step waits
for, flags, rating, redo, callback and archive. What a book does not name does not exist there.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class FieldRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field of a record: its id, the clause that asks for it, and the values it may have where they are listed."""

    field: str
    clause: str = ""
    values: tuple[str, ...] = ()
    optional: bool = False


class RecordRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be written into an order: a phone call to the unit, a first contact, a supervision entry.

    when: states of the order it can be written in; empty: any but new. flag: only on orders that carry it. after_due:
    only once the handling limit is over. most: how often, 0 for without limit. meets: the limit it fulfils. sets:
    flags the order carries from then on. alerts: the lead is told. needs: records that must stand before it.
    """

    name: str
    clause: str
    requires: tuple[FieldRule, ...] = ()
    roles: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    flag: str = ""
    after_due: bool = False
    most: int = 0
    meets: str = ""
    sets: tuple[str, ...] = ()
    alerts: bool = False
    needs: tuple[str, ...] = ()
    basis: str = "letter"


Facts = dict[str, bool | str | tuple[str, ...]]
"""What has to hold of an order: names of flags (`flag.safety_hazard = true`), of the form, of a step's fields."""


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record a step waits for.

    before: the steps it blocks; empty: it is only shown as owed, in red where `urgent`.
    """

    record: str
    clause: str
    before: tuple[str, ...] = ()
    when: Facts = {}
    urgent: bool = False
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

    grounds: what may lead to it (dissatisfied, not_accepted, doubtful_reply, failed_check, review). needs: records that
    must stand before, by ground. most: how often; afterwards `then`: the ledger, an evaluation, or nothing more.
    supervise_from: from the how-manieth redo the order enters the supervision ledger; 0: never.
    """

    clause: str
    grounds: dict[str, str] = {}
    needs: dict[str, str] = {}
    finding: str = ""
    most: int = 0
    most_clause: str = ""
    most_basis: str = "letter"
    supervise_from: int = 0
    supervise_clause: str = ""
    roles: tuple[str, ...] = ()
    basis: str = "letter"


class CallbackRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calling the citizen back after an order: all of them, or samples with the dissatisfied first.

    attempts, days: an order counts as called back after so many attempts on so many days (A-44).
    """

    clause: str
    mode: Literal["all", "sample", "random"]
    requires: tuple[FieldRule, ...] = ()
    means: tuple[str, ...] = ()
    means_supervised: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    attempts: int = 0
    days: int = 0
    attempts_basis: str = "letter"
    before_archive: bool = False
    dissatisfied_first: bool = False


class ArchiveRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Putting a finished order away: the records that must stand, and the classes it is filed under."""

    clause: str
    needs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    classes_clause: str = ""
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
    inherited: tuple[str, ...] = ()
