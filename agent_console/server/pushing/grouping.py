"""One transaction's worth of pushes: read, decide in memory, write at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from agent_console.clock import Clock
from agent_console.desk.commands import HISTORY
from agent_console.domain.instants import Instant
from agent_console.domain.work_order.orders import Order
from agent_console.server.people.devices import note_copy
from agent_console.server.pushing.authors import KnownPerson, author_of
from agent_console.server.pushing.books import Shelf
from agent_console.server.pushing.deciding import DIRECTORY, Grounds, decide_entry, raised_under, roles_of
from agent_console.server.pushing.devices import DeviceRow, locked_rows, proven, write_rows
from agent_console.server.pushing.sealing import OwnerKeys
from agent_console.server.pushing.streams import Kept, States, Stream, load
from agent_console.server.pushing.timing import moment
from agent_console.server.pushing.writing import Writer
from agent_console.server.store.database import Row, Transaction
from agent_console.server.store.schema import ENTRY, ROLE_KEY, SEALING_KEY, SENT_AGAIN
from agent_console.server.web.ports import Person
from agent_console.server.web.trouble import Refused
from agent_console.store.keyring import Cipher
from agent_console.sync.wire import Entry, Push, PushAnswer, Reason, Verdict

TRAY = "entry:"
"""Before the id of a refused entry: the owner its text is sealed for."""

_JUDGED = (
    "SELECT id, n, seq, time_doubtful, verdict FROM entry WHERE id {among} AND jurisdiction = $2"
    " UNION ALL SELECT stream, version, 0, 0, '' FROM head WHERE stream {among} AND jurisdiction = $2"
)
"""Entries by their ids, and in the same question streams by their names."""

_CONFIDENTIAL = b'"confidential":true'


class Asking(msgspec.Struct, frozen=True):
    """A push, and whose token came with it."""

    person: Person
    push: Push


class Means(msgspec.Struct, frozen=True):
    """What deciding takes beside the pushes themselves."""

    jurisdiction: str
    shelf: Shelf
    states: States
    clock: Clock
    epoch: str
    number_key: bytes
    held: Mapping[str, bytes]
    cipher: Cipher


class Outcome(msgspec.Struct, frozen=True):
    """What a group came to: an answer for each push in order, and the states to keep once it is committed."""

    answers: tuple[PushAnswer | Refused, ...]
    kept: Mapping[str, Kept]
    books: set[tuple[str, str]]
    last_seq: int


class Group:
    """Pushes that are decided in one transaction. `work` may run more than once; it begins anew each time."""

    def __init__(self, means: Means, asking: Sequence[Asking], *, careful: bool) -> None:
        """careful: look up every event id first, for somebody may have used one twice."""
        self._means = means
        self._asking = asking
        self._careful = careful

    async def work(self, at: Transaction) -> Outcome:
        """Decide and write, inside a transaction."""
        means = self._means
        arrival = means.clock.now()
        shown = {asked.push.device: asked.push.device_key for asked in self._asking}
        rows = await locked_rows(at, means.jurisdiction, sorted(shown))
        proof = await proven(at, means.jurisdiction, shown, arrival)
        refused = proof.refused
        served = [asked for asked in self._asking if refused[asked.push.device] is None]
        known, directories = await self._known(at, served)
        deciding = _Round(
            means=means,
            arrival=arrival,
            rows=rows,
            people=proof.people,
            known=known,
            grounds=await self._grounds(at, served, directories),
        )
        answers = [refused[asked.push.device] or deciding.judge(asked) for asked in self._asking]
        return await self._write(at, deciding, answers)

    async def _known(self, at: Transaction, asking: Sequence[Asking]) -> tuple[dict[str, Verdict], dict[str, int]]:
        """Verdicts on entries that were judged before, and how far the directories of their books have come."""
        entries = [entry for asked in asking for entry in asked.push.entries]
        named = {DIRECTORY + entry.jurisdiction: 0 for entry in entries}
        known: dict[str, Verdict] = {}
        asked_for = [*named, *(entry.id for entry in entries)]
        found = await at.fetch_among(_JUDGED, asked_for, self._means.jurisdiction) if entries else ()
        for id_, n, seq, doubtful, verdict in found:
            if id_ in named:
                named[id_] = int(n)
                continue
            duplicate = Verdict(n, id_, "duplicate", seq, time_doubtful=bool(doubtful))
            known[id_] = msgspec.json.decode(verdict, type=Verdict) if verdict else duplicate
        return known, named

    async def _grounds(self, at: Transaction, asking: Sequence[Asking], directories: Mapping[str, int]) -> Grounds:
        means = self._means
        entries = [entry for asked in asking for entry in asked.push.entries]
        names = {step.stream for entry in entries for step in entry.steps}
        streams = await self._load(at, names, at.lock)
        known = {name: version for name, version in directories.items() if name not in names}
        streams |= await load(at, means.jurisdiction, known, means.states, means.held)
        states = [one.state for one in streams.values() if isinstance(one.state, Order) and one.state.id]
        streams |= await self._load(at, {DIRECTORY + state.rule_book for state in states} - streams.keys(), "")
        await means.shelf.missing(at, raised_under(streams))
        taken = await self._taken(at, entries)
        return Grounds(means.shelf, means.shelf.calendar, streams, means.held, means.cipher, taken, [])

    async def _load(self, at: Transaction, names: set[str], lock: str) -> dict[str, Stream]:
        if not names:
            return {}
        sql = "SELECT stream, version FROM head WHERE stream {among} AND jurisdiction = $2 ORDER BY stream"
        found = {
            row[0]: int(row[1]) for row in await at.fetch_among(sql + lock, sorted(names), self._means.jurisdiction)
        }
        versions = {name: found.get(name, 0) for name in sorted(names)}
        return await load(at, self._means.jurisdiction, versions, self._means.states, self._means.held)

    async def _taken(self, at: Transaction, entries: Sequence[Entry]) -> set[str]:
        steps = (step for entry in entries for step in entry.steps if self._careful or step.command == HISTORY)
        ids = sorted({id_ for step in steps for id_ in step.events})
        sql = "SELECT id FROM event WHERE id {among} AND jurisdiction = $2"
        return {row[0] for row in await at.fetch_among(sql, ids, self._means.jurisdiction)} if ids else set()

    async def _write(self, at: Transaction, deciding: _Round, answers: list[PushAnswer | Refused]) -> Outcome:
        means, planned = self._means, deciding.grounds.log
        streams = list(deciding.grounds.streams.values())
        before, books = 0, raised_under(deciding.grounds.streams, planned)
        if planned:
            for code, version in sorted(books):
                await means.shelf.keep_inside(at, code, version, deciding.arrival)
            writer = Writer(means.jurisdiction, means.number_key, means.held, means.cipher)
            before = await writer.write(at, planned, streams, deciding.arrival)
        await write_rows(at, deciding.rows)
        for device in deciding.copied:
            await note_copy(at, device, deciding.arrival)
        await deciding.write_entries(at, before)
        numbered = tuple(
            answer if isinstance(answer, Refused) else _numbered(answer, deciding.last_of, before) for answer in answers
        )
        return Outcome(numbered, Writer.settled(before, planned, streams), books, before + len(planned))


class _Round:
    """Judging the pushes of a group, one after the other."""

    def __init__(
        self,
        *,
        means: Means,
        arrival: Instant,
        rows: dict[str, DeviceRow],
        people: Mapping[str, Sequence[KnownPerson]],
        known: dict[str, Verdict],
        grounds: Grounds,
    ) -> None:
        self.means, self.arrival, self.rows = means, arrival, rows
        self.people, self.known, self.grounds = people, known, grounds
        self.copied: list[str] = []
        self.last_of: dict[str, int] = {}
        self._judged: list[tuple[Entry, Person, Verdict]] = []
        self._again: list[Row] = []

    def judge(self, asked: Asking) -> PushAnswer:
        push, row = asked.push, self.rows[asked.push.device]
        verdicts: list[Verdict] = []
        for entry in push.entries:
            verdict = self._verdict(entry, asked, row)
            verdicts.append(verdict)
            if verdict.status == "gap":
                later = push.entries[len(verdicts) :]
                verdicts += (Verdict(one.n, one.id, "gap", want=row.last_n + 1) for one in later)
                break
        row.last_contact, row.clock_offset, row.pushes = self.arrival, self.arrival - push.now, row.pushes + 1
        if push.left == 0:
            offset = push.entries[-1].offset if push.entries else None
            # The line may have been slow: what was done since it was sent came after.
            row.drained_at = self.arrival if offset is None else min(self.arrival, push.now + offset)
        return PushAnswer(self.means.epoch, row.last_n, self.arrival, tuple(verdicts))

    def _verdict(self, entry: Entry, asked: Asking, row: DeviceRow) -> Verdict:
        told = self.known.get(entry.id)
        if told is not None:
            if entry.n == row.last_n + 1:
                row.last_n = entry.n
                self._again.append((self.means.jurisdiction, row.device, entry.n, entry.id))
            return msgspec.structs.replace(told, n=entry.n)
        if entry.n != row.last_n + 1:
            if entry.n <= row.last_n:
                self.copied.append(row.device)
            return Verdict(entry.n, entry.id, "gap", want=row.last_n + 1)
        row.last_n = entry.n
        return self._decided(entry, asked, row)

    def _decided(self, entry: Entry, asked: Asking, row: DeviceRow) -> Verdict:
        at = moment(entry.at, entry.offset, asked.push.now, self.arrival, row.clock)
        author = author_of(entry, asked.person, self.people.get(row.device, ()), at.now)
        if author is None:
            verdict = Verdict(
                entry.n, entry.id, "rejected", reason=Reason("sync.role_not_vouched", {"role": entry.role})
            )
        else:
            verdict = decide_entry(entry, author, at, self.grounds)
        if verdict.status == "applied":
            row.decided_at = max(min(row.decided_at, self.arrival), at.now)
            self.last_of[entry.id] = len(self.grounds.log)
        self._judged.append((entry, asked.person, verdict))
        again = msgspec.structs.replace(verdict, status="duplicate") if verdict.status == "applied" else verdict
        self.known[entry.id] = again
        return verdict

    async def write_entries(self, at: Transaction, before: int) -> None:
        """Inside a transaction: keep what was judged; refused entries whole, sealed, for their author and a lead."""
        rows: list[Row] = []
        keys: dict[str, OwnerKeys] = {}
        for entry, person, verdict in self._judged:
            sealed = None
            if verdict.status != "applied":
                owner = TRAY + entry.id
                keys[owner] = self._tray_keys(entry)
                sealed = keys[owner].seal(msgspec.json.encode(entry), entry.id)
            rows.append(self._row(entry, person, verdict, sealed, before))
        await at.insert(ENTRY, rows)
        await at.insert(SENT_AGAIN, self._again)
        jurisdiction, cipher, held = self.means.jurisdiction, self.means.cipher, self.means.held
        await at.insert(SEALING_KEY, [(jurisdiction, owner, own.place(cipher)) for owner, own in keys.items()])
        await at.insert(
            ROLE_KEY, [(jurisdiction, owner, *row) for owner, own in keys.items() for row in own.rows(held)]
        )

    def _row(self, entry: Entry, person: Person, verdict: Verdict, sealed: bytes | None, before: int) -> Row:
        seq = before + self.last_of.get(entry.id, -before)
        told = "" if verdict.status == "applied" else msgspec.json.encode(verdict).decode()
        return (
            self.means.jurisdiction, entry.id, person.device, entry.n, verdict.status, seq, entry.actor, self.arrival,
            int(verdict.time_doubtful), entry.steps[0].stream if entry.steps else "", told, sealed,
        )  # fmt: skip

    def _tray_keys(self, entry: Entry) -> OwnerKeys:
        streams = [self.grounds.streams[step.stream] for step in entry.steps]
        is_secret = any(one.keys.secret for one in streams) or any(_CONFIDENTIAL in bytes(s.body) for s in entry.steps)
        if is_secret:
            book = self.means.shelf.present(self.means.jurisdiction)
            roles = roles_of(book, self.grounds)
            closed = OwnerKeys().closed(roles.readers, roles.held, self.means.cipher)
            if closed.secret:
                return closed
        return OwnerKeys().ready(self.means.cipher)


def _numbered(answer: PushAnswer, last_of: Mapping[str, int], before: int) -> PushAnswer:
    """The places of the events are known only once the counter was moved."""
    verdicts = tuple(
        msgspec.structs.replace(one, seq=before + last_of[one.id]) if one.id in last_of else one
        for one in answer.verdicts
    )
    return msgspec.structs.replace(answer, verdicts=verdicts)
