"""The callers of a hot event, masked; each look at one in full is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agent_console.desk.desk import call_stream
from agent_console.desk.leaving.seeing import calls_refused
from agent_console.desk.leaving.unmasking import unmask
from agent_console.desk.monitor.hot import callers
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Blocked
from agent_console.domain.intake.calls import Call
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.texts import say
from screens.desk_screen import DeskScreen
from screens.monitor import rows
from screens.refusals import told

if TYPE_CHECKING:
    from screens.seat import SeatScreen


class CallersScreen(DeskScreen):
    """A list to read; n shows the marked caller in full."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f9,q", "back", show=False, priority=True),
        Binding("n", "unmask", show=False, priority=True),
    ]

    def __init__(self, seat: SeatScreen, event: HotEvent) -> None:
        """Of this event."""
        super().__init__("monitor")
        self.seat = seat
        self._event = event
        self._calls: tuple[Call, ...] = ()
        self._unmasked: set[str] = set()

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", id="monitor-title", markup=False)
            yield OptionList(id="monitor-rows", compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.act(self._read)

    async def _read(self) -> None:
        event = self._event.id

        def work(opened: OpenDesk) -> list[Call] | Blocked:
            return calls_refused(opened.desk) or callers(opened, event)

        found = await self.desk(work)
        if isinstance(found, Blocked):
            self.tell(told(found), warning=True)
        elif found is not None:
            self._calls = tuple(found)
            self._draw()

    def _draw(self) -> None:
        title = say("hot.callers", title=self._event.words.title, count=self._event.answered)
        self.query_one("#monitor-title", Static).update(Content(title))
        pane, now = self.query_one(OptionList), self.app.clock.now()
        at = pane.highlighted or 0
        pane.clear_options()
        lines = [rows.caller(call, now, unmasked=call.id in self._unmasked) for call in self._calls]
        width = self.app.size.width - 4
        pane.add_options([Option(Content(line.text(width)), id=line.id) for line in lines])
        if not lines:
            pane.add_option(Option(Content(say("hot.no_callers")), disabled=True))
        else:
            pane.highlighted = min(at, len(lines) - 1)

    def action_unmask(self) -> None:
        """Show the marked caller in full, which is written down."""
        self.act(self._unmask)

    async def _unmask(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is None or at >= len(self._calls):
            return
        call = self._calls[at].id

        def work(opened: OpenDesk) -> bool:
            unmask(opened.desk, call_stream(call))
            return True

        if await self.desk(work):
            self._unmasked.add(call)
            self._draw()
            self.tell(say("order_screen.unmasked"))

    def action_back(self) -> None:
        """Back to the monitor."""
        self.dismiss(None)
