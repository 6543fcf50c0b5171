"""What stands on the form of an order, and its fields as text."""

from __future__ import annotations

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant, iso, parse
from agent_console.domain.time_limits.counting import MOST
from agent_console.domain.time_limits.situation import STATUTORY_UNITS

CHOICES: dict[str, tuple[str, ...]] = {
    "urgency": ("normal", "urgent"),
    "complexity": ("", "general", "complex", "especially_complex"),
    "form": ("", "oral", "written"),
    "statutory_unit": ("", *STATUTORY_UNITS),
}
"""Fields of the form that say one of a few things in every book."""


class OrderDetails(msgspec.Struct, frozen=True):
    """What stands on the order form. Empty text means: not told.

    urgency: "normal" or "urgent". complexity: "", "general", "complex", "especially_complex". form: "", "oral",
    "written". happened_at is the caller's own wording. superior_number, superior_due: of the platform above that sent
    it. statutory_…: the limit a law sets for this matter, and which law. urgent_cause: what makes it urgent, where the
    book lists causes. off_hours_reason: why it was taken while the channel was closed. transfer_…: the unit the caller
    was to be handed to before the order was made, who picked up there, and what came of it.
    """

    channel: str = ""
    line: str = ""
    received_at: Instant = 0
    caller_name: str = ""
    caller_number: str = ""
    contact_number: str = ""
    caller_type: str = ""
    anonymous: bool = False
    confidential: bool = False
    kind: str = ""
    title: str = ""
    content: str = ""
    wish: str = ""
    happened_at: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    point: str = ""
    concerns: str = ""
    urgency: str = "normal"
    simple: bool = False
    listed: bool = False
    complexity: str = ""
    form: str = ""
    unclear: bool = False
    mass_incident: bool = False
    repeat_of: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    language: str = ""
    superior_number: str = ""
    superior_due: Instant = 0
    statutory_amount: int = 0
    statutory_unit: str = ""
    statutory_source: str = ""
    urgent_cause: str = ""
    off_hours_reason: str = ""
    transfer_unit: str = ""
    transfer_person: str = ""
    transfer_outcome: str = ""

    @property
    def place(self) -> str:
        """District, street, community and point in one line."""
        return "".join((self.district, self.street, self.community, self.point))


_LISTS = ("supporting",)
_INSTANTS = ("received_at", "superior_due")
_TRUTH = {"true": True, "false": False}


def text_of(details: OrderDetails, field: str) -> str:
    """A field of the form as text: lists joined by 、, flags as true and false, instants in ISO, nothing as ""."""
    value = getattr(details, field)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return "" if not value else iso(value) if field in _INSTANTS else str(value)
    return str(value)


def with_field(details: OrderDetails, field: str, text: str) -> OrderDetails:
    """The form with one field changed to what `text` says. Raises BadInput for a number or time that is none."""
    return msgspec.structs.replace(details, **{field: _value(getattr(details, field), field, text)})


def _value(old: object, field: str, text: str) -> object:
    if field in _LISTS:
        return tuple(part for part in text.split("、") if part)
    if isinstance(old, bool):
        return _TRUTH.get(text, False)
    if not isinstance(old, int):
        return text
    if field in _INSTANTS:
        return parse(text) if text else 0
    if text and not (text.isascii() and text.isdigit()):
        raise BadInput("error.number", "advice.number", name=field, value=text, least=0, most=MOST)
    return int(text or 0)
