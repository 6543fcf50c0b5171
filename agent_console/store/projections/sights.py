"""Which units have which orders and which flags these carry, as tables: what a person sees becomes a condition."""

from __future__ import annotations

from sqlite3 import Connection
from typing import TYPE_CHECKING

from agent_console.domain.confidentiality.sight import Sight, filing_of, units_on
from agent_console.domain.work_order.orders import Order

if TYPE_CHECKING:
    from sqlite_utils import Database

Condition = tuple[str, tuple[object, ...]]
"""The part of a question behind WHERE, and its parameters."""


def make_order_sights(db: Database) -> None:
    """The tables `order_unit` and `order_flag`."""
    for table, name in (("order_unit", "unit"), ("order_flag", "flag")):
        columns = {"stream": str, name: str, "filed": int}
        db.table(table).create(columns, pk=("stream", name), not_null=set(columns), strict=True)
        db.table(table).create_index([name, "filed", "stream"])


def note_sights(connection: Connection, stream: str, order: Order) -> None:
    """Write who has the order now and what it carries."""
    forget_sights(connection, stream)
    filed = filing_of(order)
    connection.executemany(
        "INSERT INTO order_unit VALUES (?, ?, ?)", [(stream, unit, filed) for unit in units_on(order)]
    )
    flags = [(stream, flag, filed) for flag in dict.fromkeys(order.flags)]
    connection.executemany("INSERT INTO order_flag VALUES (?, ?, ?)", flags)


def forget_sights(connection: Connection, stream: str) -> None:
    """Remove the rows of an order."""
    connection.execute("DELETE FROM order_unit WHERE stream = ?", (stream,))
    connection.execute("DELETE FROM order_flag WHERE stream = ?", (stream,))


def clear_sights(connection: Connection) -> None:
    """Empty the tables."""
    connection.execute("DELETE FROM order_unit")
    connection.execute("DELETE FROM order_flag")


def within(sight: Sight) -> Condition:
    """The orders a person's lists may hold, for any table with a column `stream`."""
    shown, parameters = ("1", ()) if sight.everything else _some(sight)
    if not sight.hiding:
        return shown, parameters
    hidden, hiding = _carrying(tuple(sorted(sight.hiding)))
    return f"({shown}) AND stream NOT IN ({hidden})", (*parameters, *hiding)


def _some(sight: Sight) -> Condition:
    parts: list[str] = []
    parameters: tuple[object, ...] = ()
    for table, name, wanted in (("order_unit", "unit", sight.units), ("order_flag", "flag", sight.flags)):
        if wanted:
            gaps = ", ".join("?" * len(wanted))
            parts.append(f"stream IN (SELECT stream FROM {table} WHERE {name} IN ({gaps}) AND filed <= ?)")
            parameters = (*parameters, *sorted(wanted), sight.filed)
    return (" OR ".join(parts), parameters) if parts else ("0", ())


def _carrying(flags: tuple[str, ...]) -> Condition:
    return f"SELECT stream FROM order_flag WHERE flag IN ({', '.join('?' * len(flags))})", flags
