"""The reports a rule book asks for, as values: `data/jurisdictions/<code>/reports.toml`.

Which groups and measures there are is in `desk.statistics`; what a book does not ask for can still be drawn as figures
of the house.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Span = Literal["day", "week", "month", "quarter", "year"]
Group = Literal[
    "unit", "handler", "tier", "parent", "kind", "district", "agent", "channel", "line", "topic", "status", "outcome",
    "refusal", "source", "day", "week", "month", "quarter", "year",
]  # fmt: skip
MeasureName = Literal[
    "received", "open", "completed", "urgent", "on_time", "overdue", "returned", "extended", "redo", "satisfied",
    "called_back", "unreached", "callback_satisfied", "repeated", "complained", "calls", "answered", "raised",
    "refused", "transferred", "interrupted", "invalid", "imported",
]  # fmt: skip
NAMING = ("agent", "topic")
"""Groups whose lines may name a person: not for a report that leaves the house."""


class ReportTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of a report: what it is grouped by (nothing: one line for all), the columns, the order of the lines.

    measures: each with numerator and denominator where it is a rate. ranked: the measure the lines are sorted by, most
    first. least: lines with less of that measure are left out. kinds: only orders of these kinds. tiers: only units of
    these tiers.
    """

    by: tuple[Group, ...]
    measures: tuple[MeasureName, ...]
    title: str = ""
    ranked: MeasureName | Literal[""] = ""
    least: int = 0
    kinds: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report that units of one tier send to the tier above, once for every period."""

    clause: str
    roles: tuple[str, ...]
    tiers: tuple[str, ...] = ()
    basis: str = "letter"


class ReportRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report by name.

    period: what it covers unless another is asked for. audience `outside`: it leaves the house and names neither
    persons nor free text. roles: who draws it; empty: anybody, a unit for itself and those below it. filled_in: items
    that nobody counts, written by hand for each line of the first table. complaints: the kinds that are complaints.
    """

    title: str
    clause: str
    tables: tuple[ReportTable, ...]
    period: Span = "month"
    audience: Literal["inside", "outside"] = "inside"
    roles: tuple[str, ...] = ()
    filled_in: tuple[str, ...] = ()
    fill_roles: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    submission: Submission | None = None
    basis: str = "letter"


class ImportRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether call data of other lines may be taken over, and by whom."""

    clause: str
    roles: tuple[str, ...]
    basis: str = "letter"


class ReportRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `reports.toml`, that of the parent book included where this one is silent."""

    reports: dict[str, ReportRule] = {}
    imports: ImportRule | None = None
    inherited: tuple[str, ...] = ()
