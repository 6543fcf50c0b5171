"""A store with many orders in minutes: rows the real server wrote, copied under fresh ids.

Copies look in every table and index as what was pushed does, one after the other. Their sealed parts are bound to the
ids of the originals and open for nobody, so that they count as erased: benchmarks read only what is pushed after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import asyncpg

from agent_console.desk.desk import new_id
from agent_console.server.pushing.streams import FOREVER
from agent_console.server.store.database import Database, Row, Table, Transaction, is_postgres, open_database
from agent_console.server.store.schema import ENTRY, EVENT, ORDER_ROW
from benchmarks.server_bare import TABLES, Rows, rows_of
from benchmarks.server_work import LINE

_TOGETHER = 5_000
"""Orders written in one transaction."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACES = {"seq", "from_seq", "to_seq"}
_MOST_PATTERNS = 100

Cell = tuple[int, str]
"""The number of a column, and what is to be written anew there: `ids`, `seq`, `n` or `number`."""


class _Copied:
    """One order as it was written, to be written again."""

    def __init__(self, rows: Rows) -> None:
        [entry] = rows[ENTRY.name]
        told = dict(zip(ENTRY.columns, entry, strict=True))
        self._first = min(row[1] for row in rows[EVENT.name])
        self.events = len(rows[EVENT.name])
        self._kept = {str(told["device"])}
        self._number = next((str(row[2]) for row in rows[ORDER_ROW.name]), "")
        self._rows = {table.name: [(row, self._cells(table, row)) for row in rows[table.name]] for table in TABLES}

    def _cells(self, table: Table, row: Row) -> list[Cell]:
        found: list[Cell] = []
        for index, (name, value) in enumerate(zip(table.columns, row, strict=True)):
            if name in _PLACES and value != FOREVER:
                found.append((index, "seq"))
            elif name == "n":
                found.append((index, "n"))
            elif isinstance(value, str) and self._number and value in (self._number, self._number[-5:]):
                found.append((index, "number"))
            elif isinstance(value, str) and set(_UUID.findall(value)) - self._kept:
                found.append((index, "ids"))
        return found

    def again(self, first: int, n: int, into: Mapping[str, list[Row]]) -> None:
        """Add its rows with fresh ids; first: the place of its first event, n: the number of its entry."""
        fresh = {device: device for device in self._kept}
        number = f"{n:015d}"

        def named(found: re.Match[str]) -> str:
            return fresh.get(found[0]) or fresh.setdefault(found[0], new_id())

        for name, rows in self._rows.items():
            for row, cells in rows:
                told = list(row)
                for index, what in cells:
                    value: Any = told[index]
                    if what == "ids":
                        told[index] = _UUID.sub(named, value)
                    elif what == "seq":
                        told[index] = value - self._first + first
                    else:
                        told[index] = n if what == "n" else number[-len(value) :]
                into[name].append(told)


async def fill_up(store: str, count: int) -> None:
    """Copy what stands in a store that nobody serves until it has so many orders more."""
    database = await open_database(store)
    try:
        patterns = [_Copied(rows) for rows in list((await rows_of(database)).values())[:_MOST_PATTERNS]]
        [(last, n)] = await database.fetch(
            "SELECT c.last_seq, MAX(d.last_n) FROM counter c JOIN device d ON d.jurisdiction = c.jurisdiction"
            " WHERE c.jurisdiction = $1 GROUP BY c.last_seq",
            LINE,
        )
        for rows, last_seq, last_n in _copies(patterns, count, int(last), int(n)):
            await _write(database, rows, last_seq, last_n)
    finally:
        await database.close()
    if is_postgres(store):
        await _tidied(store)


def _copies(
    patterns: Sequence[_Copied], count: int, last_seq: int, last_n: int
) -> Iterator[tuple[dict[str, list[Row]], int, int]]:
    for begun in range(0, count, _TOGETHER):
        rows: dict[str, list[Row]] = {table.name: [] for table in TABLES}
        for number in range(begun, min(begun + _TOGETHER, count)):
            one = patterns[number % len(patterns)]
            last_n += 1
            one.again(last_seq + 1, last_n, rows)
            last_seq += one.events
        yield rows, last_seq, last_n


async def _write(database: Database, rows: Mapping[str, Sequence[Row]], last_seq: int, last_n: int) -> None:
    async def work(at: Transaction) -> None:
        for table in TABLES:
            await at.insert(table, rows[table.name])
        await at.execute("UPDATE counter SET last_seq = $2 WHERE jurisdiction = $1", LINE, last_seq)
        await at.execute("UPDATE device SET last_n = $2 WHERE jurisdiction = $1", LINE, last_n)

    await database.write(work)


async def _tidied(dsn: str) -> None:
    """What PostgreSQL does by itself within minutes it must not begin in the middle of a measurement."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
