"""The last line: which key does what, now."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.texts import say
from screens.actions import ACTIONS, possible
from screens.keymap import Keymap


class KeyLine(Static):
    """Teaches the key beside its name; what is not possible now is left out."""

    def __init__(self, keymap: Keymap) -> None:
        """Draw from this keymap."""
        super().__init__("", markup=False, id="keys")
        self._keymap = keymap

    def show(self, *, in_call: bool) -> None:
        """Show the keys of the moment."""
        parts = [
            f"{self._keymap.shown(action.id)} {action.name}"
            for action in ACTIONS
            if action.footer and possible(action, in_call=in_call)
        ]
        leader = self._keymap.leader[0].upper().replace("CTRL+", "^")
        self.update(Content("  ".join([*parts, f"{leader} {say('keys.more')}"])))
