"""Thousands of seats at a server as far as a monitor notices them: a state every so often, an order now and then."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from random import Random

import msgspec

from agent_console.clock import SystemClock
from agent_console.sync.wire import SeatNow
from benchmarks.server_http import Connection
from benchmarks.server_process import Prepared, Signed
from benchmarks.server_work import Pattern, push_body

STATE_SECONDS, ORDER_SECONDS = 20.0, 180.0
"""How often a seat's state changes, and how often it raises an order."""
_CONNECTIONS = 16
_STATES = (("ready", "", ""), ("busy", "投诉", "accept"), ("busy", "咨询", "refusal"), ("wrap_up", "", ""))


def state_of(number: int, turn: int, now: int) -> bytes:
    """What a seat says of itself, as JSON."""
    state, kind, colour = _STATES[(number + turn) % len(_STATES)]
    told = SeatNow("", str(number), "", state, since=now, call_kind=kind, colour=colour, fresh_at=now, at=now)
    return msgspec.json.encode(told)


class Crowd:
    """All of them over a few connections, at `speed` times their real rate."""

    def __init__(self, port: int, prepared: Prepared, speed: float) -> None:
        self._port = port
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


def crowd(port: int, prepared: Prepared, speed: float, seconds: float) -> None:
    """In a process of its own: have them work, and say at which rate they came through."""
    made, begun = Crowd(port, prepared, speed), time.monotonic()
    asyncio.run(made.work(seconds))
    took = time.monotonic() - begun
    print(f"seats: {made.states / took:.1f} states/s, {made.orders / took:.1f} orders/s, {made.refused} not served")
