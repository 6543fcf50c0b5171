"""The command bar: type a name in Chinese, its pinyin or initials, or the English id."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent_console.texts import say
from screens.actions import ACTIONS, Action, possible
from screens.keymap import Keymap

_SHOWN = 9
_LEAST_SCORE = 55


class CommandBar(ModalScreen[str | None]):
    """Completes commands as they are typed; Enter does the first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f9", "back", show=False),
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, keymap: Keymap, *, in_call: bool, actions: tuple[Action, ...] = ACTIONS) -> None:
        """Offer what is possible now."""
        super().__init__()
        self._keymap = keymap
        self._offered = [action for action in actions if possible(action, in_call=in_call) and action.id != "palette"]
        self._found: list[Action] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            line = Input(placeholder=say("palette.placeholder"), compact=True)
            line.cursor_blink = False
            yield line
            yield OptionList(compact=True)
            yield Static(say("dialog.ask_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self._list("")
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._found = complete(typed, self._offered)[:_SHOWN]
        hits = self.query_one(OptionList)
        hits.clear_options()
        hits.add_options(
            [
                Option(Content(f"{action.name}  {self._keymap.shown_for(action)}  {action.help}"))
                for action in self._found
            ]
        )
        hits.highlighted = 0 if self._found else None

    @on(Input.Submitted)
    def _entered(self) -> None:
        index = self.query_one(OptionList).highlighted
        self.dismiss(self._found[index].id if index is not None and self._found else None)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index].id)

    def action_move(self, step: int) -> None:
        """Up and down in the list while the cursor stays in the line."""
        hits = self.query_one(OptionList)
        if self._found and hits.highlighted is not None:
            hits.highlighted = (hits.highlighted + step) % len(self._found)

    def action_back(self) -> None:
        """Do nothing."""
        self.dismiss(None)


def complete(typed: str, offered: list[Action]) -> list[Action]:
    """Actions that what was typed may mean, best first; all of them where nothing was typed."""
    wanted = typed.strip().lower()
    if not wanted:
        return offered
    from rapidfuzz import fuzz, process

    spellings = {action.id: _spellings(action) for action in offered}
    scores = {
        action_id: max((score for _, score, _ in process.extract(wanted, words, scorer=fuzz.WRatio)), default=0.0)
        + 100 * any(word.startswith(wanted) for word in words)
        for action_id, words in spellings.items()
    }
    ranked = sorted(offered, key=lambda action: -scores[action.id])
    return [action for action in ranked if scores[action.id] >= _LEAST_SCORE]


def _spellings(action: Action) -> list[str]:
    from knowledge.search.sound import sounds, tables

    points, initials = sounds(action.name)
    letters = {point: syllable for syllable, point in tables().code.items()}
    return [action.name, "".join(letters.get(point, point) for point in points), initials, action.id]
