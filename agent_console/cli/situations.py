"""Reads what the caller of `deadline` says about an order: options and JSON lines alike."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.instants import Instant, from_datetime, parse
from agent_console.domain.time_limits.counting import MOST
from agent_console.domain.time_limits.deadlines import ExtensionRequest, Situation, Start, StatutoryLimit
from agent_console.domain.time_limits.limits import LIMIT_NAMES, LimitTable, Scalar
from agent_console.domain.time_limits.situation import STATUTORY_UNITS
from agent_console.resources.limits import limit_code, load_limits
from agent_console.texts import say

_CONSENT = "_approved"
_COMPLEXITIES = ("general", "complex", "especially_complex")
_FORMS = ("oral", "written")
_FIRST_YEAR, _LAST_YEAR = 1950, 2199
_CONCERNS_ALL = frozenset({"kind", "return_filed_at", "return_refused_at", "qc_failed_at", "extension"})


class _Statutory(msgspec.Struct, forbid_unknown_fields=True):
    n: int
    unit: str
    source: str | None = None


class _Extension(msgspec.Struct):
    requested_days: int | None = None
    applied_at: str | None = None
    prior_extensions: int | None = None
    prior_days: int | None = None


class _Facts(msgspec.Struct):
    """Keys of `situation` in a line of the batch form."""

    kind: str | None = None
    urgent: bool | None = None
    simple: bool | None = None
    listed_service_item: bool | None = None
    complexity: str | None = None
    channel: str | None = None
    form: str | None = None
    departments: int | list[str] | None = None
    joint: bool | None = None
    unclear: bool | None = None
    answerable_on_spot: bool | None = None
    statutory_limit: _Statutory | None = None
    superior_due: str | None = None
    return_filed_at: str | None = None
    return_refused_at: str | None = None
    qc_failed_at: str | None = None
    extension: dict[str, Any] | None = None


class _Line(msgspec.Struct):
    jurisdiction: str
    limit: str
    start: str
    situation: dict[str, Any] | None = None
    start_event: str | None = None


class Asked(msgspec.Struct, frozen=True):
    """A question to a rule book. `idle`: facts given that no limit of this book asks for."""

    table: LimitTable
    limit: str
    situation: Situation
    start: Start
    idle: tuple[str, ...]


def read_line(line: dict[str, Any]) -> Asked:
    """A question from one JSON object, as in the batch form. Raises BadInput or UnknownName."""
    read = _convert(line, _Line)
    table = load_limits(limit_code(read.jurisdiction))
    facts = read.situation or {}
    return Asked(
        table=table,
        limit=_limit(read.limit, table),
        situation=_situation(facts),
        start=Start(read.start_event or "", instant_of(read.start)),
        idle=_idle(facts, table),
    )


def instant_of(text: str) -> Instant:
    """Instant of an ISO time; without offset it means +08:00. Raises BadInput, also far from our time."""
    instant = parse(text)
    if not _year(_FIRST_YEAR) <= instant < _year(_LAST_YEAR + 1):
        raise BadInput("error.start_range", "advice.start_range", text=text)
    return instant


def _year(year: int) -> Instant:
    from datetime import datetime

    return from_datetime(datetime(year, 1, 1))


def _convert(value: object, form: type[Any]) -> Any:
    try:
        return msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        raise BadInput("error.situation", "advice.situation", reason=str(error)) from error


def _limit(name: str, table: LimitTable) -> str:
    known = (*LIMIT_NAMES, *(other for other in table.limits if other not in LIMIT_NAMES))
    if name not in known:
        raise UnknownName("error.limit_name", "advice.limit_name", name=name, known="、".join(known))
    return name


def _situation(given: dict[str, Any]) -> Situation:
    facts: _Facts = _convert(given, _Facts)
    departments = facts.departments
    return Situation(
        kind=facts.kind or None,
        urgent=facts.urgent,
        simple=facts.simple,
        listed_service_item=facts.listed_service_item,
        complexity=_one_of("complexity", facts.complexity, _COMPLEXITIES),
        channel=facts.channel or None,
        form=_one_of("form", facts.form, _FORMS),
        departments=len(departments) if isinstance(departments, list) else departments,
        joint=facts.joint,
        unclear=facts.unclear,
        answerable_on_spot=facts.answerable_on_spot,
        statutory_limit=_statutory(facts.statutory_limit),
        superior_due=_date_or_time(facts.superior_due),
        return_filed_at=_optional(facts.return_filed_at),
        return_refused_at=_optional(facts.return_refused_at),
        qc_failed_at=_optional(facts.qc_failed_at),
        extension=None if facts.extension is None else _extension(facts.extension),
        further=_further(given),
    )


def _optional(text: str | None) -> Instant | None:
    return instant_of(text) if text else None


def _date_or_time(text: str | None) -> Instant | None:
    """A date alone is due at its end."""
    if not text:
        return None
    return instant_of(text if "T" in text.upper() or " " in text.strip() else f"{text.strip()}T23:59:59")


def _one_of(name: str, value: str | None, known: tuple[str, ...]) -> str | None:
    if value and value not in known:
        raise BadInput("error.choice", "advice.choice", name=name, value=value, known="、".join(known))
    return value or None


def _number(name: str, value: int | None, least: int) -> int | None:
    if value is not None and not least <= value <= MOST:
        raise BadInput("error.number", "advice.number", name=name, value=value, least=least, most=MOST)
    return value


def _statutory(given: _Statutory | None) -> StatutoryLimit | None:
    if given is None:
        return None
    _one_of("statutory_limit.unit", given.unit or "?", STATUTORY_UNITS)
    unit = next(unit for unit in STATUTORY_UNITS if unit == given.unit)
    return StatutoryLimit(_number("statutory_limit.n", given.n, 1) or 1, unit, given.source or "")


def _extension(given: dict[str, Any]) -> ExtensionRequest:
    request: _Extension = _convert(given, _Extension)
    consents = [name for name in given if name.endswith(_CONSENT) and _scalar(name, given[name], bool)]
    return ExtensionRequest(
        requested_days=_number("requested_days", request.requested_days, 1),
        applied_at=_optional(request.applied_at),
        prior_extensions=_number("prior_extensions", request.prior_extensions, 0) or 0,
        prior_days=_number("prior_days", request.prior_days, 0) or 0,
        consents=frozenset(consents),
    )


def _further(given: dict[str, Any]) -> dict[str, Scalar]:
    others = [name for name in given if name not in _Facts.__struct_fields__ and given[name] is not None]
    return {name: _scalar(name, given[name], bool, int, str) for name in others}


def _scalar(name: str, value: Any, *forms: type) -> Any:
    if value is not None and not isinstance(value, forms):
        known = "、".join(say(f"form.{form.__name__}") for form in forms)
        raise BadInput("error.choice", "advice.choice", name=name, value=str(value), known=known)
    return value


def _idle(given: dict[str, Any], table: LimitTable) -> tuple[str, ...]:
    used = table.facts_used() | _CONCERNS_ALL
    return tuple(name for name, value in given.items() if value not in (None, False, "") and name not in used)
