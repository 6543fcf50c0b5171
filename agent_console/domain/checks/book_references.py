"""The names a rule book uses that have to exist somewhere else in it, found by walking it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.domain.oversight.list_rules import ListRule
from agent_console.domain.rule_book import Named, Refusal, RuleBook
from agent_console.domain.time_limits.limits import ExtensionRule, LimitRule, LimitTable
from agent_console.domain.units.directory_rules import (
    ChangeRule,
    ContactRule,
    DirectoryRules,
    RightsRule,
    Tier,
    UnitClass,
)
from agent_console.domain.units.routing_rules import CrossingRule, FallbackRule, LineRule
from agent_console.domain.work_order.order_rules import (
    ArchiveRule,
    AttachmentRule,
    Duty,
    Facts,
    FieldRule,
    OrderRules,
    Paper,
    RatingRule,
    RecordRule,
    RedoRule,
    ReturnsRule,
)

Path = tuple[str, ...]

_ROLES = (
    "roles",
    "parent_roles",
    "decided_by",
    "rate_roles",
    "fill_roles",
    "seen_by",
    "taken_by",
    "opened_by",
    "readers",
)
_BY_NAME = {
    **dict.fromkeys(_ROLES, "role"),
    "kinds": "kind",
    "complaints": "kind",
    "repeated_kinds": "kind",
    "channels": "channel",
    "tiers": "tier",
    "basis": "basis",
}
"""Fields that mean the same wherever they stand."""

_BY_PLACE: dict[tuple[type, str], str] = {
    (Named, "limits_as"): "channel",
    (Refusal, "hidden_on"): "channel",
    (Refusal, "classes"): "screening",
    (OrderRules, "urgent_first"): "clause",
    (OrderRules, "urgent_first_on"): "channel",
    (RecordRule, "when"): "status",
    (RecordRule, "flag"): "flag",
    (RecordRule, "sets"): "flag",
    (RecordRule, "sets_if"): "flag",
    (RecordRule, "opens"): "record",
    (RecordRule, "needs"): "record",
    (RecordRule, "meets"): "limit",
    (Duty, "record"): "record",
    (Duty, "after"): "record",
    (ReturnsRule, "flag"): "flag",
    (RatingRule, "archives"): "rating",
    (RedoRule, "rating"): "rating",
    (RedoRule, "grounds"): "clause",
    (ArchiveRule, "needs"): "record",
    (AttachmentRule, "wanted_with"): "main_step",
    (Paper, "fields"): "paper",
    (ListRule, "requests"): "any_record",
    (ListRule, "tasks"): "any_record",
    (RoleRule, "flags"): "flag",
    (RoleRule, "classes"): "unit_class",
    (UnitClass, "extends"): "tier",
    (Tier, "under"): "tier",
    (Tier, "beside"): "tier",
    (Tier, "role"): "role",
    (ContactRule, "field"): "contact",
    (ContactRule, "classes"): "unit_class",
    (ChangeRule, "fields"): "contact",
    (RightsRule, "tier"): "tier",
    (RightsRule, "steps"): "step",
    (CrossingRule, "flag"): "flag",
    (CrossingRule, "record"): "record",
    (FallbackRule, "flag"): "flag",
    (FallbackRule, "record"): "record",
    (LineRule, "merged"): "flag",
    (LimitRule, "same_as"): "limit",
    (LimitRule, "start"): "event",
}
_BY_KEY: dict[tuple[type, str], str] = {
    (FieldRule, "with_flag"): "flag",
    (RedoRule, "rating"): "ground",
    (RedoRule, "needs"): "ground",
    (RedoRule, "when"): "ground",
    (RedoRule, "by"): "ground",
    (RedoRule, "at_once"): "record",
    (ListRule, "records"): "any_record",
    (ListRule, "tasks"): "any_record",
    (OrderRules, "amendments"): "form",
}
"""Tables whose keys are such names."""

_NOT_NAMES = ((LimitTable, "kinds"), (RuleBook, "kinds"), (DirectoryRules, "tiers"), (RuleBook, "roles"))
"""Tables that give names instead of using them."""


class Reference(msgspec.Struct, frozen=True):
    """A name, the sort of thing it stands for, and the keys that lead to it."""

    path: Path
    sort: str
    name: str


def of(book: RuleBook) -> Iterator[Reference]:
    """Every name the book uses; fields of the house, which no clause asks for, are left out."""
    own = msgspec.structs.replace(book, required=tuple(field for field in book.required if field.clause))
    for reference in _walk(own, ()):
        if reference.name:
            yield reference
    for name in book.steps:
        yield Reference(("steps", name), "main_step", name)
    for field in book.required:
        yield Reference(("required", field.field), "form", field.field)
    for kind in book.kinds:
        if kind.under:
            yield Reference(("kinds", kind.id), "kind", kind.under)
    for duty in book.life.duties:
        yield from _before(duty)
    for limit, rules in book.limits.limits.items():
        for rule in rules:
            yield from _tested(("limits", "limits", limit, rule.clause), rule)
    for extension in book.limits.extensions:
        yield from _tested(("limits", "extensions", extension.clause), extension)


def conditions_of(book: RuleBook) -> Iterator[tuple[Path, Facts]]:
    """Every condition on an order, with the keys that lead to it."""
    life = book.life
    for name, record in life.records.items():
        yield ("life", "records", name, "only"), record.only
        for known in record.requires:
            yield ("life", "records", name, known.field, "only"), known.only
    for duty in life.duties:
        yield ("life", "duties", duty.record, "when"), duty.when
    for name, paper in life.papers.items():
        yield ("life", "papers", name, "only"), paper.only
    for name, facts in life.stages.items():
        yield ("life", "stages", name), facts
    for ground, facts in (life.redo.when if life.redo else {}).items():
        yield ("life", "redo", "when", ground), facts
    if life.callback is not None:
        yield ("life", "callback", "only"), life.callback.only
    for name, step in book.steps.items():
        for required in step.requires:
            yield ("steps", name, required.field, "only"), required.only


def _before(duty: Duty) -> Iterator[Reference]:
    for step in duty.before:
        record = step.removeprefix("record.")
        yield Reference(("life", "duties", duty.record, "before"), "record" if record != step else "step", record)


def _tested(path: Path, rule: LimitRule | ExtensionRule) -> Iterator[Reference]:
    for condition in rule.when:
        for name in ("kind", "channel"):
            test = condition.get(name)
            options = test if isinstance(test, tuple) else (test,)
            for option in options:
                if isinstance(option, str) and option != "unset":
                    yield Reference((*path, "when"), name, option)


def _walk(value: Any, path: Path) -> Iterator[Reference]:
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _field(value, field, (*path, field))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, (*path, str(key)))
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _walk(inner, (*path, _called(inner, number)))


def _field(owner: msgspec.Struct, field: str, path: Path) -> Iterator[Reference]:
    inner, place = getattr(owner, field), (type(owner), field)
    is_clause = field == "clause" or field.endswith("_clause")
    sort = _BY_PLACE.get(place) or ("clause" if is_clause else _BY_NAME.get(field, ""))
    if place in _BY_KEY and isinstance(inner, dict):
        yield from (Reference(path, _BY_KEY[place], str(key)) for key in inner)
    if sort and place not in _NOT_NAMES and not isinstance(inner, msgspec.Struct):
        yield from (Reference(path, sort, name) for name in _names(inner))
    else:
        yield from _walk(inner, path)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (inner for inner in value.values() if isinstance(inner, str))
    elif isinstance(value, tuple | frozenset):
        yield from (inner for inner in value if isinstance(inner, str))


def _called(value: Any, number: int) -> str:
    told = (str(getattr(value, name)) for name in ("id", "item", "field", "record", "clause") if hasattr(value, name))
    return next((name for name in told if name), str(number))
