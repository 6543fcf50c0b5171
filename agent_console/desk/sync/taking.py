"""A page of the server's feed, taken in with the cursor in one transaction: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.sync import files
from agent_console.desk.sync.deciding_again import append, keep_figures, rewrite
from agent_console.desk.sync.keys import keys_are_here
from agent_console.domain.confidentiality.secrecy_facts import OrderClassified
from agent_console.domain.errors import BadInput
from agent_console.domain.events import Envelope, Event, known
from agent_console.store.log import is_newer
from agent_console.store.messages import KeptMessage
from agent_console.store.mirror import KeptOutline, Told
from agent_console.store.seat_file import Store
from agent_console.sync.wire import FeedPage, FeedRow, StreamHistory

_BYTES_LEFT = "bytes_left"
_NOTHING = msgspec.Raw(b"null")
"""In place of a body: what was told there has been erased since."""
_JUDGED = ("stream", "type", "schema", "jurisdiction", "actor", "role", "unit", "occurred_at", "cause")
"""What makes a pending event the same as the confirmed one, beside its fact; the rest is each side's own."""

Kept = tuple[Event, int | None]
"""An event that stands here, and its place in the feed, None while it is pending."""


def take_page(desk: Desk, store: Store, page: FeedPage) -> None:
    """Take the rows in. Another epoch, or a cursor the server no longer keeps: begin anew, everything is sent again.

    Raises BadInput for a row nobody can read; then nothing was taken in.
    """
    with desk.transaction():
        standing = store.mirror.standing()
        is_another = standing.epoch not in ("", page.epoch)
        if is_another:
            # How much of the outbox the other log has is said in answer to the next push; what it has counts once.
            store.outbox.rewind(0)
        if is_another or (page.resync and standing.cursor):
            store.mirror.begin_anew(page.epoch)
            store.linked_files.begin_anew()
            store.outlines.forget_all()
            return
        taking = _Taking(desk, store, page.next)
        taking.all(page.rows)
        store.mirror.stand(page.epoch, page.next)
        if not page.more and store.mirror.is_anew():
            taking.sweep(store.mirror.pending_streams())
            store.mirror.is_in_step()
        if taking.leaves_bytes and page.more:
            store.link.write(_BYTES_LEFT, "due")
    taking.tidy(has_more=page.more)


def take_stream(desk: Desk, store: Store, history: StreamHistory) -> None:
    """Take in all of a stream whose rows could not be kept when they came; where its key is still not here it is left.

    Raises BadInput for a row nobody can read.
    """
    with desk.transaction():
        taking = _Taking(desk, store, store.mirror.standing().cursor)
        store.mirror.fetched(history.stream)
        taking.all(history.rows)
        taking.sweep([history.stream])
    taking.tidy()


class _Taking:
    """One page on its way in."""

    def __init__(self, desk: Desk, store: Store, cursor: int) -> None:
        self._desk = desk
        self._store = store
        self._cursor = cursor
        self._waiting: dict[str, list[Told]] = {}
        self.leaves_bytes = False
        self.out_of_sight: list[str] = []
        """Streams whose files can go once this is committed."""

    def all(self, rows: Sequence[FeedRow]) -> None:
        """Rows in order; the events of a stream together, up to the next row that says something else of it."""
        for row in rows:
            if row.kind == "event":
                self._waiting.setdefault(row.stream, []).append(_told(row))
            else:
                self._flush(row.stream)
                self._other(row)
        for stream in tuple(self._waiting):
            self._flush(stream)

    def sweep(self, streams: Iterable[str]) -> None:
        """Now that all of these is here: what neither the server nor the outbox knows goes."""
        store = self._store
        for stream in streams:
            wanted = store.outbox.stands_for(stream)
            pending = (event.envelope.id for event, seq in store.log.to_fold(stream) if seq is None)
            if not wanted.issuperset(pending) and not store.sealing.is_locked(stream):
                rewrite(self._desk, store, stream, (), self._cursor)

    def tidy(self, *, has_more: bool = False) -> None:
        """After it was committed: what nobody here may read any more leaves no bytes.

        has_more: more follows at once, so that the file, which may be large, is written anew after that only.
        """
        for stream in self.out_of_sight:
            if not self._store.log.version(stream):
                self._store.attachments.forget(stream)
        if has_more:
            return
        if self.leaves_bytes or self._store.link.note(_BYTES_LEFT, str) is not None:
            self._store.compact()
            self._store.link.forget(_BYTES_LEFT)

    def _other(self, row: FeedRow) -> None:
        store, stream = self._store, row.stream
        if row.kind == "outline" and row.outline is not None and not store.log.version(stream):
            store.outlines.keep(_outline(row), row.outline.number_hash)
        elif row.kind == "message":
            store.messages.keep(KeptMessage(row.seq, row.recorded_at, bytes(row.body)))
        elif row.kind == "forget":
            store.outlines.forget(stream)
            store.mirror.fetched(stream)
            if files.let_go(store, stream):
                self.out_of_sight.append(stream)
            with store.mirror.rewriting(stream, forgetting=True):
                store.mirror.drop_all(stream)
            store.drafts.delete(stream)
        elif row.kind == "erase":
            store.outlines.forget(stream)
            # The key goes first: whoever holds no role key must hear of the erasure, too.
            store.erase(stream)
            if row.envelope != _NOTHING:
                self._waiting[stream] = [_told(row)]
                self._flush(stream)

    def _flush(self, stream: str) -> None:
        told = self._waiting.pop(stream, [])
        if not told:
            return
        store = self._store
        facts = [one.fact for one in told]
        if (
            store.mirror.is_left(stream)
            or store.sealing.is_locked(stream)
            or not keys_are_here(self._desk, store, facts)
        ):
            store.mirror.leave(stream, told[-1].seq)
            return
        kept = self._store.log.to_fold(stream)
        left, has_pending = self._confirm(kept, told)
        if not left:
            return
        store.outlines.forget(stream)
        self.leaves_bytes |= any(isinstance(one.fact, OrderClassified) for one in left)
        if has_pending:
            rewrite(self._desk, store, stream, left, self._cursor)
        else:
            self._go_on(stream, [event for event, _ in kept], left)

    def _confirm(self, kept: Sequence[Kept], told: list[Told]) -> tuple[list[Told], bool]:
        """Mark what stands here as the server has it; what it has beyond, and whether other events are pending."""
        known_here = {event.envelope.id for event, seq in kept if seq is not None}
        pending = [event for event, seq in kept if seq is None]
        fresh: list[Told] = []
        for one in told:
            if one.envelope.id in known_here:
                self._store.mirror.confirm(one.envelope.id, one.seq)
            elif not fresh and pending and _is_same(pending[0], one):
                self._store.mirror.confirm(pending.pop(0).envelope.id, one.seq)
            else:
                fresh.append(one)
        return fresh, bool(pending)

    def _go_on(self, stream: str, before: list[Event], told: list[Told]) -> None:
        added = append(self._desk, self._store, stream, told)
        self._store.mirror.project(added)
        keep_figures(self._desk, stream, [*before, *added])


def _told(row: FeedRow) -> Told:
    try:
        envelope = msgspec.json.decode(row.envelope, type=Envelope)
        entry = None if is_newer(envelope.type, envelope.schema) else known(envelope.type)
        is_gone = row.body == _NOTHING
        fact = None if entry is None or is_gone else msgspec.json.decode(row.body, type=entry.struct)
    except msgspec.DecodeError as error:
        raise BadInput("error.feed_row", "advice.feed_row", seq=row.seq, reason=str(error)) from error
    if envelope.stream != row.stream:
        raise BadInput("error.feed_row", "advice.feed_row", seq=row.seq, reason=row.stream)
    return Told(row.seq, envelope, fact, b"" if is_gone else bytes(row.body))


def _is_same(pending: Event, told: Told) -> bool:
    if pending.envelope.id != told.envelope.id:
        return False
    mine, theirs = pending.envelope, told.envelope
    is_as_written = all(getattr(mine, name) == getattr(theirs, name) for name in _JUDGED)
    return is_as_written and pending.fact in (None, told.fact)


def _outline(row: FeedRow) -> KeptOutline:
    told = row.outline
    assert told is not None
    return KeptOutline(
        stream=row.stream,
        number=told.number,
        status=told.status,
        kind=told.kind,
        topic=told.topic,
        place=told.place,
        urgency=told.urgency,
        lead=told.lead,
        raised_at=told.raised_at,
        as_of=row.recorded_at,
    )
