"""What one reader is told of a stretch of the log: in full, as an outline, without names, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from agent_console.desk.leaving.exchange_masking import Mask
from agent_console.domain.confidentiality.role_rules import HiddenIdentity
from agent_console.domain.oversight.lead_messages import MessageSent
from agent_console.server.feeding.sight import Reader
from agent_console.server.feeding.slices import ORDER, LogRow, Slice
from agent_console.sync.wire import FeedRow

MESSAGE = "message:"


class Teller:
    """Tells one reader. hidden: rules of the reader's role that keep from it who a caller is."""

    def __init__(self, reader: Reader, hidden: Sequence[HiddenIdentity]) -> None:
        """For this reader."""
        self.reader = reader
        self._hidden = hidden
        self._masks: dict[str, Mask] = {}

    def wants_whole(self, slice_: Slice) -> set[str]:
        """Streams whose history the reader is told, or must be known so that no name is told."""
        return {row.stream for row in slice_.rows if self._enters(slice_, row) or self._is_masked(slice_, row)}

    def tell(self, slice_: Slice) -> tuple[bytes, ...]:
        """The rows of a slice as JSON, in order, as far as the reader may be told."""
        rows: list[bytes] = []
        outlined: set[str] = set()
        self._masks.clear()
        for row in slice_.rows:
            rows += self._of(slice_, row, outlined)
        return (*rows, *self._outlines(slice_, outlined))

    def _of(self, slice_: Slice, row: LogRow, outlined: set[str]) -> list[bytes]:
        stream = row.stream
        if stream.startswith(MESSAGE):
            return [msgspec.json.encode(_message(row))] if self._is_for_me(row) else []
        if self.reader.reads_public(stream):
            return [slice_.whole(row)]
        before, now = self._sees(slice_, row)
        if now and not before:
            return self._history(slice_, row)
        if now or self._wrote(row):
            return [self._event(slice_, row, row.seq)]
        if before:
            forgotten = FeedRow(row.seq, "forget", stream)
            return [msgspec.json.encode(forgotten), *self._outline(slice_, row)]
        if self.reader.outlines and stream in slice_.outlines:
            outlined.add(stream)
        return []

    def _sees(self, slice_: Slice, row: LogRow) -> tuple[bool, bool]:
        is_order, reader = row.stream.startswith(ORDER), self.reader
        if not is_order and not reader.calls and not self._wrote(row):
            return False, False
        full = reader.is_told_all(row.stream)
        before, now = slice_.words(row)
        return row.envelope.version > 1 and reader.sees(before, full=full), reader.sees(now, full=full)

    def _wrote(self, row: LogRow) -> bool:
        return row.envelope.device == self.reader.device and not self.reader.of_unit

    def _enters(self, slice_: Slice, row: LogRow) -> bool:
        if row.stream.startswith(MESSAGE) or self.reader.reads_public(row.stream) or row.envelope.version == 1:
            return False
        before, now = self._sees(slice_, row)
        return now and not before

    def _is_masked(self, slice_: Slice, row: LogRow) -> bool:
        return bool(self._rule(slice_, row.stream)) and self._sees(slice_, row)[1]

    def _rule(self, slice_: Slice, stream: str) -> HiddenIdentity | None:
        outline = slice_.outlines.get(stream)
        return None if outline is None else self.hidden_of(outline.kind)

    def hidden_of(self, kind: str) -> HiddenIdentity | None:
        """The rule that keeps the callers of orders of a kind from this reader."""
        return next((rule for rule in self._hidden if not rule.kinds or kind in rule.kinds), None)

    def _history(self, slice_: Slice, row: LogRow) -> list[bytes]:
        if row.envelope.version == 1:
            return [self._event(slice_, row, row.seq)]
        earlier = [one for one in slice_.histories[row.stream] if one.seq <= row.seq]
        return [self._event(slice_, one, row.seq) for one in earlier]

    def _event(self, slice_: Slice, row: LogRow, seq: int) -> bytes:
        rule = self._rule(slice_, row.stream)
        if rule is None or row.fact is None:
            return slice_.whole(row) if seq == row.seq else msgspec.json.encode(row.told(seq))
        return msgspec.json.encode(row.told(seq, masked(row.fact, self._mask(slice_, row.stream, rule))))

    def _mask(self, slice_: Slice, stream: str, rule: HiddenIdentity) -> Mask:
        if stream not in self._masks:
            self._masks[stream] = mask_of(slice_.histories[stream], rule)
        return self._masks[stream]

    def _outline(self, slice_: Slice, row: LogRow) -> list[bytes]:
        outline = slice_.outlines.get(row.stream)
        if outline is None or not self.reader.outlines:
            return []
        told = FeedRow(row.seq, "outline", row.stream, outline=outline, recorded_at=row.recorded_at)
        return [msgspec.json.encode(told)]

    def _outlines(self, slice_: Slice, streams: set[str]) -> list[bytes]:
        """Once for each order, at the end of the page: an outline says how things stand, not how they came to."""
        if not streams:
            return []
        last, outlines = slice_.rows[-1], slice_.outlines
        told = (
            FeedRow(last.seq, "outline", stream, outline=outlines[stream], recorded_at=last.recorded_at)
            for stream in sorted(streams)
        )
        return [msgspec.json.encode(row) for row in told]

    def _is_for_me(self, row: LogRow) -> bool:
        if not isinstance(row.fact, MessageSent) or self.reader.of_unit:
            return False
        return row.fact.device in ("", self.reader.device)


def mask_of(history: Sequence[LogRow], rule: HiddenIdentity) -> Mask:
    """What hides the callers of an order before somebody the rule keeps them from."""
    return Mask((one.event for one in history), is_hidden=rule.leaves == "nothing")


def masked(fact: msgspec.Struct, mask: Mask) -> bytes:
    """The body of an event before somebody who is not told who the caller is."""
    return msgspec.json.encode(mask.fields(fact))


def _message(row: LogRow) -> FeedRow:
    told = row.told(row.seq)
    return msgspec.structs.replace(told, kind="message")
