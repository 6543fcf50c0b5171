"""The tables of the server, in SQL that both stores read; instants are UTC microseconds.

BYTES stands for the type of bytes in each store. `event` is partitioned where the store can do that.
"""

from __future__ import annotations

import msgspec

from agent_console.server.people.schema import PEOPLE_TABLES
from agent_console.server.store.database import Table

PARTITIONED = " PARTITION BY LIST (jurisdiction)"

_ENVELOPE: dict[str, str] = {
    **dict.fromkeys(("jurisdiction",), "text"),
    "seq": "bigint",
    "id": "text",
    "stream": "text",
    "version": "bigint",
    "type": "text",
    "schema": "bigint",
    "code": "text",
    **dict.fromkeys(("rule_book", "calendar", "actor", "role", "unit", "authority", "seat", "device"), "text"),
    "n": "bigint",
    "occurred_at": "bigint",
    "clock_offset": "bigint",
    "cause": "text",
    "recorded_at": "bigint",
    "time_doubtful": "bigint",
    "body": "text",
    "sealed": "bytea",
}

EVENT = Table("event", _ENVELOPE)
"""jurisdiction: the line it belongs to; code: its rule book. body: open fields; sealed: the others."""
ENTRY = Table(
    "entry",
    {
        "jurisdiction": "text",
        "id": "text",
        "device": "text",
        "n": "bigint",
        "status": "text",
        "seq": "bigint",
        "actor": "text",
        "received_at": "bigint",
        "time_doubtful": "bigint",
        "stream": "text",
        "verdict": "text",
        "sealed": "bytea",
    },
)
SENT_AGAIN = Table("sent_again", {"jurisdiction": "text", "device": "text", "n": "bigint", "entry": "text"})
"""Numbers of a device that were used for an entry the server had under another one."""
HEAD = Table("head", {"jurisdiction": "text", "stream": "text", "version": "bigint"})
SIGHT = Table(
    "sight", {"jurisdiction": "text", "stream": "text", "who": "text", "from_seq": "bigint", "to_seq": "bigint"}
)
ORDER_ROW = Table(
    "order_row",
    {
        "jurisdiction": "text",
        "stream": "text",
        "number": "text",
        "tail": "text",
        "status": "text",
        "kind": "text",
        "urgency": "text",
        "number_hash": "text",
        "lead": "text",
        "raised_at": "bigint",
        "seq": "bigint",
        "sealed": "bytea",
    },
)
SEALING_KEY = Table("sealing_key", {"jurisdiction": "text", "owner": "text", "key": "bytea"})
ROLE_KEY = Table(
    "role_key", {"jurisdiction": "text", "owner": "text", "role": "text", "number": "bigint", "key": "bytea"}
)


class Migration(msgspec.Struct, frozen=True):
    """Statements that are carried out once, all or none; the name never changes once released."""

    name: str
    statements: tuple[str, ...]


def _created(table: Table, key: str, *more: str, nullable: tuple[str, ...] = (), partitioned: bool = False) -> str:
    types = {"text": "TEXT", "bigint": "BIGINT", "bytea": "BYTES"}
    lines = [f"{name} {types[kind]}{'' if name in nullable else ' NOT NULL'}" for name, kind in table.columns.items()]
    body = ", ".join((*lines, f"PRIMARY KEY ({key})", *more))
    return f"CREATE TABLE {table.name} ({body}){PARTITIONED if partitioned else ''}"


_LOG = (
    "CREATE TABLE meta (jurisdiction TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (jurisdiction, name))",
    "CREATE TABLE counter (jurisdiction TEXT NOT NULL PRIMARY KEY, last_seq BIGINT NOT NULL,"
    " kept_from BIGINT NOT NULL)",
    "CREATE TABLE device (jurisdiction TEXT NOT NULL, device TEXT NOT NULL, last_n BIGINT NOT NULL,"
    " last_contact BIGINT NOT NULL, decided_at BIGINT NOT NULL, drained_at BIGINT NOT NULL, clock_offset BIGINT,"
    " pushes BIGINT NOT NULL, PRIMARY KEY (jurisdiction, device))",
    "CREATE TABLE device_person (jurisdiction TEXT NOT NULL, device TEXT NOT NULL, name TEXT NOT NULL,"
    " role TEXT NOT NULL, unit TEXT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,"
    " until BIGINT NOT NULL, PRIMARY KEY (jurisdiction, device, name, role, unit))",
    _created(ENTRY, "jurisdiction, id", nullable=("sealed",)),
    "CREATE INDEX entry_of_device ON entry (jurisdiction, device, n)",
    "CREATE INDEX entry_refused ON entry (jurisdiction, status, received_at)",
    "CREATE INDEX entry_of_stream ON entry (jurisdiction, stream)",
    _created(
        EVENT,
        "jurisdiction, seq",
        "UNIQUE (jurisdiction, stream, version)",
        "UNIQUE (jurisdiction, id)",
        nullable=("clock_offset", "sealed"),
        partitioned=True,
    ),
    _created(HEAD, "jurisdiction, stream"),
    _created(SIGHT, "jurisdiction, stream, who, from_seq"),
    _created(ORDER_ROW, "jurisdiction, stream", nullable=("sealed",)),
    "CREATE INDEX order_row_number ON order_row (jurisdiction, number)",
    "CREATE INDEX order_row_seq ON order_row (jurisdiction, seq)",
    _created(SEALING_KEY, "jurisdiction, owner"),
    _created(ROLE_KEY, "jurisdiction, owner, role, number"),
    "CREATE TABLE kept_book (code TEXT NOT NULL, version TEXT NOT NULL, kept_at BIGINT NOT NULL,"
    " replaced_at BIGINT NOT NULL, content BYTES NOT NULL, PRIMARY KEY (code, version))",
    "CREATE TABLE seat_now (jurisdiction TEXT NOT NULL, device TEXT NOT NULL, at BIGINT NOT NULL, state TEXT NOT NULL,"
    " PRIMARY KEY (jurisdiction, device))",
    "CREATE INDEX seat_now_at ON seat_now (at)",
    "CREATE TABLE file (jurisdiction TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, owner TEXT NOT NULL,"
    " whole BIGINT NOT NULL, PRIMARY KEY (jurisdiction, sha256, owner))",
    "CREATE TABLE file_piece (jurisdiction TEXT NOT NULL, sha256 TEXT NOT NULL, owner TEXT NOT NULL,"
    " first BIGINT NOT NULL, length BIGINT NOT NULL, sealed BYTES NOT NULL,"
    " PRIMARY KEY (jurisdiction, sha256, owner, first))",
)

_NUMBERS = (_created(SENT_AGAIN, "jurisdiction, device, n"),)

MIGRATIONS = (
    Migration("0001_log", _LOG),
    Migration("0002_people", PEOPLE_TABLES),
    Migration("0003_numbers", _NUMBERS),
)
"""In order. Nothing is taken out of it or changed once released."""
