"""The knowledge base in the seat's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from sqlite3 import Connection

import msgspec

from agent_console.domain.errors import UnknownName
from agent_console.domain.instants import Instant, local_date
from agent_console.store.connection import guarded, joined, rows
from agent_console.store.migrations import migrate
from knowledge.article import STOCK, SUBMITTED, Article, Source
from knowledge.changes import Change, Plan, Step, plan
from knowledge.library_tables import MIGRATION_SET, MIGRATIONS, READ, entry_of, row_of
from knowledge.stock import read_stock
from knowledge.validity import Lapse

__all__ = ["MIGRATIONS", "MIGRATION_SET", "Article", "Change", "Import", "Library", "Source"]

_WRITTEN = (*READ, "revision", "edited")
_QUOTED = [f'"{name}"' for name in _WRITTEN]
_WRITE = (
    f"INSERT INTO kb_article ({', '.join(_QUOTED)}) VALUES ({', '.join('?' * len(_QUOTED))})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _QUOTED)}"
)
_OURS = (SUBMITTED,)
Progress = Callable[[int, int], None]
"""Told how many entries of how many are stored."""
_EVERY = 500


class Import(msgspec.Struct, frozen=True):
    """What is remembered of an import; the lines themselves stand in its report."""

    doc: str
    file: str
    imported_at: Instant
    entries: int
    doubtful: int
    set_aside: int
    sha256: str = ""
    """Of the file that is kept; empty where none is."""


class Stand(msgspec.Struct, frozen=True):
    """Up to which change of the knowledge base something goes; the mark tells two histories apart."""

    revision: int
    mark: bytes


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
            newer = [entry for entry in stock if have.get(entry.id, 0) < entry.version]
            change = self._carry_out(self._planned(newer))
            numbers = [(entry.version, entry.id) for entry in newer]
            self.connection.executemany("UPDATE kb_article SET version = ? WHERE id = ? AND NOT edited", numbers)
        return change

    def replace_document(
        self, imported: Import, articles: Sequence[Article], progress: Progress | None = None
    ) -> Change:
        """Store an imported document in the place of its earlier import."""
        with joined(self.connection):
            fresh = [self._with_own_id(article) for article in articles]
            planned = self._planned(fresh)
            planned.steps = [_next_version(step) for step in planned.steps]
            planned.removed = self._others(imported.doc, {article.id for article in fresh})
            self._remember(imported)
            return self._carry_out(planned, progress)

    def take_back(self, imported: Import, articles: Sequence[Article], progress: Progress | None = None) -> Change:
        """Store entries that come back from an export: each in its own document, the others stay.

        One that ships with the console and was changed outside counts as edited here.
        """
        with joined(self.connection):
            planned = self._planned([self._with_own_id(article) for article in articles])
            planned.steps = [_come_back(step, imported.imported_at) for step in planned.steps]
            for doc in {article.doc for article in articles} - {STOCK, SUBMITTED}:
                self._remember(msgspec.structs.replace(imported, doc=doc))
            return self._carry_out(planned, progress)

    def edit(self, article: Article) -> None:
        """Store an entry as this centre words it: neither stock nor import writes over it from now on."""
        with joined(self.connection):
            self._write(article, self.revision() + 1, edited=True)
            self._count_revision()

    def keep_as_is(self, entry_id: str) -> None:
        """Let neither stock nor import write over an entry from now on."""
        self.connection.execute("UPDATE kb_article SET edited = 1 WHERE id = ?", (entry_id,))

    def drop_submitted(self) -> None:
        """Remove every entry that was handed in here."""
        self.connection.execute("DELETE FROM kb_source WHERE entry IN (SELECT id FROM kb_article WHERE doc = ?)", _OURS)
        self.connection.execute("DELETE FROM kb_article WHERE doc = ?", _OURS)
        self._count_revision()

    def kept_imports(self) -> list[tuple[str, str, str]]:
        """Documents whose file was kept: name, name of the file, hash."""
        return rows(self.connection, "SELECT doc, file, sha256 FROM kb_import WHERE sha256 != ''")

    def drop_imported(self, docs: Sequence[str]) -> None:
        """Remove the entries of these documents, and bring those that ship and were changed back to what they were."""
        touched = "(origin = 'stock' AND edited)"
        for where, values in [("doc = ?", (doc,)) for doc in docs] + ([(touched, ())] if docs else []):
            self.connection.execute(
                f"DELETE FROM kb_source WHERE entry IN (SELECT id FROM kb_article WHERE {where})", values
            )
            self.connection.execute(f"DELETE FROM kb_article WHERE {where}", values)
        if docs:
            self._count_revision()
            self.load_stock()

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

    def lapsed(self, today: date) -> dict[str, Lapse]:
        """Entries that do not hold on a day, and why."""
        sql = "SELECT id, valid_until < :day FROM kb_article WHERE valid_until < :day OR valid_from > :day"
        found = rows(self.connection, sql, {"day": today.isoformat()})
        return {entry_id: "expired" if is_over else "not_yet" for entry_id, is_over in found}

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
        names = ", ".join(f'"{name}"' for name in READ)
        found = rows(self.connection, f"SELECT {names} FROM kb_article {where} ORDER BY position", values)
        sources = self._sources(f"WHERE entry IN (SELECT id FROM kb_article {where})", values) if found else {}
        return [entry_of(row, sources.get(row[0], ())) for row in found]

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

    def _planned(self, articles: Sequence[Article]) -> Plan:
        present = {entry.id: entry for entry in self.entries()}
        edited = {name for (name,) in rows(self.connection, "SELECT id FROM kb_article WHERE edited")}
        return plan(articles, present, edited)

    def _carry_out(self, planned: Plan, progress: Progress | None = None) -> Change:
        revision = self.revision() + 1
        for number, step in enumerate(planned.steps, 1):
            ours = step.before is not None and step.before.origin == "stock" and step.after.updated_on is not None
            self._write(step.after, revision, edited=ours)
            if progress is not None and number % _EVERY == 0:
                progress(number, len(planned.steps))
        for entry in planned.removed:
            self.connection.execute("DELETE FROM kb_source WHERE entry = ?", (entry.id,))
            self.connection.execute("DELETE FROM kb_article WHERE id = ?", (entry.id,))
        if planned.steps or planned.removed:
            self._count_revision()
        return planned.change

    def _remember(self, imported: Import) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO kb_import VALUES (?, ?, ?, ?, ?, ?, ?)", msgspec.structs.astuple(imported)
        )

    def _with_own_id(self, article: Article) -> Article:
        """The entry under an id that no other document uses; one that was handed in here under it is the same one."""
        entry_id, again = article.id, 1
        taken = "SELECT 1 FROM kb_article WHERE id = ? AND doc NOT IN (?, ?)"
        while rows(self.connection, taken, (entry_id, article.doc, SUBMITTED)):
            again += 1
            entry_id = f"{article.id}-{article.doc}-{again}"
        return article if again == 1 else msgspec.structs.replace(article, id=entry_id)

    def _others(self, doc: str, ids: set[str]) -> list[Article]:
        """What an earlier import of the document left and this one no longer has."""
        where = "WHERE doc = ? AND origin = 'import' AND NOT edited"
        return [entry for entry in self._select(where, (doc,)) if entry.id not in ids]

    def _write(self, article: Article, revision: int, *, edited: bool = False) -> None:
        row = row_of(article) | {"revision": revision, "edited": int(edited)}
        self.connection.execute(_WRITE, tuple(row.values()))
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


def _next_version(step: Step) -> Step:
    if step.before is None:
        return step
    version = max(step.after.version, step.before.version + 1)
    return Step(msgspec.structs.replace(step.after, version=version), step.before)


def _come_back(step: Step, at: Instant) -> Step:
    """The entry in the document where it stands, as updated on the day of the import."""
    if step.before is None:
        return step
    later = {"updated_on": local_date(at), "origin": step.before.origin, "doc": step.before.doc}
    return _next_version(Step(msgspec.structs.replace(step.after, **later), step.before))
