"""Turns entries into the arrays of a segment: lines, texts, and for each gram the entries that contain it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from knowledge.search.entry import SearchEntry
from knowledge.search.index import (
    BODY,
    BREAK,
    FIELDS,
    HEAD_ONLY,
    KINDS,
    LENGTH,
    Flags,
    Ids,
    Line,
    Points,
    filed,
    form_of,
    gram_points,
    lines_of,
    points_of,
    stretches,
    text_of,
)
from knowledge.search.normal_form import kept_lines
from knowledge.search.sound import sounds

Arrays = dict[str, npt.NDArray[Any]]
Belonging = tuple[tuple[str, ...], tuple[str, ...]]
"""Rule books of an entry, and the documents it rests on."""

_DENSE = 32
"""A gram in more than one entry of this many is filed as one bit for each entry, which is smaller then, and faster."""
LARGE = ("texts", "blobs")
"""Arrays of which a search reads a few stretches only."""
_FORMS = ("chars", "exact", "initials")
_FEW = 1024
"""With fewer entries than this no gram is common."""
_TOGETHER = 2000
"""Entries that are read at a time."""


class Packed(msgspec.Struct, frozen=True):
    """Everything a segment reads; an entry names by number how it belongs to rule books."""

    arrays: Arrays
    belonging: tuple[Belonging, ...]


def id_key(entry_id: str) -> int:
    """The number by which an entry is looked up; two ids hardly ever share one."""
    return int.from_bytes(blake2b(entry_id.encode(), digest_size=8).digest(), "little")


class _Lines:
    """Lines and texts of entries, as they come."""

    def __init__(self) -> None:
        self.parts: dict[str, list[npt.NDArray[Any]]] = {}
        self.blobs: list[bytes] = []
        self.keys: list[int] = []
        self.plain: list[float] = []
        self.belonging: dict[Belonging, int] = {}
        self.kinds: list[int] = []

    def take(self, entries: Sequence[SearchEntry]) -> None:
        """Read some entries."""
        each = [lines_of(entry) for entry in entries]
        flat = [line for lines in each for line in lines]
        written = [text_of(entry, line) for entry, lines in zip(entries, each, strict=True) for line in lines]
        forms = kept_lines([text.replace(BREAK, " ") for text in written])
        chars = points_of("".join(form.text + BREAK for form in forms))
        exact, initials = sounds("".join(form.spoken + BREAK for form in forms))
        sizes = np.array([len(form.text) + 1 for form in forms], np.int32)
        said = np.repeat([line.field == "said" for line in flat], sizes)
        rows = chars, points_of(exact), np.where(said, chars, points_of(initials))
        for name, row in zip(_FORMS, rows, strict=True):
            self._keep(name, row)
        counts = np.array([len(lines) for lines in each], np.int32)
        self._keep("sizes", sizes)
        self._keep("line_counts", counts)
        self._keep("texts", _interleaved(rows, np.add.reduceat(sizes, _sums(counts)[:-1])))
        self._keep("lines", _places(flat))
        for entry in entries:
            self.blobs.append(msgspec.msgpack.encode(entry))
            self.keys.append(id_key(entry.id))
            self.plain.append(1 / max(1, len(entry.sources)))
            belonging = entry.jurisdictions, tuple(sorted({source.doc for source in entry.sources}))
            self.kinds.append(self.belonging.setdefault(belonging, len(self.belonging)))

    def _keep(self, name: str, part: npt.NDArray[Any]) -> None:
        self.parts.setdefault(name, []).append(part)

    def whole(self, name: str) -> npt.NDArray[Any]:
        """All parts of one array."""
        return np.concatenate(self.parts.pop(name))


def _interleaved(rows: tuple[Points, ...], sizes: Ids) -> Points:
    """For each entry its characters, then its syllables, then its first letters."""
    starts = np.cumsum(sizes) - sizes
    mixed = np.empty(3 * len(rows[0]), np.uint16)
    for number, row in enumerate(rows):
        mixed[stretches(3 * starts + number * sizes, sizes)] = row
    return mixed


def _places(lines: Sequence[Line]) -> Ids:
    """Field, item, start and end of each line."""
    return np.array([(FIELDS.index(line.field), line.item, line.start, line.end) for line in lines], np.int32)


def pack(entries: Iterable[SearchEntry], progress: Callable[[int], None] | None = None) -> Packed:
    """The arrays for these entries, at least one, no two of one id. `progress` is told how many were read."""
    lines, count = _Lines(), 0
    waiting = iter(entries)
    while part := list(islice(waiting, _TOGETHER)):
        lines.take(part)
        count += len(part)
        if progress is not None:
            progress(count)
    return Packed(_arrays(lines), tuple(lines.belonging))


def _arrays(lines: _Lines) -> Arrays:
    keys = np.array(lines.keys, np.uint64)
    order = np.argsort(keys)
    counts = lines.whole("line_counts")
    sizes = lines.whole("sizes")
    arrays: Arrays = {
        "texts": lines.whole("texts"),
        "lines": lines.whole("lines"),
        "first_line": _sums(counts),
        "offsets": _sums(sizes),
        "id_keys": keys[order],
        "id_places": order.astype(np.int32),
        "plain": np.array(lines.plain, np.float32),
        "kind": np.array(lines.kinds, np.int32),
        "blobs": np.frombuffer(b"".join(lines.blobs), np.uint8),
        "blob_at": _sums(np.array([len(blob) for blob in lines.blobs], np.int64)),
    }
    head = np.repeat(arrays["lines"][:, 0] != BODY, sizes)
    forms = {name: lines.whole(name) for name in _FORMS}
    return arrays | _postings(forms, head, counts, sizes)


def _sums(sizes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))


def _postings(forms: Arrays, head: Flags, counts: npt.NDArray[Any], sizes: npt.NDArray[Any]) -> Arrays:
    """For each gram its entries: common grams as bits, the others as numbers."""
    entry_of_line = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    entry_of = np.repeat(entry_of_line, sizes)
    found = [_of_kind(kind, forms, entry_of, head, len(counts)) for kind in KINDS]
    codes, shares, ids, bits = (list(each) for each in zip(*found, strict=True))
    holds = np.concatenate(shares)
    row = _common(holds, len(counts))
    return {
        "codes": np.concatenate(codes),
        "counts": holds,
        "row": np.where(row, np.cumsum(row) - 1, -1).astype(np.int32),
        "starts": _sums(np.where(row, 0, holds)),
        "ids": np.concatenate(ids),
        "bits": np.concatenate(bits),
    }


def _of_kind(
    kind: int, forms: Arrays, entry_of: Ids, head: Flags, count: int
) -> tuple[npt.NDArray[np.uint64], Ids, Ids, npt.NDArray[np.uint8]]:
    """Grams of one kind, in how many entries each is, and these entries: of rare ones, then of common ones."""
    pairs = _pairs(kind, form_of(kind, *(forms[name] for name in _FORMS)), entry_of, head)
    codes = (pairs >> np.uint64(32)).astype(np.uint32)
    first = np.flatnonzero(np.diff(codes, prepend=codes[:1] + np.uint32(1)))
    holds = np.diff(np.append(first, len(codes))).astype(np.int32)
    entries = pairs.astype(np.uint32).astype(np.int32)
    dense = _common(holds, count)
    bits = [_bits(entries[at : at + size], count) for at, size in zip(first[dense], holds[dense], strict=True)]
    rows = np.stack(bits) if bits else np.zeros((0, (count + 7) // 8), np.uint8)
    return filed(kind, codes[first]), holds, entries[np.repeat(~dense, holds)], rows


def _pairs(kind: int, form: Points, entry_of: Ids, head: Flags) -> npt.NDArray[np.uint64]:
    """Gram and entry in one number, sorted, each once; no gram crosses the end of a line."""
    codes = gram_points(kind, form)
    count = len(codes)
    whole = np.ones(count, bool)
    for step in range(LENGTH[kind]):
        whole &= form[step : step + count] != ord(BREAK)
    if kind in HEAD_ONLY:
        whole &= head[:count]
    pairs = codes[whole].astype(np.uint64) << np.uint64(32)
    pairs |= entry_of[:count][whole].astype(np.uint64)
    pairs.sort()
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = pairs[1:] != pairs[:-1]
    once: npt.NDArray[np.uint64] = pairs[fresh]
    return once


def _common(holds: Ids, count: int) -> Flags:
    return holds * _DENSE > max(count, _FEW * _DENSE if count < _FEW else 0)


def _bits(entries: Ids, count: int) -> npt.NDArray[np.uint8]:
    flags = np.zeros(count, bool)
    flags[entries] = True
    return np.packbits(flags, bitorder="little")
