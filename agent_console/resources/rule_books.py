"""Rule books from `data/jurisdictions/<code>/`: book.toml, limits.toml, refusals.toml, clauses.toml.

A book that names a parent takes over what it does not say itself (FJ-32.2, A-36); the names of the parts taken over
stand in `RuleBook.inherited`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.rule_book import (
    BookStatus,
    Clause,
    Greeting,
    Kind,
    Named,
    RequiredField,
    RuleBook,
    ScopeItem,
    Step,
)
from agent_console.resources.limits import load_limits
from agent_console.resources.order_rules import load_order_rules
from agent_console.resources.paths import data_folder, read_toml
from agent_console.resources.refusals import load_refusals

_VERSION_LENGTH = 16


class House(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every desk needs and no rule book prescribes (推定)."""

    required: tuple[RequiredField, ...]
    units: tuple[str, ...]
    invalid_reasons: tuple[str, ...]


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    short_title: str
    prefix: str
    region: str
    status: BookStatus
    mark: str = ""
    parent: str = ""
    outcome_clause: str | None = None
    notes: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    channels: tuple[Named, ...] = ()
    caller_types: tuple[Named, ...] = ()
    required: tuple[RequiredField, ...] = ()
    steps: dict[str, Step] = {}
    scope: tuple[ScopeItem, ...] = ()
    greeting: Greeting | None = None
    answer_ways: tuple[Named, ...] = ()


class _Clauses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clause: tuple[Clause, ...]


STEPS = ("dispatch", "sign", "return", "extend", "complete")
"""Steps of an order that every book has to say something about, itself or through its parent."""

_INHERITABLE = ("kinds", "channels", "caller_types", "required", "outcome_clause")


def _folder() -> Path:
    return data_folder("jurisdictions")


@cache
def house() -> House:
    """The house rules of `data/jurisdictions/house.toml`."""
    return read_toml(_folder() / "house.toml", House)


@cache
def jurisdiction_codes() -> tuple[str, ...]:
    """Codes of all rule books there are, sorted."""
    return tuple(sorted(path.parent.name for path in _folder().glob("*/book.toml")))


@cache
def _book(code: str) -> _Book:
    return read_toml(_folder() / code / "book.toml", _Book)


def prefix_of(code: str) -> str:
    """Prefix of the clause IDs of a jurisdiction, `FJ` for fujian."""
    return _book(code).prefix


def jurisdiction_code(name: str) -> str:
    """Code of a jurisdiction named by code or prefix, in any case. Raises UnknownName listing those there are."""
    wanted = name.strip().lower()
    for code in jurisdiction_codes():
        if wanted in (code, _book(code).prefix.lower()):
            return code
    raise UnknownName("error.jurisdiction", "advice.jurisdiction", name=name, known="、".join(jurisdiction_codes()))


def _version(code: str, parent: str) -> str:
    digest = hashlib.sha256()
    for folder in filter(None, (code, parent)):
        for path in sorted((_folder() / folder).glob("*.toml")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_VERSION_LENGTH]


def _inherited_parts(own: _Book) -> frozenset[str]:
    silent = {name for name in _INHERITABLE if getattr(own, name) in ((), None)} if own.parent else set()
    return frozenset(silent)


@cache
def _load(code: str) -> RuleBook:
    own = _book(code)
    parent = _book(own.parent) if own.parent else None
    silent = _inherited_parts(own)
    part = {name: getattr(parent if name in silent else own, name) for name in _INHERITABLE}
    refusals = load_refusals(code, own.parent)
    steps = {**(parent.steps if parent else {}), **own.steps}
    if unsaid := _unsaid(part, steps):
        path = str(_folder() / code / "book.toml")
        raise BadInput("error.data", "advice.data", path=path, reason=unsaid)
    taken_over = {f"steps.{name}" for name in steps if name not in own.steps}
    return RuleBook(
        code=code,
        prefix=own.prefix,
        title=own.title,
        short_title=own.short_title,
        region=own.region,
        status=own.status,
        mark=own.mark,
        kinds=part["kinds"],
        channels=part["channels"],
        caller_types=part["caller_types"],
        required=_merged_required(part["required"]),
        refusals=refusals.refusals,
        refusing=refusals.refusing,
        emergency_clause=refusals.emergency_clause,
        emergency_basis=refusals.emergency_basis,
        outcome_clause=part["outcome_clause"] or "",
        steps=steps,
        limits=load_limits(code, own.parent),
        version=_version(code, own.parent),
        life=load_order_rules(code, own.parent),
        parent=own.parent,
        inherited=silent | taken_over | ({"refusals"} if refusals.inherited else frozenset()),
        notes=own.notes,
        scope=own.scope or (parent.scope if parent else ()),
        greeting=own.greeting or (parent.greeting if parent else None),
        answer_ways=own.answer_ways or (parent.answer_ways if parent else ()),
    )


def _unsaid(part: dict[str, Any], steps: dict[str, Step]) -> str:
    missing = [name for name in ("kinds", "channels") if not part[name]]
    return "、".join(missing + [f"steps.{name}" for name in STEPS if name not in steps])


def _merged_required(own: tuple[RequiredField, ...]) -> tuple[RequiredField, ...]:
    named = {field.field for field in own}
    return own + tuple(field for field in house().required if field.field not in named)


def load_book(name: str) -> RuleBook:
    """Rule book of a jurisdiction named by code or prefix. Raises UnknownName."""
    return _load(jurisdiction_code(name))


@cache
def load_clauses(code: str) -> tuple[Clause, ...]:
    """Every clause of a jurisdiction's own book, in the order of the text."""
    return read_toml(_folder() / code / "clauses.toml", _Clauses).clause


def find_clause(clause_id: str) -> Clause:
    """One clause by its ID, in any case. Raises UnknownName."""
    wanted = clause_id.strip()
    code = jurisdiction_code(wanted.partition("-")[0])
    for clause in load_clauses(code):
        if clause.id.lower() == wanted.lower():
            return clause
    raise UnknownName("error.clause", "advice.clause", name=clause_id, jurisdiction=prefix_of(code))
