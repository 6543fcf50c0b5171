"""Which values of a rule book rest on a clause: found by walking the book, so that no list of them has to be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from agent_console.domain.rule_book import RuleBook

_NAMED_BY = ("id", "item", "field", "record", "limit", "name")
_BESIDE = ("clause", "basis", "note", "inherited", "name", "requires", "opening", "joint", "admits")
_LONGEST = 120


class Use(msgspec.Struct, frozen=True):
    """A value of the book: where it stands (`limits.handle`), and what it says."""

    path: str
    text: str


def uses_of(book: RuleBook, clause: str) -> tuple[Use, ...]:
    """Every value of the book that names this clause."""
    return tuple(dict.fromkeys(_uses(book, (), clause)))


def _uses(value: Any, path: tuple[str, ...], clause: str) -> Iterator[Use]:
    if isinstance(value, msgspec.Struct):
        yield from _of_struct(value, path, clause)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _uses(inner, (*path, str(key)), clause)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _uses(inner, (*path, _name(inner)), clause)
    elif value == clause and path and not path[-1].endswith("clause"):
        yield Use(".".join(filter(None, path[:-1])), path[-1])


def _of_struct(value: msgspec.Struct, path: tuple[str, ...], clause: str) -> Iterator[Use]:
    for field in value.__struct_fields__:
        inner = getattr(value, field)
        if inner == clause and (field == "clause" or field.endswith("_clause")):
            part = () if field == "clause" else (field.removesuffix("_clause"),)
            yield Use(".".join(filter(None, (*path, *part))), _said(value, clause))
        elif not isinstance(inner, str):
            yield from _uses(inner, (*path, field), clause)
        elif inner == clause:
            yield Use(".".join(filter(None, path)), field)


def _name(value: Any) -> str:
    names = (str(getattr(value, field)) for field in _NAMED_BY if getattr(value, field, ""))
    return next(names, "")


def _said(value: msgspec.Struct, clause: str) -> str:
    """What the value says beside its clause, as `amount 5 unit working_day`."""
    told = (
        f"{field} {_plain(inner)}"
        for field, default in zip(value.__struct_fields__, _defaults(value), strict=True)
        if field not in _BESIDE and (inner := getattr(value, field)) not in ("", (), {}, None, default, clause)
    )
    text = "  ".join(told)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _defaults(value: msgspec.Struct) -> list[Any]:
    return [field.default for field in msgspec.structs.fields(value)]


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list | frozenset | set):
        return "、".join(map(_plain, value))
    if isinstance(value, dict):
        return "、".join(f"{key}={_plain(inner)}" for key, inner in value.items())
    return _name(value) if isinstance(value, msgspec.Struct) else str(value)
