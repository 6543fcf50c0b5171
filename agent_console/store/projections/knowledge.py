"""Lives of knowledge entries, tasks for formal answers, and what was searched for, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

from agent_console.domain.events import Event
from agent_console.domain.upkeep import answer_tasks, articles, searches
from agent_console.domain.upkeep.answer_tasks import AnswerTask
from agent_console.domain.upkeep.articles import ArticleLife
from agent_console.domain.upkeep.searches import SearchDay
from agent_console.store.migrations import Migration
from agent_console.store.projections.folded import FoldedTable
from agent_console.store.sealing import Sealing

if TYPE_CHECKING:
    from sqlite_utils import Database


def _life_columns(life: ArticleLife, _sealing: Sealing) -> dict[str, Any]:
    return {"owner": life.owner, "status": life.status, "complaints": len(life.complaints)}


def _task_columns(task: AnswerTask, _sealing: Sealing) -> dict[str, Any]:
    return {"unit": task.unit, "set_at": task.set_at, "answered_at": task.answered_at}


def _day_columns(day: SearchDay, _sealing: Sealing) -> dict[str, Any]:
    return {"searches": len(day.unanswered) + len(day.answered)}


LIVES: FoldedTable[ArticleLife] = FoldedTable(
    "article_life", "article:", ArticleLife(), articles.evolve, _life_columns
)  # fmt: skip
"""The table `article_life`, a row per entry that is kept here."""

TASKS: FoldedTable[AnswerTask] = FoldedTable(
    "answer_task", "answer_task:", AnswerTask(), answer_tasks.evolve, _task_columns
)  # fmt: skip
"""The table `answer_task`, a row per formal answer that was asked for."""

SEARCHES: FoldedTable[SearchDay] = FoldedTable(
    "search_day", "searches:", SearchDay(), searches.evolve, _day_columns
)  # fmt: skip
"""The table `search_day`, a row per day; the day is the end of its stream's name."""

_TABLES: tuple[FoldedTable[Any], ...] = (LIVES, TASKS, SEARCHES)


def _make_tables(db: Database) -> None:
    tables: dict[str, dict[str, type]] = {
        "article_life": {"owner": str, "status": str, "complaints": int},
        "answer_task": {"unit": str, "set_at": int, "answered_at": int},
        "search_day": {"searches": int},
    }
    for table, columns in tables.items():
        whole: dict[str, type] = {"stream": str, **columns, "sealed": bytes}
        db.table(table).create(whole, pk="stream", not_null=set(whole) - {"sealed"}, strict=True)


class KnowledgeTables:
    """Keeps `article_life`, `answer_task` and `search_day`."""

    name = "knowledge_lives"
    version = 1
    migrations: Sequence[Migration] = (Migration("0001_lives", _make_tables),)

    def apply(self, connection: Connection, event: Event) -> None:
        """Take in one event."""
        for table in _TABLES:
            table.apply(connection, event)

    def forget(self, connection: Connection, owner: str) -> None:
        """Remove what is kept of a day of searches that is being erased."""
        SEARCHES.forget(connection, owner)

    def drop(self, connection: Connection, stream: str) -> None:
        """Remove the rows of one stream."""
        for table in _TABLES:
            table.drop(connection, stream)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        for table in _TABLES:
            table.clear(connection)
