"""Limit tables from `data/jurisdictions/<code>/limits.toml`.

A book that names a parent takes over every limit it does not set itself, by name (FJ-32.2, A-36).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.rule_book import Kind
from agent_console.domain.time_limits.limits import ExtensionRule, LimitRule, LimitTable, WorkingHours
from agent_console.resources.jurisdictions import codes_with, folder_of
from agent_console.resources.paths import read_toml

_FILE = "limits.toml"
_NO_AMOUNT = ("same_day", "at_once", "each_working_day", "no_number")


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`without` names limits of the parent that this book does not take over."""

    prefix: str
    name: str
    parent: str = ""
    kinds: dict[str, str] = {}
    hours: WorkingHours | None = None
    without: tuple[str, ...] = ()
    limits: dict[str, tuple[LimitRule, ...]] = {}
    extensions: tuple[ExtensionRule, ...] = ()


class _Kinds(msgspec.Struct, frozen=True):
    """The kinds of book.toml, whatever else stands there."""

    kinds: tuple[Kind, ...] = ()


def _read(code: str) -> _Limits:
    return _read_file(folder_of(code) / _FILE)


@cache
def _read_file(path: Path) -> _Limits:
    read = read_toml(path, _Limits)
    if wrong := _contradiction(read):
        raise BadInput("error.data", "advice.data", path=str(path), reason=wrong)
    return read


@cache
def _under(book: Path) -> dict[str, str]:
    """Sub-kinds of the book and the kind whose limits they share."""
    kinds = read_toml(book, _Kinds).kinds if book.is_file() else ()
    return {kind.id: kind.under for kind in kinds if kind.under}


def _contradiction(read: _Limits) -> str:
    for limit, rules in read.limits.items():
        for rule in rules:
            if rule.same_as and any(base.same_as for base in read.limits.get(rule.same_as, ())):
                return f"limits.{limit} {rule.clause}: same_as"
            ways = bool(rule.unit) + bool(rule.same_as) + bool(rule.amount_from) + bool(rule.due_from)
            if ways != 1:
                return f"limits.{limit} {rule.clause}: unit / same_as / amount_from / due_from"
            if rule.unit and (rule.unit in _NO_AMOUNT) != (rule.amount == 0):
                return f"limits.{limit} {rule.clause}: amount"
    return _bad_hours(read.hours or WorkingHours())


def _bad_hours(hours: WorkingHours) -> str:
    for sessions in (hours.sessions, *(season.sessions for season in hours.seasons)):
        moments = [moment for session in sessions for moment in (session.opens, session.closes)]
        if not moments or any(late <= early for early, late in pairwise(moments)):
            return "hours: sessions"
    return ""


def limit_codes() -> tuple[str, ...]:
    """Codes of all jurisdictions that have limits, sorted."""
    return codes_with(_FILE)


def limit_code(name: str) -> str:
    """Code of a jurisdiction named by code or prefix, in any case. Raises UnknownName listing all."""
    wanted = name.strip().casefold()
    codes = limit_codes()
    found = next((code for code in codes if code.casefold() == wanted), "")
    found = found or next((code for code in codes if _read(code).prefix.casefold() == wanted), "")
    if found:
        return found
    known = "、".join(f"{code}（{_read(code).prefix}）" for code in codes)
    raise UnknownName("error.jurisdiction", "advice.jurisdiction", name=name, known=known)


def load_limits(code: str, parent: str | None = None) -> LimitTable:
    """Limits of a jurisdiction, those of its parent included; parent None: the one its file names.

    Raises BadInput naming the file and the key.
    """
    return _load(code, folder_of(code), parent)


@cache
def _load(code: str, folder: Path, parent: str | None) -> LimitTable:
    own = _read_file(folder / _FILE)
    parent = own.parent if parent is None else parent
    above = load_limits(parent) if parent else LimitTable()
    inherited = {
        name: tuple(msgspec.structs.replace(rule, inherited=True) for rule in rules)
        for name, rules in above.limits.items()
        if name not in own.without
    }
    extensions = tuple(msgspec.structs.replace(rule, inherited=True) for rule in above.extensions)
    return LimitTable(
        code=code,
        prefix=own.prefix,
        name=own.name,
        parent_name=above.name,
        limits={**inherited, **own.limits},
        extensions=own.extensions or (() if "extension" in own.without else extensions),
        kinds={**above.kinds, **_under(folder / "book.toml"), **own.kinds},
        hours=own.hours or above.hours,
    )
