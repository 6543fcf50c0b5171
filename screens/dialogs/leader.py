"""The leader menu: one letter, and it is done; `/` opens the command bar."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.texts import say
from screens.actions import ACTIONS, Action, possible
from screens.keymap import Keymap

_COLUMNS = 3


class LeaderMenu(ModalScreen[str | None]):
    """Shows every action with its letter; gives back the id of the one chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9", "back", show=False)]

    def __init__(self, keymap: Keymap, *, in_call: bool, actions: tuple[Action, ...] = ACTIONS) -> None:
        """What is not possible now is shown in grey."""
        super().__init__()
        self._keymap = keymap
        self._actions = actions
        self._in_call = in_call

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("leader.title"), classes="dialog-title", markup=False)
            yield Static(self._table())
            yield Static(say("leader.keys"), classes="dialog-keys", markup=False)

    def _table(self) -> Content:
        cells = []
        for action in self._actions:
            letter = self._keymap.letter_of(action)
            cell = Content(f"{letter}  {action.name}".ljust(14 - len(action.name)))
            cells.append(cell if possible(action, in_call=self._in_call) else cell.stylize("dim"))
        rows = [Content("    ").join(cells[start : start + _COLUMNS]) for start in range(0, len(cells), _COLUMNS)]
        return Content("\n").join(rows)

    def on_key(self, event: events.Key) -> None:
        for action in self._actions:
            if event.character and event.character.lower() == self._keymap.letter_of(action):
                event.stop()
                self.dismiss(action.id)
                return

    def action_back(self) -> None:
        """Do nothing."""
        self.dismiss(None)
