"""Deciding an entry again, on the server's own state, with the decide of the domain.

What a seat decided counts only as far as the server comes to the same: its events are those of the server's decide.
Nothing is written here; an entry that is refused leaves the streams as they were.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from agent_console.desk.commands import HISTORY, NOTE, Handling, History, Noted, handling, may_be_noted
from agent_console.domain.confidentiality.secrecy_facts import ERASING
from agent_console.domain.confidentiality.sight import only_reads, takes_no_calls
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing, NeedsOverride
from agent_console.domain.errors import ConsoleError, UnknownName
from agent_console.domain.events import Envelope, known, type_of
from agent_console.domain.intake.calls import Call, CallErased
from agent_console.domain.messages import Message, message
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.working_time import Calendar
from agent_console.domain.units.directory import Directory
from agent_console.domain.work_order.order_clocks import is_recalculated
from agent_console.domain.work_order.order_life_facts import Amended, Recalculated
from agent_console.domain.work_order.orders import Order, OrderRaised
from agent_console.server.pushing.books import Shelf
from agent_console.server.pushing.streams import Planned, Roles, Stream
from agent_console.server.pushing.timing import Moment
from agent_console.store.keyring import Cipher
from agent_console.sync.wire import Entry, Reason, Step, Verdict

_LOG = logging.getLogger(__name__)

_NO_UNITS = Directory()

DIRECTORY = "directory:"
SEAT = "seat:"


class Refusal(Exception):
    """A step that does not decide; the entry goes to its author's tray."""

    def __init__(self, reason: Reason, theirs: tuple[str, ...] = ()) -> None:
        """`theirs`: ids of events that were there first."""
        super().__init__(reason.key)
        self.reason = reason
        self.theirs = theirs


class Grounds(msgspec.Struct, frozen=True):
    """What a group is decided on. taken: ids of events that are known; log: what was planned so far, in order."""

    shelf: Shelf
    calendar: Calendar
    streams: Mapping[str, Stream]
    held: Mapping[str, bytes]
    cipher: Cipher
    taken: set[str]
    log: list[Planned]


class Author(msgspec.Struct, frozen=True):
    """Whose entry it is, and from which device. vouched: a sign-in stands for name and role."""

    actor: Actor
    device: str
    vouched: bool

    @property
    def authority(self) -> str:
        """As envelopes say it."""
        return "token" if self.vouched else "self_declared"


def decide_entry(entry: Entry, author: Author, at: Moment, grounds: Grounds) -> Verdict:
    """Apply every step of an entry to the streams, or none."""
    marks = {name: grounds.streams[name].mark() for name in {step.stream for step in entry.steps}}
    planned = len(grounds.log)
    try:
        deciding = _Deciding(entry, author, at, grounds)
        for number, step in enumerate(entry.steps):
            deciding.step(number, step)
    except Refusal as refused:
        for name, mark in marks.items():
            grounds.streams[name].back_to(mark)
        grounds.taken.difference_update(one.envelope.id for one in grounds.log[planned:])
        del grounds.log[planned:]
        if refused.theirs:
            return Verdict(entry.n, entry.id, "conflict", reason=refused.reason, theirs=refused.theirs)
        return Verdict(entry.n, entry.id, "rejected", reason=refused.reason)
    return Verdict(entry.n, entry.id, "applied", time_doubtful=at.doubtful)


class _Deciding:
    """One entry."""

    def __init__(self, entry: Entry, author: Author, at: Moment, grounds: Grounds) -> None:
        self.entry, self.author, self.at, self.grounds = entry, author, at, grounds
        self._present: Context | None = None

    def step(self, number: int, step: Step) -> None:
        stream = self.grounds.streams[step.stream]
        if step.command == HISTORY:
            self._take_history(step, stream)
            return
        if stream.erased:
            raise Refusal(Reason("stream.erased"))
        if stream.kept.read_only:
            raise Refusal(Reason("stream.read_only"))
        if step.command == NOTE:
            facts, context = self._noted(step, stream)
        else:
            facts, context = self._decided(step, stream)
        ids = self._ids(number, step, len(facts))
        roles = roles_of(context.rule_book, self.grounds)
        for fact, id_ in zip(facts, ids, strict=True):
            self._add(stream, self._envelope(id_, fact, stream, context), fact, roles)

    def _decided(self, step: Step, stream: Stream) -> tuple[tuple[msgspec.Struct, ...], Context]:
        handled = self._handling(step)
        command = _read(step.body, handled.struct)
        context = self._context(handled, stream.state)
        refused = self._not_theirs(step.stream, stream.state, context)
        decision = refused or _answer(handled, stream.state, command, context)
        if not isinstance(decision, Done):
            raise Refusal(reason_of(decision), self._theirs(step, stream))
        if theirs := self._written_over(decision, step, stream):
            raise Refusal(Reason("sync.written_over"), theirs)
        return decision.facts, context

    def _handling(self, step: Step) -> Handling:
        try:
            handled = handling(step.command)
        except UnknownName:
            raise Refusal(Reason("sync.unknown_command", {"name": step.command})) from None
        if not step.stream.startswith(handled.prefix):
            raise Refusal(Reason("sync.wrong_stream", {"name": step.command}))
        return handled

    def _not_theirs(self, name: str, state: Any, context: Context) -> Blocked | None:
        """What the desk asks before it lets somebody decide at all."""
        if name.startswith(SEAT) and name != SEAT + self.author.device:
            return Blocked((), message("sync.other_seat"))
        if isinstance(state, Call):
            return takes_no_calls(context.actor, context.rule_book) or only_reads(context)
        return only_reads(context) if isinstance(state, Order) and state.status == "new" else None

    def _noted(self, step: Step, stream: Stream) -> tuple[tuple[msgspec.Struct, ...], Context]:
        noted = _read(step.body, Noted)
        entry = known(noted.type)
        if entry is None:
            raise Refusal(Reason("sync.unknown_fact", {"name": noted.type}))
        fact = _read(noted.fact, entry.struct)
        if not may_be_noted(step.stream, fact):
            raise Refusal(Reason("sync.not_to_be_noted", {"name": noted.type}))
        context = self._present_context()
        if isinstance(fact, (CallErased, *ERASING)):
            self._may_erase(context)
        if isinstance(fact, Recalculated) and isinstance(stream.state, Order) and is_recalculated(stream.state, fact):
            return (), context
        return (fact,), context

    def _may_erase(self, context: Context) -> None:
        rule = context.rule_book.retention
        if context.actor.role not in rule.roles:
            clauses = (rule.clause,) if rule.clause else ()
            raise Refusal(Reason("sync.may_not_erase", {"role": context.actor.role}, clauses))

    def _take_history(self, step: Step, stream: Stream) -> None:
        """Events that were there before the seat had a server count as they are, once, in their order."""
        history = _read(step.body, History)
        roles = roles_of(self._book(), self.grounds)
        for past in history.events:
            envelope = past.envelope
            if envelope.id in self.grounds.taken:
                continue
            entry = known(envelope.type)
            if entry is None or envelope.stream != step.stream:
                raise Refusal(Reason("sync.unknown_fact", {"name": envelope.type}))
            if envelope.version != stream.version + 1:
                raise Refusal(Reason("sync.history_elsewhere"), self._theirs(step, stream))
            told = msgspec.structs.replace(envelope, authority="self_declared", device=self.author.device)
            self._add(stream, told, _read(past.fact, entry.struct), roles)
            self.grounds.taken.add(envelope.id)

    def _add(self, stream: Stream, envelope: Envelope, fact: msgspec.Struct, roles: Roles) -> None:
        stream.add(envelope, fact, self.at.doubtful, roles)
        self.grounds.log.append(stream.planned[-1])

    def _theirs(self, step: Step, stream: Stream) -> tuple[str, ...]:
        """Events after the base that this entry did not bring."""
        return tuple(one.id for one in stream.after(step.base) if one.cause != self.entry.id)

    def _written_over(self, decision: Done, step: Step, stream: Stream) -> tuple[str, ...]:
        """Events after the base that changed the same field of the form: nothing is written over unseen."""
        fields = {fact.field for fact in decision.facts if isinstance(fact, Amended)}
        since = stream.after(step.base) if fields else ()
        return tuple(one.id for one in since if one.field in fields and one.cause != self.entry.id)

    def _ids(self, number: int, step: Step, count: int) -> list[str]:
        """The ids the seat drew, where nobody has them yet; others follow from the entry."""
        ids: list[str] = []
        for index in range(count):
            id_ = step.events[index] if index < len(step.events) else ""
            if not id_ or id_ in self.grounds.taken:
                id_ = str(uuid.uuid5(uuid.UUID(self.entry.id), f"{number}.{index}"))
            self.grounds.taken.add(id_)
            ids.append(id_)
        return ids

    def _book(self) -> RuleBook:
        try:
            return self.grounds.shelf.present(self.entry.jurisdiction)
        except ConsoleError:
            raise Refusal(Reason("sync.unknown_book", {"name": self.entry.jurisdiction})) from None

    def _present_context(self) -> Context:
        book = self._book()
        directory = self._directory(book.code)
        if self._present is None or self._present.directory is not directory:
            self._present = Context(book, self.grounds.calendar, self.at.now, self.author.actor, directory)
        return self._present

    def _context(self, handled: Handling, state: Any) -> Context:
        context = self._present_context()
        if handled.context != "order" or not isinstance(state, Order):
            return context
        book = self.grounds.shelf.under(state.rule_book or context.rule_book.code, state.book_version, self.at.now)
        if book is context.rule_book:
            return context
        return msgspec.structs.replace(context, rule_book=book, directory=self._directory(book.code))

    def _directory(self, code: str) -> Directory:
        stream = self.grounds.streams.get(DIRECTORY + code)
        return stream.state if stream is not None and isinstance(stream.state, Directory) else _NO_UNITS

    def _envelope(self, id_: str, fact: msgspec.Struct, stream: Stream, context: Context) -> Envelope:
        entry, actor, kind = self.entry, self.author.actor, type_of(fact)
        return Envelope(
            id=id_,
            stream=stream.name,
            version=stream.version + 1,
            type=kind.name,
            schema=kind.schema,
            jurisdiction=context.rule_book.code,
            rule_book=context.rule_book.version,
            calendar=context.calendar.version,
            actor=actor.name,
            role=actor.role,
            unit=actor.unit,
            authority=self.author.authority,
            seat=entry.seat,
            device=self.author.device,
            n=entry.n,
            occurred_at=entry.at,
            clock_offset=entry.offset,
            cause=entry.id,
        )


def _answer(handled: Handling, state: Any, command: msgspec.Struct, context: Context) -> Decision:
    try:
        return handled.decide(state, command, context)
    except ConsoleError as error:
        return Blocked((), error.message)
    except Exception as error:  # noqa: BLE001
        # A command no seat of ours makes must block neither the queue of its device nor its neighbours.
        _LOG.error("command cannot be decided", extra={"command": handled.name, "error": type(error).__name__})
        return Blocked((), message("sync.unreadable"))


def _read(body: msgspec.Raw, kind: Callable[..., Any] | Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(Reason("sync.unreadable")) from None


def roles_of(book: RuleBook, grounds: Grounds) -> Roles:
    """Who reads confidential orders by this book."""
    rule = book.confidentiality.secret
    return Roles(rule.readers if rule is not None else (), grounds.held, grounds.cipher)


def raised_under(streams: Mapping[str, Stream], planned: Iterable[Planned] = ()) -> set[tuple[str, str]]:
    """Books, by code and version, that orders of these streams were raised under, and are raised under by a plan."""
    states = [stream.state for stream in streams.values() if isinstance(stream.state, Order)]
    facts = [one.fact for one in planned if isinstance(one.fact, OrderRaised)]
    running = {(state.rule_book, state.book_version) for state in states if state.id}
    return running | {(fact.rule_book, fact.book_version) for fact in facts}


def reason_of(decision: Blocked | Missing | NeedsOverride | Done) -> Reason:
    """What a decision says no with, as it travels."""
    match decision:
        case Blocked(clauses=clauses, message=told, unblock=unblock):
            return Reason(told.key, _values(told), clauses, unblock.key if unblock is not None else "")
        case Missing(fields=fields, clause=clause):
            return Reason("sync.missing", {"fields": "、".join(fields)}, (clause,) if clause else ())
        case NeedsOverride(role=role, clause=clause, message=told):
            return Reason(told.key, {**_values(told), "role": role}, (clause,) if clause else (), "sync.override")
    return Reason("sync.unreadable")


def _values(told: Message) -> dict[str, str | int]:
    return dict(told.fields)
