"""Writing what a group of pushes came to: the number of each event is taken last, then everything at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from agent_console.domain.instants import Instant
from agent_console.domain.work_order.order_numbers import TAIL
from agent_console.domain.work_order.orders import Order
from agent_console.server.pushing.streams import FOREVER, Kept, Planned, Stream
from agent_console.server.store.database import Row, Transaction, changes
from agent_console.server.store.schema import EVENT, HEAD, ORDER_ROW, ROLE_KEY, SEALING_KEY, SIGHT
from agent_console.store.keyring import Cipher
from agent_console.store.projections.figures import topic_of
from agent_console.store.telephone import digits_of

_HEAD_MOVES = changes(HEAD, ("jurisdiction", "stream"))
_SIGHT_ENDS = changes(SIGHT, ("jurisdiction", "stream", "who", "from_seq"))
_KEY_CHANGES = changes(SEALING_KEY, ("jurisdiction", "owner"))
_ROW_CHANGES = changes(ORDER_ROW, ("jurisdiction", "stream"))
_NUL = "\x00"

TELLING = "outline"


class Telling(msgspec.Struct, frozen=True):
    """The words of an outline; they stand sealed, for people write names into them."""

    topic: str
    place: str


class Numbered(msgspec.Struct, frozen=True):
    """An event and its place in the feed."""

    seq: int
    planned: Planned


class Writer:
    """Writes for one jurisdiction."""

    def __init__(self, jurisdiction: str, number_key: bytes, held: Mapping[str, bytes], cipher: Cipher) -> None:
        """`number_key` hashes telephone numbers, `held` wraps the keys of confidential orders."""
        self._jurisdiction = jurisdiction
        self._number_key = number_key
        self._held = held
        self._cipher: Cipher = cipher

    async def write(self, at: Transaction, planned: Sequence[Planned], streams: Sequence[Stream], now: Instant) -> int:
        """Inside a transaction: number the events in this order and write them; the seq before the first of them.

        The counter stays locked until the commit, so nobody can see a later event before an earlier one.
        """
        [(last,)] = await at.fetch(
            "UPDATE counter SET last_seq = last_seq + $2 WHERE jurisdiction = $1 RETURNING last_seq",
            self._jurisdiction,
            len(planned),
        )
        before = int(last) - len(planned)
        numbered = [Numbered(seq, one) for seq, one in enumerate(planned, before + 1)]
        await at.insert(EVENT, [self._event_row(one, now) for one in numbered])
        moved = [stream for stream in streams if stream.planned]
        await at.insert(HEAD, [(self._jurisdiction, one.name, one.version) for one in moved], _HEAD_MOVES)
        await at.insert(SIGHT, self._sight_rows(numbered, moved), _SIGHT_ENDS)
        latest = {one.planned.envelope.stream: one.seq for one in numbered}
        rows = [self.order_row(stream, latest[stream.name]) for stream in moved if _is_order(stream)]
        await at.insert(ORDER_ROW, rows, _ROW_CHANGES)
        await self._write_keys(at, moved)
        return before

    def _event_row(self, one: Numbered, now: Instant) -> Row:
        planned, envelope = one.planned, one.planned.envelope
        return (
            self._jurisdiction, one.seq, *msgspec.structs.astuple(envelope), now, int(planned.time_doubtful),
            planned.body, planned.sealed,
        )  # fmt: skip

    def _sight_rows(self, numbered: Sequence[Numbered], streams: Sequence[Stream]) -> list[Row]:
        rows: dict[tuple[str, str, int], int] = {}
        kept = {stream.name: stream.kept.spells for stream in streams}
        holding: dict[str, dict[str, int]] = {}
        for one in numbered:
            if not (one.planned.opened or one.planned.closed):
                continue
            name = one.planned.envelope.stream
            spells = holding.setdefault(name, dict(kept[name]))
            for who in one.planned.closed:
                rows[name, who, spells.pop(who)] = one.seq
            for who in one.planned.opened:
                spells[who] = one.seq
                rows[name, who, one.seq] = FOREVER
        return [(self._jurisdiction, name, who, first, end) for (name, who, first), end in rows.items()]

    def order_row(self, stream: Stream, seq: int) -> Row:
        """What is kept of an order for those it does not belong to; of a confidential or erased one less."""
        order: Order = stream.state
        details = order.details
        shown = not (order.secret or details.confidential or stream.erased)
        hashed = self.number_hash(details.caller_number) if shown else ""
        texts = (order.number, order.number[-TAIL:], order.status, details.kind, details.urgency, hashed)
        told = [text.replace(_NUL, "") for text in (*texts, order.lead or details.lead)]
        sealed = None
        if shown and stream.keys.keys:
            sealed = stream.keys.seal(msgspec.json.encode(Telling(topic_of(order), details.place)), TELLING)
        return (self._jurisdiction, stream.name, *told, order.raised_at, seq, sealed)

    def number_hash(self, number: str) -> str:
        """Hash by which every seat of the line finds a number; "" where it has no digit."""
        import hmac

        digits = digits_of(number)
        return hmac.digest(self._number_key, digits.encode(), "sha256").hex() if digits else ""

    async def _write_keys(self, at: Transaction, streams: Sequence[Stream]) -> None:
        changed = [stream for stream in streams if stream.keys != stream.kept.keys]
        places = [(self._jurisdiction, stream.name, stream.keys.place(self._cipher)) for stream in changed]
        await at.insert(SEALING_KEY, places, _KEY_CHANGES)
        for stream in changed:
            if stream.kept.keys.keys:
                gone = "DELETE FROM role_key WHERE jurisdiction = $1 AND owner = $2"
                await at.execute(gone, self._jurisdiction, stream.name)
        rows = [(self._jurisdiction, stream.name, *row) for stream in changed for row in stream.keys.rows(self._held)]
        await at.insert(ROLE_KEY, rows)
        for stream in changed:
            if stream.keys.erased:
                await self._forget(at, stream.name)

    async def _forget(self, at: Transaction, stream: str) -> None:
        """What else could tell of somebody whose call or order was erased."""
        row = "UPDATE order_row SET sealed = NULL, number_hash = '' WHERE jurisdiction = $1 AND stream = $2"
        for sql in (
            row,
            "UPDATE entry SET sealed = NULL WHERE jurisdiction = $1 AND stream = $2",
            "DELETE FROM file_piece WHERE jurisdiction = $1 AND owner = $2",
            "DELETE FROM file WHERE jurisdiction = $1 AND owner = $2",
        ):
            await at.execute(sql, self._jurisdiction, stream)

    @staticmethod
    def settled(before: int, planned: Sequence[Planned], streams: Sequence[Stream]) -> dict[str, Kept]:
        """What to keep of each stream after the commit."""
        holding = {stream.name: dict(stream.kept.spells) for stream in streams if stream.planned}
        for seq, one in enumerate(planned, before + 1):
            for who in one.closed:
                holding[one.envelope.stream].pop(who, None)
            for who in one.opened:
                holding[one.envelope.stream][who] = seq
        return {stream.name: stream.settled(holding.get(stream.name, {})) for stream in streams}


def _is_order(stream: Stream) -> bool:
    return isinstance(stream.state, Order) and bool(stream.state.id)
