"""Figures of orders and calls: open columns only, a row per order and one per matter, to count by.

Nothing personal stands here. What an order is about is kept as a keyed hash (`Sealing.word_hash`), for it may be
somebody's name. Due times follow from rule books, which the store does not know: the desk writes them (`FigureBoard`).
Another column: add it to `OrderFigure`, to `figure_of`, and raise `OrderTables.version`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.work_order.clock_states import WINDOWS
from agent_console.domain.work_order.orders import RUNNING, Order, OrderExtended, OrderRaised, OrderReturned
from agent_console.store.connection import rows
from agent_console.store.sealing import Sealing
from agent_console.store.tallies import Counting, Sums, tally

if TYPE_CHECKING:
    from sqlite_utils import Database

CLOCKS = ("dispatch", "sign", "return", "handle", "contact", "extension_apply_by")
"""Clocks whose due time is kept, each in a column `due_<clock>`; 0 where it does not run."""


class OrderFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of one order; instants in UTC microseconds, 0 where the step has not happened.

    day: local date on which it was raised. accepted_at: when the line took the request. lead: the unit that has it, or
    the one on the form; handler: the one below it that works on it. agent: who raised it. topic: keyed hash. flags,
    supporting: joined by 、, one at either end. extensions: granted over its whole life. satisfaction: the last word of
    the caller, by rating or callback; callback_satisfaction: by callback alone. dissatisfied_again: not satisfied, and
    said so after a redo or after the order was put under supervision. fallback: it went to a fallback unit. joined:
    callers that joined it, repeat: it repeats another. on_time: 1 or 0 once it was handled under a limit, 0 for good
    where one handling of the same unit was late. immediate: its limit is a word such as 立即 that counts as no breach.
    calendar, book_version: what the due times were computed by; empty: not yet. raised_version: of the rule book the
    order was raised under.
    """

    stream: str
    number: str = ""
    rule_book: str = ""
    day: str = ""
    raised_at: Instant = 0
    accepted_at: Instant = 0
    received_at: Instant = 0
    signed_at: Instant = 0
    completed_at: Instant = 0
    archived_at: Instant = 0
    status: str = ""
    lead: str = ""
    handler: str = ""
    supporting: str = ""
    kind: str = ""
    topic: str = ""
    district: str = ""
    channel: str = ""
    line: str = ""
    agent: str = ""
    urgent: int = 0
    confidential: int = 0
    fallback: int = 0
    returns: int = 0
    extensions: int = 0
    redos: int = 0
    redo_ground: str = ""
    return_requested: int = 0
    extension_requested: int = 0
    dissatisfied_again: int = 0
    rating: str = ""
    satisfaction: str = ""
    callback_satisfaction: str = ""
    callbacks: int = 0
    reached: int = 0
    flags: str = ""
    joined: int = 0
    repeat: int = 0
    source: str = ""
    on_time: int | None = None
    immediate: int = 0
    provisional: int = 0
    due_dispatch: Instant = 0
    due_sign: Instant = 0
    due_return: Instant = 0
    due_handle: Instant = 0
    due_contact: Instant = 0
    due_extension_apply_by: Instant = 0
    calendar: str = ""
    book_version: str = ""
    raised_version: str = ""


COLUMNS = OrderFigure.__struct_fields__
_BY_DESK = ("on_time", "immediate", "provisional", *(f"due_{clock}" for clock in CLOCKS), "calendar", "book_version")
_BY_EVENT = tuple(name for name in COLUMNS if name not in _BY_DESK)
_KEPT = ("stream", "agent", "extensions")
"""What a later event does not write anew: the agent stays, extensions add up."""
_WRITE = (
    f"INSERT INTO order_figure ({', '.join(_BY_EVENT)}) VALUES ({', '.join('?' * len(_BY_EVENT))})"
    " ON CONFLICT (stream) DO UPDATE SET extensions = extensions + excluded.extensions, "
    + ", ".join(f"{name} = excluded.{name}" for name in _BY_EVENT if name not in _KEPT)
)
_CALLBACK = "callback"
DISSATISFIED = "dissatisfied"
IS_RUNNING = f"status IN ({', '.join(repr(status) for status in RUNNING)})"
"""What holds of an order somebody still has to handle."""
ENDING_CLOCKS = tuple(clock for clock in CLOCKS if clock not in WINDOWS)
"""Clocks whose end makes somebody late; the others are windows that close."""
_NEVER = 1 << 62
_ENDS = ", ".join(f"CASE due_{clock} WHEN 0 THEN {_NEVER} ELSE due_{clock} END" for clock in ENDING_CLOCKS)
NEXT_END = f"min({_ENDS})"
"""When the clock of an order ends that ends next; far away where none runs."""


def note_order(connection: Connection, event: Event, order: Order) -> None:
    """Take in one event of an order whose state after it is `order`."""
    stream, happened = event.envelope.stream, event.fact
    figure = figure_of(
        stream,
        order,
        agent=event.envelope.actor if isinstance(happened, OrderRaised) else "",
        extensions=int(isinstance(happened, OrderExtended)),
        topic=topic_key(Sealing(connection), topic_of(order)),
    )
    connection.execute(_WRITE, tuple(getattr(figure, name) for name in _BY_EVENT))
    if isinstance(happened, OrderReturned):
        connection.execute("INSERT INTO order_return (stream, unit) VALUES (?, ?)", (stream, happened.unit))


def figure_of(stream: str, order: Order, *, agent: str, extensions: int, topic: str) -> OrderFigure:
    """The open columns of an order; place and topic of a confidential one stay empty."""
    details = order.details
    is_secret = details.confidential or bool(order.secret)
    callbacks = order.recorded(_CALLBACK)
    told = [entry.fields["satisfaction"] for entry in callbacks if entry.fields.get("satisfaction")]
    by_callback = told[-1] if told else ""
    return OrderFigure(
        stream=stream,
        number=order.number,
        rule_book=order.rule_book,
        raised_version=order.book_version,
        day=local_date(order.raised_at).isoformat(),
        raised_at=order.raised_at,
        accepted_at=details.received_at or order.raised_at,
        received_at=order.received_at,
        signed_at=order.signed_at,
        completed_at=order.completed_at,
        archived_at=order.archived_at,
        status=order.status,
        lead=order.lead or details.lead,
        handler=order.handlers[-1] or details.lead,
        supporting=_joined(order.supporting if order.lead else details.supporting),
        kind=details.kind,
        topic="" if is_secret else topic,
        district="" if is_secret else details.district,
        channel=details.channel,
        line=details.line,
        agent=agent,
        urgent=int(details.urgency == "urgent"),
        confidential=int(is_secret),
        fallback=int(_is_fallback(order)),
        returns=len(order.returned_by),
        extensions=extensions,
        redos=order.redos,
        redo_ground=order.redo_ground,
        return_requested=int(order.return_requested),
        extension_requested=int(order.extension_requested is not None),
        dissatisfied_again=int(_is_dissatisfied_again(order)),
        rating=order.rating,
        satisfaction=order.rating or by_callback,
        callback_satisfaction=by_callback,
        callbacks=len(callbacks),
        reached=int(any(entry.fields.get("reached") != "no" for entry in callbacks)),
        flags=_joined(order.flags),
        joined=len(order.callers),
        repeat=int(bool(details.repeat_of) or order.status == "merged"),
    )


def _is_fallback(order: Order) -> bool:
    named = [entry.fields["fallback_unit"] for entry in order.records if entry.fields.get("fallback_unit")]
    return "fallback" in order.flags or (bool(named) and order.lead == named[-1])


def _is_dissatisfied_again(order: Order) -> bool:
    told = [entry for entry in order.recorded(_CALLBACK) if entry.fields.get("satisfaction")]
    words = [(entry.occurred_at, entry.fields["satisfaction"]) for entry in told]
    words += [(order.rated_at, order.rating)] if order.rating else []
    at, word = max(words, default=(0, ""))
    after_redo = bool(order.redo_at) and at >= order.redo_at
    after_supervision = bool(order.supervised_at) and at >= order.supervised_at
    return word == DISSATISFIED and (after_redo or after_supervision)


def topic_of(order: Order) -> str:
    """What an order is about: whom or what it concerns, its title where that was not told."""
    return order.details.concerns.strip() or order.details.title.strip()


def topic_key(sealing: Sealing, text: str) -> str:
    """Key of a topic; spellings that differ in width, case or spaces are one."""
    return sealing.word_hash("".join(unicodedata.normalize("NFKC", text).lower().split()))


def _joined(names: Iterable[str]) -> str:
    text = "、".join(names)
    return f"、{text}、" if text else ""


def forget_order(connection: Connection, owner: str) -> None:
    """Take out of an erased order's row what could still lead to somebody; that it was counts on."""
    connection.execute("UPDATE order_figure SET topic = '', district = '' WHERE stream = ?", (owner,))


def drop_order(connection: Connection, stream: str) -> None:
    """Remove the rows of an order."""
    for table in ("order_figure", "order_return"):
        connection.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))


def clear_orders(connection: Connection) -> None:
    """Empty the tables; what cannot be counted again for want of a role key stays."""
    locked = Sealing(connection).locked()
    gaps = ", ".join("?" * len(locked))
    for table in ("order_figure", "order_return"):
        connection.execute(f"DELETE FROM {table} WHERE stream NOT IN ({gaps})", locked)


def make_order_figures(db: Database) -> None:
    """The tables `order_figure` and `order_return`."""
    types = {name: int if field.type in (int, int | None) else str for name, field in _fields().items()}
    del types["raised_version"], types["extension_requested"]
    defaults = {name: "" if type_ is str else 0 for name, type_ in types.items() if name not in ("stream", "on_time")}
    figure = db.table("order_figure")
    figure.create(types, pk="stream", not_null=set(types) - {"on_time"}, defaults=defaults, strict=True)
    figure.create_index(["raised_at"])
    figure.create_index(["lead"])
    figure.create_index(["number"])
    figure.create_index(["topic"])
    db.execute(f"CREATE INDEX order_figure_running ON order_figure (status, due_handle) WHERE {IS_RUNNING}")
    db.execute("CREATE INDEX order_figure_undated ON order_figure (stream) WHERE calendar = ''")
    returned = db.table("order_return")
    returned.create({"id": int, "stream": str, "unit": str}, pk="id", not_null={"stream", "unit"}, strict=True)
    returned.create_index(["stream"])


def add_raised_version(db: Database) -> None:
    """The version of the rule book an order was raised under."""
    db.table("order_figure").add_column("raised_version", str, not_null_default="")


def add_extension_requested(db: Database) -> None:
    """Whether an extension waits to be decided; and a way to what is handled and not put away."""
    db.table("order_figure").add_column("extension_requested", int, not_null_default=0)
    db.execute("CREATE INDEX order_figure_handled ON order_figure (satisfaction) WHERE status = 'completed'")
    db.execute("CREATE INDEX order_figure_completed ON order_figure (completed_at) WHERE completed_at > 0")


def _fields() -> dict[str, Any]:
    return {field.name: field for field in msgspec.structs.fields(OrderFigure)}


class Dues(msgspec.Struct, frozen=True):
    """What the desk computes of an order by rule book and calendar."""

    due: Mapping[str, Instant]
    on_time: int | None
    immediate: bool
    provisional: bool
    calendar: str
    book_version: str


class FigureBoard:
    """The figures of one seat's file, as the desk reads and completes them."""

    def __init__(self, connection: Connection) -> None:
        """Work on this file."""
        self._connection = connection

    def note_dues(self, stream: str, dues: Dues) -> None:
        """Write the due times of an order, inside the transaction that is open."""
        values = (
            dues.on_time,
            int(dues.immediate),
            int(dues.provisional),
            *(dues.due.get(clock, 0) for clock in CLOCKS),
            dues.calendar,
            dues.book_version,
        )
        sets = ", ".join(f"{name} = ?" for name in _BY_DESK)
        self._connection.execute(f"UPDATE order_figure SET {sets} WHERE stream = ?", (*values, stream))

    def outdated(self, versions: Mapping[tuple[str, str], str], calendar: str) -> list[str]:
        """Streams whose due times were computed by another calendar or book, or never.

        versions: what holds now, by code and version an order was raised under.
        """
        found = rows(self._connection, "SELECT stream FROM order_figure WHERE calendar = ''")
        books = " OR ".join("(rule_book = ? AND raised_version = ? AND book_version != ?)" for _ in versions) or "0"
        found += rows(
            self._connection,
            f"SELECT stream FROM order_figure WHERE {IS_RUNNING} AND calendar != '' AND (calendar != ? OR {books})",
            (calendar, *(text for raised, now in versions.items() for text in (*raised, now))),
        )
        return [stream for (stream,) in found]

    def books(self) -> list[tuple[str, str]]:
        """Codes of the rule books that running orders are under, each with the version it was raised under."""
        sql = f"SELECT DISTINCT rule_book, raised_version FROM order_figure WHERE {IS_RUNNING} AND rule_book != ''"
        return rows(self._connection, sql)

    def figures(self, where: str = "1", parameters: tuple[object, ...] = (), limit: int = -1) -> list[OrderFigure]:
        """Rows that `where` finds, oldest first; `limit` -1 for all."""
        sql = f"SELECT {', '.join(COLUMNS)} FROM order_figure WHERE {where} ORDER BY raised_at LIMIT ?"
        found = rows(self._connection, sql, (*parameters, limit))
        return [OrderFigure(**dict(zip(COLUMNS, row, strict=True))) for row in found]

    def tally(self, counting: Counting) -> Sums:
        """Count orders and calls."""
        return tally(self._connection, counting)

    def ask(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a question to the tables of figures."""
        return rows(self._connection, sql, parameters)

    def newest_of(self, topic: str) -> str:
        """Stream of the newest order of a topic, "" where there is none."""
        sql = "SELECT stream FROM order_figure WHERE topic = ? ORDER BY raised_at DESC LIMIT 1"
        found = rows(self._connection, sql, (topic,))
        return str(found[0][0]) if found else ""
