"""What has been kept long enough, and erasing it.

Open orders, calls whose orders still run, and unfinished calls are never due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from agent_console.desk.desk import Desk, call_stream
from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.confidentiality_rules import Kept
from agent_console.domain.confidentiality.secrecy_facts import ExportErased, OrderErased, RetentionCarriedOut
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.instants import HOUR, Instant
from agent_console.domain.intake.calls import CallErased
from agent_console.domain.messages import message
from agent_console.store.connection import rows

_DAY: Instant = 24 * HOUR
_ENDED = "('archived', 'withdrawn', 'voided', 'merged')"
_BATCH = 200


class Due(msgspec.Struct, frozen=True):
    """One thing to erase. name: number of an order, id of anything else. since: from when its period counts."""

    what: Kept
    owner: str
    name: str
    since: Instant
    due: Instant
    clause: str
    basis: str


class Erased(msgspec.Struct, frozen=True):
    """How many of each sort, and whether the file could be written anew afterwards."""

    counts: dict[str, int]
    compacted: bool


Found = Iterator[tuple[str, str, Instant]]


def may_erase(desk: Desk) -> Decision:
    """Whether this person may erase what is due."""
    rule = desk.rule_book.retention
    if desk.actor.role in rule.roles:
        return Done(())
    roles = "、".join(rule.roles)
    clauses = (rule.clause,) if rule.clause else ()
    if not rule.roles:
        return Blocked(clauses, message("retention.no_rules", book=desk.rule_book.short_title))
    return Blocked(clauses, message("order.not_your_step", role=desk.actor.role, roles=roles))


def due(opened: OpenDesk) -> list[Due]:
    """What is due for erasure now, by the periods of the desk's rule book; the oldest first."""
    desk = opened.desk
    now, found = desk.context().now, []
    for what, period in desk.rule_book.retention.keep.items():
        length = period.days * _DAY
        found += [
            Due(what, owner, name, since, since + length, period.clause, period.basis)
            for owner, name, since in _KEPT[what](opened, now - length)
        ]
    return sorted(found, key=lambda item: (item.due, item.owner))


def erase(opened: OpenDesk, found: list[Due]) -> Erased:
    """Destroy the keys of these, each with its event, and write the file anew so that no trace is left in free bytes.

    The caller has asked `may_erase`. Calls and orders go in batches, so that a running console waits only briefly.
    """
    desk = opened.desk
    for start in range(0, len(found), _BATCH):
        with desk.transaction():
            for item in found[start : start + _BATCH]:
                _erase(desk, item)
    counts = dict(Counter(str(item.what) for item in found))
    with desk.transaction():
        actor = desk.actor
        happened = RetentionCarriedOut(actor.name, actor.role, counts, desk.context().now)
        desk.note(f"retention:{desk.rule_book.code}", happened)
    return Erased(counts, opened.store.compact())


def _erase(desk: Desk, item: Due) -> None:
    now, ground = desk.context().now, item.clause or item.basis
    # The key goes first: whoever holds no role key must still be able to erase what is confidential.
    if item.what == "drafts":
        desk.store.drafts.delete(item.owner)
        return
    desk.store.erase(item.owner)
    happened = {
        "calls": CallErased(ground, now), "orders": OrderErased(ground, now), "exports": ExportErased(ground, now)
    }[item.what]  # fmt: skip
    desk.note(item.owner, happened)


def _calls(opened: OpenDesk, before: Instant) -> Found:
    """Finished calls; not those with an order that has not ended."""
    running = f"SELECT 1 FROM work_order made WHERE made.call = substr(kept.stream, 6) AND made.status NOT IN {_ENDED}"
    where = f"status IN ('closed', 'invalid') AND closed_at <= ? AND sealed IS NOT NULL AND NOT EXISTS ({running})"
    for stream, since in _rows(opened, "call", "stream, closed_at", where, before):
        yield stream, stream.removeprefix(call_stream("")), since


def _orders(opened: OpenDesk, before: Instant) -> Found:
    """Orders that have ended, counted from the last event of each."""
    last = "(SELECT max(occurred_at) FROM event WHERE event.stream = kept.stream)"
    where = f"status IN {_ENDED} AND {last} <= ? AND sealed IS NOT NULL"
    yield from _rows(opened, "work_order", f"stream, number, {last}", where, before)


def _drafts(opened: OpenDesk, before: Instant) -> Found:
    for stream, since in _rows(opened, "draft", "owner, saved_at", "saved_at <= ?", before, key="owner"):
        yield stream, stream.partition(":")[2], since


def _exports(opened: OpenDesk, before: Instant) -> Found:
    where = "granted_at <= ? AND sealed IS NOT NULL"
    for stream, since in _rows(opened, "export", "stream, granted_at", where, before):
        yield stream, stream.partition(":")[2], since


def _rows(
    opened: OpenDesk, table: str, columns: str, where: str, before: Instant, key: str = "stream"
) -> list[tuple[Any, ...]]:
    """Rows of a table that `where` finds and that began under the desk's rule book."""
    sql = (
        f"SELECT {columns} FROM {table} AS kept WHERE {where}"
        f" AND EXISTS (SELECT 1 FROM event WHERE event.stream = kept.{key} AND version = 1 AND jurisdiction = ?)"
    )
    return rows(opened.store.connection, sql, (before, opened.desk.rule_book.code))


_KEPT: dict[Kept, Callable[[OpenDesk, Instant], Found]] = {
    "calls": _calls,
    "orders": _orders,
    "drafts": _drafts,
    "exports": _exports,
}
