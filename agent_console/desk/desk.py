"""The desk: where a command meets the rule book, the state read in its own transaction, and the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

import msgspec

from agent_console.clock import Clock
from agent_console.desk.ports import SeatStore
from agent_console.domain.calls import Call, CallErased
from agent_console.domain.calls import evolve as evolve_call
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.events import Event
from agent_console.domain.messages import message
from agent_console.domain.orders import Order
from agent_console.domain.orders import evolve as evolve_order
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.seats import Seat
from agent_console.domain.seats import evolve as evolve_seat
from agent_console.domain.working_time import Calendar
from agent_console.resources.rule_books import load_book
from agent_console.store.log import Context as WriteContext

StateT = TypeVar("StateT", bound=msgspec.Struct)
CommandT = TypeVar("CommandT", bound=msgspec.Struct)


def call_stream(call_id: str) -> str:
    """Stream of a call."""
    return f"call:{call_id}"


def order_stream(order_id: str) -> str:
    """Stream of an order."""
    return f"order:{order_id}"


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

    def context(self) -> Context:
        """What a decision rests on, at this instant."""
        return Context(self.rule_book, self.calendar, self.clock.now(), self.actor)

    def context_for(self, order: Order) -> Context:
        """The same for an order: a running order keeps the rule book it was raised under."""
        if order.rule_book in ("", self.rule_book.code):
            return self.context()
        return msgspec.structs.replace(self.context(), rule_book=load_book(order.rule_book))

    def transaction(self) -> AbstractContextManager[None]:
        """One transaction of the seat's file."""
        return self.store.transaction()

    def call(self, call_id: str) -> Call:
        """Folded state of a call."""
        return self._fold(call_stream(call_id), Call(), evolve_call)[0]

    def order(self, order_id: str) -> Order:
        """Folded state of an order."""
        return self._fold(order_stream(order_id), Order(), evolve_order)[0]

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
        cause: str = "",
        context_of: Callable[[StateT], Context] | None = None,
    ) -> Decision:
        """Inside a transaction: read the stream, decide, append.

        A stream that was erased or has unknown events is read-only. `cause` is the id of the command where it takes
        more than one step.
        """
        state, events = self._fold(stream, empty, evolve)
        if any(isinstance(event.fact, CallErased) for event in events):
            return Blocked((), message("stream.erased"))
        if any(event.fact is None for event in events):
            return Blocked((), message("stream.read_only"), message("stream.upgrade"))
        context = context_of(state) if context_of else self.context()
        decision = decide(state, command, context)
        if isinstance(decision, Done) and decision.facts:
            self.store.log.append(
                decision.facts, stream=stream, expected_version=len(events), context=self._written_by(context, cause)
            )
        return decision

    def note(self, stream: str, happened: msgspec.Struct) -> None:
        """Inside a transaction: append a fact that no rule is asked about, such as an erasure."""
        self.store.log.append(
            (happened,),
            stream=stream,
            expected_version=len(self.store.log.load(stream)),
            context=self._written_by(self.context()),
        )

    def _fold(
        self, stream: str, empty: StateT, evolve: Callable[[StateT, msgspec.Struct | None], StateT]
    ) -> tuple[StateT, list[Event]]:
        events = self.store.log.load(stream)
        state = empty
        for event in events:
            state = evolve(state, event.fact)
        return state, events

    def _written_by(self, context: Context, cause: str = "") -> WriteContext:
        return WriteContext(
            actor=self.actor.name,
            role=self.actor.role,
            unit=self.actor.unit,
            authority="self_declared" if self.actor.self_declared else "token",
            seat=self.seat,
            jurisdiction=context.rule_book.code,
            rule_book=context.rule_book.version,
            calendar=self.calendar.version,
            cause=cause or new_id(),
            occurred_at=context.now,
        )


def new_id() -> str:
    """A new identity, UUIDv7."""
    from uuid6 import uuid7

    return str(uuid7())
