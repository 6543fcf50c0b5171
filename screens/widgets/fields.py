"""The rows of the order form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from agent_console.texts import say
from agent_console.texts.wording import name_of
from screens.dialogs.choice import Choice


class FieldChanged(Message):
    """A field of the form has another value."""


class ChoiceField(Static, can_focus=True):
    """One of a few values on one line, its meaning behind them: digits pick, Space and the arrows go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    def __init__(self, choices: Sequence[Choice], value: str = "", *, id: str | None = None) -> None:
        """Offer these; none is picked where `value` is not among them."""
        super().__init__("", id=id, markup=False)
        self._choices = tuple(choices)
        self.value = value if any(choice.value == value for choice in choices) else ""

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        parts = []
        for number, choice in enumerate(self._choices, 1):
            picked = choice.value == self.value
            part = Content(f"{'●' if picked else '○'}{number}{choice.label}")
            parts.append(part.stylize("bold") if picked else part.stylize("dim"))
        meaning = next((choice.detail for choice in self._choices if choice.value == self.value), "")
        if meaning:
            parts.append(Content(meaning).stylize("dim italic"))
        self.update(Content("  ").join(parts))

    def pick(self, value: str) -> None:
        """Take this value."""
        self.value = value
        self._show()
        self.post_message(FieldChanged())

    def action_turn(self, step: int) -> None:
        """The next or the one before."""
        values = [choice.value for choice in self._choices]
        index = values.index(self.value) if self.value in values else -1 if step > 0 else 0
        self.pick(values[(index + step) % len(values)])

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character.isdigit() and 0 < int(event.character) <= len(self._choices):
            event.stop()
            self.pick(self._choices[int(event.character) - 1].value)


class FlagField(Static, can_focus=True):
    """Yes or no; Space turns it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", show=False)]

    def __init__(self, value: bool = False, *, id: str | None = None) -> None:
        """Set to `value`."""
        super().__init__("", id=id, markup=False)
        self.value = value

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        self.update(Content(say("form.yes" if self.value else "form.no")))

    def action_turn(self) -> None:
        """The other way."""
        self.value = not self.value
        self._show()
        self.post_message(FieldChanged())


class TextField(Input):
    """A line of text without frame."""

    def __init__(self, value: str = "", *, id: str | None = None, placeholder: str = "") -> None:
        """Holds `value`."""
        super().__init__(value, id=id, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    def watch_value(self) -> None:
        """Tell the form."""
        if self.is_mounted:
            self.post_message(FieldChanged())


class FormRow(Widget):
    """A label and its field; `name_` is the field's name in the order's details."""

    def __init__(self, name: str, field: Widget, *, required: bool) -> None:
        """A row that is marked where the rule book asks for it; a field the texts do not know stands as it is."""
        super().__init__(classes="required" if required else None)
        self.name_ = name
        self.field = field
        self.required = required

    def compose(self) -> ComposeResult:
        mark = "*" if self.required else " "
        yield Static(f"{mark}{name_of('field', self.name_)}", classes="label", markup=False)
        yield self.field
