"""An order of another seat: its outline, in the place of the order's own screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.texts import say


class OutlineDialog(ModalScreen[None]):
    """What is known here, and that the rest is not."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,enter", "back", show=False)]

    def __init__(self, lines: Sequence[str]) -> None:
        """Show these, the first of them as the title."""
        super().__init__()
        self._title, *self._lines = lines

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(classes="scroll"):
                yield Static(Content("\n".join(self._lines)))
            yield Static(say("dialog.back_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_back(self) -> None:
        """Back."""
        self.dismiss(None)
