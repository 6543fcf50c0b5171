"""Thousands of seats at a server as far as a monitor notices them: a state every so often, an order now and then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from random import Random

import msgspec

from agent_console.clock import SystemClock
from agent_console.domain.people import Actor
from agent_console.server.feeding.seats import WAVE_SECONDS, Wall
from agent_console.server.store.database import open_database
from agent_console.server.web.ports import Person
from agent_console.sync.wire import SeatNow
from benchmarks.server_http import Connection
from benchmarks.server_process import Prepared, Signed
from benchmarks.server_work import LINE, Pattern, push_body

STATE_SECONDS, ORDER_SECONDS = 20.0, 180.0
"""How often a seat's state changes, and how often it raises an order."""
_CONNECTIONS = 16
_STATES = (("ready", "", ""), ("busy", "投诉", "accept"), ("busy", "咨询", "refusal"), ("wrap_up", "", ""))


def state_of(number: int, turn: int, now: int) -> bytes:
    """What a seat says of itself, as JSON."""
    state, kind, colour = _STATES[(number + turn) % len(_STATES)]
    told = SeatNow("", str(number), "", state, since=now, call_kind=kind, colour=colour, fresh_at=now, at=now)
    return msgspec.json.encode(told)


async def _both(made: Crowd, prepared: Prepared, speed: float, seconds: float) -> None:
    told, _ = await asyncio.gather(states_of_another_process(prepared, speed, seconds), made.work(seconds))
    made.states = told


class Crowd:
    """All of them over a few connections, at `speed` times their real rate."""

    def __init__(self, port: int, prepared: Prepared, speed: float, *, only_orders: bool = False) -> None:
        self._port = port
        self._only_orders = only_orders
        self._prepared = prepared
        self._speed = speed
        self._pattern = Pattern(SystemClock())
        self.states = self.orders = self.refused = 0

    async def work(self, seconds: float) -> None:
        """Work for so long."""
        end = time.monotonic() + seconds
        seats = list(enumerate(self._prepared.seats, 1))
        await asyncio.gather(*(self._slice(seats[part::_CONNECTIONS], end) for part in range(_CONNECTIONS)))

    async def _slice(self, seats: Sequence[tuple[int, Signed]], end: float) -> None:
        connection, random = await Connection.open(self._port), Random(seats[0][0])
        numbers = dict.fromkeys((number for number, _ in seats), 0)
        pause, turn = STATE_SECONDS / self._speed / len(seats), 0
        due = time.monotonic() + random.random() * pause
        while time.monotonic() < end:
            for number, seat in seats:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                due += pause
                if not self._only_orders:
                    body = state_of(number, turn, SystemClock().now())
                    self._count(await connection.post("/v1/seat-state", body, seat.token))
                if random.random() < STATE_SECONDS / ORDER_SECONDS:
                    numbers[number] += 1
                    await self._raise(connection, seat, numbers[number])
            turn += 1
        connection.close()

    async def _raise(self, connection: Connection, seat: Signed, n: int) -> None:
        entries = (self._pattern.copy(n),)
        body = push_body(seat.device, seat.device_key, self._prepared.epoch, SystemClock().now(), entries)
        status, _ = await connection.post("/v1/push", body, seat.token)
        self.orders += status == 200
        self.refused += status != 200

    def _count(self, answer: tuple[int, bytes]) -> None:
        self.states += answer[0] == 200
        self.refused += answer[0] != 200


async def states_of_another_process(prepared: Prepared, speed: float, seconds: float) -> int:
    """How many states were put into the server's table, in waves, as another process of the same server would.

    The rate does not hang on how many requests a busy machine can make; what the monitor reads is the server's stream.
    """
    database = await open_database(prepared.store)
    wall, told, begun = Wall(database, SystemClock()), 0, time.monotonic()
    people = [Person(str(n), Actor(str(n), "operator"), seat.device, LINE) for n, seat in enumerate(prepared.seats, 1)]
    try:
        while (passed := time.monotonic() - begun) < seconds:
            for number in range(told, int(passed * speed * len(people) / STATE_SECONDS)):
                turn, at = divmod(number, len(people))
                wall.tell(people[at], msgspec.json.decode(state_of(at + 1, turn, SystemClock().now()), type=SeatNow))
                told += 1
            await wall.wave()
            await asyncio.sleep(WAVE_SECONDS)
    finally:
        await database.close()
    return told


def crowd(port: int, prepared: Prepared, speed: float, seconds: float, *, straight: bool = False) -> None:
    """In a process of its own: have them work, and say at which rate they came through.

    straight: their states come from another process, and only their orders over the line.
    """
    made, begun = Crowd(port, prepared, speed, only_orders=straight), time.monotonic()
    if straight:
        asyncio.run(_both(made, prepared, speed, seconds))
    else:
        asyncio.run(made.work(seconds))
    took = time.monotonic() - begun
    print(f"seats: {made.states / took:.1f} states/s, {made.orders / took:.1f} orders/s, {made.refused} not served")
