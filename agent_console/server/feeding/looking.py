"""Looking at one stream by name, and at entries that were refused: on demand, and written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from agent_console.domain.confidentiality.role_rules import HiddenIdentity
from agent_console.domain.confidentiality.sight import unmasking_refused
from agent_console.domain.context import Context
from agent_console.domain.instants import Instant
from agent_console.domain.work_order.orders import Order, evolve
from agent_console.server.feeding.sight import Reader, Words
from agent_console.server.feeding.slices import ORDER, LogRow, read_history
from agent_console.server.feeding.telling import mask_of, masked
from agent_console.server.pushing.grouping import TRAY
from agent_console.server.pushing.streams import FOREVER, load_keys
from agent_console.server.store.database import Database
from agent_console.server.web.ports import Audit, Person
from agent_console.server.web.services import Services
from agent_console.server.web.trouble import Refused
from agent_console.sync.wire import Entry, FeedRow, RefusedEntries, RefusedEntry, StreamHistory, Verdict

MOST_REFUSED = 50
_READ, _UNMASKED = "stream.read", "identity.unmasked"


async def words_now(database: Database, jurisdiction: str, stream: str) -> Words:
    """Who has a stream in sight now."""
    sql = "SELECT who FROM sight WHERE jurisdiction = $1 AND stream = $2 AND to_seq = $3"
    return frozenset(str(row[0]) for row in await database.fetch(sql, jurisdiction, stream, FOREVER))


async def in_sight(services: Services, person: Person, stream: str) -> Reader:
    """The reader who may look at a stream. Raises Refused (404): whether it is there is not told either."""
    reader = await services.feed.reader(person)
    if not reader.may_look(stream, await words_now(services.database, person.jurisdiction, stream)):
        await services.audit(person, _READ, stream, "refused")
        raise Refused(404, "not_found")
    return reader


async def may_bring(services: Services, person: Person, stream: str) -> None:
    """Whoever may look may bring the files of a stream; so may the device that attached one, whoever reads it by now.

    Raises Refused (404).
    """
    sql = "SELECT 1 FROM event WHERE jurisdiction = $1 AND stream = $2 AND device = $3 AND type = 'order.attached'"
    if not await services.database.fetch(sql, person.jurisdiction, stream, person.device):
        await in_sight(services, person, stream)


async def history(services: Services, person: Person, stream: str, ground: str) -> StreamHistory:
    """All events of a stream; `ground` says why whoever is not told names needs them. Raises Refused."""
    reader = await in_sight(services, person, stream)
    feed, jurisdiction = services.feed, person.jurisdiction
    held = await feed.held(jurisdiction)
    rows = await services.database.read(lambda at: read_history(at, jurisdiction, stream, held))
    if not rows:
        raise Refused(404, "not_found")
    order = _order(rows) if stream.startswith(ORDER) else None
    rule = feed.teller(reader).hidden_of(order.details.kind) if order is not None else None
    if order is not None and rule is not None and ground.strip():
        _check_ground(services, person, order, ground)
        rule = None
        await services.audit(person, _UNMASKED, stream)
    else:
        await services.audit(person, _READ, stream)
    return StreamHistory(stream, tuple(_told(rows, rule)), rule is not None)


def _order(rows: Sequence[LogRow]) -> Order:
    order = Order()
    for row in rows:
        order = evolve(order, row.fact)
    return order


def _check_ground(services: Services, person: Person, order: Order, ground: str) -> None:
    book = services.shelf.present(person.jurisdiction)
    context = Context(book, services.shelf.calendar, services.clock.now(), person.actor)
    refused = unmasking_refused(order, ground, context)
    if refused is not None:
        raise Refused(403, "never_told", clauses=refused.clauses)


def _told(rows: Sequence[LogRow], rule: HiddenIdentity | None) -> list[FeedRow]:
    if rule is None:
        return [row.told(row.seq) for row in rows]
    mask = mask_of(rows, rule)
    return [row.told(row.seq, masked(row.fact, mask) if row.fact is not None else None) for row in rows]


async def refused_entries(
    database: Database, audit: Audit, person: Person, reader: Reader, held: Mapping[str, bytes], after: Instant
) -> RefusedEntries:
    """Entries refused after an instant: a lead's all, anybody else's own."""
    sql = (
        "SELECT id, device, received_at, verdict, sealed, actor FROM entry WHERE jurisdiction = $1"
        " AND status IN ('rejected', 'conflict') AND received_at > $2 AND ($3 = 1 OR (actor = $4 AND device = $5))"
        " ORDER BY received_at, id LIMIT $6"
    )
    everybody = int(reader.full)
    rows = await database.fetch(
        sql, person.jurisdiction, after, everybody, person.actor.name, person.device, MOST_REFUSED + 1
    )
    owners = [TRAY + str(row[0]) for row in rows]
    keys = await database.read(lambda at: load_keys(at, person.jurisdiction, owners, held)) if owners else {}
    told = []
    for id_, device, received_at, verdict, sealed, _ in rows[:MOST_REFUSED]:
        own = keys[TRAY + str(id_)]
        content = own.unseal(bytes(sealed), str(id_)) if sealed is not None else None
        if content is None or (own.secret and not reader.closed):
            continue
        entry = msgspec.json.decode(content, type=Entry)
        told.append(RefusedEntry(device, received_at, msgspec.json.decode(verdict, type=Verdict), entry))
    await audit(person, "conflicts.read", "")
    return RefusedEntries(tuple(told), more=len(rows) > MOST_REFUSED)
