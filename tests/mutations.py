"""Every single change of a rule book's data that has to make a test fail.

What decides is changed: a number by one, a switch turned, a list without one of its items, a rule taken out whole.
What is only shown (titles, wording, notes) stays.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

_SHOWN = frozenset(
    ("basis", "clause", "help", "item", "label", "mark", "name", "note", "notes", "says", "text", "title", "word")
)
_NOBODY = ["nobody"]
_PEOPLE = frozenset(("roles", "decided_by", "by", "seen_by", "rate_roles", "may"))


class Mutation(NamedTuple):
    """One changed value: where, what, the clause whose tests have to notice, and the whole changed file."""

    file: Path
    what: str
    clause: str
    content: dict[str, Any]


class _Place(NamedTuple):
    """A value inside a file: the way to it and the clause of the nearest table that names one.

    grounds: clauses by the name of a ground, for what the tables beside them say of each ground.
    """

    steps: tuple[str | int, ...]
    value: Any
    clause: str
    grounds: Mapping[str, str] = MappingProxyType({})


def mutations(path: Path) -> Iterator[Mutation]:
    """Every single change of one data file; a value without a clause is a rule of the house and left alone."""
    original = tomllib.loads(path.read_text(encoding="utf-8"))
    for place in _places(_Place((), original, "")):
        for what, changed in _changes(place):
            content = copy.deepcopy(original)
            _put(content, place.steps, changed)
            yield Mutation(path, f"{'.'.join(map(str, place.steps))} {what}", place.clause, content)


def _places(place: _Place) -> Iterator[_Place]:
    if isinstance(place.value, dict):
        clause = str(place.value.get("clause") or place.clause)
        yield _Place(place.steps, place.value, clause)
        said = place.value.get("grounds")
        grounds = said if isinstance(said, dict) else place.grounds
        for key, inner in place.value.items():
            if key not in _SHOWN:
                named = str(place.value.get(f"{key}_clause") or place.grounds.get(key) or clause)
                yield from _places(_Place((*place.steps, key), inner, named, grounds))
        return
    yield place
    if isinstance(place.value, list):
        for index, inner in enumerate(place.value):
            if isinstance(inner, dict):
                yield from _places(_Place((*place.steps, index), inner, place.clause))


def _changes(place: _Place) -> Iterator[tuple[str, Any]]:
    """What the value is changed to, and how that is told."""
    value = place.value
    if not place.clause:
        return
    if isinstance(value, dict):
        if "clause" in value and place.steps:
            yield "taken out", None
    elif isinstance(value, bool):
        yield "turned", not value
    elif isinstance(value, int):
        yield f"{value} + 1", value + 1
        if value > 1:
            yield f"{value} - 1", value - 1
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield from _shorter(place)


def _shorter(place: _Place) -> Iterator[tuple[str, Any]]:
    if place.steps[-1] in _PEOPLE and place.value:
        yield "nobody", _NOBODY
        return
    for index, item in enumerate(place.value):
        yield f"without {item}", [*place.value[:index], *place.value[index + 1 :]]


def _put(content: Any, steps: tuple[str | int, ...], value: Any) -> None:
    """Set the value at the end of the steps; None takes it out."""
    *way, last = steps
    for step in way:
        content = content[step]
    if value is None:
        del content[last]
    else:
        content[last] = value
