"""A list of orders: typing filters, the arrows move, Enter opens; what all lists of the seat have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent_console.desk.opening import OpenDesk
from agent_console.domain.work_order.clock_states import ClockState
from agent_console.texts import say
from screens.desk_screen import DeskScreen
from screens.line import with_freshness
from screens.widgets.banner import Banner

if TYPE_CHECKING:
    from screens.seat import SeatScreen

ReadT = TypeVar("ReadT", bound=msgspec.Struct)
STYLES: dict[ClockState, str] = {"calm": "", "near": "$text-warning", "over": "$text-error bold", "closed": "dim"}
"""Yellow one working day before, red from the first day after."""


class Row(msgspec.Struct, frozen=True):
    """A line: what Enter opens, how it is written at a width, the words it is found by, how its clock stands."""

    id: str
    line: Callable[[int], str]
    words: str
    state: ClockState = "calm"


class ListScreen(DeskScreen, Generic[ReadT]):
    """Reads on the desk's thread, shows, filters; the note of a call in hand stays as it is behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("f9,escape", "back", show=False, priority=True),
        Binding("f5", "refresh_list", show=False, priority=True),
        Binding("f2", "take", show=False, priority=True),
    ]
    hint = "list.filter"
    keys = "list.keys"
    empty = "list.none"

    def __init__(self, seat: SeatScreen) -> None:
        """Opened from the seat; nothing is read yet."""
        super().__init__("list")
        self.seat = seat
        self.rows: tuple[Row, ...] = ()
        self.shown: tuple[Row, ...] = ()

    # what each list says itself

    @abstractmethod
    def read(self, opened: OpenDesk) -> ReadT:
        """On the desk's thread: what the list shows."""

    @abstractmethod
    def rows_of(self, found: ReadT) -> tuple[Row, ...]:
        """Its lines."""

    @abstractmethod
    def title_of(self, found: ReadT) -> str:
        """What stands above them."""

    # showing

    def compose(self) -> ComposeResult:
        yield Static("", id="list-title", markup=False)
        yield Banner(self.seat.keymap)
        line = Input(placeholder=say(self.hint), compact=True, id="list-filter")
        line.cursor_blink = False
        yield line
        yield OptionList(id="list-rows", compact=True)
        yield from self.below()
        take = say("list.take") if self.seat.abilities.takes_calls else ""
        yield Static(say(self.keys, take=take), id="keys", markup=False)

    def below(self) -> ComposeResult:
        """What stands under the lines."""
        yield from ()

    def on_mount(self) -> None:
        self.query_one("#list-filter").focus()
        self.reload()

    def on_resize(self) -> None:
        self._list()

    def reload(self, _closed: object = None) -> None:
        """Read it again."""
        self.beside(self._reload, "list", exclusive=True)

    async def _reload(self) -> None:
        found = await self.desk(self.read)
        if found is not None:
            self.rows = self.rows_of(found)
            self.query_one("#list-title", Static).update(Content(self._titled(self.title_of(found))))
            self._list()

    def _titled(self, title: str) -> str:
        """With a server: and up to when the list holds what it knows."""
        line = self.app.line
        return with_freshness(title, line.status if line is not None else None, self.app.clock.now())

    @on(Input.Changed, "#list-filter")
    def _typed(self) -> None:
        self._list()

    def _list(self) -> None:
        words = self.query_one("#list-filter", Input).value.lower().split()
        pane = self.query_one("#list-rows", OptionList)
        marked = self.marked
        self.shown = tuple(row for row in self.rows if all(_found(word, row.words) for word in words))
        width = self.app.size.width - 4
        pane.clear_options()
        pane.add_options(
            [Option(Content(row.line(width)).stylize(STYLES[row.state] or "none"), id=row.id) for row in self.shown]
        )
        if not self.shown:
            pane.add_option(Option(Content(say(self.empty)), disabled=True))
            return
        pane.highlighted = next((index for index, row in enumerate(self.shown) if row.id == marked), 0)

    @property
    def marked(self) -> str:
        """Id of the line under the cursor; "" where there is none."""
        index = self.query_one("#list-rows", OptionList).highlighted
        return self.shown[index].id if index is not None and index < len(self.shown) else ""

    # doing

    def action_move(self, step: int) -> None:
        """Up and down while the cursor stays in the filter."""
        pane = self.query_one("#list-rows", OptionList)
        if self.shown:
            here = pane.highlighted or 0
            pane.highlighted = max(0, min(len(self.shown) - 1, here + step))

    @on(Input.Submitted, "#list-filter")
    def _entered(self) -> None:
        if self.marked:
            self.open(self.marked)

    @on(OptionList.OptionSelected, "#list-rows")
    def _picked(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self.open(event.option_id)

    def open(self, row: str) -> None:
        """Open the order of a line; the list is read again when it closes."""
        from screens.order_screen import OrderScreen

        self.app.push_screen(OrderScreen(self.seat, row), self.reload)

    def action_refresh_list(self) -> None:
        """Read it again."""
        self.reload()

    def action_back(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)

    def action_take(self) -> None:
        """Back to the seat, and take the call."""
        back_to_seat(self)
        self.seat.action_do("take")


def back_to_seat(screen: DeskScreen) -> None:
    """Close every window over the seat."""
    while len(screen.app.screen_stack) > 1:
        screen.app.pop_screen()


def _found(word: str, words: str) -> bool:
    if word in words:
        return True
    return word.isascii() and word.isalpha() and word in _initials(words)


def _initials(words: str) -> str:
    from knowledge.search.sound import sounds

    return sounds(words)[1]
