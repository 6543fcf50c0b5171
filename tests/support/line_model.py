"""A model of the line's server for the seat's tests: decides every entry again in memory, and keeps one feed."""

from __future__ import annotations

from functools import reduce
from typing import Any

import msgspec

from agent_console.desk.commands import COMMANDS, HISTORY, NOTE, History, Noted
from agent_console.desk.sync.side import Side
from agent_console.domain.context import Context
from agent_console.domain.decisions import Done
from agent_console.domain.events import Envelope, known, type_of
from agent_console.domain.people import Actor
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.sync.wire import Entry, FeedPage, FeedRow, Reason, Step, Verdict

Facts = list[tuple[Envelope, msgspec.Struct]]
_MANY = 1 << 30
_ROUNDS = 30


class LineModel:
    """One line: devices with their last number, entries by id, and rows in order of seq."""

    def __init__(self, epoch: str = "epoch-1") -> None:
        self.epoch = epoch
        self.rows: list[FeedRow] = []
        self.last_n: dict[str, int] = {}
        self.seen: dict[str, Verdict] = {}
        self.refuses: set[str] = set()
        self._streams: dict[str, Facts] = {}

    def history(self, stream: str) -> Facts:
        """What the server has of a stream."""
        return self._streams.get(stream, [])

    def push(self, device: str, entries: list[Entry]) -> list[Verdict]:
        """Judge entries in order; stop at a gap."""
        verdicts: list[Verdict] = []
        for entry in entries:
            last = self.last_n.get(device, 0)
            if entry.id in self.seen:
                known_as = self.seen[entry.id]
                is_there = known_as.status == "applied"
                again = msgspec.structs.replace(known_as, n=entry.n)
                verdicts.append(msgspec.structs.replace(again, status="duplicate") if is_there else again)
                continue
            if entry.n != last + 1:
                return [*verdicts, Verdict(entry.n, entry.id, "gap", want=last + 1)]
            self.last_n[device] = entry.n
            self.seen[entry.id] = self._judge(device, entry)
            verdicts.append(self.seen[entry.id])
        return verdicts

    def _judge(self, device: str, entry: Entry) -> Verdict:
        drafts: dict[str, Facts] = {}
        for step in entry.steps:
            before = drafts.get(step.stream, list(self.history(step.stream)))
            facts = self._facts(entry, step, [fact for _, fact in before])
            if facts is None:
                theirs = tuple(envelope.id for envelope, _ in self.history(step.stream)[step.base :])
                judged = Verdict(entry.n, entry.id, "conflict" if theirs else "rejected")
                return msgspec.structs.replace(judged, reason=Reason("stream.read_only"), theirs=theirs)
            drafts[step.stream] = before + [
                (_envelope(device, entry, step, len(before) + 1 + place, place, fact), fact)
                for place, fact in enumerate(facts)
            ]
        for stream, whole in drafts.items():
            for envelope, fact in whole[len(self.history(stream)) :]:
                self.tell(stream, envelope, msgspec.json.encode(fact))
            self._streams[stream] = whole
        return Verdict(entry.n, entry.id, "applied", seq=len(self.rows))

    def _facts(self, entry: Entry, step: Step, before: list[msgspec.Struct]) -> tuple[msgspec.Struct, ...] | None:
        if step.command == HISTORY:
            past = msgspec.json.decode(step.body, type=History).events
            return tuple(_fact(one.envelope.type, one.fact) for one in past)
        if step.command == NOTE:
            noted = msgspec.json.decode(step.body, type=Noted)
            return (_fact(noted.type, noted.fact),)
        if step.command in self.refuses:
            return None
        handled = COMMANDS[step.command]
        state: Any = reduce(handled.evolve, before, handled.empty)
        context = Context(
            load_book(entry.jurisdiction), load_calendar(), entry.at, Actor(entry.actor, entry.role, entry.unit)
        )
        decision = handled.decide(state, msgspec.json.decode(step.body, type=handled.struct), context)
        return decision.facts if isinstance(decision, Done) else None

    def tell(self, stream: str, envelope: Envelope, body: bytes) -> None:
        """Put an event into the feed."""
        told = msgspec.Raw(msgspec.json.encode(envelope))
        self.rows.append(FeedRow(len(self.rows) + 1, "event", stream, told, msgspec.Raw(body), recorded_at=1))

    def say(self, row: FeedRow) -> None:
        """Put any row into the feed."""
        self.rows.append(msgspec.structs.replace(row, seq=len(self.rows) + 1))

    def page(self, after: int, limit: int = _MANY) -> FeedPage:
        """Rows after a cursor."""
        rows = tuple(self.rows[after : after + limit])
        return FeedPage(self.epoch, rows, after + len(rows), 0, more=after + len(rows) < len(self.rows))


def send(side: Side, line: LineModel, limit: int = 200) -> None:
    """One push, and what came of it; `limit` entries at most."""
    entries = list(side.entries_to_send(limit, _MANY, None))
    verdicts = line.push(side.store.identity.device, entries)
    if side.epoch != line.epoch:
        side.rewind(line.last_n.get(side.store.identity.device, 0), line.epoch)
        return
    side.settle([verdict for verdict in verdicts if verdict.status != "gap"])
    if verdicts and verdicts[-1].status == "gap":
        side.rewind(verdicts[-1].want - 1, line.epoch)


def take(side: Side, line: LineModel, limit: int = _MANY) -> bool:
    """One page of the feed; True while there is more."""
    page = line.page(side.cursor, limit)
    side.take_page(page)
    return side.cursor < len(line.rows)


def exchange(side: Side, line: LineModel) -> None:
    """Until nothing waits on either side."""
    for _ in range(_ROUNDS):
        if not (side.waiting().unsent or side.cursor < len(line.rows) or side.epoch != line.epoch):
            return
        send(side, line)
        while take(side, line):
            pass
    raise AssertionError("seat and server do not come to rest")


def _fact(name: str, body: msgspec.Raw) -> msgspec.Struct:
    entry = known(name)
    assert entry is not None
    fact: msgspec.Struct = msgspec.json.decode(body, type=entry.struct)
    return fact


def _envelope(device: str, entry: Entry, step: Step, version: int, place: int, fact: msgspec.Struct) -> Envelope:
    if step.command == HISTORY:
        past = msgspec.json.decode(step.body, type=History).events[place]
        return msgspec.structs.replace(past.envelope, version=version)
    return Envelope(
        id=step.events[place] if place < len(step.events) else f"{entry.id}-{place}",
        stream=step.stream,
        version=version,
        type=type_of(fact).name,
        schema=type_of(fact).schema,
        jurisdiction=entry.jurisdiction,
        rule_book=entry.rule_book,
        calendar=entry.calendar,
        actor=entry.actor,
        role=entry.role,
        unit=entry.unit,
        authority="token",
        seat=entry.seat,
        device=device,
        n=entry.n,
        occurred_at=entry.at,
        clock_offset=entry.offset,
        cause=entry.id,
    )
