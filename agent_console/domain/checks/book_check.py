"""Whether a rule book holds together: every clause, role, record, flag and field it names exists, every limit can fire.

What a file may contain at all is checked when it is read; here stands what no single file can tell. The rules are those
of `docs/new-jurisdiction.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, get_args

import msgspec

from agent_console.domain.checks import book_references
from agent_console.domain.checks.book_references import Reference
from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.instants import parse
from agent_console.domain.messages import Message, message
from agent_console.domain.rule_book import Clause, RuleBook
from agent_console.domain.time_limits.deadlines import Situation, Start, due
from agent_console.domain.time_limits.limits import LIMIT_NAMES, START_EVENTS, UNSET, Condition, LimitRule, Range, Test
from agent_console.domain.time_limits.situation import StatutoryLimit
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.units.directory_rules import CONTACTS
from agent_console.domain.work_order.order_details import OrderDetails
from agent_console.domain.work_order.order_rules import RecordRule
from agent_console.domain.work_order.orders import OrderStatus

FORM_FIELDS = (*OrderDetails.__struct_fields__, "place", "contact")
STEP_NAMES = ("dispatch", "sign", "return", "extend", "complete", "reassign", "rate", "archive")
_MAIN_STEPS = ("dispatch", "sign", "return", "extend", "complete", "reassign")
_STATES = ("status", "urgent", "joint", "redo", "extended", "rating", "rated", "overdue")
_CALLBACK, _SUPERVISION, _SUPERVISED, _FINDING = "callback", "supervision", "supervised", "finding"
_ANY_MOMENT = parse("2026-03-02T10:00:00+08:00")
_FURTHER = ("start_event", "repeat")
_FILES = {
    "limits": "limits.toml",
    "life": "orders.toml",
    "refusals": "refusals.toml",
    "refusing": "refusals.toml",
    "emergency_clause": "refusals.toml",
    "roles": "roles.toml",
    "directory": "directory.toml",
    "routing": "routing.toml",
    "reports": "reports.toml",
    "lists": "lists.toml",
    "knowledge": "knowledge.toml",
    "confidentiality": "confidentiality.toml",
    "retention": "retention.toml",
}

_WHOLE_FILES = frozenset(_FILES) - {"refusals", "refusing", "emergency_clause", "roles"}
"""Parts of a book that are a file of their own; their name is no key in it."""


class Fault(msgspec.Struct, frozen=True):
    """Something that does not hold together: in which file, at which key, what is wrong."""

    file: str
    key: str
    says: Message


class Known(msgspec.Struct, frozen=True):
    """What a book may refer to outside of itself: its clauses, those of its parent, screening classes, a calendar."""

    clauses: tuple[Clause, ...]
    inherited_clauses: tuple[Clause, ...]
    classes: frozenset[str]
    calendar: Calendar


def check(book: RuleBook, known: Known) -> tuple[Fault, ...]:
    """Every fault of the book, file by file."""
    found = (
        *_clauses(book, known),
        *_references(book, known),
        *_facts(book),
        *_records(book),
        *_judging(book),
        *_limits(book, known.calendar),
    )
    return tuple({(fault.file, fault.key, str(fault.says)): fault for fault in found}.values())


def _clauses(book: RuleBook, known: Known) -> Iterator[Fault]:
    seen: set[str] = set()
    for clause in known.clauses:
        if not clause.id.startswith(f"{book.prefix}-"):
            yield Fault("clauses.toml", clause.id, message("check.prefix", prefix=book.prefix))
        if clause.id in seen:
            yield Fault("clauses.toml", clause.id, message("check.twice"))
        seen.add(clause.id)


def _references(book: RuleBook, known: Known) -> Iterator[Fault]:
    """Names that stand in one place and have to exist in another."""
    life, tables = book.life, book.directory
    there: dict[str, Collection[str]] = {
        "clause": {clause.id for clause in (*known.clauses, *known.inherited_clauses)},
        "role": {role for role, rule in book.roles.items() if not _is_only_named(role, rule)},
        "kind": {kind.id for kind in book.kinds},
        "channel": {channel.id for channel in book.channels},
        "record": life.records,
        "any_record": {*life.records, *book.lists.records},
        "flag": life.flags,
        "limit": {*book.limits.limits, *LIMIT_NAMES},
        "tier": tables.tiers,
        "unit_class": tables.classes,
        "status": get_args(OrderStatus),
        "step": STEP_NAMES,
        "main_step": _MAIN_STEPS,
        "screening": known.classes,
        "form": FORM_FIELDS,
        "paper": (*FORM_FIELDS, "number", "place", "raised_at", "status"),
        "contact": (*CONTACTS, "reachable_always"),
        "rating": life.rating.values if life.rating else (),
        "ground": life.redo.grounds if life.redo else (),
        "event": {*START_EVENTS, *(rule.starts for rule in life.records.values() if rule.starts)},
    }
    for reference in book_references.of(book):
        if reference.sort == "basis":
            if not _is_basis(reference.name):
                yield _fault(reference.path, message("check.basis", name=reference.name))
        elif reference.name not in there[reference.sort]:
            yield _fault(reference.path, _missing(reference, there[reference.sort]))


def _missing(reference: Reference, there: Collection[str]) -> Message:
    close = [name for name in sorted(there) if _alike(name, reference.name)] or sorted(there)
    listed = "、".join(close[:_LISTED]) + ("…" if len(close) > _LISTED else "")
    return message("check.missing", sort=reference.sort, name=reference.name, known=listed or "—")


_LISTED = 12
_PREFIX = 4


def _alike(name: str, wanted: str) -> bool:
    return name[:_PREFIX] == wanted[:_PREFIX]


def _is_only_named(role: str, rule: RoleRule) -> bool:
    """A role that no table describes exists only because something names it: mostly a slip of the pen."""
    return rule.name == role and rule.basis == "推定" and not rule.clause


def _is_basis(text: str) -> bool:
    return text in ("letter", "推定") or (text.startswith("A-") and text[2:].isdigit())


def _facts(book: RuleBook) -> Iterator[Fault]:
    """Conditions on an order: flags, records and fields that exist."""
    asked = {field.field for step in book.steps.values() for field in step.requires}
    asked |= {field.field for rule in book.life.records.values() for field in rule.requires}
    known = {*_STATES, *FORM_FIELDS, *asked}
    for path, facts in book_references.conditions_of(book):
        for name in facts:
            head, _, rest = name.partition(".")
            record, _, field = rest.partition(".")
            rule = book.life.records.get(record)
            fits = {
                "flag": rest in book.life.flags,
                "record": rule is not None and (not field or field in _fields(rule)),
                "result": rest in {required.field for required in book.steps["complete"].requires},
            }.get(head if rest else "", name in known)
            if not fits:
                yield _fault((*path, name), message("check.fact", name=name))


def _fields(rule: RecordRule) -> frozenset[str]:
    return frozenset(known.field for known in rule.requires)


def _records(book: RuleBook) -> Iterator[Fault]:
    """Fields of a record that its own rules speak of."""
    for name, rule in book.life.records.items():
        fields = _fields(rule)
        named = [*rule.sets_if, *rule.opens, *filter(None, (rule.binds,))]
        for known in rule.requires:
            named += [*known.where, *known.unless, *known.all_of]
        for field in named:
            if field not in fields:
                yield _fault(("life", "records", name), message("check.no_field", field=field))


def _judging(book: RuleBook) -> Iterator[Fault]:
    """Records and flags that callback, redo, supervision and routing go by."""
    life, routing = book.life, book.routing
    owed: list[tuple[tuple[str, ...], str, str]] = []
    if life.callback is not None:
        owed.append((("life", "callback"), _CALLBACK, "reached" if life.callback.attempts else ""))
    if life.redo is not None:
        owed += [(("life", "redo", "needs", ground), name, "") for ground, name in life.redo.needs.items()]
        if life.redo.supervise_from:
            owed.append((("life", "redo", "supervise_from"), _SUPERVISION, ""))
    if routing.fallback is not None:
        owed.append((("routing", "fallback"), routing.fallback.record, routing.fallback.unit))
    for path, name, field in owed:
        rule = life.records.get(name)
        if rule is None:
            yield _fault(path, message("check.no_record", name=name))
        elif field and field not in _fields(rule):
            yield _fault(path, message("check.record_field", name=name, field=field))
    yield from _without_parts(book)


def _without_parts(book: RuleBook) -> Iterator[Fault]:
    life, routing = book.life, book.routing
    needed = [life.records[name] for name in (life.redo.needs.values() if life.redo else ()) if name in life.records]
    if life.redo is not None and life.redo.finding and not any(_FINDING in _fields(rule) for rule in needed):
        yield _fault(("life", "redo", "finding"), message("check.no_finding"))
    sets = {flag for rule in life.records.values() for flag in rule.sets}
    if life.supervision is not None and _SUPERVISED not in sets:
        yield _fault(("life", "supervision"), message("check.no_supervised"))
    if routing.reserved is not None and not set(routing.reserved.roles) <= set(book.steps["dispatch"].roles):
        yield _fault(("routing", "reserved", "roles"), message("check.reserved"))


def _limits(book: RuleBook, calendar: Calendar) -> Iterator[Fault]:
    """Limits nobody asks for, conditions nothing fulfils, rules that another always goes before."""
    importing = book.knowledge.importing.limit if book.knowledge.importing else ""
    asked = {*LIMIT_NAMES, importing, *(rule.meets for rule in book.life.records.values())}
    asked |= {rule.same_as for rules in book.limits.limits.values() for rule in rules}
    for name, rules in book.limits.limits.items():
        path = ("limits", "limits", name)
        if name not in asked:
            yield _fault(path, message("check.unused_limit", known="、".join(LIMIT_NAMES)))
        for rule in rules:
            unknown = [key for condition in rule.when for key in condition if not _is_fact(key)]
            for key in unknown:
                yield _fault((*path, rule.clause, "when"), message("check.fact", name=key))
            if not unknown and not rule.inherited and not _can_fire(name, rule, book, calendar):
                yield _fault((*path, rule.clause), message("check.never"))
    for extension in book.limits.extensions:
        for key in (key for condition in extension.when for key in condition if not _is_fact(key)):
            yield _fault(("limits", "extensions", extension.clause, "when"), message("check.fact", name=key))


def _is_fact(name: str) -> bool:
    return name in Situation.__struct_fields__ or name in _FURTHER


def _can_fire(name: str, rule: LimitRule, book: RuleBook, calendar: Calendar) -> bool:
    rest = _where_others_are_silent(book.limits.rules(name))
    answers = (
        due(book.limits, name, _situation(rule, told), Start(_event(told, event), _ANY_MOMENT), calendar)
        for condition in rule.when or ({},)
        for told in (condition, *({**other, **condition} for other in rest))
        for event in rule.start or ("",)
    )
    return any(answer.clause == rule.clause for answer in answers)


def _where_others_are_silent(rules: tuple[LimitRule, ...]) -> list[Condition]:
    """Single facts that some rule does not hold with; what is set for all the rest speaks there."""
    tests = [item for rule in rules for condition in rule.when for item in condition.items()]
    switched: list[Condition] = [{key: not test} for key, test in tests if isinstance(test, bool)]
    beyond: list[Condition] = [
        {key: test.at_most + 1} for key, test in tests if isinstance(test, Range) and test.at_most is not None
    ]
    return switched + beyond


def _event(condition: Condition, event: str) -> str:
    wanted = condition.get("start_event")
    return str(_example(wanted)) if wanted is not None else event


def _situation(rule: LimitRule, condition: Condition) -> Situation:
    told = {name: _example(test) for name, test in condition.items() if name != "start_event"}
    if rule.amount_from:
        told["statutory_limit"] = StatutoryLimit(1, "working_day", "—")
    if rule.due_from:
        told["superior_due"] = _ANY_MOMENT
    own = {name: value for name, value in told.items() if name in Situation.__struct_fields__}
    return Situation(**own, further={name: value for name, value in told.items() if name not in own})


def _example(test: Test) -> Any:
    """A value that passes the test."""
    if isinstance(test, tuple):
        return next((None if option == UNSET else option for option in test), None)
    if isinstance(test, Range):
        return test.at_least if test.at_least is not None else test.at_most
    return test


def _fault(path: Iterable[str], says: Message) -> Fault:
    part, *rest = path
    keys = rest if part in _WHOLE_FILES else [part, *rest]
    return Fault(_FILES.get(part, "book.toml"), ".".join(filter(None, keys)), says)
