"""Orders as they go from one desk to another: one documented JSON form (FJ-3.3), see `docs/exchange.md`.

An order goes with its whole history. What it is follows from that alone; number, state and clocks stand beside it for
whoever only reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from agent_console.domain.confidentiality.secrecy_facts import OrderErased
from agent_console.domain.events import Envelope, Event, FactType, all_known, fact, known
from agent_console.domain.instants import Instant, from_datetime, local
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.orders import Order, OrderRaised, evolve

FORMAT = "12345-orders"
VERSION = 1
IMPORTED = "imported"
"""The authority of an event that another desk wrote."""

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z-]{1,64}$")]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Counted = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
_NOT_TAKEN = ("order.seen", "order.erased")
_BESIDE = "identity.unmasked"


class ExchangedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened. `fact` has the fields of its type; instants inside it are UTC microseconds."""

    id: Id
    type: str
    schema: Counted
    jurisdiction: str
    rule_book: str
    calendar: str
    actor: str
    role: str
    unit: str = ""
    authority: str = ""
    seat: str = ""
    device: str
    n: Counted
    occurred_at: datetime
    clock_offset: int | None = None
    cause: str = ""
    fact: dict[str, Any]


class ExchangedClock(msgspec.Struct, frozen=True):
    """When a clock ran out as it was told at the exporting desk; null where the limit has no date."""

    limit: str
    due: datetime | None
    clause: str
    basis: str
    provisional: bool


class ExchangedFile(msgspec.Struct, frozen=True):
    """A file of the order; `included`: its bytes stand beside this document under the name of the hash."""

    sha256: Hash
    name: str
    type: str
    size: Counted
    included: bool


class ExchangedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order: what it is called, where it stands, its clocks, its files and all that happened, oldest first."""

    id: Id
    number: str
    jurisdiction: str
    book_version: str = ""
    status: str
    clocks: tuple[ExchangedClock, ...] = ()
    attachments: tuple[ExchangedFile, ...] = ()
    history: tuple[ExchangedEvent, ...]


class ExchangedOrders(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document. masked: names and numbers of callers are not told in full."""

    format: str
    version: int
    exported_at: datetime
    jurisdiction: str
    masked: bool
    orders: tuple[ExchangedOrder, ...]


@fact("orders.imported")
class OrdersImported(msgspec.Struct, frozen=True):
    """Orders were taken in from a file: its SHA-256, how many were new, extended, known, left; ids of the first two."""

    sha256: str
    by: str
    role: str
    new: int
    extended: int
    known: int
    left: int
    orders: tuple[str, ...]
    occurred_at: Instant


class Unfit(Exception):
    """An order of a document cannot be taken; `where` in it, the key of the reason, and what the reason names."""

    def __init__(self, where: str, key: str, **fields: str) -> None:
        super().__init__(where, key)
        self.where = where
        self.key = key
        self.fields = fields


def exchanged_types() -> tuple[FactType, ...]:
    """Types of facts an order may bring."""
    return tuple(entry for entry in all_known() if _is_exchanged(entry.name))


def _is_exchanged(name: str) -> bool:
    return (name.startswith("order.") and name not in _NOT_TAKEN) or name == _BESIDE


def told(event: Event, body: dict[str, Any]) -> ExchangedEvent:
    """An event as it leaves, with the fields of its fact as they may be told."""
    envelope = event.envelope
    kept = {name: getattr(envelope, name) for name in ExchangedEvent.__struct_fields__ if hasattr(envelope, name)}
    return ExchangedEvent(**{**kept, "occurred_at": moment(envelope.occurred_at)}, fact=body)


def clock_told(limit: str, clock: Deadline) -> ExchangedClock:
    """A clock as it leaves."""
    due = None if clock.due is None else moment(clock.due)
    return ExchangedClock(limit, due, clock.clause, clock.basis, clock.provisional)


def moment(instant: Instant) -> datetime:
    """An instant to the microsecond, in Asia/Shanghai."""
    return local(instant)


def events_of(order: ExchangedOrder) -> tuple[Event, ...]:
    """The events of an order, marked as imported. Raises Unfit where they make no order of this program."""
    events = tuple(_event(order, place, entry) for place, entry in enumerate(order.history))
    first = events[0].fact if events else None
    if not isinstance(first, OrderRaised) or (first.order, first.number) != (order.id, order.number):
        raise Unfit("history[0]", "exchange.no_beginning")
    if again := [place for place, event in enumerate(events[1:], 1) if isinstance(event.fact, OrderRaised)]:
        raise Unfit(f"history[{again[0]}]", "exchange.begins_again")
    if folded(events).secret:
        raise Unfit("", "exchange.secret")
    return events


def folded(events: tuple[Event, ...]) -> Order:
    """The order that these events make."""
    state = Order()
    for event in events:
        state = evolve(state, event.fact)
    return state


def _event(order: ExchangedOrder, place: int, entry: ExchangedEvent) -> Event:
    where = f"history[{place}]"
    registered = known(entry.type)
    if registered is None or entry.schema > registered.schema or not _is_exchanged(entry.type):
        raise Unfit(f"{where}.type", "exchange.type", type=entry.type)
    try:
        body = msgspec.convert(entry.fact, registered.struct)
    except msgspec.ValidationError as error:
        raise Unfit(f"{where}.fact", "exchange.form", reason=str(error)) from error
    if entry.occurred_at.tzinfo is None:
        raise Unfit(f"{where}.occurred_at", "exchange.no_offset")
    envelope = Envelope(
        **{name: getattr(entry, name) for name in Envelope.__struct_fields__ if name in _TAKEN_OVER},
        stream=f"order:{order.id}",
        version=place + 1,
        occurred_at=from_datetime(entry.occurred_at),
        authority=IMPORTED,
    )
    return Event(envelope, body)


_OWN = ("stream", "version", "occurred_at", "authority")
_TAKEN_OVER = tuple(name for name in ExchangedEvent.__struct_fields__ if name not in (*_OWN, "fact"))


def first_difference(own: list[Event], theirs: tuple[Event, ...], *, masked: bool) -> int | None:
    """Place of the first event that is not the same in both histories, as far as both reach; None where all are.

    What a masked document leaves out is not compared.
    """
    for place, (mine, other) in enumerate(zip(own, theirs, strict=False)):
        if _identity(mine) != _identity(other) or not (masked or mine.fact in (None, other.fact)):
            return place
    return None


def _identity(event: Event) -> tuple[object, ...]:
    envelope = event.envelope
    return (envelope.id, envelope.type, envelope.occurred_at, envelope.device, envelope.n)


def is_erased(events: list[Event]) -> bool:
    """Whether an order was erased here."""
    return any(isinstance(event.fact, OrderErased) for event in events)
