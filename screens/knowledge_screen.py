"""知识库: every entry to leaf through, pinned and lately opened ones first, by class and by rule book."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.binding import Binding, BindingType
from textual.widgets import Input

from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import Instant, local_date
from agent_console.resources.rule_books import jurisdiction_codes, load_book
from agent_console.texts import say
from screens.columns import columns
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.list_screen import ListScreen, Row

if TYPE_CHECKING:
    from knowledge.article import Article
    from knowledge.reading import Habit, Shelf
    from screens.seat import SeatScreen

_MOST = 300
_ANY = "*"
_NARROW = 100


class Leaf(msgspec.Struct, frozen=True):
    """The entries that are listed, and which of them do not hold today."""

    shelf: Shelf
    lapsed: dict[str, str]


class KnowledgeScreen(ListScreen[Leaf]):
    """Typing narrows the list; Enter opens an entry in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "choose_class", show=False, priority=True),
        Binding("f7", "choose_book", show=False, priority=True),
        Binding("f8", "pin", show=False, priority=True),
    ]
    hint = "knowledge_screen.filter"
    keys = "knowledge_screen.keys"
    empty = "knowledge_screen.none"

    def __init__(self, seat: SeatScreen) -> None:
        """All classes of all rule books."""
        super().__init__(seat)
        self.kind = ""
        self.book = ""
        self._typed_before = ""

    def read(self, opened: OpenDesk) -> Leaf:
        """On the desk's thread."""
        # Late: the first frame does not wait for the knowledge base.
        from knowledge.reading import Reading

        reading = Reading(opened.store.connection)
        shelf = reading.shelf(self._typed_before.split(), self.kind, self.book, _MOST)
        return Leaf(shelf, {**reading.library.lapsed(local_date(self.app.clock.now()))})

    def rows_of(self, found: Leaf) -> tuple[Row, ...]:
        """A line per entry."""
        return tuple(
            _row(entry, found.shelf.habits[entry.id], found.lapsed.get(entry.id, "")) for entry in found.shelf.entries
        )

    def title_of(self, found: Leaf) -> str:
        """What is listed, and how many there are."""
        count, listed = found.shelf.count, len(found.shelf.entries)
        more = say("knowledge_screen.more", listed=listed) if listed < count else ""
        kind = self.kind or say("knowledge_screen.every_class")
        book = _named(self.book) if self.book else say("knowledge_screen.every_book")
        return say("knowledge_screen.title", kind=kind, book=book, count=count, more=more)

    def _list(self) -> None:
        """What is typed is looked for in the file: the list holds only the first few hundred."""
        typed = self.query_one("#list-filter", Input).value.strip()
        if typed != self._typed_before:
            self._typed_before = typed
            self.reload()
            return
        super()._list()

    def open(self, row: str) -> None:
        """Open the entry; the list is read again when it closes."""
        from screens.article_screen import ArticleScreen

        self.app.push_screen(ArticleScreen(self.seat, row), self.reload)

    def action_choose_class(self) -> None:
        """Leaf by class."""
        self.act(self._choose_class)

    async def _choose_class(self) -> None:
        found = await self.desk(_classes)
        picked = await self._picked_of("knowledge_screen.choose_class", found or [])
        if picked is not None:
            self.kind = picked
            self.reload()

    def action_choose_book(self) -> None:
        """Leaf by rule book."""
        self.act(self._choose_book)

    async def _choose_book(self) -> None:
        found = await self.desk(_books)
        picked = await self._picked_of("knowledge_screen.choose_book", found or [])
        if picked is not None:
            self.book = picked
            self.reload()

    async def _picked_of(self, title: str, found: list[tuple[str, int]]) -> str | None:
        choices = [Choice(_ANY, say("knowledge_screen.all"))]
        choices += [
            Choice(name, say("knowledge_screen.choice", name=_named(name), count=count)) for name, count in found
        ]
        picked = await self.app.push_screen_wait(ChoiceDialog(say(title), choices))
        return "" if picked == _ANY else picked

    def action_pin(self) -> None:
        """Keep the entry under the cursor at the top, or no longer."""
        entry, now = self.marked, self.app.clock.now()
        if entry:
            self.app.desk_thread.submit(lambda opened: _turn_pin(opened, entry, now))
            self.reload()


def _turn_pin(opened: OpenDesk, entry: str, now: Instant) -> None:
    from knowledge.reading import Reading

    reading = Reading(opened.store.connection)
    habit = reading.habit(entry)
    reading.keep(entry, msgspec.structs.replace(habit, pinned_at=0 if habit.pinned_at else now))


def _classes(opened: OpenDesk) -> list[tuple[str, int]]:
    from knowledge.reading import Reading

    return Reading(opened.store.connection).classes()


def _books(opened: OpenDesk) -> list[tuple[str, int]]:
    from knowledge.reading import Reading

    return Reading(opened.store.connection).books()


def _named(name: str) -> str:
    """A class as it is; a rule book by its short title."""
    from knowledge.reading import EVERYWHERE

    if name == EVERYWHERE:
        return say("knowledge_screen.no_book")
    return load_book(name).short_title if name in jurisdiction_codes() else name


def _row(entry: Article, habit: Habit, lapse: str) -> Row:
    mark = "knowledge_screen.pinned" if habit.pinned_at else "knowledge_screen.recent" if habit.opened_at else ""
    title = (say(f"answers.{lapse}") if lapse else "") + entry.title
    books = say("sign.list").join(map(_named, entry.jurisdictions))

    def line(width: int) -> str:
        cells = [(title, 0), (entry.class_, 10)] if width < _NARROW else [(title, 0), (entry.class_, 10), (books, 24)]
        return columns([*cells, (say(mark) if mark else "", 4)], width)

    words = " ".join((entry.title, *entry.questions, *entry.keywords, entry.class_, books)).lower()
    return Row(entry.id, line, words, "closed" if lapse else "calm")
