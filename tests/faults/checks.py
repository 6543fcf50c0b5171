"""What has to hold once all is well again; each thing that does not is a finding, with its name before the colon.

lost: shown as saved, not at the server. half: judged without its whole effect, or with too much. order: of a device not
kept. pending: never confirmed. mirror: not what the feed says. tray: refused and not shown, or the other way round.
fold: a table that is not what its events give. draft: typed and gone. unrest: seats that do not come to an end.
file: other bytes than were put in, or none. secret: held or told where it may not be. broke: a program that ended or
complained.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec

from agent_console.clock import SystemClock
from agent_console.desk.at_work import SEAT_FILE, at_work
from agent_console.desk.opening import seat_projectors
from agent_console.domain.events import Envelope, known
from agent_console.server.ops.checking import examine
from agent_console.store.outbox import IN_TRAY
from agent_console.store.seat_file import Store
from agent_console.sync.people import DeviceKeys
from agent_console.sync.wire import FeedPage, FeedRow, Session, SignIn
from tests.faults.campaign import Campaign, SeatOf
from tests.faults.checks_apart import (
    files_at_server,
    files_here,
    files_of_secrets,
    secrets_here,
    secrets_told,
)
from tests.faults.seat import PASSWORD
from tests.faults.work import DRAFT, NOT_TO_BE_TAKEN, SENT_AGAIN, Entered, Saved, read_paper

_OF_EACH_FILE = {"number_hash", "sealed", "topic", "kept_at", "revision"}
"""Columns that differ in every file: keyed hashes, nonces, and how often something was folded."""
_OF_THE_DESK = ("due_", "on_time", "immediate", "provisional", "calendar", "book_version")
"""Columns the desk adds to what is folded."""
_COUNTERS = {"kb_state", "kb_revision", "kb_gone", "kb_source"}
"""Tables that count how often something was folded, or hold what comes with the program."""
_FOLDED_AGAIN = {("kb_article", "version")}
"""Columns that count on where a stream is folded anew after a server was restored: what is said is the same."""
_OF_EVENTS = {"kb_article": "origin = 'import'"}
"""Rows that events give, where others come with the program once somebody looks for them."""
_ERASED = "SELECT stream FROM event WHERE type IN ('call.erased', 'order.erased')"
Findings = Iterator[str]


class Judged(msgspec.Struct, frozen=True):
    """An entry as the server keeps it; events: how many it brought, first: the place of the first of them."""

    id: str
    device: str
    n: int
    status: str
    events: int
    first: int


class Report(msgspec.Struct, frozen=True):
    """What a campaign came to. saved: entries shown as saved; done: what people did, by kind; verdicts: entries at the
    server by status.
    """

    saved: int
    done: dict[str, int]
    verdicts: dict[str, int]
    parked: int
    events: int
    happened: dict[str, int]
    healed_after: float
    findings: tuple[str, ...]

    def found(self) -> set[str]:
        """Names of what does not hold."""
        return {finding.partition(":")[0] for finding in self.findings}


async def report(campaign: Campaign) -> Report:
    """Look at everything; the servers still run, the seats do not."""
    judged = await _judged(campaign)
    papers = {seat.account: read_paper(seat.paper) for seat in campaign.seats}
    findings = [] if campaign.is_drained else [f"unrest: {[seat.standing() for seat in campaign.seats]}"]
    applied = {one.id for one in judged.values() if one.status == "applied"}
    for seat in campaign.seats:
        findings += _paper_against_server(papers[seat.account], judged)
        findings += await files_at_server(campaign, seat, papers[seat.account], applied)
        findings += await _seat_against_server(campaign, seat, judged)
        findings += _drafts(seat, papers[seat.account])
    findings += _orders_of_devices(judged)
    found = await examine(campaign.database, campaign.settings, lambda *_: None)
    findings += [f"fold: {one.name} of the server, {one.wrong} of {one.count}" for one in found if one.wrong]
    findings += _complaints(campaign)
    return Report(
        saved=sum(len(line.entries) for lines in papers.values() for line in lines if line.kind != SENT_AGAIN),
        done=dict(Counter(line.kind for lines in papers.values() for line in lines)),
        verdicts=dict(Counter(one.status for one in judged.values())),
        parked=sum(len(_in_tray(seat, ("parked",))) for seat in campaign.seats),
        events=sum(one.events for one in judged.values()),
        happened=dict(campaign.happened + campaign.line.happened),
        healed_after=campaign.healed_after,
        findings=tuple(findings),
    )


async def _judged(campaign: Campaign) -> dict[str, Judged]:
    sql = (
        "SELECT e.id, e.device, e.n, e.status, COUNT(v.seq), COALESCE(MIN(v.seq), 0) FROM entry e LEFT JOIN event v"
        " ON v.jurisdiction = e.jurisdiction AND v.cause = e.id WHERE e.jurisdiction = $1"
        " GROUP BY e.id, e.device, e.n, e.status"
    )
    return {row[0]: Judged(*row) for row in await campaign.database.fetch(sql, campaign.plan.line)}


def _paper_against_server(lines: list[Saved], judged: dict[str, Judged]) -> Findings:
    """Every entry shown as saved is there once, whole, and in the order in which it was saved."""
    sent_again = {entry.id for line in lines if line.kind == SENT_AGAIN for entry in line.entries}
    last = 0
    for line in lines:
        for entry in line.entries if line.kind not in (SENT_AGAIN, NOT_TO_BE_TAKEN) else ():
            there = judged.get(entry.id)
            if there is None:
                yield f"lost: {line.kind} {entry.id}"
                continue
            yield from _effect(line.kind, entry, there)
            if entry.id not in sent_again:
                if there.n <= last:
                    yield f"order: {line.kind} {entry.id} has number {there.n} after {last}"
                last = max(last, there.n)


def _effect(kind: str, entry: Entered, there: Judged) -> Findings:
    wanted = entry.events if there.status == "applied" else 0
    if there.events != wanted:
        yield f"half: {kind} {entry.id} was {there.status} with {there.events} events of {wanted}"


def _orders_of_devices(judged: dict[str, Judged]) -> Findings:
    """What a device numbered later stands later in the feed."""
    last: dict[str, int] = {}
    for one in sorted(judged.values(), key=lambda one: (one.device, one.n)):
        if one.events and one.first <= last.get(one.device, 0):
            yield f"order: number {one.n} of a device stands before an earlier one"
        last[one.device] = max(last.get(one.device, 0), one.first)


async def _seat_against_server(campaign: Campaign, seat: SeatOf, judged: dict[str, Judged]) -> list[str]:
    """The seat's file, on a copy: it is the feed, nothing hangs, and what was refused can be seen."""
    copy = campaign.folder / "looked-at" / seat.account
    shutil.copytree(seat.home, copy)
    keyring = at_work(copy, seat.settings, SystemClock()).keyring
    store = Store.open(copy / SEAT_FILE, SystemClock(), seat_projectors(), keyring)
    try:
        told = await _feed(campaign, seat, store.identity.device)
        refused = {
            one.id for one in judged.values()
            if one.device == store.identity.device and one.status in ("rejected", "conflict")
        }  # fmt: skip
        shown = _in_tray(seat, ("rejected", "conflict"))
        named = f"of {seat.account}"
        findings = [f"tray: {id_} {named}" for id_ in refused ^ shown]
        found = (*_pending(store), *_mirror(store, told), *_folds(store), *files_here(store))
        apart = (*secrets_here(store, seat), *secrets_told(seat, told), *files_of_secrets(store, seat))
        findings += [f"{finding} {named}" for finding in (*found, *apart)]
    finally:
        store.close()
    return findings


def _in_tray(seat: SeatOf, states: tuple[str, ...]) -> set[str]:
    assert set(states) <= set(IN_TRAY)
    sql = f"SELECT id FROM outbox WHERE closed_at = 0 AND state IN ({', '.join('?' * len(states))})"
    with closing(sqlite3.connect(seat.home / SEAT_FILE)) as file:
        return {id_ for (id_,) in file.execute(sql, states)}


def _pending(store: Store) -> Findings:
    sql = (
        "SELECT type, id FROM event WHERE seq IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = event.cause AND state = 'parked')"
    )
    for name, id_ in store.connection.execute(sql).fetchall():
        yield f"pending: {name} {id_}"


async def _feed(campaign: Campaign, seat: SeatOf, device: str) -> list[FeedRow]:
    """The whole feed as this person at this seat is told it now, read anew from its beginning."""
    key = DeviceKeys(seat.home).of(seat.settings.server)
    asked = SignIn(seat.account, PASSWORD, device, seat.settings.seat, seat.settings.jurisdiction, device_key=key)
    rows: list[FeedRow] = []
    async with httpx.AsyncClient(base_url=campaign.address, trust_env=False, timeout=60) as client:
        headers = {"content-type": "application/json"}
        answer = await client.post("/v1/sign-in", content=msgspec.json.encode(asked), headers=headers)
        assert answer.status_code == 200, f"{seat.account} cannot sign in: {answer.text}"
        session = msgspec.json.decode(answer.content, type=Session)
        page = FeedPage(session.epoch, (), 0, 0, more=True)
        while page.more:
            asked_for: dict[str, str | int] = {"after": page.next, "epoch": session.epoch}
            answer = await client.get(
                "/v1/feed", params=asked_for, headers={"authorization": f"Bearer {session.token}"}
            )
            page = msgspec.json.decode(answer.content, type=FeedPage)
            rows += page.rows
    return rows


def _mirror(store: Store, told: list[FeedRow]) -> Findings:
    """Confirmed events are those of the feed, with the same place and the same facts, in order within each stream."""
    expected: dict[str, FeedRow] = {}
    for row in told:
        if row.kind in ("event", "erase"):
            expected[msgspec.json.decode(row.envelope, type=Envelope).id] = row
        elif row.kind == "forget":
            expected = {id_: kept for id_, kept in expected.items() if kept.stream != row.stream}
    left = set(store.mirror.left())
    expected = {id_: row for id_, row in expected.items() if row.stream not in left}
    found = store.connection.execute("SELECT id, seq, stream FROM event WHERE seq IS NOT NULL").fetchall()
    kept = {id_: seq for id_, seq, _ in found}
    yield from (f"mirror: {id_} is not here" for id_ in expected.keys() - kept.keys())
    yield from (f"mirror: {id_} is here, the feed does not say it" for id_ in kept.keys() - expected.keys())
    yield from (f"mirror: {id_} stands elsewhere" for id_, seq in kept.items() if _place(expected, id_) != seq)
    for stream in {stream for _, _, stream in found}:
        yield from _stream(store, stream, expected)


def _place(expected: dict[str, FeedRow], id_: str) -> int | None:
    return expected[id_].seq if id_ in expected else None


def _stream(store: Store, stream: str, expected: dict[str, FeedRow]) -> Findings:
    events = store.log.to_fold(stream)
    if [event.envelope.version for event, _ in events] != list(range(1, len(events) + 1)):
        yield f"mirror: {stream} has gaps"
    places = [seq for _, seq in events if seq is not None]
    if places != sorted(places):
        yield f"mirror: {stream} is not in the order of the feed"
    for event, seq in events:
        row, entry = expected.get(event.envelope.id), known(event.envelope.type)
        if seq is None or row is None or entry is None or event.fact is None:
            continue
        if msgspec.json.decode(row.body, type=entry.struct) != event.fact:
            yield f"mirror: {event.envelope.id} says something else"


def _folds(store: Store) -> Findings:
    as_kept = _tables(store)
    store.rebuild()
    afresh = _tables(store)
    for name in as_kept:
        if as_kept[name] != afresh[name]:
            yield f"fold: {name}, {len(set(as_kept[name]) ^ set(afresh[name]))} rows"


def _tables(store: Store) -> dict[str, list[str]]:
    """Every table without what is sealed, and without rows of what was erased: folded anew, nothing is left of them."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    erased = {stream for (stream,) in store.connection.execute(_ERASED)}
    found: dict[str, list[str]] = {}
    for (name,) in store.connection.execute(sql).fetchall():
        columns = store.connection.execute(f"PRAGMA table_info({name})").fetchall()
        wanted = [f'"{column}"' for _, column, kind, _, _, key in columns if _is_compared(name, column, kind, key)]
        if wanted and name not in _COUNTERS:
            rows = f"{name} WHERE {_OF_EVENTS.get(name, 'true')}"
            told = store.connection.execute(f"SELECT {', '.join(wanted)} FROM {rows}").fetchall()
            found[name] = sorted(repr(row) for row in told if erased.isdisjoint(row))
    return found


def _is_compared(table: str, column: str, kind: str, key: int) -> bool:
    is_running_number = (column, kind) in (("id", "INTEGER"), ("position", "INTEGER")) and key
    if is_running_number or (table, column) in _FOLDED_AGAIN:
        return False
    return column not in _OF_EACH_FILE and not column.startswith(_OF_THE_DESK) and kind != "BLOB"


def _drafts(seat: SeatOf, lines: list[Saved]) -> Findings:
    """The note of an unfinished call says at least what it said when it was last shown as saved."""
    typed = {line.owner: int(line.text) for line in lines if line.kind == DRAFT}
    store = Store.open(seat.home / SEAT_FILE, SystemClock(), seat_projectors())
    try:
        for owner, length in typed.items():
            draft = store.drafts.load(owner)
            if draft is None or int(draft.fields["note"]) < length:
                yield f"draft: {owner}"
    finally:
        store.close()


def _complaints(campaign: Campaign) -> Findings:
    programs: list[tuple[str, Any, Path]] = [(seat.account, seat.program, seat.program.log) for seat in campaign.seats]
    programs += [("server", server, server.log) for server in campaign.servers]
    for name, _, log in programs:
        text = log.read_text("utf-8", errors="replace")
        for sign in ("Traceback", '"level":"error"', '"level": "error"'):
            if sign in text:
                yield f"broke: {name} says {text[text.index(sign) :][:2000]}"
                break
