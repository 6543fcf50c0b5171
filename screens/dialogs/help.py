"""What can be done here, with which keys; drawn from the registry."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.domain.rule_book import RuleBook
from agent_console.texts import say
from screens.actions import ACTIONS
from screens.keymap import Keymap


class HelpScreen(ModalScreen[None]):
    """Every action: key, leader letter, name, one sentence."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,f1,enter", "back", show=False)]

    def __init__(self, keymap: Keymap, book: RuleBook) -> None:
        """Explain this keymap, and what the line of this book is there for."""
        super().__init__()
        self._book = book
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("help.title"), classes="dialog-title", markup=False)
            with VerticalScroll(classes="scroll"):
                yield Static(self._lines())
            yield Static(say("help.keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _lines(self) -> Content:
        leader = self._keymap.leader[0].upper().replace("CTRL+", "^")
        lines = []
        for action in ACTIONS:
            keys = "/".join(key.upper() for key in self._keymap.keys.get(action.id, ()))
            letter = f"{leader} {self._keymap.letters[action.id]}"
            lines.append(f"{keys:<5}{letter:<7}{action.name}：{action.help}")
        return Content("\n".join([*lines, "", say("help.typing"), *self._scope()]))

    def _scope(self) -> list[str]:
        book = self._book
        greeting = [say("help.greeting", text=book.greeting.text, clause=book.greeting.clause)] if book.greeting else []
        items = [
            say(
                "help.scope_item",
                clause=item.clause,
                title=item.title,
                kinds=say("sign.list").join(item.kinds) or say("help.any_kind"),
            )
            for item in book.scope
        ]
        heading = ["", say("help.scope")] if greeting or items else []
        return [*heading, *greeting, *items]

    def action_back(self) -> None:
        """Back to the seat."""
        self.dismiss(None)
