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
from screens.abilities import Abilities
from screens.actions import Action
from screens.keymap import Keymap


class HelpScreen(ModalScreen[None]):
    """Every action: key, leader letter, name, one sentence. here: only these, where no others count."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,f1,enter", "back", show=False)]

    def __init__(self, keymap: Keymap, book: RuleBook, abilities: Abilities, here: tuple[Action, ...] = ()) -> None:
        """Explain the keys of what they may do, and what the line of this book is there for."""
        super().__init__()
        self._book = book
        self._abilities = abilities
        self._keymap = keymap
        self._here = here

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("help.title"), classes="dialog-title", markup=False)
            with VerticalScroll(classes="scroll"):
                yield Static(self._lines())
            yield Static(say("dialog.back_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _lines(self) -> Content:
        if self._here:
            return Content("\n".join(self._line(action) for action in self._here))
        leader = self._keymap.leader[0].upper().replace("CTRL+", "^")
        seat = [self._line(action, f"{leader} ") for action in self._abilities.actions]
        order = [self._line(action) for action in self._abilities.order_actions]
        typing = ["", say("help.typing"), "", say("help.order_screen")]
        return Content("\n".join([*seat, *typing, *order, *self._scope()]))

    def _line(self, action: Action, leader: str = "") -> str:
        keys = "/".join(key.upper().replace("ESCAPE", "Esc") for key in self._keymap.keys_of(action))
        return f"{keys:<7}{leader + self._keymap.letter_of(action):<5}{action.name}：{action.help}"

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
