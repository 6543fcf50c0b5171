"""A copy of the server's data is whole, restorable into either store, and begins a new life there."""

from __future__ import annotations

import asyncio
import sqlite3
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent_console.domain.errors import BadInput
from agent_console.server.ops.backup import read_backup, write_backup
from agent_console.server.ops.tables import kept_tables
from agent_console.server.store.database import Database, Transaction, open_database
from agent_console.server.store.schema import EVENT, HEAD
from tests.support.databases import STORES, fresh_database

from .people import LINE, PASSWORD, Server

FLEETING = {"session", "spent_refresh", "attempt", "seat_now"}
EVENTS = 4500
"""More than two pages."""


def _unheard(_: str, __: int) -> None:
    """How far it has come is for the person at the terminal."""


def _event(seq: int) -> list[Any]:
    texts = {"jurisdiction": LINE, "id": f"event-{seq}", "stream": f"order:{seq}", "type": "order.raised", "body": "{}"}
    numbers = {"seq": seq, "version": 1, "n": seq}
    more = {"clock_offset": None, "sealed": bytes([seq % 256, 0, 255])}
    empty = {"text": "", "bigint": 0, "bytea": b""}
    return [{**texts, **numbers, **more}.get(name, empty[kind]) for name, kind in EVENT.columns.items()]


@pytest.fixture(params=STORES)
async def other(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Another store, empty."""
    if request.param == "sqlite":
        opened = await open_database(str(tmp_path / "other" / "server.db"))
        yield opened
        await opened.close()
        return
    async with fresh_database(request.getfixturevalue("postgres")) as dsn:
        opened = await open_database(dsn)
        yield opened
        await opened.close()


@pytest.fixture
async def filled(server: Server) -> Server:
    """A server with people and a good many events."""

    async def fill(at: Transaction) -> None:
        await at.insert(EVENT, [_event(seq) for seq in range(1, EVENTS + 1)])
        await at.insert(HEAD, [(LINE, f"order:{seq}", 1) for seq in range(1, EVENTS + 1)])
        await at.execute("UPDATE counter SET last_seq = $1", EVENTS)

    await server.database.write(fill)
    await server.sign_in("lead1")
    return server


async def _content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for table in kept_tables():
        if table.name not in FLEETING:
            rows = await database.fetch(f"SELECT {', '.join(table.columns)} FROM {table.name}")
            found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


async def test_a_copy_holds_everything_in_either_store(filled: Server, other: Database, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    written = await write_backup(filled.database, file, filled.clock.now(), _unheard)
    assert file.stat().st_mode & 0o777 == 0o600
    assert await read_backup(other, file, _unheard) == written
    assert written["event"] == EVENTS
    before, after = await _content(filled.database), await _content(other)
    [epoch_before], [epoch_after] = before.pop("meta"), after.pop("meta")
    assert after == before
    assert epoch_after[:2] == epoch_before[:2]
    assert epoch_after[2] != epoch_before[2]


async def test_people_sign_in_again_on_the_restored_data(filled: Server, other: Database, tmp_path: Path) -> None:
    await write_backup(filled.database, tmp_path / "copy.zip", filled.clock.now(), _unheard)
    before = await filled.sign_in("op1")
    await read_backup(other, tmp_path / "copy.zip", _unheard)
    restored = Server(other, filled.clock)
    async with restored.client:
        assert await restored.door(before["token"]) == "unknown_token"
        session = await restored.sign_in("op1")
    assert session["number_key"] == before["number_key"]
    assert session["epoch"] != before["epoch"]


async def test_a_damaged_copy_changes_nothing(filled: Server, other: Database, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "copy.zip", tmp_path / "damaged.zip"
    await write_backup(filled.database, whole, filled.clock.now(), _unheard)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'event-7"', b'event-0"') if name == "event.jsonl" else content)
    with pytest.raises(BadInput) as refused:
        await read_backup(other, damaged, _unheard)
    assert refused.value.message.key == "error.backup_file"
    assert await other.fetch("SELECT * FROM counter") == []
    (tmp_path / "half.zip").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(BadInput):
        await read_backup(other, tmp_path / "half.zip", _unheard)


async def test_a_store_that_holds_something_is_not_written_over(filled: Server, tmp_path: Path) -> None:
    await write_backup(filled.database, tmp_path / "copy.zip", filled.clock.now(), _unheard)
    before = await _content(filled.database)
    with pytest.raises(BadInput) as refused:
        await read_backup(filled.database, tmp_path / "copy.zip", _unheard)
    assert refused.value.message.key == "error.restore_not_empty"
    assert await _content(filled.database) == before


async def test_a_copy_is_of_one_moment(filled: Server, tmp_path: Path) -> None:
    """An account that is made while the events are copied stands in no table of the copy."""
    made: list[asyncio.Task[Any]] = []

    def told(table: str, _: int) -> None:
        if table == "event" and not made:
            made.append(asyncio.create_task(filled.people.add(LINE, "late1", "新人", "operator", "", PASSWORD)))

    await write_backup(filled.database, tmp_path / "copy.zip", filled.clock.now(), told)
    await made[0]
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        copied = [archive.read(f"{table}.jsonl") for table in ("account", "audit")]
    assert [b"late1" in content for content in copied] == [False, False]


async def test_the_tables_that_are_copied_are_those_of_the_store(tmp_path: Path) -> None:
    """What is read out of the migrations is what SQLite made of them."""
    path = tmp_path / "server.db"
    database = await open_database(str(path))
    await database.close()
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        made = {
            name: [column[1] for column in connection.execute(f"PRAGMA table_info({name})")]
            for name in tables
            if name != "migration"
        }
    connection.close()
    assert {table.name: list(table.columns) for table in kept_tables()} == made
