"""What only PostgreSQL can do to us: hosts that are frozen, commits that are not where they should be, two at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from agent_console.server.store import postgres as driver
from agent_console.server.store.database import Database, DatabaseAway, Transaction, open_database
from tests.support.databases import fresh_database

_LATE_WARNING = (
    "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE WARNING 'canceling wait for synchronous replication due to user request'; RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON head DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION warn()",
)
_ROW = "INSERT INTO head VALUES ('fujian', 'order:1', 1)"


@pytest.fixture
async def dsn(postgres: str) -> AsyncIterator[str]:
    """An empty database."""
    async with fresh_database(postgres) as made:
        yield made


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """It, open; here on PostgreSQL only."""
    opened = await open_database(dsn)
    yield opened
    await opened.close()


async def test_a_commit_that_is_not_on_the_standby_is_no_commit_to_us(database: Database) -> None:
    for statement in _LATE_WARNING:
        await database.execute(statement)
    with pytest.raises(DatabaseAway):
        await database.execute(_ROW)


async def test_a_host_that_does_not_answer_is_hung_up_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_COMMAND_SECONDS", 0.3)
    with pytest.raises(DatabaseAway):
        await database.fetch("SELECT pg_sleep(30)")
    assert len(await database.fetch("SELECT 1")) == 1


async def test_a_frozen_first_host_does_not_eat_the_time_of_the_second(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "_CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        parts = urlsplit(dsn)
        query = dict(parse_qsl(parts.query))
        living, port = query.get("host", parts.hostname or ""), query.get("port", str(parts.port or 5432))
        query |= {"host": f"127.0.0.1,{living}", "port": f"{frozen.getsockname()[1]},{port}"}
        person = parts.netloc.rpartition("@")[0]
        both = urlunsplit(parts._replace(netloc=f"{person}@" if person else "", query=urlencode(query)))
        opened = await open_database(both)
        assert len(await opened.fetch("SELECT 1")) == 1
        await opened.close()


async def test_two_that_lock_each_other_out_are_both_done_in_the_end(database: Database) -> None:
    for name in ("order:1", "order:2"):
        await database.execute("INSERT INTO head VALUES ('fujian', $1, 0)", name)
    met = asyncio.Barrier(2)
    tries = {"forth": 0, "back": 0}

    async def step(at: Transaction, name: str) -> None:
        await at.execute("UPDATE head SET version = version + 1 WHERE stream = $1", name)

    async def both(way: str, first: str, second: str) -> None:
        async def work(at: Transaction) -> None:
            tries[way] += 1
            await step(at, first)
            if tries[way] == 1:
                await met.wait()
            await step(at, second)

        await database.write(work)

    await asyncio.gather(both("forth", "order:1", "order:2"), both("back", "order:2", "order:1"))
    assert [row[0] for row in await database.fetch("SELECT version FROM head")] == [2, 2]
    assert sorted(tries.values()) == [1, 2]


async def test_events_of_a_line_stand_in_a_partition_of_their_own(database: Database) -> None:
    await database.add_jurisdiction("fujian")
    found = await database.fetch("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass")
    assert [row[0] for row in found] == ["event_fujian"]


async def test_processes_that_start_at_once_make_the_tables_once(dsn: str) -> None:
    opened = await asyncio.gather(*(open_database(dsn) for _ in range(4)))
    epochs = [await one.fetch("SELECT value FROM meta WHERE name = 'epoch'") for one in opened]
    assert len({str(rows) for rows in epochs}) == 1
    for one in opened:
        await one.close()
