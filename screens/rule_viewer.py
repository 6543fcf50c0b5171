"""办法: the rule book of the seat clause by clause, with search, and the values that rest on each clause."""

from __future__ import annotations

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from agent_console.desk.opening import OpenDesk
from agent_console.domain.rule_book import Clause, RuleBook
from agent_console.resources.rule_books import load_book, load_clauses
from agent_console.texts import say
from agent_console.texts.rule_values import values_of
from agent_console.texts.wording import name_of
from screens.columns import columns
from screens.list_screen import ListScreen, Row


class Clauses(msgspec.Struct, frozen=True):
    """Clauses of the seat's book, then those of the book it takes over, each with the name of its book."""

    clauses: tuple[tuple[Clause, str], ...]


class RuleViewer(ListScreen[Clauses]):
    """The clause under the cursor is shown whole below the list."""

    hint = "rule_viewer.filter"
    keys = "rule_viewer.keys"
    empty = "rule_viewer.none"

    def below(self) -> ComposeResult:
        """Summary, status and values of the clause under the cursor."""
        with VerticalScroll(id="clause", can_focus=False):
            yield Static("", id="clause-text", markup=False)

    def read(self, opened: OpenDesk) -> Clauses:
        """On the desk's thread."""
        book = opened.desk.rule_book
        own = tuple((clause, "") for clause in load_clauses(book.code))
        if not book.parent:
            return Clauses(own)
        parent = load_book(book.parent).short_title
        return Clauses(own + tuple((clause, parent) for clause in load_clauses(book.parent)))

    def rows_of(self, found: Clauses) -> tuple[Row, ...]:
        """A line per clause."""
        self.clauses = {clause.id: (clause, parent) for clause, parent in found.clauses}
        return tuple(_row(clause, parent) for clause, parent in found.clauses)

    def title_of(self, found: Clauses) -> str:
        """Which book, and how many clauses of it."""
        book = self.seat.book
        mark = book.mark or name_of("book_status", book.status)
        return say("rule_viewer.title", book=book.title, mark=mark, count=len(found.clauses))

    @on(OptionList.OptionHighlighted, "#list-rows")
    def _marked(self) -> None:
        chosen = self.clauses.get(self.marked)
        text = _told(*chosen, self.seat.book) if chosen else Content("")
        self.query_one("#clause-text", Static).update(text)
        self.query_one("#clause").scroll_home(animate=False)

    def open(self, row: str) -> None:
        """Enter leaves the clause where it is."""


def _row(clause: Clause, parent: str) -> Row:
    part = name_of("part", clause.part)

    def line(width: int) -> str:
        summary = clause.summary + (say("rule_viewer.inherited", book=parent) if parent else "")
        return columns([(clause.id, 10), (part, 8), (summary, 0)], width)

    words = " ".join((clause.id, clause.summary, part, name_of("clause_status", clause.status), parent)).lower()
    return Row(clause.id, line, words, "calm" if clause.status == "acts" else "closed")


def _told(clause: Clause, parent: str, book: RuleBook) -> Content:
    head = f"{clause.id}  {say('rule_viewer.article', article=clause.article)}"
    if parent:
        head += "  " + say("rule_viewer.inherited", book=parent)
    meta = say(
        "rule_viewer.meta",
        part=name_of("part", clause.part),
        status=name_of("clause_status", clause.status),
        basis=name_of("basis", clause.basis),
    )
    values = values_of(book, clause.id)
    lines = [Content(head).stylize("bold"), Content(clause.summary), Content(meta).stylize("dim")]
    lines.append(Content(say("rule_viewer.rests" if values else "rule_viewer.rests_none")).stylize("bold"))
    lines += [Content(value) for value in values]
    return Content("\n").join(lines)
