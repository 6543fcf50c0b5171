"""A matter handed to units: its facts, its state, and what each fact changes.

What may happen when is decided in `order_steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from agent_console.domain.confidentiality.secrecy_facts import OrderClassified, OrderDeclassified
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.work_order.attachment_facts import Attached, Attachment, AttachmentWithdrawn, files_after
from agent_console.domain.work_order.order_details import OrderDetails, with_field
from agent_console.domain.work_order.order_life_facts import (
    SUPERVISED,
    Amended,
    Archived,
    CallerJoined,
    Flagged,
    Merged,
    OrderHandedBack,
    OrderPassedOn,
    OrderPushed,
    Rated,
    Reassigned,
    Recalculated,
    Recorded,
    RedoOrdered,
    Reopened,
    Voided,
    Withdrawn,
)

__all__ = ["OrderDetails"]

OrderStatus = Literal[
    "new", "raised", "dispatched", "signed", "returned", "completed", "archived", "withdrawn", "voided", "merged"
]

RUNNING: tuple[OrderStatus, ...] = ("raised", "dispatched", "signed", "returned")
"""States of an order that somebody still has to handle."""


@fact("order.raised", personal=("details",))
class OrderRaised(msgspec.Struct, frozen=True):
    """The matter became an order, under the rule book of that code in that version; it keeps both."""

    order: str
    number: str
    call: str
    matter: str
    details: OrderDetails
    occurred_at: Instant
    rule_book: str = ""
    book_version: str = ""


@fact("order.dispatched")
class OrderDispatched(msgspec.Struct, frozen=True):
    """Handed to the units; it is in their inbox from this moment (unit_received)."""

    lead: str
    supporting: tuple[str, ...]
    occurred_at: Instant


@fact("order.signed")
class OrderSigned(msgspec.Struct, frozen=True):
    """The unit signed for it."""

    unit: str
    fields: dict[str, str]
    occurred_at: Instant


@fact("order.return_requested", personal=("fields",))
class ReturnRequested(msgspec.Struct, frozen=True):
    """The unit says it is not theirs; the line has to decide."""

    unit: str
    fields: dict[str, str]
    occurred_at: Instant


@fact("order.return_refused", personal=("reason",))
class ReturnRefused(msgspec.Struct, frozen=True):
    """The unit keeps it; no clock moves (A-13)."""

    reason: str
    occurred_at: Instant


@fact("order.returned", personal=("fields",))
class OrderReturned(msgspec.Struct, frozen=True):
    """Back at the line, to be dispatched anew."""

    unit: str
    fields: dict[str, str]
    occurred_at: Instant


@fact("order.extension_requested", personal=("fields",))
class ExtensionRequested(msgspec.Struct, frozen=True):
    """The unit asks for more time."""

    days: int
    fields: dict[str, str]
    occurred_at: Instant


@fact("order.extension_refused", personal=("reason",))
class ExtensionRefused(msgspec.Struct, frozen=True):
    """The due date stays."""

    reason: str
    occurred_at: Instant


@fact("order.extended", personal=("fields",))
class OrderExtended(msgspec.Struct, frozen=True):
    """More time: `days` working days on top, the due time that was announced, and the clause."""

    days: int
    due: Instant
    clause: str
    fields: dict[str, str]
    occurred_at: Instant
    override: bool = False


@fact("order.completed", personal=("fields",))
class OrderCompleted(msgspec.Struct, frozen=True):
    """Handled, and answered as the rule book asks."""

    unit: str
    fields: dict[str, str]
    occurred_at: Instant


class Order(msgspec.Struct, frozen=True):
    """Folded state of one order. Instants are 0 where the step has not happened.

    holder: the unit that signed last, or the first that got it while none has. passed: the units under the lead it was
    passed on to, the last of them works on it. agency: of the tier above, while it was pushed there for `pushed_for`.
    secret: category of a confidential order. withheld: this is only the outline of one.
    """

    id: str = ""
    number: str = ""
    call: str = ""
    matter: str = ""
    status: OrderStatus = "new"
    details: OrderDetails = OrderDetails()
    rule_book: str = ""
    book_version: str = ""
    lead: str = ""
    supporting: tuple[str, ...] = ()
    raised_at: Instant = 0
    received_at: Instant = 0
    signed_at: Instant = 0
    completed_at: Instant = 0
    return_requested: bool = False
    refused_returns: tuple[str, ...] = ()
    extension_requested: ExtensionRequested | None = None
    extended_days: int = 0
    extensions: int = 0
    due: Instant = 0
    units: tuple[str, ...] = ()
    records: tuple[Recorded, ...] = ()
    flags: tuple[str, ...] = ()
    rating: str = ""
    rated_at: Instant = 0
    supervised_at: Instant = 0
    redo_ground: str = ""
    redos: int = 0
    redo_at: Instant = 0
    redo_keeps_clock: bool = False
    holder: str = ""
    returned_by: tuple[str, ...] = ()
    extended_at: Instant = 0
    archived_at: Instant = 0
    file_class: str = ""
    master: str = ""
    callers: tuple[CallerJoined, ...] = ()
    result: dict[str, str] = {}
    passed: tuple[str, ...] = ()
    agency: str = ""
    pushed_for: str = ""
    secret: str = ""
    withheld: bool = False
    attachments: tuple[Attachment, ...] = ()
    recalculations: tuple[Recalculated, ...] = ()

    @property
    def handlers(self) -> tuple[str, ...]:
        """The lead and those under it that it passed the order on to."""
        return (self.lead, *self.passed)

    def recorded(self, record: str) -> tuple[Recorded, ...]:
        """Entries of one kind, oldest first."""
        return tuple(entry for entry in self.records if entry.record == record)


def evolve(order: Order, happened: msgspec.Struct | None) -> Order:
    """State after a fact; a fact that cannot be read changes nothing."""
    step = _EVOLVE.get(type(happened))
    return step(order, happened) if step else order


def _raised(order: Order, happened: OrderRaised) -> Order:
    return msgspec.structs.replace(
        order,
        id=happened.order,
        number=happened.number,
        call=happened.call,
        matter=happened.matter,
        status="raised",
        details=happened.details,
        rule_book=happened.rule_book,
        book_version=happened.book_version,
        raised_at=happened.occurred_at,
    )


def _dispatched(order: Order, happened: OrderDispatched) -> Order:
    return msgspec.structs.replace(
        order,
        status="dispatched",
        lead=happened.lead,
        supporting=happened.supporting,
        received_at=happened.occurred_at,
        signed_at=0,
        extension_requested=None,
        extended_days=0,
        extensions=0,
        due=0,
        units=(*order.units, happened.lead),
        holder=order.holder or happened.lead,
        passed=(),
        agency="",
        pushed_for="",
    )


def _signed(order: Order, happened: OrderSigned) -> Order:
    return msgspec.structs.replace(order, status="signed", signed_at=happened.occurred_at, holder=order.lead)


def _return_refused(order: Order, _happened: ReturnRefused) -> Order:
    return msgspec.structs.replace(order, return_requested=False, refused_returns=(*order.refused_returns, order.lead))


def _returned(order: Order, happened: OrderReturned) -> Order:
    return msgspec.structs.replace(
        order,
        status="returned",
        return_requested=False,
        extension_requested=None,
        returned_by=(*order.returned_by, happened.unit),
    )


def _extended(order: Order, happened: OrderExtended) -> Order:
    return msgspec.structs.replace(
        order,
        extension_requested=None,
        extended_days=order.extended_days + happened.days,
        extensions=order.extensions + 1,
        extended_at=happened.occurred_at,
        due=happened.due,
    )


def _completed(order: Order, happened: OrderCompleted) -> Order:
    return msgspec.structs.replace(
        order,
        status="completed",
        completed_at=happened.occurred_at,
        extension_requested=None,
        result=happened.fields,
    )


def _recorded(order: Order, happened: Recorded) -> Order:
    return msgspec.structs.replace(order, records=(*order.records, happened))


def _flagged(order: Order, happened: Flagged) -> Order:
    others = tuple(flag for flag in order.flags if flag != happened.flag)
    since = happened.occurred_at if happened.on and happened.flag == SUPERVISED else order.supervised_at
    flags = (*others, happened.flag) if happened.on else others
    return msgspec.structs.replace(order, flags=flags, supervised_at=since)


def _reassigned(order: Order, happened: Reassigned) -> Order:
    return _dispatched(order, OrderDispatched(happened.lead, happened.supporting, happened.occurred_at))


def _pushed(order: Order, happened: OrderPushed) -> Order:
    return msgspec.structs.replace(order, agency=happened.agency, pushed_for=happened.lead)


def _passed_on(order: Order, happened: OrderPassedOn) -> Order:
    if happened.to == order.lead:
        return msgspec.structs.replace(order, passed=())
    return msgspec.structs.replace(order, passed=(*order.passed, happened.to), units=(*order.units, happened.to))


def _rated(order: Order, happened: Rated) -> Order:
    return msgspec.structs.replace(order, rating=happened.value, rated_at=happened.occurred_at)


def _redo(order: Order, happened: RedoOrdered) -> Order:
    anew = {} if happened.keeps_clock else {"extended_days": 0, "extensions": 0, "due": 0}
    return msgspec.structs.replace(
        order,
        status="signed",
        completed_at=0,
        rating="",
        redo_ground=happened.ground,
        redos=happened.number,
        redo_at=happened.occurred_at,
        redo_keeps_clock=happened.keeps_clock,
        **anew,
    )


def _archived(order: Order, happened: Archived) -> Order:
    return msgspec.structs.replace(
        order, status="archived", archived_at=happened.occurred_at, file_class=happened.file_class
    )


def _amended(order: Order, happened: Amended) -> Order:
    return msgspec.structs.replace(order, details=with_field(order.details, happened.field, happened.new))


def _joined(order: Order, happened: CallerJoined) -> Order:
    return msgspec.structs.replace(order, callers=(*order.callers, happened))


def _recalculated(order: Order, happened: Recalculated) -> Order:
    due = happened.after if order.due and happened.limit == "handle" else order.due
    return msgspec.structs.replace(order, due=due, recalculations=(*order.recalculations, happened))


def _files(order: Order, happened: Attached | AttachmentWithdrawn) -> Order:
    return msgspec.structs.replace(order, attachments=files_after(order.attachments, happened))


_EVOLVE: dict[type, Callable[[Order, Any], Order]] = {
    OrderRaised: _raised,
    OrderDispatched: _dispatched,
    OrderSigned: _signed,
    ReturnRequested: lambda order, _: msgspec.structs.replace(order, return_requested=True),
    ReturnRefused: _return_refused,
    OrderReturned: _returned,
    ExtensionRequested: lambda order, asked: msgspec.structs.replace(order, extension_requested=asked),
    ExtensionRefused: lambda order, _: msgspec.structs.replace(order, extension_requested=None),
    OrderExtended: _extended,
    OrderCompleted: _completed,
    Recorded: _recorded,
    Flagged: _flagged,
    Reassigned: _reassigned,
    OrderPushed: _pushed,
    OrderHandedBack: lambda order, _: msgspec.structs.replace(order, agency="", pushed_for=""),
    OrderPassedOn: _passed_on,
    Rated: _rated,
    RedoOrdered: _redo,
    Archived: _archived,
    Reopened: lambda order, _: msgspec.structs.replace(order, status="completed", archived_at=0),
    Amended: _amended,
    Withdrawn: lambda order, _: msgspec.structs.replace(order, status="withdrawn"),
    OrderClassified: lambda order, happened: msgspec.structs.replace(order, secret=happened.category),
    OrderDeclassified: lambda order, _: msgspec.structs.replace(order, secret=""),
    Recalculated: _recalculated,
    Voided: lambda order, _: msgspec.structs.replace(order, status="voided"),
    Merged: lambda order, happened: msgspec.structs.replace(order, status="merged", master=happened.master),
    CallerJoined: _joined,
    Attached: _files,
    AttachmentWithdrawn: _files,
}
