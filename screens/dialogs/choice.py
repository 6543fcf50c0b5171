"""Pick one of a short list with one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from agent_console.texts import say

_DIGITS = "123456789"


class Choice(msgspec.Struct, frozen=True):
    """One line: what is given back, what is shown, and a second line in grey; `key`: the digit it always has."""

    value: str
    label: str
    detail: str = ""
    key: str = ""


class ChoiceDialog(ModalScreen[str | None]):
    """A titled list; digits pick, Enter picks, Escape or F9 goes back and gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f9", "back", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, urgent: bool = False) -> None:
        """Offer these; `urgent` draws the frame in red."""
        super().__init__(classes="urgent" if urgent else None)
        self._title = title
        self._choices = tuple(choices)
        taken = {choice.key for choice in choices}
        free = (digit for digit in _DIGITS if digit not in taken)
        self._keys = [choice.key or next(free, " ") for choice in choices]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield OptionList(*[Option(self._line(index, choice)) for index, choice in enumerate(self._choices)])
            yield Static(say("dialog.choice_keys"), classes="dialog-keys", markup=False)

    def _line(self, index: int, choice: Choice) -> Content:
        line = Content.from_text(f"{self._keys[index]}  {choice.label}", markup=False)
        if choice.detail:
            line = line + Content.from_text(f"\n   {choice.detail}", markup=False).stylize("dim")
        return line

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in _DIGITS and event.character in self._keys:
            event.stop()
            self.dismiss(self._choices[self._keys.index(event.character)].value)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index].value)

    def action_back(self) -> None:
        """Give nothing back."""
        self.dismiss(None)
