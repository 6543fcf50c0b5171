"""Which version of a rule book holds for an order that runs while the book changes.

An order keeps the version it was raised under: its kinds and form, steps, limits, records, duties, its way to a unit.
Of the present version always hold: who sees what, secrets and exports, keeping, directory, knowledge, reports, lists;
these are about the house and not about the order. A `[transition]` of the present version adds parts to that.

Parts: `limits.<limit>`, `extensions`, `hours`, `steps.<step>`, `records.<record>`, `flags.<flag>`, any other table of
orders.toml by its name (`redo`, `callback`, `duties`, …), and `routing`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.order_rules import OrderRules

_OF_THE_HOUSE = (
    "confidentiality", "retention", "knowledge", "reports", "lists", "directory", "greeting", "scope", "answer_ways",
    "transition",
)  # fmt: skip
_OF_LIMITS = ("extensions", "hours")
_TABLES = ("limits", "steps", "records", "flags", "papers", "amendments")
_OF_LIFE = tuple(name for name in OrderRules.__struct_fields__ if name != "inherited")
_WHOLE = (*_OF_LIMITS, *_OF_LIFE, "routing")


def is_part(name: str) -> bool:
    """Whether a transition can name it."""
    table, dot, key = name.partition(".")
    return (table in _TABLES and bool(key)) if dot else name in _WHOLE


def holding(kept: RuleBook, present: RuleBook, today: date) -> RuleBook:
    """The book that holds today (local day) for an order raised under `kept`.

    Its version is that of `kept`, joined by that of `present` where a transition adds parts.
    """
    house: dict[str, Any] = {name: getattr(present, name) for name in _OF_THE_HOUSE}
    book = msgspec.structs.replace(kept, **house, roles={**kept.roles, **present.roles})
    rule = present.transition
    if rule is None or today < rule.since:
        return book
    for part in rule.parts:
        book = _taken(book, present, part)
    return msgspec.structs.replace(book, version=f"{kept.version}+{present.version}")


def _taken(book: RuleBook, present: RuleBook, part: str) -> RuleBook:
    table, _, key = part.partition(".")
    if part in _OF_LIMITS:
        limits = msgspec.structs.replace(book.limits, **{part: getattr(present.limits, part)})
        return msgspec.structs.replace(book, limits=limits)
    if table == "limits":
        limits = msgspec.structs.replace(book.limits, limits=_with(book.limits.limits, present.limits.limits, key))
        return msgspec.structs.replace(book, limits=limits)
    if table in ("steps", "routing"):
        value = _with(book.steps, present.steps, key) if key else getattr(present, table)
        return msgspec.structs.replace(book, **{table: value})
    told = getattr(present.life, table)
    value = _with(getattr(book.life, table), told, key) if key else told
    return msgspec.structs.replace(book, life=msgspec.structs.replace(book.life, **{table: value}))


def _with(kept: dict[str, Any], present: dict[str, Any], key: str) -> dict[str, Any]:
    """The table with one entry as it is at present; without it where it is gone."""
    others = {name: value for name, value in kept.items() if name != key}
    return {**others, key: present[key]} if key in present else others
