"""The values of a rule book that rest on a clause, as a reader of the regulation expects them.

Limits are told by name, amount and unit, conditions field by field, roles, records and units by the names the book
gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from agent_console.domain.checks.clause_uses import Use, uses_of
from agent_console.domain.rule_book import RuleBook
from agent_console.texts import TEXTS, say

_PATH = ("rule_at", "limit", "step", "unit_field", "field", "class", "value", "column", "part", "report", "rule")
_VALUE = (
    "value", "class", "limit", "event", "order_status", "step", "field", "unit_field", "complexity", "form", "column",
    "measure", "rule_value", "rule",
)  # fmt: skip
_FIRST = {
    "field": ("field", "unit_field"),
    "fields": ("field", "unit_field"),
    "needs": ("field", "unit_field"),
    "selects": ("rule_value",),
    "steps": ("step",),
    "before": ("step",),
    "after": ("step",),
    "start": ("event",),
    "when": ("order_status",),
    "parts": ("field",),
    "sees": ("rule_value",),
    "by": ("column", "field", "rule_value"),
    "of": ("rule_value",),
    "period": ("rule_value",),
    "unit": ("field", "rule_value"),
}
"""Under which name a word of these fields is looked for first; the same word is a role or a step elsewhere."""

_ROLES = ("role", "roles", "parent_roles", "decided_by", "rate_roles", "fill_roles", "seen_by", "taken_by")
_AMOUNT = ("amount", "unit", "word")
_CONDITIONS = ("when", "only", "where", "unless", "says")
_NAMES = ("id", "item", "field", "record", "title", "flag")
"""Fields that often repeat where the value stands."""

_CLAUSE = re.compile(r"[A-Z]{2}-[0-9][0-9A-Za-z.]*")
_AT = "."
_COMPOUND = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_SORTS = ("record", "flag", "order", "item")
"""What stands before the dot of a name and only says what sort of thing it is."""


def values_of(book: RuleBook, clause: str) -> list[str]:
    """A line for each value of the book that names this clause."""
    names = _Names(book)
    return [names.line(use) for use in uses_of(book, clause)]


class _Names:
    """The words of one book: what it names itself stands before the common words."""

    def __init__(self, book: RuleBook) -> None:
        self._own = dict(_named(book))
        self._roles = {role: rule.name for role, rule in book.roles.items()}

    def line(self, use: Use) -> str:
        path = say("rule_viewer.under").join(self._at(name) for name in use.path)
        known = {self._at(name) for name in use.path}
        told = (text for text in self._all(dict(use.said), known) if text)
        said = say("rule_viewer.and").join(told)
        return say("rule_viewer.rests_line", path=path, value=said) if said else path

    def _at(self, name: str) -> str:
        return self._word(name, _PATH)

    def _all(self, said: Mapping[str, Any], known: set[str]) -> Iterator[str]:
        if "unit" in said and TEXTS.get(f"rule_unit.{said['unit']}"):
            yield _amount(said)
            said = {name: value for name, value in said.items() if name not in _AMOUNT}
        for name, value in said.items():
            if name not in _NAMES or self._text(name, value) not in known:
                yield self._one(name, value)

    def _one(self, name: str, value: Any) -> str:
        label = self._word(name, ("rule", "field"))
        if value is True and label:
            return label
        text = self._text(name, value)
        return say("rule_viewer.value", label=label, value=text) if text else ""

    def _text(self, name: str, value: Any) -> str:
        match value:
            case bool():
                return say("sign.yes" if value else "sign.no")
            case int() | float():
                return f"{value:g}"
            case str():
                return self._named_as(name, value)
        return self._many(name, value)

    def _many(self, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            pairs = (self._pair(name, key, inner) for key, inner in value.items())
            return say("rule_viewer.all_of" if name in _CONDITIONS else "sign.list").join(pairs)
        if isinstance(value, msgspec.Struct):
            known = zip(value.__struct_fields__, msgspec.structs.astuple(value), strict=True)
            return say("rule_viewer.all_of").join(self._one(own, inner) for own, inner in known if inner is not None)
        between = "rule_viewer.any_of" if any(isinstance(inner, Mapping) for inner in value) else "sign.list"
        return say(between).join(filter(None, (self._text(name, inner) for inner in value)))

    def _named_as(self, name: str, word: str) -> str:
        if name in _ROLES and word in self._roles:
            return self._roles[word]
        return self._word(word, (*_FIRST.get(name, ()), *_VALUE))

    def _pair(self, name: str, key: object, value: Any) -> str:
        about = self._word(str(key), ("field", *_VALUE) if name in _CONDITIONS else _VALUE)
        if value is True or value in ("", (), {}):
            return about
        told = self._text(str(key).rpartition(_AT)[2], value)
        if told == about or _CLAUSE.fullmatch(told):
            return about
        if name in _CONDITIONS and isinstance(value, tuple | list):
            told = told.replace(say("sign.list"), say("rule_viewer.or"))
        return say("rule_viewer.pair", name=about, value=told)

    def _word(self, word: str, sorts: tuple[str, ...]) -> str:
        for sort in sorts[:2]:
            if f"{sort}.{word}" in TEXTS:
                return TEXTS[f"{sort}.{word}"]
        if word in self._own:
            return self._own[word]
        found = next((TEXTS[f"{sort}.{word}"] for sort in sorts if f"{sort}.{word}" in TEXTS), "")
        if not found and _COMPOUND.fullmatch(word):
            parts = (self._word(part, sorts) for part in word.split(_AT) if part not in _SORTS)
            return say("rule_viewer.under").join(parts)
        return found or word


def _amount(said: Mapping[str, Any]) -> str:
    unit, amount = str(said["unit"]), said.get("amount", 0)
    if unit == "half_working_day":
        amount = f"{amount / 2:g}"
    text = say(f"rule_unit.{unit}", amount=amount)
    return say("rule_viewer.word", text=text, word=said["word"]) if said.get("word") else text


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """Every id of a book and the name it has there."""
    if isinstance(value, msgspec.Struct):
        name, id_ = getattr(value, "name", ""), getattr(value, "id", "")
        if name and id_:
            yield id_, name
        for field in value.__struct_fields__:
            yield from _named(getattr(value, field))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            told = (getattr(inner, own, "") for own in ("name", "title"))
            if isinstance(inner, msgspec.Struct) and (name := next(filter(None, told), "")):
                yield str(key), name
            yield from _named(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _named(inner)
