"""What is known about an order when a limit is asked for, and whether the conditions of a rule hold."""

from __future__ import annotations

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.time_limits.limits import UNSET, Condition, LimitTable, Range, Scalar, Test, Unit

STATUTORY_UNITS: tuple[Unit, ...] = ("working_day", "natural_day", "half_working_day", "clock_hour")
"""Units a law may set a limit in."""


class StatutoryLimit(msgspec.Struct, frozen=True):
    """A limit that a law sets for this matter: so much of a unit, and which law says so."""

    n: int
    unit: Unit
    source: str = ""


class ExtensionRequest(msgspec.Struct, frozen=True):
    """An application for more time.

    requested_days: None where the book leaves no choice of length. prior_days: days granted by the
    `prior_extensions` before it. consents: flags of those who agreed (`unit_leader_approved`, …).
    """

    requested_days: int | None = None
    applied_at: Instant | None = None
    prior_extensions: int = 0
    prior_days: int = 0
    consents: frozenset[str] = frozenset()


class Situation(msgspec.Struct, frozen=True):
    """Facts of a matter or order; None: not known. `further` holds facts that only one book asks for."""

    kind: str | None = None
    urgent: bool | None = None
    simple: bool | None = None
    listed_service_item: bool | None = None
    complexity: str | None = None
    channel: str | None = None
    form: str | None = None
    departments: int | None = None
    joint: bool | None = None
    unclear: bool | None = None
    answerable_on_spot: bool | None = None
    statutory_limit: StatutoryLimit | None = None
    superior_due: Instant | None = None
    return_filed_at: Instant | None = None
    return_refused_at: Instant | None = None
    qc_failed_at: Instant | None = None
    extension: ExtensionRequest | None = None
    further: dict[str, Scalar] = {}


class Start(msgspec.Struct, frozen=True):
    """Where a clock starts: the event (empty: the one the rule names) and its instant."""

    event: str
    at: Instant


def fact(name: str, situation: Situation, start: Start, table: LimitTable) -> Scalar | None:
    """Value of a fact; a sub-kind counts as the kind whose limits it shares, a record as true."""
    if name == "start_event":
        return start.event or None
    if name == "kind":
        kind = situation.kind or None
        return table.kinds.get(kind, kind) if kind else None
    known = name in Situation.__struct_fields__
    value = getattr(situation, name) if known else situation.further.get(name)
    return value if value is None or isinstance(value, bool | int | str) else True


def _passes(test: Test, value: Scalar | None) -> bool:
    if isinstance(test, bool):
        return bool(value) is test
    if isinstance(test, tuple):
        return any(value in (None, "") if option == UNSET else value == option for option in test)
    if not isinstance(test, Range):
        return value == test
    if not isinstance(value, int):
        return test.at_least is None
    enough = test.at_least is None or value >= test.at_least
    return enough and (test.at_most is None or value <= test.at_most)


def holds(when: tuple[Condition, ...], situation: Situation, start: Start, table: LimitTable) -> bool:
    """Whether one of the alternatives holds; true where there is none."""
    return not when or any(
        all(_passes(test, fact(name, situation, start, table)) for name, test in condition.items())
        for condition in when
    )


def unknown(when: tuple[Condition, ...], situation: Situation, start: Start, table: LimitTable) -> bool:
    """Whether nothing is known yet of what these conditions ask for."""
    return all(fact(name, situation, start, table) is None for condition in when for name in condition)
