"""待处理: what took no effect at the server or could not be sent, both versions side by side, settled by a new step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from agent_console.desk.opening import OpenDesk
from agent_console.desk.sync import tray as trays
from agent_console.desk.sync.tray import TrayItem
from agent_console.desk.sync.tray_text import done_text, mine_lines, reason_text, theirs_lines, why_text
from agent_console.domain.decisions import Done
from agent_console.domain.instants import Instant, local
from agent_console.texts import say
from agent_console.texts.wording import moment
from screens.columns import columns
from screens.dialogs.ask import AskDialog
from screens.list_screen import ListScreen, Row
from screens.refusals import told

if TYPE_CHECKING:
    from screens.seat import SeatScreen


class Tray(msgspec.Struct, frozen=True):
    """The items, as of an instant."""

    items: tuple[TrayItem, ...]
    now: Instant


class TrayScreen(ListScreen[Tray]):
    """The arrows choose an entry, below it stand what was done here and what the server has."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4,enter", "again", show=False, priority=True),
        Binding("f6", "drop", show=False, priority=True),
    ]
    keys = "tray.keys"
    empty = "sync.tray_empty"

    def __init__(self, seat: SeatScreen) -> None:
        """Opened from the seat; nothing is read yet."""
        super().__init__(seat)
        self._items: dict[str, TrayItem] = {}

    def read(self, opened: OpenDesk) -> Tray:
        """On the desk's thread."""
        return Tray(tuple(trays.tray(opened.store)), opened.desk.context().now)

    def rows_of(self, found: Tray) -> tuple[Row, ...]:
        """A line per entry."""
        self._items = {item.entry.id: item for item in found.items}
        self.call_after_refresh(self._show_both)
        return tuple(_row(item) for item in found.items)

    def title_of(self, found: Tray) -> str:
        """How many, and as of when."""
        return say("sync.tray_title", count=len(found.items), time=f"{local(found.now):%H:%M}")

    def below(self) -> ComposeResult:
        with Horizontal(id="tray-both"):
            with VerticalScroll(id="tray-mine", can_focus=False):
                yield Static("", id="mine", markup=False)
            with VerticalScroll(id="tray-theirs", can_focus=False):
                yield Static("", id="theirs", markup=False)

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        """Another entry is chosen."""
        self._show_both()

    def _show_both(self) -> None:
        item = self._items.get(self.marked)
        mine = [say("sync.mine"), *mine_lines(item.entry)] if item else []
        theirs = [say("sync.theirs"), *theirs_lines(item.theirs)] if item else []
        reason = item.verdict.reason if item and item.verdict else None
        if reason is not None:
            theirs = [reason_text(reason), *filter(None, [say("sign.list").join(reason.clauses)]), "", *theirs]
        self.query_one("#mine", Static).update(Content("\n".join(mine)))
        self.query_one("#theirs", Static).update(Content("\n".join(theirs)))

    def open(self, row: str) -> None:
        """Do it once more on what holds now; one that could not be sent is sent again."""
        self.act(lambda: self._again(row))

    def action_again(self) -> None:
        """The same for the entry under the cursor."""
        if self.marked:
            self.open(self.marked)

    async def _again(self, entry: str) -> None:
        decision = await self.desk(lambda opened: trays.do_again(opened.desk, opened.store, entry))
        if decision is None:
            return
        if isinstance(decision, Done):
            self.tell(say("sync.done_again"))
        else:
            self.tell(told(decision), warning=True)
        self.reload()

    def action_drop(self) -> None:
        """Leave it at what the server has, with a reason."""
        if self.marked:
            marked = self.marked
            self.act(lambda: self._drop(marked))

    async def _drop(self, entry: str) -> None:
        ground = await self.app.push_screen_wait(AskDialog(say("tray.ask_ground"), may_be_empty=False))
        if ground:
            await self.desk(lambda opened: trays.drop(opened.desk, opened.store, entry, ground))
            self.tell(say("sync.dropped"))
            self.reload()


def _row(item: TrayItem) -> Row:
    entry = item.entry
    state, what = say(f"sync.state.{entry.state}"), done_text(entry)
    why = why_text(entry, item.verdict)

    def line(width: int) -> str:
        return columns([(moment(entry.at), 16), (state, 6), (entry.actor, 8), (what, 20), (why, 0)], width)

    return Row(entry.id, line, " ".join((state, what, entry.actor, why)).lower(), "near")
