"""Whose entry it is. A device's outbox holds what several people did at that seat, some of it before anybody signed in.

An entry counts as its author's where a sign-in at that device stands for name, role and unit. One whose author is not
known there was written before the seat had a server: it counts as self-declared, in a role that somebody who signed in
at the device holds, so that nobody gains a role by going offline.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.people import Actor
from agent_console.server.pushing.deciding import Author
from agent_console.server.store.database import Transaction
from agent_console.server.web.ports import Person
from agent_console.sync.wire import Entry


class KnownPerson(msgspec.Struct, frozen=True):
    """Somebody who signed in at a device; until: instant after which nothing of theirs counts, 0 where it all does."""

    device: str
    name: str
    role: str
    unit: str
    until: Instant


async def note_person(at: Transaction, person: Person, now: Instant) -> None:
    """Inside a transaction: somebody signed in at a device; what they do there counts as theirs."""
    sql = (
        "INSERT INTO device_person (jurisdiction, device, name, role, unit, first_at, last_at, until)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6, 0) ON CONFLICT (jurisdiction, device, name, role, unit)"
        " DO UPDATE SET last_at = excluded.last_at, until = 0"
    )
    actor = person.actor
    await at.execute(sql, person.jurisdiction, person.device, actor.name, actor.role, actor.unit, now)


async def end_person(at: Transaction, jurisdiction: str, name: str, now: Instant) -> None:
    """Inside a transaction: what somebody does at any device after this instant counts as theirs no more."""
    sql = "UPDATE device_person SET until = $3 WHERE jurisdiction = $1 AND name = $2 AND until = 0"
    await at.execute(sql, jurisdiction, name, now)


def author_of(entry: Entry, person: Person, known: Sequence[KnownPerson], now: Instant) -> Author | None:
    """Who wrote an entry that happened at `now`; None where nobody at that device holds the role it claims."""
    actor = person.actor
    claimed = (entry.actor, entry.role, entry.unit)
    if claimed == (actor.name, actor.role, actor.unit):
        return Author(actor, person.device, vouched=True)
    if any(claimed == (one.name, one.role, one.unit) and (not one.until or now <= one.until) for one in known):
        return Author(Actor(*claimed), person.device, vouched=True)
    roles = {(actor.role, actor.unit), *((one.role, one.unit) for one in known if not one.until)}
    named_here = {actor.name, *(one.name for one in known)}
    if (entry.role, entry.unit) not in roles or entry.actor in named_here:
        return None
    return Author(Actor(*claimed, self_declared=True), person.device, vouched=False)
