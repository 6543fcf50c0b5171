"""What a seat reads: entries opened lately, pinned ones, how far each was read, and all of them to leaf through."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

import msgspec

from agent_console.domain.instants import Instant
from agent_console.store.connection import joined, rows
from knowledge.article import Article
from knowledge.library import Library

EVERYWHERE = "-"
"""In the place of a rule book: entries that belong to none."""


class Habit(msgspec.Struct, frozen=True):
    """What this seat did with an entry; `portion` is the one it read last."""

    opened_at: Instant = 0
    portion: int = 0
    pinned_at: Instant = 0


class Shelf(msgspec.Struct, frozen=True):
    """Some entries, pinned and lately opened ones first, and how many there are of the kind."""

    entries: tuple[Article, ...]
    habits: dict[str, Habit]
    count: int


class Reading:
    """Leafing through the knowledge base on the seat's file."""

    def __init__(self, connection: Connection) -> None:
        """The tables are made where they are missing."""
        self.library = Library(connection)
        self._connection = connection

    def habit(self, entry: str) -> Habit:
        """What this seat did with an entry."""
        sql = "SELECT opened_at, portion, pinned_at FROM kb_reading WHERE entry = ?"
        found = rows(self._connection, sql, (entry,))
        return Habit(*found[0]) if found else Habit()

    def keep(self, entry: str, habit: Habit) -> None:
        """Remember it."""
        with joined(self._connection):
            values = (entry, *msgspec.structs.astuple(habit))
            self._connection.execute("INSERT OR REPLACE INTO kb_reading VALUES (?, ?, ?, ?)", values)

    def shelf(self, words: Sequence[str], class_: str, book: str, most: int) -> Shelf:
        """Entries in whose title, questions or keywords all words stand, of a class and a rule book; "" is any."""
        where, values = ["a.status = 'active'"], list[object]()
        for word in words:
            where.append("(instr(a.title, ?) OR instr(a.questions, ?) OR instr(a.keywords, ?))")
            values += [word] * 3
        if class_:
            where.append("a.class = ?")
            values.append(class_)
        if book:
            where.append("a.jurisdictions = '[]'" if book == EVERYWHERE else "instr(a.jurisdictions, ?)")
            values += [] if book == EVERYWHERE else [f'"{book}"']
        matching = f"FROM kb_article a LEFT JOIN kb_reading r ON r.entry = a.id WHERE {' AND '.join(where)}"
        order = "ORDER BY coalesce(r.pinned_at, 0) DESC, coalesce(r.opened_at, 0) DESC, a.position LIMIT ?"
        named = "a.id, coalesce(r.opened_at, 0), coalesce(r.portion, 0), coalesce(r.pinned_at, 0)"
        found = rows(self._connection, f"SELECT {named} {matching} {order}", (*values, most))
        entries = self.library.named([entry for entry, *_ in found])
        habits = {entry: Habit(*habit) for entry, *habit in found}
        [(count,)] = rows(self._connection, f"SELECT count(*) {matching}", values)
        return Shelf(tuple(entries[entry] for entry in habits), habits, count)

    def classes(self) -> list[tuple[str, int]]:
        """Every class with its number of entries, the largest first."""
        sql = (
            "SELECT class, count(*) FROM kb_article WHERE status = 'active' AND class != '' GROUP BY 1 ORDER BY 2 DESC"
        )
        return rows(self._connection, sql)

    def books(self) -> list[tuple[str, int]]:
        """Every rule book with its number of entries, those of no book last."""
        sql = (
            "SELECT value, count(*) FROM kb_article, json_each(jurisdictions) WHERE status = 'active'"
            " GROUP BY 1 ORDER BY 2 DESC"
        )
        none = "SELECT count(*) FROM kb_article WHERE status = 'active' AND jurisdictions = '[]'"
        [(count,)] = rows(self._connection, none)
        return [*rows(self._connection, sql), (EVERYWHERE, count)]
