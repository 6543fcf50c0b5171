"""Work orders as a table."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.events import Event
from agent_console.domain.work_order.order_numbers import TAIL
from agent_console.domain.work_order.order_secrecy import outline
from agent_console.domain.work_order.orders import Order, evolve
from agent_console.store.migrations import Migration
from agent_console.store.projections import figures, sights
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database


def _columns(order: Order, sealing: Sealing) -> dict[str, Any]:
    details = order.details
    return {
        "number": order.number,
        "tail": order.number[-TAIL:],
        "call": order.call,
        "status": order.status,
        "kind": details.kind,
        "urgent": int(details.urgency == "urgent"),
        "district": details.district,
        "lead": order.lead or details.lead,
        "number_hash": sealing.number_hash(details.caller_number),
        "raised_at": order.raised_at,
        "received_at": order.received_at,
        "signed_at": order.signed_at,
        "completed_at": order.completed_at,
    }


_BLANK = {"number_hash": "", "district": ""}

ORDERS: FoldedTable[Order] = FoldedTable("work_order", "order:", Order(), evolve, _columns, _BLANK, outline)
"""The table `work_order`, a row per order."""


def _make_tables(db: Database) -> None:
    text = ("stream", "number", "tail", "call", "status", "kind", "district", "lead", "number_hash")
    numbers = ("urgent", "raised_at", "received_at", "signed_at", "completed_at")
    columns: dict[str, type] = {**dict.fromkeys(text, str), **dict.fromkeys(numbers, int), "sealed": bytes}
    order = db.table("work_order")
    order.create(columns, pk="stream", not_null=set(columns) - {"sealed"}, strict=True)
    order.create_index(["number"])
    order.create_index(["tail"])
    order.create_index(["number_hash"])
    order.create_index(["raised_at"])


def _add_outline(db: Database) -> None:
    db.table("work_order").add_column("outline", bytes)
    db.execute("CREATE INDEX work_order_secret ON work_order (status) WHERE outline IS NOT NULL")


class OrderTables:
    """Keeps `work_order`, the figures of its rows, and who has them."""

    name = "orders"
    version = 5
    migrations: Sequence[Migration] = (
        Migration("0001_orders", _make_tables),
        Migration("0002_order_figures", figures.make_order_figures),
        Migration("0003_order_sights", sights.make_order_sights),
        Migration("0003_outline", _add_outline),
        Migration("0004_raised_version", figures.add_raised_version),
        Migration("0005_extension_requested", figures.add_extension_requested),
    )

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        order = ORDERS.apply(connection, event)
        if order is not None:
            figures.note_order(connection, event, order)
            sights.note_sights(connection, event.envelope.stream, order)

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of an order that is being erased."""
        ORDERS.forget(connection, owner)
        figures.forget_order(connection, owner)
        sights.forget_sights(connection, owner)

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        ORDERS.drop(connection, stream)
        figures.drop_order(connection, stream)
        sights.forget_sights(connection, stream)

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        ORDERS.clear(connection)
        figures.clear_orders(connection)
        sights.clear_sights(connection)
