"""The desk: where a command meets the rule book, the state read in its own transaction, and the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

import msgspec

from agent_console.clock import Clock
from agent_console.desk.books import RunningBooks
from agent_console.desk.orders import secrecy
from agent_console.desk.ports import SeatStore
from agent_console.desk.reports import figures
from agent_console.desk.role_names import with_role_names
from agent_console.domain.confidentiality.secrecy_facts import ERASING
from agent_console.domain.confidentiality.sight import only_reads
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.events import Event, type_of
from agent_console.domain.intake.calls import Call, CallErased
from agent_console.domain.intake.calls import evolve as evolve_call
from agent_console.domain.intake.seats import Seat
from agent_console.domain.intake.seats import evolve as evolve_seat
from agent_console.domain.messages import message
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.units.directory import Directory
from agent_console.domain.units.directory import evolve as evolve_directory
from agent_console.domain.work_order.orders import Order, OrderRaised
from agent_console.domain.work_order.orders import evolve as evolve_order
from agent_console.store import log
from agent_console.store.log import Context as WriteContext
from agent_console.store.outbox import HISTORY, KeptStep
from agent_console.store.schema import STRETCH

StateT = TypeVar("StateT", bound=msgspec.Struct)
CommandT = TypeVar("CommandT", bound=msgspec.Struct)

new_id = log.new_id


def call_stream(call_id: str) -> str:
    """Stream of a call."""
    return f"call:{call_id}"


def order_stream(order_id: str) -> str:
    """Stream of an order."""
    return f"order:{order_id}"


def directory_stream(jurisdiction: str) -> str:
    """Stream of the directory of a jurisdiction."""
    return f"directory:{jurisdiction}"


class Desk:
    """One person at one seat under one rule book, working on the seat's file."""

    def __init__(
        self, store: SeatStore, rule_book: RuleBook, calendar: Calendar, clock: Clock, actor: Actor, seat: str
    ) -> None:
        """Work on `store` as `actor`; `seat` is the seat's number as the centre counts it."""
        self.store = store
        self.rule_book = rule_book
        self.calendar = calendar
        self.clock = clock
        self.actor = actor
        self.seat = seat
        self.books = RunningBooks(store.books, rule_book)
        self._directories: dict[str, tuple[int, Directory]] = {}

    def context(self) -> Context:
        """What a decision rests on, at this instant by the server's clock as far as the seat knows it.

        Within a transaction that is one and the same.
        """
        now = self.store.outbox.instant(self.clock.now()) + self.store.link.clock_offset
        return Context(self.rule_book, self.calendar, now, self.actor, self.directory())

    def context_for(self, order: Order) -> Context:
        """The same for an order: a running order keeps the version of the rule book it was raised under."""
        context = self.context()
        book = self.books.under(order.rule_book, order.book_version, context.now)
        if book is self.rule_book:
            return context
        return msgspec.structs.replace(context, rule_book=book, directory=self.directory(book.code))

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction of the seat's file."""
        return self.store.transaction()

    def call(self, call_id: str) -> Call:
        """Folded state of a call; its outline where it is confidential and not for the actor's role."""
        shown = self.store.withheld(call_stream(call_id))
        return shown if isinstance(shown, Call) else self._fold(call_stream(call_id), Call(), evolve_call)[0]

    def order(self, order_id: str) -> Order:
        """Folded state of an order; its outline where it is confidential and not for the actor's role."""
        shown = self.store.withheld(order_stream(order_id))
        return shown if isinstance(shown, Order) else self._fold(order_stream(order_id), Order(), evolve_order)[0]

    def directory(self, jurisdiction: str = "") -> Directory:
        """The directory of the desk's jurisdiction or of another, folded again only when something was added to it."""
        code = jurisdiction or self.rule_book.code
        stream = directory_stream(code)
        version, kept = self.store.log.version(stream), self._directories.get(code)
        if kept is None or kept[0] != version:
            kept = (version, self._fold(stream, Directory(), evolve_directory)[0] if version else Directory())
            self._directories[code] = kept
        return kept[1]

    def seat_state(self) -> Seat:
        """Folded state of this seat."""
        return self._fold(self.seat_stream, Seat(), evolve_seat)[0]

    @property
    def seat_stream(self) -> str:
        """Stream of this seat."""
        return f"seat:{self.store.identity.device}"

    def on_call(
        self, call_id: str, decide: Callable[[Call, CommandT, Context], Decision], command: CommandT
    ) -> Decision:
        """Decide a command on a call and keep what follows; joins no transaction, opens its own."""
        with self.transaction():
            return self.step(call_stream(call_id), Call(), evolve_call, decide, command)

    def on_order(
        self, order_id: str, decide: Callable[[Order, CommandT, Context], Decision], command: CommandT
    ) -> Decision:
        """Decide a command on an order and keep what follows."""
        with self.transaction():
            return self.order_step(order_id, decide, command)

    def order_step(
        self, order_id: str, decide: Callable[[Order, CommandT, Context], Decision], command: CommandT
    ) -> Decision:
        """The same inside a transaction that is open."""
        return self.step(order_stream(order_id), Order(), evolve_order, decide, command, context_of=self.context_for)

    def on_seat(self, decide: Callable[[Seat, CommandT, Context], Decision], command: CommandT) -> Decision:
        """Decide a command on this seat and keep what follows."""
        with self.transaction():
            return self.step(self.seat_stream, Seat(), evolve_seat, decide, command)

    def step(
        self,
        stream: str,
        empty: StateT,
        evolve: Callable[[StateT, msgspec.Struct | None], StateT],
        decide: Callable[[StateT, CommandT, Context], Decision],
        command: CommandT,
        context_of: Callable[[StateT], Context] | None = None,
    ) -> Decision:
        """Inside a transaction: read the stream, decide, append, and put the command into the outbox.

        A stream that was erased or has unknown events is read-only.
        """
        if self.store.withheld(stream) is not None:
            return secrecy.not_for(self.rule_book)
        state, events = self._fold(stream, empty, evolve)
        if any(isinstance(event.fact, (CallErased, *ERASING)) for event in events):
            return Blocked((), message("stream.erased"))
        if any(event.fact is None for event in events):
            return Blocked((), message("stream.read_only"), message("stream.upgrade"))
        context = context_of(state) if context_of else self.context()
        decision = with_role_names(
            not_for_readers(state, context) or decide(state, command, context), context.rule_book
        )
        if isinstance(decision, Done) and decision.facts:
            self._keep(stream, len(events), command, decision.facts, context)
            for happened in decision.facts:
                state = evolve(state, happened)
            if isinstance(state, Order):
                figures.keep(self, stream, state)
        return decision

    def _keep(
        self, stream: str, base: int, command: msgspec.Struct, facts: tuple[msgspec.Struct, ...], context: Context
    ) -> None:
        # Late: the first frame decides nothing and does not wait for every command there is.
        from agent_console.desk.commands import name_of

        if any(isinstance(happened, OrderRaised) for happened in facts):
            self.books.keep(context.rule_book)
        secrecy.change_keys(self.store, stream, facts, context.rule_book)
        written_by = self._written_by(context)
        kept = self._append(stream, facts, base, written_by)
        # The entry is told of as of the present book, whichever the order was raised under.
        present = msgspec.structs.replace(
            written_by, jurisdiction=self.rule_book.code, rule_book=self.rule_book.version
        )
        self.store.outbox.add(KeptStep(stream, base, name_of(command), msgspec.json.encode(command), kept), present)

    def note(self, stream: str, happened: msgspec.Struct) -> None:
        """Inside a transaction: append a fact that no rule is asked about, such as an erasure."""
        secrecy.change_keys(self.store, stream, (happened,), self.rule_book)
        written_by, base, entry = self._written_by(self.context()), self.store.log.version(stream), type_of(happened)
        kept = self._append(stream, (happened,), base, written_by)
        from agent_console.desk.commands import NOTE, Noted

        body = msgspec.json.encode(Noted(entry.name, msgspec.Raw(msgspec.json.encode(happened))))
        told = KeptStep(stream, base, NOTE, body, kept, in_open=not entry.personal)
        self.store.outbox.add(told, written_by)

    def take_in(self, events: tuple[Event, ...]) -> None:
        """Inside a transaction: append events of one stream that were made elsewhere, and tell the server of them.

        Raises StreamMoved.
        """
        first = events[0].envelope
        self.store.log.take_in(events)
        written_by = self._written_by(self.context())
        for start in range(0, len(events), STRETCH):
            ids = tuple(event.envelope.id for event in events[start : start + STRETCH])
            told = KeptStep(first.stream, first.version - 1 + start, HISTORY, b"", ids)
            self.store.outbox.add(told, written_by)

    def _append(
        self, stream: str, facts: tuple[msgspec.Struct, ...], base: int, written_by: WriteContext
    ) -> tuple[str, ...]:
        events = self.store.log.append(facts, stream=stream, expected_version=base, context=written_by)
        return tuple(event.envelope.id for event in events)

    def _fold(
        self, stream: str, empty: StateT, evolve: Callable[[StateT, msgspec.Struct | None], StateT]
    ) -> tuple[StateT, list[Event]]:
        events = self.store.log.load(stream)
        state = empty
        for event in events:
            state = evolve(state, event.fact)
        return state, events

    def _written_by(self, context: Context) -> WriteContext:
        """What stands beside a fact. When it happened is by the seat's own clock, which is never corrected twice."""
        measured = self.store.link.measured_clock()
        return WriteContext(
            actor=self.actor.name,
            role=self.actor.role,
            unit=self.actor.unit,
            authority="self_declared" if self.actor.self_declared else "token",
            seat=self.seat,
            jurisdiction=context.rule_book.code,
            rule_book=context.rule_book.version,
            calendar=self.calendar.version,
            cause=self.store.outbox.entry_id(),
            occurred_at=context.now - (measured.offset if measured is not None else 0),
            clock_offset=None if measured is None else measured.offset,
        )


def not_for_readers(state: msgspec.Struct, context: Context) -> Decision | None:
    """Why somebody who only reads may not begin this stream; a step of an order asks who may take it itself."""
    begins = isinstance(state, Call) or (isinstance(state, Order) and state.status == "new")
    return only_reads(context) if begins else None
