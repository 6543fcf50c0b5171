"""Rule books from `data/jurisdictions/<code>/`: book.toml, limits.toml, refusals.toml, clauses.toml.

A book that names a parent takes over what it does not say itself (FJ-32.2, A-36); the names of the parts taken over
stand in `RuleBook.inherited`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from agent_console.domain.checks.transitions import is_part
from agent_console.domain.confidentiality.role_rules import RoleRule
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
    Transition,
)
from agent_console.resources.book_files import HOUSE_FILE, noted_version, read_files
from agent_console.resources.confidentiality import load_confidentiality, load_retention
from agent_console.resources.directory_rules import load_directory_rules
from agent_console.resources.jurisdictions import codes_with, folder_of, reading_from, shipped_folder
from agent_console.resources.knowledge_rules import load_knowledge_rules
from agent_console.resources.limits import load_limits
from agent_console.resources.lists import load_lists
from agent_console.resources.order_rules import load_order_rules
from agent_console.resources.paths import read_toml
from agent_console.resources.refusals import load_refusals
from agent_console.resources.reports import load_reports
from agent_console.resources.roles import load_roles
from agent_console.resources.routing import load_routing

_FILE = "book.toml"


class House(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every desk needs and no rule book prescribes (推定)."""

    required: tuple[RequiredField, ...]
    units: tuple[str, ...]
    invalid_reasons: tuple[str, ...]
    roles: dict[str, RoleRule] = {}


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
    transition: Transition | None = None


class _Clauses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    clause: tuple[Clause, ...]


FILES = (
    "book.toml", "limits.toml", "refusals.toml", "clauses.toml", "orders.toml", "lists.toml", "reports.toml",
    "directory.toml", "roles.toml", "routing.toml", "knowledge.toml", "confidentiality.toml", "retention.toml",
    "places.toml",
)  # fmt: skip
"""Every file a rule book can have; the first four it has to have."""

STEPS = ("dispatch", "sign", "return", "extend", "complete")
"""Steps of an order that every book has to say something about, itself or through its parent."""

_INHERITABLE = ("kinds", "channels", "caller_types", "required", "outcome_clause")


def house() -> House:
    """The house rules of `data/jurisdictions/house.toml`."""
    return _read_house(shipped_folder() / HOUSE_FILE)


@cache
def _read_house(path: Path) -> House:
    return read_toml(path, House)


def jurisdiction_codes() -> tuple[str, ...]:
    """Codes of all rule books there are, sorted: those the program brings and those of the user's own folder."""
    return codes_with(_FILE)


def _book(code: str) -> _Book:
    return _read_book(folder_of(code) / _FILE)


@cache
def _read_book(path: Path) -> _Book:
    return read_toml(path, _Book)


def prefix_of(code: str) -> str:
    """Prefix of the clause IDs of a jurisdiction, `FJ` for fujian."""
    return _book(code).prefix


def parent_of(code: str) -> str:
    """Code of the rule book that a jurisdiction takes over what it does not say itself from; empty where none."""
    return _book(code).parent


def jurisdiction_code(name: str) -> str:
    """Code of a jurisdiction named by code or prefix, in any case. Raises UnknownName listing those there are."""
    wanted = name.strip().lower()
    codes = jurisdiction_codes()
    if wanted in codes:
        return wanted
    # The user's own books come last: one that cannot be read must not stand before a shipped one.
    for code in sorted(codes, key=lambda code: not (shipped_folder() / code).is_dir()):
        if wanted == _book(code).prefix.lower():
            return code
    raise UnknownName("error.jurisdiction", "advice.jurisdiction", name=name, known="、".join(codes))


def _version(code: str, parent: str) -> str:
    return noted_version(read_files(code, parent))


def _inherited_parts(own: _Book) -> frozenset[str]:
    silent = {name for name in _INHERITABLE if getattr(own, name) in ((), None)} if own.parent else set()
    return frozenset(silent)


@cache
def _load(code: str, folder: Path) -> RuleBook:
    own = _read_book(folder / _FILE)
    parent = _book(own.parent) if own.parent else None
    silent = _inherited_parts(own)
    part = {name: getattr(parent if name in silent else own, name) for name in _INHERITABLE}
    steps = {**(parent.steps if parent else {}), **own.steps}
    transition = own.transition or (parent.transition if parent else None)
    _refuse_half_a_book(folder / _FILE, part, steps, transition)
    taken_over = {f"steps.{name}" for name in steps if name not in own.steps}
    refusals, rules = load_refusals(code, own.parent), _rules_of(code, own.parent)
    named = rules["life"].roles.union(
        rules["knowledge"].roles, *((*step.roles, *step.decided_by) for step in steps.values())
    )
    roles, roles_taken_over = load_roles(code, own.parent, house().roles, named)
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
        version=_version(code, own.parent),
        **rules,
        roles=roles,
        parent=own.parent,
        inherited=silent | taken_over | roles_taken_over | ({"refusals"} if refusals.inherited else frozenset()),
        notes=own.notes,
        scope=own.scope or (parent.scope if parent else ()),
        greeting=own.greeting or (parent.greeting if parent else None),
        answer_ways=own.answer_ways or (parent.answer_ways if parent else ()),
        transition=transition,
    )


def _rules_of(code: str, parent: str) -> dict[str, Any]:
    """What stands in files of its own, by field of `RuleBook`."""
    return {
        "limits": load_limits(code, parent),
        "life": load_order_rules(code, parent),
        "confidentiality": load_confidentiality(code, parent),
        "retention": load_retention(code, parent),
        "knowledge": load_knowledge_rules(code, parent),
        "reports": load_reports(code, parent),
        "routing": load_routing(code, parent),
        "lists": load_lists(code, parent),
        "directory": load_directory_rules(code, parent),
    }


def _refuse_half_a_book(
    file: Path, part: dict[str, Any], steps: dict[str, Step], transition: Transition | None
) -> None:
    wrong = [name for name in transition.parts if not is_part(name)] if transition else []
    reason = _unsaid(part, steps) or (f"transition.parts: {wrong[0]}" if wrong else "")
    if reason:
        raise BadInput("error.data", "advice.data", path=str(file), reason=reason)


def _unsaid(part: dict[str, Any], steps: dict[str, Step]) -> str:
    missing = [name for name in ("kinds", "channels") if not part[name]]
    return "、".join(missing + [f"steps.{name}" for name in STEPS if name not in steps])


def _merged_required(own: tuple[RequiredField, ...]) -> tuple[RequiredField, ...]:
    named = {field.field for field in own}
    return own + tuple(field for field in house().required if field.field not in named)


def load_book(name: str) -> RuleBook:
    """Rule book of a jurisdiction named by code or prefix. Raises UnknownName."""
    code = jurisdiction_code(name)
    return _load(code, folder_of(code))


def load_book_from(folder: Path, code: str) -> tuple[RuleBook, tuple[Clause, ...]]:
    """A rule book and its clauses from a folder that holds it, its parent and the house rules. Raises BadInput."""
    with reading_from(folder):
        return _load(code, folder_of(code)), load_clauses(code)


def load_clauses(code: str) -> tuple[Clause, ...]:
    """Every clause of a jurisdiction's own book, in the order of the text."""
    return _read_clauses(folder_of(code) / "clauses.toml")


@cache
def _read_clauses(path: Path) -> tuple[Clause, ...]:
    return read_toml(path, _Clauses).clause


def find_clause(clause_id: str) -> Clause:
    """One clause by its ID, in any case. Raises UnknownName."""
    wanted = clause_id.strip()
    code = jurisdiction_code(wanted.partition("-")[0])
    for clause in load_clauses(code):
        if clause.id.lower() == wanted.lower():
            return clause
    raise UnknownName("error.clause", "advice.clause", name=clause_id, jurisdiction=prefix_of(code))
