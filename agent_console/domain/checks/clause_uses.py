"""Which values of a rule book rest on a clause: found by walking the book, so that no list of them has to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from agent_console.domain.rule_book import RuleBook

_NAMED_BY = ("id", "item", "field", "record", "limit", "name")
_CLAUSE = re.compile(r"[A-Z]{2}-[0-9][0-9A-Za-z.]*")
_BESIDE = ("clause", "basis", "note", "inherited", "name", "requires", "opening", "joint", "admits")


class Use(msgspec.Struct, frozen=True):
    """A value of the book: where it stands (`limits`, `handle`), and what it says beside its clause, by field."""

    path: tuple[str, ...]
    said: tuple[tuple[str, Any], ...] = ()


def uses_of(book: RuleBook, clause: str) -> tuple[Use, ...]:
    """Every value of the book that names this clause."""
    found: list[Use] = []
    for use in _uses(book, (), clause):
        if use not in found:
            found.append(use)
    return tuple(found)


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
        yield Use(_without_gaps(path))


def _of_struct(value: msgspec.Struct, path: tuple[str, ...], clause: str) -> Iterator[Use]:
    for field in value.__struct_fields__:
        inner = getattr(value, field)
        if inner == clause and (field == "clause" or field.endswith("_clause")):
            yield _of_clause(value, field, path, clause)
        elif not isinstance(inner, str):
            yield from _uses(inner, (*path, field), clause)
        elif inner == clause:
            yield Use(_without_gaps((*path, field)))


def _of_clause(value: msgspec.Struct, field: str, path: tuple[str, ...], clause: str) -> Use:
    """What rests on the clause in this field: the whole value, or the part of it that the field is named for."""
    if not path:
        return Use(_without_gaps((field.removesuffix("_clause"),)))
    said, part = _said(value, clause), field.removesuffix("_clause")
    if field == "clause":
        return Use(_without_gaps(path), said)
    of_part = tuple((name, inner) for name, inner in said if name == part or name.startswith(f"{part}_"))
    return Use(_without_gaps(path), of_part) if of_part else Use(_without_gaps((*path, part)), said)


def _without_gaps(path: tuple[str, ...]) -> tuple[str, ...]:
    """The path without empty names, and without a name that only repeats the one before."""
    named = [name for name in path if name]
    return tuple(name for name, before in zip(named, [None, *named], strict=False) if name != before)


def _name(value: Any) -> str:
    names = (str(getattr(value, field)) for field in _NAMED_BY if getattr(value, field, ""))
    return next(names, "")


def _said(value: msgspec.Struct, clause: str) -> tuple[tuple[str, Any], ...]:
    """What the value says beside its clause, field by field; what stands at a clause of its own is left out."""
    return tuple(
        (field.name, inner)
        for field in msgspec.structs.fields(value)
        if not _is_left_out(field.name)
        and (inner := getattr(value, field.name)) not in ("", (), {}, None, field.default, clause)
        and not _is_told_elsewhere(inner)
    )


def _is_told_elsewhere(value: Any) -> bool:
    """Values with clauses of their own, and clauses themselves."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else (value,)
    return any(isinstance(one, msgspec.Struct) for one in inside) or _is_clause(value)


def _is_clause(value: Any) -> bool:
    return isinstance(value, str) and _CLAUSE.fullmatch(value) is not None


def _is_left_out(field: str) -> bool:
    return field in _BESIDE or field.endswith(("_clause", "_basis"))
