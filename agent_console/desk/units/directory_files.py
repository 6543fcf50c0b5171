"""Units, lines, items and bodies to transfer to from a CSV or TOML file.

A CSV file holds one sort, its first row names the columns; a TOML file has `[[unit]]`, `[[line]]`, `[[item]]` and
`[[link]]` tables. Columns may be named as the screen names them. What a file does not say of an entry that is already
there stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.units.directory import keep_all
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import BadInput
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.units.directory import Directory, LinkedBody, ListedUnit, ServiceItem, ServiceLine
from agent_console.domain.units.directory_steps import Command, ListItem, ListLine, ListLink, ListUnit

Sort = str
_FORMS: dict[Sort, type[msgspec.Struct]] = {
    "unit": ListedUnit,
    "line": ServiceLine,
    "item": ServiceItem,
    "link": LinkedBody,
}
_SPLIT = re.compile(r"[、，,；;]+")
_TRUE, _FALSE = ("是", "yes", "true", "1"), ("", "否", "no", "false", "0")


class Broken(msgspec.Struct, frozen=True):
    """A row that was not taken: where it stands, its name, and what a rule says or `value` that cannot be read."""

    row: int
    name: str
    decision: Decision | None = None
    value: str = ""


class Imported(msgspec.Struct, frozen=True):
    """What an import came to."""

    added: int
    changed: int
    unchanged: int
    broken: tuple[Broken, ...]


class _Row(msgspec.Struct, frozen=True):
    number: int
    sort: Sort
    values: dict[str, Any]


def import_file(desk: Desk, path: Path, sort: Sort, names: Mapping[str, str], *, dry_run: bool = False) -> Imported:
    """Take a file into the directory; rows that are broken are left out and listed.

    sort: of the rows of a CSV file. names: fields as the screen names them, to their ids. Raises BadInput.
    """
    directory = desk.directory()
    commands: dict[tuple[str, str], tuple[int, Command]] = {}
    broken: list[Broken] = []
    for row in _read(path, sort, names):
        try:
            command = command_of(row.sort, row.values, directory, desk.rule_book)
        except ValueError as error:
            broken.append(Broken(row.number, str(row.values.get("name", "")), value=str(error)))
            continue
        commands[row.sort, str(row.values.get("name", ""))] = (row.number, command)
    numbers = {name: number for (_, name), (number, _) in commands.items()}
    had = {*directory.units, *directory.lines, *directory.items, *directory.links}
    listings = keep_all(desk, [command for _, command in commands.values()], dry_run=dry_run) if commands else []
    refused = [each for each in listings if not isinstance(each.decision, Done)]
    broken += [Broken(numbers.get(each.name, 0), each.name, each.decision) for each in refused]
    changed = [each for each in listings if each.changed]
    return Imported(
        added=sum(each.name not in had for each in changed),
        changed=sum(each.name in had for each in changed),
        unchanged=len(listings) - len(changed) - len(refused),
        broken=tuple(sorted(broken, key=lambda each: each.row)),
    )


def command_of(sort: Sort, values: Mapping[str, Any], directory: Directory, book: RuleBook) -> Command:
    """The command that enters these values, on top of what is there. Raises ValueError naming a value."""
    name = str(values.get("name", "")).strip()
    read = {field: _value(field, value, book) for field, value in values.items()} | {"name": name}
    match sort:
        case "unit":
            return ListUnit(msgspec.structs.replace(directory.units.get(name, ListedUnit(name)), **read))
        case "line":
            return ListLine(msgspec.structs.replace(directory.lines.get(name, ServiceLine(name)), **read))
        case "item":
            return ListItem(msgspec.structs.replace(directory.items.get(name, ServiceItem(name)), **read))
        case _:
            return ListLink(msgspec.structs.replace(directory.links.get(name, LinkedBody(name)), **read))


def _value(field: str, value: Any, book: RuleBook) -> Any:
    rules = book.directory
    named: dict[str, Mapping[str, Any]] = {"unit_class": rules.classes, "tier": rules.tiers, "sort": rules.links}
    if field == "duties":
        parts = value if isinstance(value, list | tuple) else _SPLIT.split(str(value))
        return tuple(part for each in parts if (part := str(each).strip()))
    if field == "reachable_always":
        return _truth(value)
    text = str(value).strip()
    return next((key for key, rule in named.get(field, {}).items() if text in (key, rule.name)), text)


def _truth(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in (*_TRUE, *_FALSE):
        raise ValueError(str(value))
    return text in _TRUE


def _read(path: Path, sort: Sort, names: Mapping[str, str]) -> Iterator[_Row]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    if path.suffix.lower() == ".toml":
        yield from _of_toml(path, raw, names)
    else:
        yield from _of_csv(path, _text(path, raw), sort, names)


def _text(path: Path, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("error.data", "advice.data", path=str(path), reason="utf-8, gb18030")


def _of_toml(path: Path, raw: bytes, names: Mapping[str, str]) -> Iterator[_Row]:
    try:
        tables = tomllib.loads(_text(path, raw))
    except tomllib.TOMLDecodeError as error:
        raise BadInput("error.data", "advice.data", path=str(path), reason=str(error)) from error
    number = 0
    for sort, entries in tables.items():
        if sort not in _FORMS or not isinstance(entries, list):
            raise BadInput("error.column", "advice.column", path=str(path), name=sort, known="、".join(_FORMS))
        for entry in entries:
            number += 1
            yield _Row(number, sort, {_field(path, key, sort, names): value for key, value in entry.items()})


def _of_csv(path: Path, text: str, sort: Sort, names: Mapping[str, str]) -> Iterator[_Row]:
    lines = csv.reader(io.StringIO(text, newline=""))
    head = [_field(path, column.strip(), sort, names) for column in next(lines, [])]
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield _Row(lines.line_num, sort, dict(zip(head, cells, strict=False)))


def _field(path: Path, column: str, sort: Sort, names: Mapping[str, str]) -> str:
    known = _FORMS[sort].__struct_fields__
    field = column if column in known else names.get(column, column)
    if field not in known:
        raise BadInput("error.column", "advice.column", path=str(path), name=column, known="、".join(known))
    return field
