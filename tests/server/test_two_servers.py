"""Several server processes on one database: no reader's cursor skips what was committed late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent_console.server.pushing import writing
from agent_console.server.pushing.writing import Writer
from agent_console.server.store.database import Database, Transaction, open_database
from agent_console.sync.wire import SeatNow
from tests.support.clock import SettableClock
from tests.support.counted_apart import CountedApart
from tests.support.databases import fresh_database

from .people import Server, bearer
from .seats import Centre, centre_at


class Slow:
    """Has the first group that is written wait before its commit."""

    def __init__(self) -> None:
        self.is_waiting, self.go_on = asyncio.Event(), asyncio.Event()
        self._writes = writing.Writer._write_keys

    async def write_keys(self, writer: Writer, at: Transaction, streams: Any) -> None:
        await self._writes(writer, at, streams)
        if not self.is_waiting.is_set():
            self.is_waiting.set()
            await self.go_on.wait()


class Both(NamedTuple):
    """A centre at one server, and another server on the same database. first, second: their ways to it."""

    centre: Centre
    other: Server
    first: Database
    second: Database


@pytest.fixture
async def both(postgres: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[Both]:
    async with fresh_database(postgres) as dsn:
        first, second = await open_database(dsn), await open_database(dsn)
        async with centre_at(first, clock, tmp_path) as centre:
            yield Both(centre, Server(second, clock), first, second)
        await second.close()
        await first.close()


@pytest.mark.parametrize("counted", ["inside", "apart"])
async def test_a_cursor_skips_nothing_that_is_committed_late(
    both: Both, monkeypatch: pytest.MonkeyPatch, counted: str
) -> None:
    told, written = await _read_between(both, monkeypatch, counted)
    assert written
    assert (told == written) is (counted == "inside")


async def _read_between(both: Both, monkeypatch: pytest.MonkeyPatch, counted: str) -> tuple[list[int], list[int]]:
    """What a reader was told who asked while one server's commit was late, and what was written."""
    centre, other, second = both.centre, both.other, both.second
    early, late, lead = await centre.sit("zhang"), await centre.sit("wang"), await centre.sit("li")
    early.raise_order()
    await early.push()
    await lead.pull()
    begin = lead.side.cursor
    late.server = other
    slow = Slow()

    async def write_keys(writer: Writer, at: Transaction, streams: Any) -> None:
        await slow.write_keys(writer, at, streams)

    writes = Writer.write

    async def counted_apart(self: Writer, at: Transaction, *more: Any) -> int:
        return await writes(self, CountedApart(at, second), *more)

    monkeypatch.setattr(Writer, "_write_keys", write_keys)
    if counted == "apart":
        monkeypatch.setattr(Writer, "write", counted_apart)
    early.raise_order()
    late.raise_order()
    async with other.client, other.app.state.services.running():
        pushing = asyncio.create_task(early.push())
        await slow.is_waiting.wait()
        following = asyncio.create_task(late.push())
        await asyncio.wait({following}, timeout=None if counted == "apart" else 1)
        between = await lead.rows(begin)
        cursor = (await lead.page(begin)).next
        slow.go_on.set()
        await asyncio.gather(pushing, following)
        rows = [*between, *await lead.rows(cursor)]
    written = await second.fetch("SELECT seq FROM event WHERE seq > $1 AND stream LIKE 'order:%' ORDER BY seq", begin)
    return sorted(row.seq for row in rows if row.stream.startswith("order:")), [row[0] for row in written]


async def test_many_seats_at_two_servers_at_once_count_once_each_in_their_order(both: Both) -> None:
    centre, other = both.centre, both.other
    lead = await centre.sit("li")
    seats = [await centre.sit("zhang", f"seat-{number}") for number in range(6)]
    for number, seat in enumerate(seats):
        seat.server = other if number % 2 else centre.server
        seat.dispatched()
    async with other.client, other.app.state.services.running():
        verdicts = await asyncio.gather(*(seat.push() for seat in seats))
    assert {verdict.status for told in verdicts for verdict in told} == {"applied"}
    places = [int(row[0]) for row in await both.first.fetch("SELECT seq FROM event ORDER BY seq")]
    assert places == list(range(1, len(places) + 1))
    told = [row.seq for row in await lead.rows() if row.stream.startswith("order:")]
    orders = await both.first.fetch("SELECT seq FROM event WHERE stream LIKE 'order:%' ORDER BY seq")
    assert told == [row[0] for row in orders]


async def test_the_wall_of_one_server_shows_the_seats_of_the_other(both: Both, clock: SettableClock) -> None:
    centre, other = both.centre, both.other
    seat, lead = await centre.sit("zhang"), await centre.sit("li")
    await other.app.state.services.wall.wave()
    state = {"device": "somebody-else", "seat": "12", "operator": "别人", "state": "busy", "unsent": 3}
    async with other.client:
        heard = await other.client.post("/v1/seat-state", json=state, headers=bearer(seat.token))
        assert heard.status_code == 200
        await other.app.state.services.wall.wave()
    [shown] = await centre.server.app.state.services.wall.seats("fujian")
    assert shown == SeatNow(seat.device, "12", "张三", "busy", unsent=3, at=clock.now())
    for token, status in ((lead.token, 200), (seat.token, 403)):
        answer = await centre.server.client.get("/v1/seats", headers=bearer(token))
        assert answer.status_code == status
    clock.set(clock.now() + 61_000_000)
    assert await centre.server.app.state.services.wall.seats("fujian") == ()
