"""Ask for one line of text."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agent_console.texts import say


class AskDialog(ModalScreen[str | None]):
    """A title and a line; Enter gives it back, Escape or F9 gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9", "back", show=False)]

    def __init__(self, title: str, value: str = "", *, hint: str = "", may_be_empty: bool = True) -> None:
        """Ask `title`, with `value` already in the line."""
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint
        self._may_be_empty = may_be_empty

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Input(self._value, placeholder=self._hint, compact=True, select_on_focus=False)
            yield Static(say("dialog.ask_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        if event.value.strip() or self._may_be_empty:
            self.dismiss(event.value.strip())

    def action_back(self) -> None:
        """Give nothing back."""
        self.dismiss(None)
