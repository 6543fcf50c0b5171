"""A stream where the server has something else than the seat: confirmed events first, then what waits, decided again.

What no longer decides shows nothing; it stays in the outbox until the server has said so, and then in the tray.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import groupby
from typing import Any

import msgspec

from agent_console.desk.commands import COMMANDS, NOTE, Handling, Noted, may_be_noted
from agent_console.desk.desk import Desk, not_for_readers
from agent_console.desk.orders import secrecy
from agent_console.desk.reports import figures
from agent_console.desk.sync.keys import keys_are_here
from agent_console.domain.confidentiality.secrecy_facts import ERASING
from agent_console.domain.context import Context
from agent_console.domain.decisions import Done
from agent_console.domain.errors import UnknownName
from agent_console.domain.events import Event, known
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_clocks import is_recalculated
from agent_console.domain.work_order.order_life_facts import Recalculated
from agent_console.domain.work_order.orders import Order
from agent_console.domain.work_order.orders import evolve as evolve_order
from agent_console.store.log import Context as WriteContext
from agent_console.store.mirror import Told
from agent_console.store.outbox import HISTORY, KeptEntry, KeptStep
from agent_console.store.seat_file import Store

Facts = tuple[msgspec.Struct, ...]


def rewrite(desk: Desk, store: Store, stream: str, told: Sequence[Told], cursor: int) -> None:
    """Inside a transaction: let the confirmed events of a stream go on with `told`, then decide what waits again."""
    pending = {event.envelope.id: event for event, seq in store.log.to_fold(stream) if seq is None}
    with store.mirror.rewriting(stream):
        store.mirror.drop_pending(stream)
    append(desk, store, stream, told)
    store.mirror.fold_anew(stream)
    if _may_go_on(store, stream):
        for entry in store.outbox.not_confirmed(stream, cursor):
            base = store.log.version(stream)
            for step in entry.steps:
                _again(desk, store, entry, step, pending)
            store.outbox.decided_on(entry.id, stream, base)
    keep_figures(desk, store, stream)


def append(desk: Desk, store: Store, stream: str, told: Sequence[Told]) -> None:
    """Inside a transaction: append what the server has; its keys change hands as they would on this seat."""
    version = store.log.version(stream)
    for _, together in groupby(told, key=lambda one: one.envelope.cause):
        some = tuple(together)
        facts = tuple(one.fact for one in some if one.fact is not None)
        secrecy.change_keys(store, stream, facts, desk.rule_book)
        for one in some:
            version += 1
            store.mirror.append(one, version)


def keep_figures(desk: Desk, store: Store, stream: str) -> None:
    """Inside a transaction: write the due times of an order as it stands now."""
    if not stream.startswith("order:"):
        return
    order = _order(store, stream)
    if order.id and not order.withheld:
        figures.keep(desk, stream, order)


def _may_go_on(store: Store, stream: str) -> bool:
    events = [event for event, _ in store.log.to_fold(stream)]
    is_over = any(isinstance(event.fact, (CallErased, *ERASING)) for event in events)
    return not is_over and all(event.fact is not None for event in events)


def _again(desk: Desk, store: Store, entry: KeptEntry, step: KeptStep, pending: dict[str, Event]) -> None:
    if step.command == HISTORY:
        _told_again(store, step, pending)
        return
    facts = _noted(store, step) if step.command == NOTE else _decided(desk, store, entry, step)
    if not facts or not keys_are_here(desk, store, facts):
        return
    secrecy.change_keys(store, step.stream, facts, desk.rule_book)
    store.log.append(
        facts,
        stream=step.stream,
        expected_version=store.log.version(step.stream),
        context=_written_by(entry),
        ids=step.events,
    )


def _told_again(store: Store, step: KeptStep, pending: dict[str, Event]) -> None:
    there = {event.envelope.id for event, _ in store.log.to_fold(step.stream)}
    version = store.log.version(step.stream)
    again = [pending[id_] for id_ in step.events if id_ in pending and id_ not in there]
    store.log.take_in(
        [
            msgspec.structs.replace(event, envelope=msgspec.structs.replace(event.envelope, version=place))
            for place, event in enumerate(again, version + 1)
        ]
    )


def _noted(store: Store, step: KeptStep) -> Facts:
    if step.body is None:
        return ()
    noted = msgspec.json.decode(step.body, type=Noted)
    entry = known(noted.type)
    if entry is None:
        return ()
    happened: msgspec.Struct = msgspec.json.decode(noted.fact, type=entry.struct)
    if not may_be_noted(step.stream, happened) or _is_known(store, step.stream, happened):
        return ()
    return (happened,)


def _is_known(store: Store, stream: str, happened: msgspec.Struct) -> bool:
    """Whether another seat, or this one, has said so before: see `is_recalculated`."""
    return isinstance(happened, Recalculated) and is_recalculated(_order(store, stream), happened)


def _order(store: Store, stream: str) -> Order:
    return reduce(evolve_order, (event.fact for event, _ in store.log.to_fold(stream)), Order())


def _decided(desk: Desk, store: Store, entry: KeptEntry, step: KeptStep) -> Facts:
    handled = COMMANDS.get(step.command)
    if handled is None or step.body is None:
        return ()
    command = msgspec.json.decode(step.body, type=handled.struct)
    facts = (event.fact for event, _ in store.log.to_fold(step.stream))
    state: Any = reduce(handled.evolve, facts, handled.empty)
    try:
        context = _context(desk, entry, handled, state)
    except UnknownName:
        return ()
    decision = not_for_readers(state, context) or handled.decide(state, command, context)
    return decision.facts if isinstance(decision, Done) else ()


def _context(desk: Desk, entry: KeptEntry, handled: Handling, state: Any) -> Context:
    """What the entry was decided on, as far as this seat still knows it: its instant, its person, its book."""
    book, now = desk.books.present(entry.jurisdiction), entry.at + (entry.clock_offset or 0)
    if handled.context == "order":
        book = desk.books.under(state.rule_book or entry.jurisdiction, state.book_version, now)
    actor = Actor(entry.actor, entry.role, entry.unit, self_declared=entry.authority == "self_declared")
    return Context(book, desk.calendar, now, actor, desk.directory(book.code))


def _written_by(entry: KeptEntry) -> WriteContext:
    return WriteContext(
        actor=entry.actor,
        role=entry.role,
        unit=entry.unit,
        authority=entry.authority,
        seat=entry.seat,
        jurisdiction=entry.jurisdiction,
        rule_book=entry.rule_book,
        calendar=entry.calendar,
        cause=entry.id,
        occurred_at=entry.at,
        clock_offset=entry.clock_offset,
    )
