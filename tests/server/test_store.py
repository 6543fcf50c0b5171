"""The seam to the database says the same on both stores."""

from __future__ import annotations

import asyncio

import pytest

from agent_console.domain.errors import BadInput, StoreIsNewer
from agent_console.server.store.database import Database, Transaction, open_database
from agent_console.server.store.hosts import one_by_one
from agent_console.server.store.schema import HEAD


async def test_rows_written_together_are_found_again(database: Database) -> None:
    async def write(at: Transaction) -> None:
        await at.insert(HEAD, [("fujian", f"order:{n}", n) for n in range(40)])

    async def read(at: Transaction) -> list[int]:
        asked = "SELECT version FROM head WHERE stream {among} AND jurisdiction = $2 ORDER BY version"
        return [row[0] for row in await at.fetch_among(asked, ["order:3", "order:5", "order:none"], "fujian")]

    await database.write(write)
    assert await database.read(read) == [3, 5]


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    async def write(at: Transaction) -> None:
        await at.insert(HEAD, [("fujian", "order:1", 1)])
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(write)
    assert not list(await database.fetch("SELECT stream FROM head"))


async def test_a_commit_goes_on_when_whoever_waits_for_it_goes_away(store: str) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def write(at: Transaction) -> None:
        begun.set()
        await go_on.wait()
        await at.insert(HEAD, [("fujian", "order:1", 1)])

    first = await open_database(store)
    waiting = asyncio.create_task(first.write(write))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await first.close()
    again = await open_database(store)
    assert len(await again.fetch("SELECT stream FROM head")) == 1
    await again.close()


async def test_tables_of_a_newer_program_are_left_alone(store: str) -> None:
    first = await open_database(store)
    await first.execute("INSERT INTO migration (name) VALUES ('9999_of_tomorrow')")
    await first.close()
    with pytest.raises(StoreIsNewer):
        await open_database(store)


async def test_the_epoch_stays_over_a_restart(store: str) -> None:
    asked = "SELECT value FROM meta WHERE name = 'epoch'"
    first = await open_database(store)
    [(before,)] = await first.fetch(asked)
    await first.close()
    again = await open_database(store)
    [(after,)] = await again.fetch(asked)
    await again.close()
    assert before == after


async def test_a_jurisdiction_is_named_by_a_plain_word(database: Database) -> None:
    await database.add_jurisdiction("fujian")
    await database.add_jurisdiction("fujian")
    for wrong in ("", "福建", "a-b", "x'; DROP TABLE event"):
        with pytest.raises(BadInput):
            await database.add_jurisdiction(wrong)


def test_hosts_of_a_dsn_are_tried_one_by_one() -> None:
    assert one_by_one("postgresql://who:word@a:1,b:2/name?sslmode=require") == (
        "postgresql://who:word@a:1/name?sslmode=require",
        "postgresql://who:word@b:2/name?sslmode=require",
    )
    assert len(one_by_one("postgresql:///name?host=a,b&port=1,2")) == 2
