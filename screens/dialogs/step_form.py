"""The form of a step: the fields the rule book asks for; a refusal stands below them with its clause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import WorkType

from agent_console.desk.orders.steps import Asked, Offer
from agent_console.domain.instants import iso
from agent_console.texts import say
from agent_console.texts.wording import name_of
from screens.dialogs.choice import Choice
from screens.units import resolve_units
from screens.widgets.fields import ChoiceField, FieldChanged, FormRow, TextField

if TYPE_CHECKING:
    from screens.app import SeatApp

_UNITS = ("lead", "supporting", "unit", "fallback_unit")
Take = Callable[[dict[str, str]], Awaitable[str]]
"""Takes the step with these fields; gives back why it was refused, "" where it was taken."""


class StepForm(ModalScreen[bool]):
    """Gives back whether the step was taken; what was filled in stays while a rule refuses it."""

    app: SeatApp
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "save", show=False, priority=True),
        Binding("f9,escape", "back", show=False, priority=True),
        Binding("f3", "now", show=False, priority=True),
        Binding("tab,down", "row(1)", show=False, priority=True),
        Binding("shift+tab,up", "row(-1)", show=False, priority=True),
    ]

    def __init__(self, offer: Offer, number: str, take: Take, units: Sequence[str], above: str = "") -> None:
        """Ask for the fields of `offer`; `number` is the order's as it is read aloud, `units` those there are.

        above: what is said before anything is filled in.
        """
        super().__init__()
        self._units = units
        self._above = above
        self._offer = offer
        self._number = number
        self._take = take
        self._saving = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="step-form"):
            title = say("step_form.title", name=self._offer.name, number=self._number)
            yield Static(title, classes="dialog-title", markup=False)
            if self._above:
                yield Static(self._above, id="step-above", markup=False)
            with VerticalScroll(classes="scroll", can_focus=False):
                for asked in self._offer.fields:
                    yield FormRow(asked.field, self._field(asked), required=asked.owed)
            yield Static("", id="step-message", markup=False)
            yield Static(say("step_form.keys"), classes="dialog-keys", markup=False)

    def _field(self, asked: Asked) -> Widget:
        if asked.values:
            choices = [Choice(value, name_of("value", value)) for value in asked.values]
            return ChoiceField(choices, asked.default, id=f"asked-{asked.field}")
        return TextField(asked.default, id=f"asked-{asked.field}", placeholder=asked.clause)

    def on_mount(self) -> None:
        self._mark()
        rows = list(self.query(FormRow))
        if rows:
            next((row for row in rows if row.has_class("empty")), rows[0]).field.focus()

    def values(self) -> dict[str, str]:
        """What is filled in; a unit as the list writes it."""
        values = {asked.field: self._value(asked.field) for asked in self._offer.fields}
        for name in _UNITS:
            if values.get(name):
                values[name] = "、".join(resolve_units(values[name], self._units))
        return {name: text for name, text in values.items() if text}

    def _value(self, field: str) -> str:
        widget = self.query_one(f"#asked-{field}")
        assert isinstance(widget, ChoiceField | TextField)
        return widget.value.strip()

    @on(FieldChanged)
    def _mark(self) -> None:
        values = self.values()
        for asked, row in zip(self._offer.fields, self.query(FormRow), strict=True):
            owed = asked.is_owed(values)
            row.set_class(owed, "required")
            row.set_class(owed and not values.get(asked.field), "empty")

    def action_row(self, step: int) -> None:
        """To the next row, round and round."""
        rows = list(self.query(FormRow))
        if rows:
            here = next((index for index, row in enumerate(rows) if row.field.has_focus), 0)
            rows[(here + step) % len(rows)].field.focus()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_row(1)

    def action_now(self) -> None:
        """Write the present time into the field under the cursor."""
        field = self.focused
        if isinstance(field, TextField):
            field.value = iso(self.app.clock.now())[:16]
            field.cursor_position = len(field.value)

    def action_save(self) -> None:
        """Take the step."""
        if not self._saving:
            self._saving = True
            unbegun: WorkType[None] = self._save
            self.run_worker(unbegun, group="saving", exit_on_error=False)

    async def _save(self) -> None:
        try:
            refused = await self._take(self.values())
        finally:
            self._saving = False
        if refused:
            self.query_one("#step-message", Static).update(Content(refused))
        else:
            self.dismiss(result=True)

    def action_back(self) -> None:
        """Back without having done anything."""
        self.dismiss(result=False)
