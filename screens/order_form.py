"""The order form: opens filled, shows the due time while it is filled, saves with one key from any field."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import OrderRaising
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.desk.orders.routing import suggestions
from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision, Done, Missing
from agent_console.domain.intake import transfers
from agent_console.domain.rule_book import RequiredField
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.units.directory import Directory
from agent_console.domain.work_order.order_clocks import foreseen
from agent_console.domain.work_order.order_details import text_of
from agent_console.domain.work_order.order_steps import missing_on_form
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.resources.rule_books import house
from agent_console.texts import say
from agent_console.texts.explain import due_text
from agent_console.texts.wording import all_told
from screens.dialogs.choice import Choice
from screens.dialogs.why import WhyDialog
from screens.doing.outcomes import reached_at
from screens.refusals import told
from screens.units import resolve_units
from screens.widgets.fields import ChoiceField, FieldChanged, FlagField, FormRow, TextField
from screens.widgets.note import NoteArea

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_PLACE = ("district", "street", "community", "point")
_TEXTS = (
    "lead", "supporting", *_PLACE, "title", "caller_name", "caller_number", "contact_number", "wish", "happened_at",
    "concerns", "repeat_of", "off_hours_reason", "transfer_unit", "transfer_person",
)  # fmt: skip
_FLAGS = ("simple", "listed", "unclear", "anonymous", "confidential", "mass_incident")
_WEIGHED = tuple(f"field-{name}" for name in ("kind", "title", "content", "concerns", *_PLACE))
"""Fields that say which unit the matter belongs to."""
_CHOICES = ("kind", "urgency", "urgent_cause", "complexity", "form", "channel", "caller_type", "transfer_outcome")
_ORDER = (
    "kind", "urgency", "urgent_cause", "lead", "transfer_unit", "transfer_outcome", "transfer_person",
    "title", "content", *_PLACE, "caller_name", "caller_type", "supporting", "complexity", "listed", "simple",
    "contact_number", "caller_number", "wish", "happened_at", "concerns", "channel", "off_hours_reason", "form",
    "unclear", "mass_incident", "repeat_of", "anonymous", "confidential",
)  # fmt: skip
"""Rows from top to bottom: what decides the due time first."""
_TRANSFER = ("transfer_unit", "transfer_outcome", "transfer_person")


class OrderForm(Screen[str | None]):
    """Gives back the number of the order, or None where the operator went back.

    Tab visits the required fields, the arrows visit all.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "save", show=False, priority=True),
        Binding("f9,escape", "back", show=False, priority=True),
        Binding("f6", "why", show=False, priority=True),
        Binding("tab", "required(1)", show=False, priority=True),
        Binding("shift+tab", "required(-1)", show=False, priority=True),
        Binding("down", "row(1)", show=False),
        Binding("up", "row(-1)", show=False),
        Binding("enter", "row(1)", show=False),
    ]

    def __init__(
        self, seat: SeatScreen, call_id: str, matter: str, details: OrderDetails, directory: Directory
    ) -> None:
        """Fill the form for a matter of the call in hand; `directory` knows the units."""
        super().__init__()
        self._seat = seat
        self._call = call_id
        self._matter = matter
        self._proposed = details
        self._directory = directory
        self._units = tuple(directory.units) or house().units
        self._details = seat.filled_in(details)
        self._saving = False
        self._warned_of: tuple[str, ...] = ()
        self._suggested = details.lead

    def compose(self) -> ComposeResult:
        book = self._seat.book
        yield Static(say("form.title", book=book.short_title, mark=book.mark), id="form-title", markup=False)
        yield Static("", id="form-due", markup=False)
        yield Static("", id="form-suggested", markup=False)
        yield Static("", id="form-transfer", markup=False)
        with VerticalScroll(id="form", can_focus=False):
            for name in self._listed(_ORDER):
                yield FormRow(name, self._field(name), required=self._asked(name))
        yield Static("", id="form-message", markup=False)
        yield Static(say("form.keys"), id="keys", markup=False)

    def _field(self, name: str) -> Widget:
        value = getattr(self._details, name)
        if name in _FLAGS:
            return FlagField(value, id=f"field-{name}")
        if name in _CHOICES:
            causes = [Choice(cause, cause or say("form.none")) for cause in ("", *self._causes())]
            transfer = self._seat.book.directory.transfer
            ends = [Choice(end, end or say("form.none")) for end in ("", *(transfer.outcomes if transfer else ()))]
            choices = {"urgent_cause": causes, "transfer_outcome": ends}.get(name) or self._choices(name)
            return ChoiceField(choices, value, id=f"field-{name}")
        if name == "content":
            area = NoteArea(id="field-content")
            area.load_text(value)
            return area
        text = "、".join(value) if isinstance(value, tuple) else value
        return TextField(text, id=f"field-{name}", placeholder=say("form.units_hint") if name == "lead" else "")

    def _listed(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the rows that the rule book has something to choose for."""
        is_asked = {
            "urgent_cause": bool(self._causes()),
            "off_hours_reason": any(channel.opening for channel in self._seat.book.channels),
            **dict.fromkeys(_TRANSFER, self._seat.book.directory.transfer is not None),
        }
        return tuple(name for name in names if is_asked.get(name, True))

    def _causes(self) -> tuple[str, ...]:
        asked = (required for required in self._seat.book.required if required.field == "urgent_cause")
        return tuple(value for required in asked for value in required.values)

    def _choices(self, name: str) -> list[Choice]:
        book = self._seat.book
        match name:
            case "kind":
                return [Choice(kind.id, kind.id, kind.help) for kind in book.kinds]
            case "channel":
                return [Choice(channel.id, channel.name) for channel in book.channels]
            case "caller_type":
                return [Choice(known.id, known.name) for known in book.caller_types]
            case "urgency":
                return [Choice("normal", say("urgency.normal")), Choice("urgent", say("urgency.urgent"))]
            case "complexity":
                return [
                    Choice(value, say(f"complexity.{value or 'none'}"))
                    for value in ("", "general", "complex", "especially_complex")
                ]
            case _:
                return [Choice(value, say(f"form.{value or 'none'}")) for value in ("", "oral", "written")]

    def _asked(self, name: str) -> bool:
        asked = {required.field for required in self._seat.book.required if self._holds(required)}
        return name in asked or (name == "district" and "place" in asked)

    def _holds(self, required: RequiredField) -> bool:
        fits = all(text_of(self._details, field) == value for field, value in required.where.items())
        return fits and (not required.kinds or self._details.kind in required.kinds)

    def on_mount(self) -> None:
        self._refresh_due()
        self._suggest()
        first = next((row for row in self.query(FormRow) if row.has_class("empty")), None)
        (first.field if first else self.query_one("#field-kind")).focus()

    # reading the form

    def details(self) -> OrderDetails:
        """What stands on the form."""
        values: dict[str, object] = {
            name: self.query_one(f"#field-{name}", TextField).value.strip() for name in self._listed(_TEXTS)
        }
        values |= {name: self.query_one(f"#field-{name}", FlagField).value for name in _FLAGS}
        values |= {name: self.query_one(f"#field-{name}", ChoiceField).value for name in self._listed(_CHOICES)}
        values["content"] = self.query_one("#field-content", NoteArea).text.strip()
        values["supporting"] = resolve_units(str(values["supporting"]), self._units)
        for name in ("lead", "transfer_unit"):
            if name in values:
                values[name] = next(iter(resolve_units(str(values[name]), self._units)), "")
        return msgspec.structs.replace(self._details, **values)

    @on(FieldChanged)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._details = self.details()
        self._seat.keep_form(self._details, self._proposed)
        self._refresh_due()

    @on(events.DescendantBlur)
    def _left(self, event: events.DescendantBlur) -> None:
        """Show the unit that the initials stand for."""
        for name in ("lead", "supporting"):
            if event.widget.id == f"field-{name}":
                value = getattr(self.details(), name)
                self.query_one(f"#field-{name}", TextField).value = value if name == "lead" else "、".join(value)
        if event.widget.id in _WEIGHED:
            self._suggest()

    # which unit

    def _suggest(self) -> None:
        self._seat.beside(self._show_suggestion, "suggesting", exclusive=True)

    async def _show_suggestion(self) -> None:
        """Name the unit that the book would suggest, and why; it stands on the form until somebody names another."""
        details = self._details
        found = await self._seat.desk(lambda opened: suggestions(opened.desk, details)[:1])
        if not self.is_attached:
            return
        line = self.query_one("#form-suggested", Static)
        if not found:
            line.update("")
            return
        best = found[0]
        line.update(Content(say("routing.on_form", unit=best.unit, reasons=all_told(best.reasons), clause=best.clause)))
        field = self.query_one("#field-lead", TextField)
        if field.value in ("", self._suggested) and not field.has_focus:
            field.value = best.unit
        self._suggested = best.unit

    def _refresh_due(self) -> None:
        due = self._foreseen()
        line = self.query_one("#form-due", Static)
        line.set_class(self._details.urgency == "urgent", "urgent")
        basis = "" if due.basis == "letter" else f"（{due.basis}）"
        line.update(Content(say("form.due", due=due_text(due), clause=due.clause + basis)))
        self._offer_transfer()
        missing = {required.field for required in missing_on_form(self._details, self._basis())} | self._untold()
        for row in self.query(FormRow):
            owed = row.name_ in missing or (row.name_ == "district" and "place" in missing)
            row.set_class(owed, "empty")
            row.set_class(self._asked(row.name_) or row.name_ in self._untold(), "required")

    def _basis(self) -> Context:
        return msgspec.structs.replace(self._seat.context(), directory=self._directory)

    def _untold(self) -> set[str]:
        """Fields that say what came of the transfer before the order, where the book wants one."""
        owing = transfers.owed(self._details, self._basis())
        return set(owing.fields) if isinstance(owing, Missing) else set()

    def _offer_transfer(self) -> None:
        """Name the number of the unit that may answer at once (ZJ-16.1b)."""
        offer, line = transfers.offer(self._details, self._basis()), self.query_one("#form-transfer", Static)
        if offer is None:
            line.update("")
            return
        key = "units.offer" if offer.number else "units.offer_nowhere"
        line.update(Content(say(key, unit=reached_at(offer.unit, self._directory), clause=offer.clause)))

    def _foreseen(self) -> Deadline:
        context = self._basis()
        return foreseen(self._details, context.rule_book, context.calendar, context.now)

    # moving

    def action_required(self, step: int) -> None:
        """To the next required field, round and round."""
        self._move([row for row in self.query(FormRow) if self._asked(row.name_)], step)

    def action_row(self, step: int) -> None:
        """To the next row."""
        self._move(list(self.query(FormRow)), step)

    def _move(self, rows: list[FormRow], step: int) -> None:
        every = list(self.query(FormRow))
        here = next((index for index, row in enumerate(every) if row.field.has_focus), -1)
        places = [every.index(row) for row in rows]
        ahead = [place for place in places if (place - here) * step > 0]
        chosen = (ahead or places)[0 if step > 0 else -1]
        every[chosen].field.focus()

    # ending

    def action_back(self) -> None:
        """Back to the note; what was filled in waits in the draft of the call."""
        self.dismiss(None)

    def action_why(self) -> None:
        """Why it would be due then."""
        self.app.push_screen(WhyDialog((self._foreseen(),)))

    def action_save(self) -> None:
        """Raise the order and hand it on; a unit that no list knows is asked about once."""
        unknown = self._unknown_units()
        if unknown and unknown != self._warned_of:
            self._warned_of = unknown
            self._say(say("form.unknown_unit", units="、".join(unknown)))
        elif not self._saving:
            self._saving = True
            self._seat.beside(self._save, "saving")

    def _unknown_units(self) -> tuple[str, ...]:
        """Names the house list does not have; a directory that is loaded refuses its own, with what is like them."""
        details, known = self.details(), self._units
        if self._directory.units:
            return ()
        return tuple(unit for unit in (details.lead, *details.supporting) if unit and unit not in known)

    async def _save(self) -> None:
        details, seat = self.details(), self._seat
        telling = seat.telling(details.title, "accept")

        def do(opened: OpenDesk) -> tuple[OrderRaising, Decision]:
            raising = intake.raise_order(opened.desk, self._call, self._matter, details, telling)
            if not isinstance(raising.decision, Done):
                return raising, raising.decision
            return raising, handling.dispatch(opened.desk, raising.order)

        answer = await seat.desk(do)
        self._saving = False
        if answer is None:
            return
        raising, handed_on = answer
        if not isinstance(raising.decision, Done):
            self._say(told(raising.decision))
            return
        self.dismiss(raising.number)
        if not isinstance(handed_on, Done):
            seat.tell(say("form.not_handed_on", why=told(handed_on)), warning=True)

    def _say(self, text: str) -> None:
        self.query_one("#form-message", Static).update(Content(text))
