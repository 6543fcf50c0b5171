"""The note of the call: the centre of the screen, made for fast hands.

A plain text area draws every one of its lines again at each key. Here a key that stays within the lines it touches
draws only those, which keeps the echo near that of a bare one-line input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

_MARKED = Style(bold=True, underline=True)


class NoteArea(TextArea):
    """A wrapping text area without frame; Tab leaves it. Words that were recognised in it are underlined."""

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
        self._marks: dict[int, list[tuple[int, str]]] = {}
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

    def mark(self, text: str, places: Sequence[tuple[int, int]]) -> None:
        """Underline these stretches of the note; nothing where it does not read `text` any more."""
        if text != self.text:
            return
        marks = _by_line(text, places)
        changed = [line for line in {*marks, *self._marks} if marks.get(line) != self._marks.get(line)]
        self._marks = marks
        if changed:
            self._line_cache.clear()
        for line in changed:
            if line < self.document.line_count:
                self._refresh_line_of_text(line)

    @property
    def marked(self) -> list[str]:
        """The words that are underlined, in their sequence."""
        places = ((line, start, word) for line in sorted(self._marks) for start, word in self._marks[line])
        return [word for line, start, word in places if self._stands(line, start, word)]

    def _stands(self, line: int, start: int, word: str) -> bool:
        return line < self.document.line_count and self.document.get_line(line).startswith(word, start)

    def _refresh_line_of_text(self, line: int) -> None:
        first = self.wrapped_document.location_to_offset((line, 0)).y
        last = self.wrapped_document.location_to_offset((line, len(self.document.get_line(line)))).y
        self.refresh_lines(first, last - first + 1)

    def get_line(self, line_index: int) -> Text:
        """A line of the note, its recognised words underlined as long as they stand where they stood."""
        line = super().get_line(line_index)
        for start, word in self._marks.get(line_index, ()):
            if line.plain.startswith(word, start):
                line.stylize(_MARKED, start, start + len(word))
        return line

    def load_text(self, text: str) -> None:
        """Replace the note: nothing in it is recognised yet, and what stood there cannot be brought back."""
        self._marks = {}
        super().load_text(text)

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


def _by_line(text: str, places: Sequence[tuple[int, int]]) -> dict[int, list[tuple[int, str]]]:
    marks: dict[int, list[tuple[int, str]]] = {}
    for start, end in sorted(places):
        line = text.count("\n", 0, start)
        begun = text.rfind("\n", 0, start) + 1
        marks.setdefault(line, []).append((start - begun, text[start:end]))
    return marks
