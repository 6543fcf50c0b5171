"""Who the file is: device, seat number before enrolment, and marks."""

from __future__ import annotations

from sqlite3 import Connection

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import Instant
from agent_console.store.connection import joined, rows

FIRST_DRAWN_SEAT = 9000
"""Seat numbers from here on are drawn by chance, until the server gives one."""


class SeatIdentity(msgspec.Struct, frozen=True):
    """What the file knows of itself.

    device: UUIDv7, part of every event. seat_number: four digits for order numbers. test_data: a clock that
    is not real has written here. clock_behind: microseconds by which the clock lay before the last event at
    opening.
    """

    device: str
    seat_number: int
    test_data: bool
    clock_behind: Instant


def ensure_identity(connection: Connection, clock: Clock) -> SeatIdentity:
    """Read who the file is, drawing device and seat number at the first start."""
    if not (found := _read(connection)):
        with joined(connection):
            if not _read(connection):
                _draw(connection)
        found = _read(connection)
    [(device, seat_number, test_data, last_clock)] = found
    if clock.is_test and not test_data:
        with joined(connection):
            connection.execute("UPDATE device SET test_data = 1")
    behind = max(0, last_clock - clock.now())
    return SeatIdentity(device, seat_number, bool(test_data) or clock.is_test, behind)


def _read(connection: Connection) -> list[tuple[str, int, int, Instant]]:
    return rows(connection, "SELECT device, seat_number, test_data, last_clock FROM device")


def _draw(connection: Connection) -> None:
    import secrets

    from uuid6 import uuid7

    row = (str(uuid7()), FIRST_DRAWN_SEAT + secrets.randbelow(1000), secrets.token_bytes(32), 0, 0)
    connection.execute(
        "INSERT INTO device (device, seat_number, number_key, test_data, last_clock) VALUES (?, ?, ?, ?, ?)",
        row,
    )
