"""A pinned event that the note tells of: its answer, and the key that records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from agent_console.texts import say
from screens.keymap import Keymap

if TYPE_CHECKING:
    from agent_console.domain.oversight.hot_events import HotEvent


class HotLine(Static):
    """Two lines at most, there only while the note tells of the event."""

    def __init__(self, keymap: Keymap) -> None:
        """No event yet."""
        super().__init__("", markup=False, id="hot-line")
        self._keymap = keymap
        self._shown = ""

    def show(self, event: HotEvent | None) -> None:
        """What is told about it; None where the note tells of none."""
        self.set_class(event is not None, "matches")
        if event is not None:
            words, pressed = event.words, self._keymap.shown("hot")
            text = say("hot.line", title=words.title, count=event.answered, answer=words.answer, pressed=pressed)
            if text != self._shown:
                self._shown = text
                self.update(Content(text))
