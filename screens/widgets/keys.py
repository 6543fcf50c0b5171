"""The last line: which key does what, now."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from agent_console.texts import say
from screens.actions import ACTIONS, Action, possible
from screens.keymap import Keymap

_PADDING = 2


class KeyLine(Static):
    """Teaches the key beside its name; what is not possible now is left out, the way to all the others never is."""

    def __init__(self, keymap: Keymap, actions: tuple[Action, ...] = ACTIONS) -> None:
        """Draw those of `actions` that belong into the footer."""
        super().__init__("", markup=False, id="keys")
        self._keymap = keymap
        self._actions = actions
        self._in_call = False

    def show(self, *, in_call: bool) -> None:
        """Show the keys of the moment."""
        self._in_call = in_call
        self._draw()

    def offer(self, actions: tuple[Action, ...]) -> None:
        """Draw these from now on."""
        self._actions = actions
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        leader = self._keymap.leader[0].upper().replace("CTRL+", "^")
        more = f"{leader} {say('keys.more')}"
        parts = [
            f"{self._keymap.shown_for(action)} {action.name}"
            for action in self._actions
            if action.footer
            and possible(action, in_call=self._in_call)
            and not (self._in_call and action.key_when == "idle")
        ]
        lines = ["  ".join([*parts, more])]
        lines += [" ".join([*parts[:count], more]) for count in range(len(parts), 0, -1)]
        room = self.app.size.width - _PADDING
        self.update(Content(next((line for line in lines if cell_len(line) <= room), more)), layout=False)
