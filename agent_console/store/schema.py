"""The tables of the seat's file. Projections bring their own (`projecting.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

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
STRETCH = 50
"""Events in one entry, of those that were there before there was an outbox: what is sent at once must stay small."""


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


def _outbox(db: Database) -> None:
    _make_outbox(db)
    _make_mirror(db)
    _open_event_log(db)
    _tell_the_past(db)


def _make_outbox(db: Database) -> None:
    text = ("id", "jurisdiction", "rule_book", "calendar", "seat", "actor", "role", "unit", "authority", "state")
    numbers = ("at", "seq", "settled_at", "closed_at")
    needed: dict[str, type] = {**dict.fromkeys(text, str), **dict.fromkeys(numbers, int)}
    columns = {"position": int, "n": int, **needed, "clock_offset": int, "verdict": bytes}
    defaults = {**dict.fromkeys(needed, ""), **dict.fromkeys(numbers, 0), "state": "queued"}
    outbox = db.table("outbox")
    outbox.create(columns, pk="position", not_null=set(needed), defaults=defaults, strict=True)
    outbox.create_index(["n"], unique=True)
    outbox.create_index(["id"], unique=True)
    db.execute("CREATE INDEX outbox_queued ON outbox (n) WHERE state = 'queued'")
    db.execute("CREATE INDEX outbox_tray ON outbox (position) WHERE state IN ('rejected', 'conflict', 'parked')")
    step = {"entry": str, "stream": str, "base": int, "command": str, "events": str}
    steps = db.table("outbox_step")
    steps.create({"id": int, **step, "body": str, "sealed": bytes}, pk="id", not_null=set(step), strict=True)
    steps.create_index(["entry"])
    steps.create_index(["stream"])


def _held(db: Database) -> None:
    db.execute("CREATE INDEX outbox_held ON outbox (position) WHERE state = 'held'")


def _sealed_outlines(db: Database) -> None:
    # What stood open is told again by the server: the feed brings an outline with the next step of its order.
    db.execute("ALTER TABLE order_outline ADD COLUMN sealed BLOB")
    for column in ("topic", "place"):
        db.execute(f"ALTER TABLE order_outline DROP COLUMN {column}")


def _make_mirror(db: Database) -> None:
    link = {"epoch": str, "last_n": int, "cursor": int, "rewriting": str, "forgetting": int, "anew": int}
    db.table("link").create({"id": int, **link}, pk="id", not_null=set(link), strict=True)
    db.execute("INSERT INTO link VALUES (1, '', 0, 0, '', 0, 0)")
    db.table("device").add_column("line_key", bytes)
    outline = ("stream", "number", "tail", "status", "kind", "topic", "place", "urgency", "lead", "number_hash")
    kept: dict[str, type] = {**dict.fromkeys(outline, str), "raised_at": int, "as_of": int}
    orders = db.table("order_outline")
    orders.create(kept, pk="stream", not_null=set(kept), strict=True)
    for column in ("number", "tail", "number_hash", "raised_at"):
        orders.create_index([column])
    message = {"seq": int, "recorded_at": int, "read_at": int, "sealed": bytes}
    db.table("lead_message").create(message, pk="seq", not_null=set(message), strict=True)
    db.table("feed_left").create({"stream": str, "seq": int}, pk="stream", not_null={"seq"}, strict=True)


def _open_event_log(db: Database) -> None:
    # What the server has not confirmed may be taken back and decided again, one stream at a time.
    db.execute("ALTER TABLE event ADD COLUMN seq INTEGER")
    for index in ("event_outbox", "idx_event_device_n"):
        db.execute(f"DROP INDEX {index}")
    db.execute("ALTER TABLE event DROP COLUMN acked")
    db.execute("CREATE INDEX event_device_n ON event (device, n)")
    db.execute("CREATE INDEX event_confirmed ON event (seq) WHERE seq IS NOT NULL")
    db.execute("DROP TRIGGER event_is_never_removed")
    db.execute(
        "CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event WHEN NOT EXISTS (SELECT 1 FROM link"
        " WHERE rewriting = OLD.stream AND (OLD.seq IS NULL OR forgetting = 1))"
        " BEGIN SELECT RAISE(ABORT, 'an event is final'); END"
    )


def _tell_the_past(db: Database) -> None:
    """What stands in the file already waits to be sent as it is, a stretch of one stream in each entry."""
    import msgspec
    from uuid6 import uuid7

    sql = (
        "SELECT stream, version, id, occurred_at, jurisdiction, rule_book, calendar, seat, actor, role, unit,"
        " clock_offset, authority FROM event WHERE device IN (SELECT device FROM device) ORDER BY position"
    )
    for number, stretch in enumerate(_stretches(db.execute(sql)), 1):
        stream, version, _, *context = stretch[0]
        entry = str(uuid7())
        db.execute(
            "INSERT INTO outbox (n, id, at, jurisdiction, rule_book, calendar, seat, actor, role, unit, clock_offset,"
            " authority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, entry, *context),
        )
        ids = msgspec.json.encode([row[2] for row in stretch]).decode()
        db.execute(
            "INSERT INTO outbox_step (entry, stream, base, command, events) VALUES (?, ?, ?, 'history', ?)",
            (entry, stream, version - 1, ids),
        )
        db.execute("UPDATE link SET last_n = ?", (number,))


def _stretches(found: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Events that follow each other in one stream, by one person, not too many together."""
    stretch: list[tuple[Any, ...]] = []
    for row in found:
        if stretch and not (_belongs(stretch[-1], row) and len(stretch) < STRETCH):
            yield stretch
            stretch = []
        stretch.append(row)
    if stretch:
        yield stretch


def _belongs(before: tuple[Any, ...], row: tuple[Any, ...]) -> bool:
    return (row[0], row[1], row[4:]) == (before[0], before[1] + 1, before[4:])


SCHEMA = (
    Migration("0001_event_log", _event_log),
    Migration("0002_sealing", _sealing),
    Migration("0003_device", _device),
    Migration("0004_rings", _rings),
    Migration("0005_role_keys", _role_keys),
    KEPT_BOOKS,
    Migration("0007_outbox", _outbox),
    Migration("0008_held", _held),
    Migration("0009_sealed_outlines", _sealed_outlines),
)
