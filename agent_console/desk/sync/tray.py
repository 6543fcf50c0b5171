"""What the server turned down or could not swallow, kept as it was typed until a person has seen to it."""

from __future__ import annotations

import msgspec

from agent_console.desk.calls.intake import Refusing
from agent_console.desk.commands import COMMANDS, HISTORY, NOTE, Noted
from agent_console.desk.desk import Desk
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.events import Event, known
from agent_console.domain.oversight.refused_entries import EntryClosed
from agent_console.store.outbox import KeptEntry, KeptStep
from agent_console.store.seat_file import Store
from agent_console.sync.wire import Verdict


class TrayItem(msgspec.Struct, frozen=True):
    """One entry with the server's word on it, and the events that were there first, as far as they are here."""

    entry: KeptEntry
    verdict: Verdict | None
    theirs: tuple[Event, ...] = ()


def tray(store: Store) -> list[TrayItem]:
    """Everything a person has to look at: rejected, conflicting and parked entries, oldest first.

    Behind them what was set aside until the key of a role is here, with nothing to be decided about it.
    """
    return [_item(store, entry) for entry in (*store.outbox.tray(), *store.outbox.held())]


def item(store: Store, entry_id: str) -> TrayItem:
    """One of the tray, by its id or an unambiguous end of it. Raises UnknownName."""
    return _item(store, _entry(store, entry_id))


def _entry(store: Store, entry_id: str) -> KeptEntry:
    every = (*store.outbox.tray(), *store.outbox.held())
    found = [one for one in every if entry_id and one.id.endswith(entry_id)]
    if len(found) != 1:
        raise UnknownName("error.tray_entry", "advice.tray_entry", name=entry_id)
    return found[0]


def _to_settle(store: Store, entry_id: str) -> KeptEntry:
    entry = _entry(store, entry_id)
    if entry.state == "held":
        raise BadInput("error.tray_held", "advice.tray_held")
    return entry


def do_again(desk: Desk, store: Store, entry_id: str) -> Decision:
    """Do it once more on what holds now, as the person at the desk; a parked entry is sent again as it was.

    Where a rule refuses, nothing changes. Raises UnknownName, BadInput where what was typed was erased, or waits for a
    key.
    """
    entry = _to_settle(store, entry_id)
    if entry.state == "parked":
        store.outbox.send_again(entry.id)
        return Done(())
    if any(step.body is None or step.command == HISTORY for step in entry.steps):
        raise BadInput("error.tray_erased", "advice.tray_erased")
    decision: Decision = Done(())
    try:
        with desk.transaction():
            for step in entry.steps:
                decision = _step(desk, step)
                if not isinstance(decision, Done):
                    raise Refusing(decision)
            _close(desk, store, EntryClosed(entry.id, "again", desk.actor.name, desk.actor.role, desk.context().now))
    except Refusing as refused:
        return refused.decision
    return decision


def drop(desk: Desk, store: Store, entry_id: str, ground: str) -> None:
    """Leave it at what the server has; why is kept. Raises UnknownName, BadInput for what waits for a key."""
    entry = _to_settle(store, entry_id)
    with desk.transaction():
        actor, now = desk.actor, desk.context().now
        _close(desk, store, EntryClosed(entry.id, "dropped", actor.name, actor.role, now, ground.strip()))


def _close(desk: Desk, store: Store, happened: EntryClosed) -> None:
    desk.note(f"tray:{store.identity.device}", happened)
    store.outbox.close(happened.entry)


def _step(desk: Desk, step: KeptStep) -> Decision:
    assert step.body is not None
    if step.command == NOTE:
        noted = msgspec.json.decode(step.body, type=Noted)
        entry = known(noted.type)
        if entry is not None:
            desk.note(step.stream, msgspec.json.decode(noted.fact, type=entry.struct))
        return Done(())
    handled = COMMANDS[step.command]
    command = msgspec.json.decode(step.body, type=handled.struct)
    if handled.context == "order":
        return desk.order_step(step.stream.removeprefix("order:"), handled.decide, command)
    return desk.step(step.stream, handled.empty, handled.evolve, handled.decide, command)


def _item(store: Store, entry: KeptEntry) -> TrayItem:
    said = store.outbox.verdict(entry.id)
    verdict = msgspec.json.decode(said, type=Verdict) if said else None
    wanted = set(verdict.theirs) if verdict else set()
    if not wanted:
        return TrayItem(entry, verdict)
    streams = dict.fromkeys(step.stream for step in entry.steps)
    events = (event for stream in streams for event in store.log.load(stream))
    return TrayItem(entry, verdict, tuple(event for event in events if event.envelope.id in wanted))
