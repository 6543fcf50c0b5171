"""The seam between the server and its database.

A `Database` runs pieces of work: `write` in one transaction that is never cancelled and is tried again where the
database asks for that, `read` on one unchanging picture. Statements are one SQL for both stores: `$1` for values,
INSERT … ON CONFLICT, no sequences, no notifications, no advisory locks.

    async def work(at: Transaction) -> int:
        [(last,)] = await at.fetch("UPDATE counter SET last_seq = last_seq + $1 … RETURNING last_seq", count)
        …
    last = await database.write(work)

Work has to bear being run twice: what it changes outside of the transaction counts only after `write` has returned.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import msgspec

from agent_console.domain.errors import StoreError

T = TypeVar("T")
Row = Sequence[Any]
Work = Callable[["Transaction"], Awaitable[T]]


class DatabaseAway(StoreError):
    """The database cannot be reached, or does not say whether it has kept something: try again with the same ids."""


class Table(msgspec.Struct, frozen=True):
    """A table many rows are written into at once: its columns, each with its type in PostgreSQL."""

    name: str
    columns: dict[str, str]


class Transaction(Protocol):
    """What can be done inside one transaction."""

    @property
    def lock(self) -> str:
        """Ends a SELECT … ORDER BY whose rows stay locked until the end of the transaction."""

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        """Rows of a question, or of what RETURNING says."""

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        """The same where `column {among}` stands for being one of these texts, given as $1; other values from $2 on."""

    async def execute(self, sql: str, *values: Any) -> int:
        """Number of rows a statement changed."""

    async def insert(self, table: Table, rows: Sequence[Row], conflict: str = "") -> None:
        """Write rows; conflict: what follows ON CONFLICT, "" where a row that is there already is an error."""


class Database(Protocol):
    """A database that is open."""

    async def write(self, work: Work[T]) -> T:
        """Run it in one transaction; returns after the commit, which goes on if whoever waits goes away.

        Raises DatabaseAway, and what the work raises.
        """

    async def read(self, work: Work[T]) -> T:
        """Run it on one unchanging picture of the data. Raises DatabaseAway."""

    async def fetch(self, sql: str, *values: Any) -> Sequence[Row]:
        """Rows of a single question, outside of any transaction of the caller's. Raises DatabaseAway."""

    async def fetch_among(self, sql: str, among: Sequence[str], *values: Any) -> Sequence[Row]:
        """The same with `{among}` as in a transaction. Raises DatabaseAway."""

    async def execute(self, sql: str, *values: Any) -> int:
        """A single statement as a transaction of its own; number of rows it changed. Raises DatabaseAway."""

    async def migrate(self) -> None:
        """Bring the tables up to date. Raises StoreIsNewer where a newer program has changed them."""

    async def add_jurisdiction(self, code: str) -> None:
        """Have room for the events of a jurisdiction; once is enough. Raises BadInput for a code that is none."""

    async def close(self) -> None:
        """Wait for writing that runs, then close."""


def is_postgres(store: str) -> bool:
    """Whether this is the DSN of a PostgreSQL, not the path of a file."""
    return store.startswith(("postgresql://", "postgres://"))


async def open_database(store: str) -> Database:
    """Open `postgresql://…` (several hosts with commas), or the SQLite file of that path, and bring it up to date.

    Raises DatabaseAway, StoreError, StoreIsNewer.
    """
    database: Database
    if is_postgres(store):
        from agent_console.server.store.postgres import Postgres

        database = Postgres(store)
    else:
        from agent_console.server.store.sqlite import Sqlite

        database = Sqlite(store)
    try:
        await database.migrate()
    except BaseException:
        await database.close()
        raise
    return database


def changes(table: Table, key: Sequence[str]) -> str:
    """What follows ON CONFLICT where a row of that key takes what the new one says."""
    sets = ", ".join(f"{name} = excluded.{name}" for name in table.columns if name not in key)
    return f"({', '.join(key)}) DO UPDATE SET {sets}"


def gaps(count: int, first: int = 1) -> str:
    """`$1, $2, …` for so many values."""
    return ", ".join(f"${number}" for number in range(first, first + count))


def columns_of(rows: Iterable[Row], count: int) -> list[list[Any]]:
    """Rows turned into columns."""
    turned: list[list[Any]] = [[] for _ in range(count)]
    for row in rows:
        for column, value in zip(turned, row, strict=True):
            column.append(value)
    return turned
