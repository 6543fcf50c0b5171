"""The note of the call: the centre of the screen, made for fast hands.

A plain text area draws every one of its lines again at each key. Here a key that stays within the lines it touches
draws only those, which keeps the echo near that of a bare one-line input.
"""

from __future__ import annotations

from typing import ClassVar, Self

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class NoteArea(TextArea):
    """A wrapping text area without frame; Tab leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = []
    _holding = False
    _held_back = False

    def __init__(self, *, id: str | None = None, placeholder: str = "") -> None:
        """An empty note."""
        super().__init__(
            id=id,
            soft_wrap=True,
            compact=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            tab_behavior="focus",
            placeholder=placeholder,
        )
        self.cursor_blink = False
        self.match_cursor_bracket = False

    async def _on_key(self, event: events.Key) -> None:
        first_row = self._cursor_row()
        height = self.wrapped_document.height
        scrolled = self.scroll_offset
        self._holding, self._held_back = True, False
        try:
            await super()._on_key(event)
        finally:
            self._holding = False
        if not self._held_back:
            return
        if scrolled != self.scroll_offset or not self.text:
            self.refresh()
            return
        top = min(first_row, self._cursor_row())
        rows = max(first_row, self._cursor_row()) - top + 1
        if self.wrapped_document.height != height:
            rows = max(height, self.wrapped_document.height) - top
        self.refresh_lines(max(0, top - 1), rows + 1 + (top > 0))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw again; while a key is being taken in, a call for everything is held back."""
        if self._holding and not (regions or layout or recompose):
            self._held_back = True
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """One line; those below the text cost nothing."""
        if self.text and y + self.scroll_offset.y >= self.wrapped_document.height:
            return Strip.blank(self.size.width, self._base_style())
        return super().render_line(y)

    def _base_style(self) -> Style:
        theme = self._theme
        return theme.base_style if theme and theme.base_style is not None else self.rich_style

    def _cursor_row(self) -> int:
        return self.wrapped_document.location_to_offset(self.cursor_location).y
