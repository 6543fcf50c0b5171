"""The tables of the seat's file. Projections bring their own (`projecting.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.store.books import KEPT_BOOKS
from agent_console.store.migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA_SET = "store"

_ENVELOPE: dict[str, type] = {
    "id": str,
    "stream": str,
    "version": int,
    "type": str,
    "schema": int,
    "jurisdiction": str,
    "rule_book": str,
    "calendar": str,
    "actor": str,
    "role": str,
    "unit": str,
    "authority": str,
    "seat": str,
    "device": str,
    "n": int,
    "occurred_at": int,
    "clock_offset": int,
    "cause": str,
}
_MAY_BE_EMPTY = {"clock_offset", "sealed"}


def _event_log(db: Database) -> None:
    columns = {"position": int, **_ENVELOPE, "body": str, "sealed": bytes, "acked": int}
    event = db.table("event")
    event.create(columns, pk="position", not_null=set(columns) - _MAY_BE_EMPTY, defaults={"acked": 0}, strict=True)
    event.create_index(["id"], unique=True)
    event.create_index(["stream", "version"], unique=True)
    event.create_index(["device", "n"], unique=True)
    db.execute("CREATE INDEX event_outbox ON event (n) WHERE acked = 0")
    final = ", ".join((*_ENVELOPE, "position", "body", "sealed"))
    for name, what in (("changed", f"UPDATE OF {final}"), ("removed", "DELETE")):
        db.execute(
            f"CREATE TRIGGER event_is_never_{name} BEFORE {what} ON event"
            " BEGIN SELECT RAISE(ABORT, 'an event is final'); END"
        )
    db.table("projection").create({"name": str, "version": int}, pk="name", not_null={"version"}, strict=True)


def _sealing(db: Database) -> None:
    # Rows are only added at the end and overwritten in place. A deletion would let SQLite move other rows, and
    # a moved row leaves a copy of its key behind even with secure_delete.
    sealing_key = db.table("sealing_key")
    sealing_key.create({"id": int, "owner": str, "key": bytes}, pk="id", not_null={"owner", "key"}, strict=True)
    sealing_key.create_index(["owner"], unique=True)
    draft = {"owner": str, "sealed": bytes, "saved_at": int}
    db.table("draft").create(draft, pk="owner", not_null={"sealed", "saved_at"}, strict=True)


def _device(db: Database) -> None:
    device = {"device": str, "seat_number": int, "number_key": bytes, "test_data": int, "last_clock": int}
    db.table("device").create(device, pk="device", not_null=set(device), strict=True)
    db.table("running_number").create({"day": str, "last": int}, pk="day", not_null={"last"}, strict=True)
    alias = {"alias": str, "stream": str, "noted_at": int}
    db.table("order_alias").create(alias, pk=("alias", "stream"), not_null=set(alias), strict=True)


def _rings(db: Database) -> None:
    offer = {"id": str, "call_id": str, "line": str, "sealed": bytes, "offered_at": int}
    db.table("ring_offer").create(offer, pk="id", not_null=set(offer) - {"sealed"}, strict=True)


def _role_keys(db: Database) -> None:
    # As in `sealing_key`: rows are only added, and overwritten where they stand.
    columns = {"id": int, "owner": str, "role": str, "number": int, "key": bytes}
    role_key = db.table("role_key")
    role_key.create(columns, pk="id", not_null=set(columns) - {"id"}, strict=True)
    role_key.create_index(["owner", "role"])


SCHEMA = (
    Migration("0001_event_log", _event_log),
    Migration("0002_sealing", _sealing),
    Migration("0003_device", _device),
    Migration("0004_rings", _rings),
    Migration("0005_role_keys", _role_keys),
    KEPT_BOOKS,
)
