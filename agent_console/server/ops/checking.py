"""What has to hold of the server's data, looked at one by one."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from agent_console.domain.work_order.orders import Order
from agent_console.server.feeding.sight import words_of
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.keys import Cabinet, load_master_key
from agent_console.server.pushing.streams import States, Stream, load
from agent_console.server.pushing.writing import TELLING, Writer
from agent_console.server.store.database import Database, Row
from agent_console.server.store.schema import ORDER_ROW
from agent_console.server.store.sqlite import Sqlite

_PAGE = 5000
_FOLDED_AT_ONCE = 500
_SEQ = list(ORDER_ROW.columns).index("seq")
Told = Callable[[str, int], None]


class Found(msgspec.Struct, frozen=True):
    """One thing looked at. count: of what was looked at; wrong: how many are not as they should be."""

    name: str
    count: int
    wrong: int


async def examine(database: Database, settings: ServerSettings, told: Told) -> list[Found]:
    """All checks. Raises BadInput where the master key does not open the kept keys, DatabaseAway."""
    cabinet = Cabinet(database, load_master_key(settings))
    found = [Found("keys", await cabinet.check(), 0)]
    if isinstance(database, Sqlite):
        [(said,)] = await database.fetch("PRAGMA integrity_check(1)")
        found.append(Found("file", 1, int(said != "ok")))
    found.append(await _numbers(database, told))
    found.append(await _heads(database, told))
    found.append(await _devices(database, told))
    found.append(await check_projections(database, cabinet, settings, told))
    return found


async def _numbers(database: Database, told: Told) -> Found:
    """Every `seq` from 1 to the counter stands for one event, in each jurisdiction."""
    count = wrong = 0
    for jurisdiction, last in await database.fetch("SELECT jurisdiction, last_seq FROM counter ORDER BY jurisdiction"):
        sql = "SELECT COUNT(*), COALESCE(MIN(seq), 1), COALESCE(MAX(seq), 0) FROM event WHERE jurisdiction = $1"
        [(events, first, highest)] = await database.fetch(sql, jurisdiction)
        count += events
        told("seq", count)
        wrong += abs(last - events) + (first != 1) + abs(highest - last)
    return Found("seq", count, wrong)


async def _heads(database: Database, told: Told) -> Found:
    """The version of each stream is the number of its events, and its last event has that version."""
    count = wrong = 0
    place = ("", "")
    sql = (
        "SELECT h.jurisdiction, h.stream, h.version, COUNT(e.seq), COALESCE(MAX(e.version), 0) FROM head h"
        " LEFT JOIN event e ON e.jurisdiction = h.jurisdiction AND e.stream = h.stream"
        " WHERE (h.jurisdiction, h.stream) > ($1, $2) GROUP BY h.jurisdiction, h.stream, h.version"
        f" ORDER BY h.jurisdiction, h.stream LIMIT {_PAGE}"
    )
    while page := await database.fetch(sql, *place):
        count += len(page)
        told("heads", count)
        wrong += sum(not version == events == highest for _, _, version, events, highest in page)
        place = (page[-1][0], page[-1][1])
    return Found("heads", count, wrong)


async def _devices(database: Database, told: Told) -> Found:
    """The entries of each device carry every number up to its last one, each once, those that came again included."""
    used = "SELECT jurisdiction, device, n FROM entry UNION ALL SELECT jurisdiction, device, n FROM sent_again"
    sql = (
        "SELECT d.jurisdiction, d.device, d.last_n, COUNT(e.n), COUNT(DISTINCT e.n), COALESCE(MAX(e.n), 0)"
        f" FROM device d LEFT JOIN ({used}) e ON e.jurisdiction = d.jurisdiction AND e.device = d.device"
        " GROUP BY d.jurisdiction, d.device, d.last_n"
    )
    found = await database.fetch(sql)
    told("devices", len(found))
    return Found("devices", len(found), sum(len({*row[2:]}) != 1 for row in found))


async def check_projections(database: Database, cabinet: Cabinet, settings: ServerSettings, told: Told) -> Found:
    """Who has each stream in sight, and what is told of each order, is what its events fold to."""
    count = wrong = 0
    for (jurisdiction,) in await database.fetch("SELECT jurisdiction FROM counter ORDER BY jurisdiction"):
        held = await cabinet.role_keys(jurisdiction)
        writer = Writer(jurisdiction, await cabinet.number_key(jurisdiction), held, settings.cipher)
        last = ""
        while versions := await _versions(database, jurisdiction, last):
            folded = await database.read(lambda at: load(at, jurisdiction, versions, States(), held))  # noqa: B023
            rows = await _order_rows(database, jurisdiction, sorted(versions))
            wrong += sum(not _as_folded(stream, rows.get(name), writer) for name, stream in folded.items())
            count += len(versions)
            told("projections", count)
            last = [*versions][-1]
    return Found("projections", count, wrong)


async def _versions(database: Database, jurisdiction: str, last: str) -> dict[str, int]:
    sql = (
        "SELECT stream, version FROM head WHERE jurisdiction = $1 AND stream > $2"
        f" ORDER BY stream LIMIT {_FOLDED_AT_ONCE}"
    )
    return {row[0]: row[1] for row in await database.fetch(sql, jurisdiction, last)}


async def _order_rows(database: Database, jurisdiction: str, streams: list[str]) -> dict[str, Row]:
    sql = f"SELECT {', '.join(ORDER_ROW.columns)} FROM order_row WHERE stream {{among}} AND jurisdiction = $2"
    return {row[1]: row for row in await database.read(lambda at: at.fetch_among(sql, streams, jurisdiction))}


def _as_folded(stream: Stream, row: Row | None, writer: Writer) -> bool:
    kept = stream.kept
    if frozenset(kept.spells) != words_of(kept.state, kept.devices, secret=kept.keys.secret):
        return False
    if not isinstance(kept.state, Order):
        return row is None
    if row is None:
        return False
    *expected, sealed = writer.order_row(stream, row[_SEQ])
    if tuple(expected) != tuple(row[:-1]) or (sealed is None) != (row[-1] is None):
        return False
    return sealed is None or kept.keys.unseal(sealed, TELLING) == kept.keys.unseal(bytes(row[-1]), TELLING)
