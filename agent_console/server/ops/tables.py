"""Every table of the server as its migrations make it: columns with their types, and the key it is ordered by."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from agent_console.server.store.schema import MIGRATIONS

_CREATED = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*)\)", re.DOTALL)
_ADDED = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+) (TEXT|BIGINT|BYTES)")
_COLUMN = re.compile(r"(\w+) (TEXT|BIGINT|BYTES)\b")
_KEY = re.compile(r"PRIMARY KEY \(([\w, ]+)\)")
_OWN_KEY = re.compile(r"(\w+) \w+[^,]* PRIMARY KEY(?! \()")
_TYPES = {"TEXT": "text", "BIGINT": "bigint", "BYTES": "bytea"}


class Kept(msgspec.Struct, frozen=True):
    """One table. columns: with their types in PostgreSQL; key: columns no two rows have alike."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]


@cache
def kept_tables() -> tuple[Kept, ...]:
    """All tables, in the order they are made."""
    found: dict[str, Kept] = {}
    for migration in MIGRATIONS:
        for statement in migration.statements:
            if created := _CREATED.match(statement):
                name, body = created.groups()
                columns = {column: _TYPES[kind] for column, kind in _COLUMN.findall(body)}
                found[name] = Kept(name, columns, _key(body))
            elif added := _ADDED.match(statement):
                name, column, kind = added.groups()
                found[name].columns[column] = _TYPES[kind]
    return tuple(found.values())


def _key(body: str) -> tuple[str, ...]:
    if named := _KEY.search(body):
        return tuple(name.strip() for name in named[1].split(","))
    [own] = _OWN_KEY.findall(body)
    return (own,)
