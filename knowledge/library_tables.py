"""Tables of the knowledge base in the seat's file, and how an entry stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from agent_console.store.migrations import Migration
from knowledge.article import Article, Source

if TYPE_CHECKING:
    from sqlite_utils import Database

MIGRATION_SET = "knowledge"

_COLUMNS: dict[str, type] = {
    "id": str,
    "version": int,
    "title": str,
    "body": str,
    "questions": str,
    "keywords": str,
    "class": str,
    "jurisdictions": str,
    "doc": str,
    "article": int,
    "chapter": str,
    "status": str,
    "valid_from": str,
    "local_check": int,
    "origin": str,
}
_UPKEEP = ("valid_until", "published_on", "owner", "updated_on", "released_by")
READ = (*_COLUMNS, *_UPKEEP)
"""Columns of an entry, in the order of `entry_of`."""
_LISTS = ("questions", "keywords", "jurisdictions")
_MAY_BE_EMPTY = {"article", "valid_from"}


def _tables(db: Database) -> None:
    columns = {"position": int, **_COLUMNS, "edited": int}
    article = db.table("kb_article")
    article.create(columns, pk="position", not_null=set(columns) - _MAY_BE_EMPTY, defaults={"edited": 0}, strict=True)
    article.create_index(["id"], unique=True)
    article.create_index(["doc"])
    source = {"entry": str, "rank": int, "doc": str, "article": int}
    db.table("kb_source").create(source, pk=("entry", "rank"), not_null=set(source) - {"article"}, strict=True)
    db.table("kb_source").create_index(["doc", "article"])
    run = {"doc": str, "file": str, "imported_at": int, "entries": int, "doubtful": int, "set_aside": int}
    db.table("kb_import").create(run, pk="doc", not_null=set(run), strict=True)
    db.table("kb_state").create({"id": int, "revision": int}, pk="id", not_null={"revision"}, strict=True)
    db.execute("INSERT INTO kb_state VALUES (1, 0)")


def _upkeep(db: Database) -> None:
    for name in ("valid_until", "published_on", "updated_on"):
        db.execute(f"ALTER TABLE kb_article ADD COLUMN {name} TEXT")
    for name in ("owner", "released_by"):
        db.execute(f"ALTER TABLE kb_article ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE kb_article ADD COLUMN revision INTEGER NOT NULL DEFAULT 0")
    db.table("kb_article").create_index(["revision"])


def _history(db: Database) -> None:
    """What is gone, and a mark for each revision: a restored copy of the file goes on with other marks."""
    gone = {"id": str, "revision": int}
    db.table("kb_gone").create(gone, pk="id", not_null=set(gone), strict=True)
    db.table("kb_gone").create_index(["revision"])
    db.table("kb_revision").create({"revision": int, "mark": bytes}, pk="revision", not_null={"mark"}, strict=True)
    db.execute("INSERT INTO kb_revision SELECT revision, randomblob(8) FROM kb_state")
    db.execute(
        "CREATE TRIGGER kb_article_gone AFTER DELETE ON kb_article BEGIN"
        " INSERT OR REPLACE INTO kb_gone SELECT old.id, revision + 1 FROM kb_state; END"
    )
    db.execute(
        "CREATE TRIGGER kb_revised AFTER UPDATE ON kb_state BEGIN"
        " INSERT OR REPLACE INTO kb_revision VALUES (new.revision, randomblob(8)); END"
    )


def _kept_files(db: Database) -> None:
    db.execute("ALTER TABLE kb_import ADD COLUMN sha256 TEXT NOT NULL DEFAULT ''")


def _reading(db: Database) -> None:
    """What this seat opened, how far it read, and what it pinned: a habit of the seat, not a fact of the line."""
    reading = {"entry": str, "opened_at": int, "portion": int, "pinned_at": int}
    db.table("kb_reading").create(reading, pk="entry", not_null=set(reading), strict=True)


MIGRATIONS = (
    Migration("0001_tables", _tables),
    Migration("0002_upkeep", _upkeep),
    Migration("0003_history", _history),
    Migration("0004_kept_files", _kept_files),
    Migration("0005_reading", _reading),
)


def row_of(article: Article) -> dict[str, Any]:
    """The columns of an entry, its sources aside."""
    plain = msgspec.to_builtins(article)
    row = {name: plain[name] for name in READ}
    for name in _LISTS:
        row[name] = msgspec.json.encode(row[name]).decode()
    row["local_check"] = int(article.local_check)
    return row


def entry_of(row: tuple[Any, ...], sources: tuple[Source, ...]) -> Article:
    """The entry that stands in the columns `READ`."""
    plain = dict(zip(READ, row, strict=True))
    for name in _LISTS:
        plain[name] = msgspec.json.decode(plain[name])
    plain["local_check"] = bool(plain["local_check"])
    return msgspec.structs.replace(msgspec.convert(plain, Article), sources=sources)
