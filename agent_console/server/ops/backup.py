"""One file that holds everything the server has to keep, and putting it into a store again, whichever.

A zip of one member for each table, a JSON list a line, and `manifest.json` with what each holds and its digest. It is
read from one unchanging picture while the server goes on serving.
"""

from __future__ import annotations

import base64
import hashlib
import os
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.domain.instants import Instant
from agent_console.server.ops.tables import Kept, kept_tables
from agent_console.server.store.database import Database, Table, Transaction, gaps
from agent_console.server.store.schema import MIGRATIONS

FORMAT = 1
_MANIFEST = "manifest.json"
_PAGE = 2000
_FLEETING = frozenset({"session", "spent_refresh", "attempt", "seat_now"})
"""Who was signed in and what passed by belongs to the life of the data that has ended."""
Told = Callable[[str, int], None]


class Member(msgspec.Struct, frozen=True):
    """One table in the file."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the file holds. migrations: those the tables had; made_at: UTC microseconds."""

    format: int
    migrations: tuple[str, ...]
    made_at: Instant
    members: tuple[Member, ...]


async def write_backup(
    database: Database, path: Path, now: Instant, told: Told, *, replacing: bool = False
) -> dict[str, int]:
    """Write everything into a file, mode 0600; returns rows by table.

    Raises BadInput where the file exists and is not to be replaced, DatabaseAway.
    """
    if path.exists() and not replacing:
        raise BadInput("error.backup_exists", "advice.backup_exists", path=str(path))
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            members = await database.read(lambda at: _write_members(at, file, now, told))
            file.flush()
            os.fsync(file.fileno())
        if replacing:
            unfinished.replace(path)
        else:
            os.link(unfinished, path)
    except FileExistsError as error:
        raise BadInput("error.backup_exists", "advice.backup_exists", path=str(path)) from error
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return {member.table: member.rows for member in members}


async def _write_members(at: Transaction, file: Any, now: Instant, told: Told) -> list[Member]:
    file.seek(0)
    file.truncate()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        members = [await _write_member(at, archive, table, told) for table in _carried()]
        names = tuple(migration.name for migration in MIGRATIONS)
        archive.writestr(_MANIFEST, msgspec.json.encode(Manifest(FORMAT, names, now, tuple(members))))
    return members


async def _write_member(at: Transaction, archive: zipfile.ZipFile, table: Kept, told: Told) -> Member:
    digest, count = hashlib.sha256(), 0
    with archive.open(_name(table.name), "w", force_zip64=True) as out:
        last: Sequence[Any] | None = None
        while page := await _page(at, table, last):
            lines = b"".join(msgspec.json.encode(list(map(_written, row))) + b"\n" for row in page)
            digest.update(lines)
            out.write(lines)
            count += len(page)
            told(table.name, count)
            last = page[-1]
    return Member(table.name, tuple(table.columns), count, digest.hexdigest())


async def _page(at: Transaction, table: Kept, last: Sequence[Any] | None) -> Sequence[Sequence[Any]]:
    """Rows in the order of the key, after the one that came last: no page costs more than the first."""
    key, columns = ", ".join(table.key), ", ".join(table.columns)
    if last is None:
        return await at.fetch(f"SELECT {columns} FROM {table.name} ORDER BY {key} LIMIT {_PAGE}")
    places = [list(table.columns).index(name) for name in table.key]
    after = f"({key}) > ({gaps(len(places))})"
    sql = f"SELECT {columns} FROM {table.name} WHERE {after} ORDER BY {key} LIMIT {_PAGE}"
    return await at.fetch(sql, *(last[place] for place in places))


async def read_backup(database: Database, path: Path, told: Told) -> dict[str, int]:
    """Put a file into an empty store, all of it or nothing; the data get a new epoch. Returns rows by table.

    Raises BadInput where the file is damaged or newer, or the store holds something.
    """
    manifest = _checked(path, told)
    if await database.fetch("SELECT 1 FROM counter LIMIT 1") or await database.fetch("SELECT 1 FROM account LIMIT 1"):
        raise BadInput("error.restore_not_empty", "advice.restore_not_empty")
    lines = [row[0] for page in _pages(path, "counter") for row in page]
    for code in lines:
        await database.add_jurisdiction(code)
    await database.write(lambda at: _fill(at, path, manifest, told))
    return {member.table: member.rows for member in manifest.members}


async def _fill(at: Transaction, path: Path, manifest: Manifest, told: Told) -> None:
    tables = {table.name: table for table in kept_tables()}
    await at.execute("DELETE FROM counter")
    await at.execute("DELETE FROM meta")
    for member in manifest.members:
        known = tables[member.table]
        into = Table(known.name, {name: known.columns[name] for name in member.columns})
        blobs = [place for place, name in enumerate(member.columns) if known.columns[name] == "bytea"]
        count = 0
        for page in _pages(path, member.table):
            await at.insert(into, [_read(row, blobs) for row in page])
            count += len(page)
            told(member.table, count)
    await at.execute("UPDATE meta SET value = $1 WHERE jurisdiction = '' AND name = 'epoch'", uuid.uuid4().hex)


def _checked(path: Path, told: Told) -> Manifest:
    """The manifest of a file that is whole. Raises BadInput."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
            _check_known(path, manifest)
            for member in manifest.members:
                told(member.table, member.rows)
                with archive.open(_name(member.table)) as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != member.sha256:  # type: ignore[arg-type]
                        raise _damaged(path, member.table)
    except ConsoleError:
        raise
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    return manifest


def _check_known(path: Path, manifest: Manifest) -> None:
    known = {migration.name for migration in MIGRATIONS}
    tables = {table.name: set(table.columns) for table in kept_tables()}
    fits = all(set(member.columns) <= tables.get(member.table, set()) for member in manifest.members)
    if manifest.format != FORMAT or not set(manifest.migrations) <= known or not fits:
        raise BadInput("error.backup_newer", "advice.backup_newer", path=str(path))


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput("error.backup_file", "advice.backup_file", path=str(path), reason=reason)


def _pages(path: Path, table: str) -> Iterator[list[list[Any]]]:
    with zipfile.ZipFile(path) as archive, archive.open(_name(table)) as file:
        page = []
        for line in file:
            page.append(msgspec.json.decode(line, type=list[Any]))
            if len(page) == _PAGE:
                yield page
                page = []
        if page:
            yield page


def _carried() -> list[Kept]:
    return [table for table in kept_tables() if table.name not in _FLEETING]


def _name(table: str) -> str:
    return f"{table}.jsonl"


def _written(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _read(row: list[Any], blobs: list[int]) -> list[Any]:
    for place in blobs:
        if row[place] is not None:
            row[place] = base64.b64decode(row[place])
    return row
