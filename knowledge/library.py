"""The knowledge base in the seat's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant
from agent_console.store.connection import guarded, joined, rows
from agent_console.store.migrations import Migration, migrate
from knowledge.article import SUBMITTED, Article, Source
from knowledge.stock import read_stock

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["MIGRATIONS", "MIGRATION_SET", "Article", "Change", "Import", "Library", "Source"]

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
_READ = (*_COLUMNS, *_UPKEEP)
_OURS = (SUBMITTED,)
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


MIGRATIONS = (
    Migration("0001_tables", _tables),
    Migration("0002_upkeep", _upkeep),
    Migration("0003_history", _history),
)


class Import(msgspec.Struct, frozen=True):
    """What is remembered of an import; the lines themselves stand in its report."""

    doc: str
    file: str
    imported_at: Instant
    entries: int
    doubtful: int
    set_aside: int


class Stand(msgspec.Struct, frozen=True):
    """Up to which change of the knowledge base something goes; the mark tells two histories apart."""

    revision: int
    mark: bytes


class Change(msgspec.Struct, frozen=True):
    """What storing a document did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    edited: tuple[str, ...] = ()
    """Entries that were edited here and therefore left as they are."""


class Library:
    """Entries by document and number; a number may occur more than once, an id never."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection of the store; tables are made where they are missing."""
        migrate(connection, MIGRATION_SET, MIGRATIONS)
        self.connection = connection

    def load_stock(self, articles: Sequence[Article] | None = None) -> Change:
        """Bring in the entries that ship with the console, where this version of them is missing.

        What was edited here stays. Without `articles` those of the program are read.
        """
        stock = read_stock() if articles is None else articles
        have = dict(rows(self.connection, "SELECT id, version FROM kb_article WHERE origin = 'stock'"))
        if all(have.get(entry.id, 0) >= entry.version for entry in stock):
            return Change(unchanged=len(stock))
        with joined(self.connection):
            return self._replace([e for e in stock if have.get(e.id, 0) < e.version])

    def replace_document(self, imported: Import, articles: Sequence[Article]) -> Change:
        """Store an imported document in the place of its earlier import."""
        with joined(self.connection):
            fresh = [self._with_own_id(article, imported.doc) for article in articles]
            removed = self._remove_others(imported.doc, {entry.id for entry in fresh})
            change = self._replace(fresh)
            self.connection.execute(
                "INSERT OR REPLACE INTO kb_import VALUES (?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(imported)
            )
        return msgspec.structs.replace(change, removed=removed)

    def edit(self, article: Article) -> None:
        """Store an entry as this centre words it: neither stock nor import writes over it from now on."""
        with joined(self.connection):
            self._write(article, edited=True)
            self._count_revision()

    def keep_as_is(self, entry_id: str) -> None:
        """Let neither stock nor import write over an entry from now on."""
        self.connection.execute("UPDATE kb_article SET edited = 1 WHERE id = ?", (entry_id,))

    def drop_submitted(self) -> None:
        """Remove every entry that was handed in here."""
        self.connection.execute("DELETE FROM kb_source WHERE entry IN (SELECT id FROM kb_article WHERE doc = ?)", _OURS)
        self.connection.execute("DELETE FROM kb_article WHERE doc = ?", _OURS)
        self._count_revision()

    def entries(self, doc: str | None = None) -> list[Article]:
        """All entries, or those of one document, in the order they were stored."""
        return self._select("WHERE doc = ?", (doc,)) if doc is not None else self._select()

    def changed_since(self, revision: int) -> list[Article]:
        """Entries that were written after that revision."""
        return self._select("WHERE revision > ?", (revision,))

    def count_since(self, revision: int) -> int:
        """How many entries were written or removed after that revision."""
        tables = ("kb_article", "kb_gone")
        counts = (f"SELECT count(*) AS n FROM {table} WHERE revision > :revision" for table in tables)
        sql = f"SELECT sum(n) FROM ({' UNION ALL '.join(counts)})"
        return int(rows(self.connection, sql, {"revision": revision})[0][0])

    def size(self) -> int:
        """How many entries there are."""
        return int(rows(self.connection, "SELECT count(*) FROM kb_article")[0][0])

    def snapshot(self) -> tuple[Stand, list[Article]]:
        """All entries, and up to which change they go."""
        with _reading(self.connection):
            stand = self.stand()
            assert stand is not None
            return stand, self.entries()

    def gone_since(self, revision: int) -> list[str]:
        """Ids of entries that were removed after that revision and are not there again."""
        sql = "SELECT id FROM kb_gone WHERE revision > ? AND id NOT IN (SELECT id FROM kb_article)"
        return [entry_id for (entry_id,) in rows(self.connection, sql, (revision,))]

    def named(self, ids: Sequence[str]) -> dict[str, Article]:
        """Those of these entries that are there."""
        return {entry.id: entry for entry in self._select(f"WHERE id IN ({', '.join('?' * len(ids))})", tuple(ids))}

    def find(self, entry_id: str) -> Article | None:
        """One entry by its id; None where there is none."""
        return next(iter(self._select("WHERE id = ?", (entry_id,))), None)

    def get(self, entry_id: str) -> Article:
        """One entry by its id. Raises UnknownName."""
        entry = self.find(entry_id)
        if entry is None:
            raise UnknownName("kb.error.unknown", "kb.advice.unknown", id=entry_id)
        return entry

    def imported_at(self) -> dict[str, Instant]:
        """When each document was imported last."""
        return dict(rows(self.connection, "SELECT doc, imported_at FROM kb_import"))

    def _select(self, where: str = "", values: tuple[object, ...] = ()) -> list[Article]:
        names = ", ".join(f'"{name}"' for name in _READ)
        found = rows(self.connection, f"SELECT {names} FROM kb_article {where} ORDER BY position", values)
        sources = self._sources(f"WHERE entry IN (SELECT id FROM kb_article {where})", values) if found else {}
        return [_from_row(row, sources.get(row[0], ())) for row in found]

    def documents(self) -> dict[str, int]:
        """Documents with the number of their entries."""
        return dict(rows(self.connection, "SELECT doc, count(*) FROM kb_article GROUP BY doc ORDER BY min(position)"))

    def stand(self, revision: int | None = None) -> Stand | None:
        """The revision, or an earlier one, with its mark; None where this file never had it."""
        sql = "SELECT revision, mark FROM kb_revision WHERE revision = ?"
        found = rows(self.connection, sql, (self.revision() if revision is None else revision,))
        return Stand(*found[0]) if found else None

    def revision(self) -> int:
        """Grows with every change: a search index built from an older revision is out of date."""
        return int(rows(self.connection, "SELECT revision FROM kb_state")[0][0])

    def _replace(self, articles: Iterable[Article]) -> Change:
        present = {entry.id: entry for entry in self.entries()}
        edited_ids = {name for (name,) in rows(self.connection, "SELECT id FROM kb_article WHERE edited")}
        added, changed, unchanged, edited = 0, 0, 0, []
        for article in articles:
            old = present.get(article.id)
            if article.id in edited_ids:
                edited.append(article.id)
            elif old is None:
                self._write(article)
                added += 1
            elif _same(old, article):
                unchanged += 1
            else:
                version = max(article.version, old.version + 1) if article.origin == "import" else article.version
                self._write(msgspec.structs.replace(article, version=version))
                changed += 1
        if added or changed:
            self._count_revision()
        return Change(added, changed, unchanged, edited=tuple(edited))

    def _with_own_id(self, article: Article, doc: str) -> Article:
        """The entry under an id that no other document uses."""
        entry_id, again = article.id, 1
        while rows(self.connection, "SELECT 1 FROM kb_article WHERE id = ? AND doc != ?", (entry_id, doc)):
            again += 1
            entry_id = f"{article.id}-{doc}-{again}"
        return msgspec.structs.replace(article, id=entry_id)

    def _remove_others(self, doc: str, ids: set[str]) -> int:
        """Remove what an earlier import of the document left and this one no longer has."""
        old = rows(
            self.connection,
            "SELECT id FROM kb_article WHERE doc = ? AND origin = 'import' AND NOT edited",
            (doc,),
        )
        gone = [entry_id for (entry_id,) in old if entry_id not in ids]
        for entry_id in gone:
            self.connection.execute("DELETE FROM kb_source WHERE entry = ?", (entry_id,))
            self.connection.execute("DELETE FROM kb_article WHERE id = ?", (entry_id,))
        if gone:
            self._count_revision()
        return len(gone)

    def _write(self, article: Article, *, edited: bool = False) -> None:
        row = _to_row(article) | {"revision": self.revision() + 1}
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        updates = ", ".join(f'"{name}" = excluded."{name}"' for name in row)
        self.connection.execute(
            f"INSERT INTO kb_article ({names}, edited) VALUES ({marks}, ?)"
            f" ON CONFLICT (id) DO UPDATE SET {updates}, edited = excluded.edited",
            (*row.values(), int(edited)),
        )
        self.connection.execute("DELETE FROM kb_source WHERE entry = ?", (article.id,))
        self.connection.executemany(
            "INSERT INTO kb_source VALUES (?, ?, ?, ?)",
            [(article.id, rank, source.doc, source.article) for rank, source in enumerate(article.sources)],
        )

    def _count_revision(self) -> None:
        self.connection.execute("UPDATE kb_state SET revision = revision + 1")

    def _sources(self, where: str, values: tuple[object, ...]) -> dict[str, tuple[Source, ...]]:
        found: dict[str, tuple[Source, ...]] = {}
        for entry, doc, article in rows(
            self.connection, f"SELECT entry, doc, article FROM kb_source {where} ORDER BY entry, rank", values
        ):
            found[entry] = (*found.get(entry, ()), Source(doc, article))
        return found


@contextmanager
def _reading(connection: Connection) -> Iterator[None]:
    """One state of the file, whoever writes meanwhile."""
    if connection.in_transaction:
        yield
        return
    with guarded(connection):
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")


def _same(old: Article, new: Article) -> bool:
    return old == (msgspec.structs.replace(new, version=old.version) if new.origin == "import" else new)


def _to_row(article: Article) -> dict[str, Any]:
    plain = msgspec.to_builtins(article)
    row = {name: plain[name] for name in _READ}
    for name in _LISTS:
        row[name] = msgspec.json.encode(row[name]).decode()
    row["local_check"] = int(article.local_check)
    return row


def _from_row(row: tuple[Any, ...], sources: tuple[Source, ...]) -> Article:
    plain = dict(zip(_READ, row, strict=True))
    for name in _LISTS:
        plain[name] = msgspec.json.decode(plain[name])
    plain["local_check"] = bool(plain["local_check"])
    return msgspec.structs.replace(msgspec.convert(plain, Article), sources=sources)
