"""Tables of the people, in SQL that both stores read alike: text and whole numbers, instants in UTC microseconds."""

from __future__ import annotations

PEOPLE_TABLES = (
    """CREATE TABLE account (
        jurisdiction TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, unit TEXT NOT NULL,
        password TEXT NOT NULL, made_at BIGINT NOT NULL, locked_at BIGINT NOT NULL,
        PRIMARY KEY (jurisdiction, account))""",
    """CREATE TABLE attempt (
        who TEXT NOT NULL PRIMARY KEY, wrong BIGINT NOT NULL, wait_until BIGINT NOT NULL, last_at BIGINT NOT NULL)""",
    """CREATE TABLE session (
        session TEXT NOT NULL PRIMARY KEY, jurisdiction TEXT NOT NULL, account TEXT NOT NULL, device TEXT NOT NULL,
        seat TEXT NOT NULL, access_hash TEXT NOT NULL UNIQUE, access_until BIGINT NOT NULL,
        refresh_hash TEXT NOT NULL UNIQUE, refresh_until BIGINT NOT NULL, began_at BIGINT NOT NULL,
        used BIGINT NOT NULL, ended_at BIGINT NOT NULL, ended_why TEXT NOT NULL)""",
    "CREATE INDEX session_of_account ON session (jurisdiction, account)",
    """CREATE TABLE spent_refresh (
        refresh_hash TEXT NOT NULL PRIMARY KEY, session TEXT NOT NULL, spent_at BIGINT NOT NULL)""",
    """CREATE TABLE enrolment (
        device TEXT NOT NULL PRIMARY KEY, jurisdiction TEXT NOT NULL, seat TEXT NOT NULL, account TEXT NOT NULL,
        key_hash TEXT NOT NULL, enrolled_at BIGINT NOT NULL, proved_at BIGINT NOT NULL, copied_at BIGINT NOT NULL,
        revoked_at BIGINT NOT NULL)""",
    """CREATE TABLE audit (
        id TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, jurisdiction TEXT NOT NULL, account TEXT NOT NULL,
        role TEXT NOT NULL, unit TEXT NOT NULL, device TEXT NOT NULL, what TEXT NOT NULL, object TEXT NOT NULL,
        outcome TEXT NOT NULL)""",
    "CREATE INDEX audit_by_time ON audit (at)",
    """CREATE TABLE kept_key (
        jurisdiction TEXT NOT NULL, name TEXT NOT NULL, number BIGINT NOT NULL, sealed TEXT NOT NULL,
        made_at BIGINT NOT NULL, PRIMARY KEY (jurisdiction, name, number))""",
)
"""`attempt.who` is a hash of account and device. `kept_key.name` is `number` or `role:<role>`; the highest number is in
use."""
