"""Clocks that are set while everybody works: what was known by the wrong one holds nobody up once it is right."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_console.domain.instants import HOUR, MINUTE, Instant
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.store.database import open_database
from agent_console.sync import line as line_of_seat
from agent_console.sync.engine import Engine
from tests.server.people import PASSWORD, Server, code_of
from tests.server.seats import Centre, centre_at
from tests.support.clock import SettableClock
from tests.support.line_server import line_server
from tests.sync.conftest import Seat

from .clocks import CLOCK_OFF, UnsteadyClock, set_clock

_DAY: Instant = 24 * HOUR
_LONGEST = 20.0
_NEAR = 5_000_000


async def _decided_at(centre: Centre, order: str) -> Instant:
    """The instant the server put the raising of an order down for."""
    sql = "SELECT occurred_at, clock_offset FROM event WHERE stream = $1 AND version = 1"
    [(at, offset)] = await centre.server.database.fetch(sql, f"order:{order}")
    return int(at) + int(offset or 0)


@pytest.mark.parametrize("jump", [_DAY, -HOUR], ids=["a day ahead", "an hour back"])
async def test_after_a_jump_of_the_server_new_work_counts_for_the_hour_in_which_it_is_done(
    clock: SettableClock, tmp_path: Path, jump: Instant
) -> None:
    database, right = await open_database(str(tmp_path / "server.db")), clock.now()
    async with centre_at(database, clock, tmp_path / "seats") as centre:
        seat = await centre.sit()
        clock.set(right + jump)
        await seat.renew()
        seat.raise_order()
        await seat.push()
        clock.set(right + MINUTE)
        await seat.renew()
        after = [seat.raise_order(), seat.raise_order()]
        assert {verdict.status for verdict in await seat.push()} == {"applied"}
        assert [await _decided_at(centre, order) - clock.now() for order in after] == [0, 0]
        clock.set(right + 3 * HOUR)
        await seat.renew()
        seat.raise_order()
        assert not any(verdict.time_doubtful for verdict in await seat.push())
    await database.close()


async def test_a_wait_after_wrong_passwords_ends_with_the_jump_of_the_clock_it_was_reckoned_by(
    clock: SettableClock, tmp_path: Path
) -> None:
    database, right = await open_database(str(tmp_path / "server.db")), clock.now()
    server = Server(database, clock, ServerSettings(tries=1))
    await server.begin()
    async with server.client:
        clock.set(right + _DAY)
        for _ in range(2):
            answer = await server.try_sign_in(password="eine-falsche-口令")
        assert (answer.status_code, code_of(answer)) == (429, "wait")
        clock.set(right)
        assert (await server.try_sign_in(password=PASSWORD)).status_code == 200
    await database.close()


def test_a_seat_whose_clock_is_set_while_the_line_is_up_measures_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_of_seat, "_BETWEEN_LOOKS", 0.05)
    with line_server() as server:
        seat = Seat(tmp_path / "seat", server.address)
        seat.sign_in()
        made = Engine(seat.side, seat.home, seat.settings, UnsteadyClock(seat.home / CLOCK_OFF))
        made.start()
        try:
            _until(lambda: made.status.offset is not None)
            assert abs(made.status.offset or 0) < _NEAR
            for off in (HOUR, -HOUR):
                set_clock(seat.home, off)
                seat.work()
                _until(lambda: abs((made.status.offset or 0) + off) < _NEAR)  # noqa: B023
        finally:
            made.close()


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _LONGEST
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
