"""Lines of which only those in sight are written, so that thousands of seats cost no more than thirty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_console.domain.work_order.clock_states import ClockState
from screens.columns import fit
from screens.list_screen import STYLES
from screens.monitor.rows import Line


class RowsPane(ScrollView, can_focus=True):
    """Lines with one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--line", "rows--cursor", *(f"rows--{state}" for state in STYLES)}

    class _OfPane(Message):
        def __init__(self, pane: RowsPane) -> None:
            """Of this pane."""
            super().__init__()
            self.pane = pane

        @property
        def control(self) -> RowsPane:
            """The pane it is about."""
            return self.pane

    class Marked(_OfPane):
        """The cursor is on another line, or the line says something else."""

    class Picked(_OfPane):
        """Somebody clicked on the line under the cursor."""

    def __init__(self, id: str) -> None:
        """Nothing is shown yet."""
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._empty = ""
        self._written: dict[int, tuple[str, ClockState]] = {}
        self.index: int | None = None

    def show(self, lines: Sequence[Line], empty: str = "") -> None:
        """Show these; the cursor stays on the line it is on. empty: said where there is none."""
        before, cursor, count = self.marked, self.index, len(self._lines)
        self._lines, self._empty = lines, empty
        self.index = self._place_of(before, lines) if lines else None
        if (cursor, count) == (self.index, len(lines)) and lines:
            self._redraw_changed()
        else:
            self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
            self._keep_in_sight()
            self.refresh()
        self.post_message(self.Marked(self))

    def _place_of(self, before: Line | None, lines: Sequence[Line]) -> int:
        if before is None:
            return 0
        if self.index is not None and self.index < len(lines) and lines[self.index].id == before.id:
            return self.index
        return next((number for number, line in enumerate(lines) if line.id == before.id), 0)

    def _redraw_changed(self) -> None:
        """Of the lines in sight only those that say something else than they did."""
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        for index in range(top, min(len(self._lines), top + self.scrollable_content_region.height)):
            line = self._lines[index]
            if self._written.get(index) != (line.text(width), line.state):
                self.refresh_line(index)

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines

    @property
    def marked(self) -> Line | None:
        """The line under the cursor."""
        return self._lines[self.index] if self.index is not None and self.index < len(self._lines) else None

    def move(self, step: int) -> None:
        """Move the cursor, as far as there are lines."""
        if self._lines:
            self.go_to(max(0, min(len(self._lines) - 1, (self.index or 0) + step)))

    def seek(self, id: str) -> None:
        """Move the cursor to the line of that id, where there is one."""
        index = next((number for number, line in enumerate(self._lines) if line.id == id), None)
        if index is not None:
            self.go_to(index)

    def go_to(self, index: int) -> None:
        """Move the cursor to a line."""
        before, self.index = self.index, index
        self._keep_in_sight()
        for line in (before, index):
            if line is not None:
                self.refresh_line(line)
        self.post_message(self.Marked(self))

    def _keep_in_sight(self) -> None:
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if self.index is None or not height or top <= self.index < top + height:
            return
        self.scroll_to(y=self.index if self.index < top else self.index - height + 1, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        index = self.scroll_offset.y + at.y if at is not None else len(self._lines)
        if index < len(self._lines):
            if index == self.index:
                self.post_message(self.Picked(self))
            self.go_to(index)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: it was written for this width, so nothing is wrapped or laid out."""
        index, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        there = self._lines[index] if index < len(self._lines) else None
        state: ClockState = there.state if there is not None else "closed"
        style = self.get_visual_style("rows--cursor" if index == self.index else "rows--line", f"rows--{state}")
        text = there.text(width) if there is not None else "" if self._lines or index else self._empty
        self._written[index] = (text, state)
        drawn = style.rich_style
        if not text:
            return Strip.blank(width, drawn)
        line = text if cell_len(text) <= width else fit(text, width)
        return Strip([Segment(line, drawn)]).extend_cell_length(width, drawn)
