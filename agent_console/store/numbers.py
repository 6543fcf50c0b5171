"""Running numbers of this file, and aliases of order numbers."""

from __future__ import annotations

from datetime import date
from sqlite3 import Connection

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import StoreError
from agent_console.domain.instants import Instant, local_date
from agent_console.store.connection import joined, path_of, rows

LAST_NUMBER = 9999
"""An order number has four digits for it."""


class DrawnNumber(msgspec.Struct, frozen=True):
    """What an order number is made of: day in Asia/Shanghai, seat, running number of that file and day."""

    day: date
    seat: int
    running: int


class Numbers:
    """Draws numbers that are never given twice, whatever the clock does."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        """Draw from this file."""
        self._connection = connection
        self._clock = clock

    def draw(self, at: Instant | None = None) -> DrawnNumber:
        """The next number of the day of `at` (None: now), kept with the transaction that is open.

        Where that is rolled back the number was never given. Raises StoreError after 9999 on one day.
        """
        day = local_date(self._clock.now() if at is None else at)
        with joined(self._connection):
            self._connection.execute(
                "INSERT INTO running_number (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1",
                (day.isoformat(),),
            )
            sql = "SELECT last, seat_number FROM running_number, device WHERE day = ?"
            [(running, seat)] = rows(self._connection, sql, (day.isoformat(),))
            if running > LAST_NUMBER:
                path = str(path_of(self._connection))
                raise StoreError("error.store_numbers", "advice.store_numbers", path=path, day=day.isoformat())
        return DrawnNumber(day, seat, running)

    def keep_alias(self, alias: str, stream: str) -> None:
        """Keep a number under which an order was known, so that it is found for ever; two may share one."""
        with joined(self._connection):
            self._connection.execute(
                "INSERT OR IGNORE INTO order_alias (alias, stream, noted_at) VALUES (?, ?, ?)",
                (alias, stream, self._clock.now()),
            )

    def streams_of_alias(self, alias: str) -> list[str]:
        """Streams of the orders that were once known under this number."""
        sql = "SELECT stream FROM order_alias WHERE alias = ? ORDER BY noted_at, stream"
        return [stream for (stream,) in rows(self._connection, sql, (alias,))]
