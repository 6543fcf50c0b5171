"""A lead tells the seats something; it reaches them through the feed."""

from __future__ import annotations

import msgspec

from agent_console.desk.desk import new_id
from agent_console.domain.context import Context
from agent_console.domain.decisions import Done
from agent_console.domain.events import Envelope, type_of
from agent_console.domain.oversight.lead_messages import SendMessage, decide
from agent_console.server.feeding.telling import MESSAGE
from agent_console.server.pushing.deciding import reason_of
from agent_console.server.pushing.grouping import Means
from agent_console.server.pushing.streams import NOTHING_KEPT, Roles, Stream
from agent_console.server.pushing.writing import Writer
from agent_console.server.store.database import Database, Transaction
from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused

LONGEST = 1000
"""Characters of a message."""


async def send(means: Means, database: Database, person: Person, command: SendMessage) -> int:
    """Put it into the log; its place in the feed. Raises Refused where the rule book does not let them."""
    if len(command.text) > LONGEST:
        raise Refused(413, "too_large")
    book = means.shelf.present(person.jurisdiction)
    context = Context(book, means.shelf.calendar, means.clock.now(), person.actor)
    decision = decide(None, command, context)
    if not isinstance(decision, Done):
        raise Refused(403, "not_your_role", clauses=reason_of(decision).clauses)
    stream = MESSAGE + new_id()

    async def work(at: Transaction) -> int:
        fresh = Stream(stream, NOTHING_KEPT)
        for fact in decision.facts:
            fresh.add(_envelope(stream, fact, person, context), fact, doubtful=False, roles=Roles(cipher=means.cipher))
        writer = Writer(means.jurisdiction, means.number_key, means.held, means.cipher)
        return await writer.write(at, fresh.planned, [fresh], context.now) + len(fresh.planned)

    return await database.write(work)


def _envelope(stream: str, fact: msgspec.Struct, person: Person, context: Context) -> Envelope:
    kind, actor = type_of(fact), person.actor
    return Envelope(
        id=new_id(),
        stream=stream,
        version=1,
        type=kind.name,
        schema=kind.schema,
        jurisdiction=context.rule_book.code,
        rule_book=context.rule_book.version,
        calendar=context.calendar.version,
        actor=actor.name,
        role=actor.role,
        unit=actor.unit,
        authority="token",
        seat=person.seat,
        device=person.device,
        n=0,
        occurred_at=context.now,
        clock_offset=None,
        cause="",
    )
