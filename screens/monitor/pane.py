"""The lines of the open list: only those in sight are written, so that thousands of seats cost no more than thirty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from agent_console.domain.work_order.clock_states import ClockState
from screens.list_screen import STYLES
from screens.monitor.rows import Line


class RowsPane(ScrollView, can_focus=True):
    """Lines with one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--line", "rows--cursor", *(f"rows--{state}" for state in STYLES)}

    class Marked(Message):
        """The cursor is on another line, or the line says something else."""

    class Picked(Message):
        """Somebody clicked on the line under the cursor."""

    def __init__(self, id: str) -> None:
        """Nothing is shown yet."""
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()
        self._empty = ""
        self._written: dict[int, tuple[str, ClockState]] = {}
        self.index: int | None = None

    def show(self, lines: Sequence[Line], empty: str) -> None:
        """Show these; the cursor stays on the line it is on. empty: said where there is none."""
        before, cursor, count = self.marked, self.index, len(self._lines)
        self._lines, self._empty = lines, empty
        same = next((number for number, line in enumerate(lines) if before is not None and line.id == before.id), 0)
        self.index = same if lines else None
        if (cursor, count) == (self.index, len(lines)) and lines:
            self._redraw_changed()
        else:
            self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
            self._keep_in_sight()
            self.refresh()
        self.post_message(self.Marked())

    def _redraw_changed(self) -> None:
        """Of the lines in sight only those that say something else than they did."""
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        for index in range(top, min(len(self._lines), top + self.scrollable_content_region.height)):
            line = self._lines[index]
            if self._written.get(index) != (line.text(width), line.state):
                self.refresh_line(index)

    @property
    def marked(self) -> Line | None:
        """The line under the cursor."""
        return self._lines[self.index] if self.index is not None and self.index < len(self._lines) else None

    def move(self, step: int) -> None:
        """Move the cursor, as far as there are lines."""
        if self._lines:
            self._go_to(max(0, min(len(self._lines) - 1, (self.index or 0) + step)))

    def _go_to(self, index: int) -> None:
        before, self.index = self.index, index
        self._keep_in_sight()
        for line in (before, index):
            if line is not None:
                self.refresh_line(line)
        self.post_message(self.Marked())

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
                self.post_message(self.Picked())
            self._go_to(index)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        self._keep_in_sight()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        index, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        is_there = index < len(self._lines)
        state: ClockState = self._lines[index].state if is_there else "closed"
        style = self.get_visual_style("rows--cursor" if index == self.index else "rows--line", f"rows--{state}")
        text = self._lines[index].text(width) if is_there else "" if self._lines or index else self._empty
        self._written[index] = (text, state)
        strip = next(iter(Visual.to_strips(self, Content(text), width, 1, style)), Strip.blank(width))
        return strip.extend_cell_length(width, style.rich_style)
