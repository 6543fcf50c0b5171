"""The limits of a rule book, as values read from `data/jurisdictions/<code>/limits.toml`.

A limit is a name (`handle`, `return`, …) with one or more rules; a rule says under which conditions it
holds, from which event it counts, how much of which unit, and on which clause it rests. Which rule speaks
when several hold is settled by tier (convention C12), and within one tier by the earlier due time.
"""

from __future__ import annotations

from datetime import date, time
from typing import Literal

import msgspec

Unit = Literal[
    "working_day",
    "half_working_day",
    "natural_day",
    "clock_hour",
    "working_minute",
    "same_day",
    "at_once",
    "each_working_day",
    "no_number",
]
"""What an amount counts. `each_working_day` is due on the day itself where it is worked; `no_number` is a
word such as 及时 that gives no due time at all (C9)."""

Tier = Literal["superior", "law", "same_day", "listed", "ordinary"]
TIERS: tuple[Tier, ...] = ("superior", "law", "same_day", "listed", "ordinary")
"""Precedence, first goes first (C12; a date set by a superior platform stands above, A-18)."""

LIMIT_NAMES = (
    "dispatch",
    "sign",
    "return",
    "contact",
    "handle",
    "dispose",
    "redo",
    "extension_apply_by",
    "extension_new_due",
    "knowledge_update",
    "daily_login",
    "answer_on_the_spot",
    "transfer_call",
    "report_to_emergency_management",
)
"""Limits every rule book can be asked for, whether or not it knows them."""

START_EVENTS = (
    "accepted",
    "unit_received",
    "signed",
    "lead_designated",
    "redo_dispatched",
    "written_complaint_received",
    "policy_published",
    "day_begins",
    "finding_after_signing",
)
"""Events a clock can start from (C13); a rule book may name further ones."""

UNSET = "unset"
"""In a list of allowed values: the fact is not known or not given."""

Scalar = bool | int | str


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Test of a number. A number that is not given fails `at_least` and passes `at_most`."""

    at_least: int | None = None
    at_most: int | None = None


Test = bool | int | str | tuple[Scalar, ...] | Range
Condition = dict[str, Test]
"""Facts of the situation by name, all of which have to hold; `false` holds also for a fact not given."""


class LimitRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a limit is set.

    when: alternatives, one of which has to hold; none: always. start: the event of the letter first, then
    events that may stand in for it; none: any event. amount_from `statutory_limit`: number and unit are those
    of the situation; due_from `superior_due`: the due time itself is. same_as: another limit of the book,
    counted anew from this start. word: the word of the text where it has no number. basis: letter, a reading
    (`A-18`) or 推定; note: the reading that a 推定 follows.
    """

    clause: str
    unit: Unit | None = None
    amount: int = 0
    when: tuple[Condition, ...] = ()
    start: tuple[str, ...] = ()
    tier: Tier = "ordinary"
    amount_from: Literal["", "statutory_limit"] = ""
    due_from: Literal["", "superior_due"] = ""
    same_as: str = ""
    word: str = ""
    basis: str = "letter"
    note: str = ""
    inherited: bool = False


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ground an extension needs: one of the conditions has to hold."""

    when: tuple[Condition, ...]
    clause: str
    label: str


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who has to agree: `flag` is the fact in the application, `label` the name on the screen."""

    flag: str
    clause: str
    label: str


class ApplyBy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Latest moment of an application: so much before the end of the limit; 0: any time before the end.

    tolerated `session_end`: up to the end of the working session in which the moment lies (C6).
    """

    clause: str
    amount: int = 0
    unit: Unit = "working_day"
    tolerated: Literal["", "session_end"] = ""
    basis: str = "letter"


class ExtensionRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether and how the handling limit can be extended; the first rule whose `when` holds speaks.

    length: `at_most_original` (sum of all extensions), `exactly_original` or `as_applied`; unit: what is counted
    where it is as applied; cap: so much in total, beyond which `over_cap` follows; times: how often, 0 for without
    limit.
    """

    clause: str
    allowed: bool = True
    when: tuple[Condition, ...] = ()
    apply_by: ApplyBy | None = None
    ground: Requirement | None = None
    consent: Consent | None = None
    length: Literal["at_most_original", "exactly_original", "as_applied"] = "as_applied"
    length_clause: str = ""
    unit: Unit = "working_day"
    cap: int | None = None
    over_cap: Literal["refuse", "override_required"] = "refuse"
    times: int = 0
    basis: str = "letter"
    inherited: bool = False


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of working time within one day, local time."""

    opens: time
    closes: time


class Season(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours of a part of the year, both days included, as `MM-DD`; it may run over the turn of the year."""

    first: str
    last: str
    sessions: tuple[Session, ...]


_FORENOON = Session(time(8, 30), time(12))
_AFTERNOON = Session(time(14, 30), time(17, 30))


class WorkingHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Working time of a working day, Asia/Shanghai (C5), and where a day of a limit ends (C4)."""

    sessions: tuple[Session, ...] = (_FORENOON, _AFTERNOON)
    seasons: tuple[Season, ...] = ()
    day_end: Literal["24:00", "close"] = "24:00"

    def on(self, day: date) -> tuple[Session, ...]:
        """Sessions of that date, earliest first, were it a working day."""
        mark = f"{day:%m-%d}"
        for season in self.seasons:
            inside = season.first <= mark <= season.last
            around = season.first > season.last and (mark >= season.first or mark <= season.last)
            if inside or around:
                return season.sessions
        return self.sessions


class LimitTable(msgspec.Struct, frozen=True):
    """All limits of one rule book, those of its parent included.

    name: how the book is called where a limit is inherited from it. kinds: sub-kinds and the kind whose
    limits they share (A-38). parent_name: name of the book that inherited rules come from.
    """

    code: str = ""
    prefix: str = ""
    name: str = ""
    parent_name: str = ""
    limits: dict[str, tuple[LimitRule, ...]] = {}
    extensions: tuple[ExtensionRule, ...] = ()
    kinds: dict[str, str] = {}
    hours: WorkingHours = WorkingHours()

    def rules(self, limit: str) -> tuple[LimitRule, ...]:
        """Rules of a limit; none where the book does not know it."""
        return self.limits.get(limit, ())

    def facts_used(self) -> frozenset[str]:
        """Names of all facts that some rule of this book asks for."""
        rules = [rule for group in self.limits.values() for rule in group]
        whens = [rule.when for rule in rules] + [rule.when for rule in self.extensions]
        grounds = [rule.ground.when for rule in self.extensions if rule.ground]
        values = {name for rule in rules for name in (rule.amount_from, rule.due_from) if name}
        return frozenset(name for when in whens + grounds for condition in when for name in condition) | values
