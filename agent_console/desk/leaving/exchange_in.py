"""Orders come in from a file of `exchange_out`, or of another program that writes the form of `docs/exchange.md`.

What is new is taken, what is known is left as it is, what goes on is extended, what contradicts is told and left. The
same file twice changes nothing. Nobody's decision is repeated: the events come as they were made elsewhere, marked so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Literal
from zipfile import BadZipFile, ZipFile, is_zipfile

import msgspec

from agent_console.desk.desk import Desk, order_stream
from agent_console.desk.leaving.exchange_out import DOCUMENT, FILES
from agent_console.desk.listing import sight
from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports import figures
from agent_console.domain.confidentiality.sight import only_reads
from agent_console.domain.decisions import Blocked
from agent_console.domain.errors import BadInput, StoreError, UnknownName
from agent_console.domain.events import Event
from agent_console.domain.messages import Message, message
from agent_console.domain.work_order.exchange import (
    FORMAT,
    VERSION,
    ExchangedOrder,
    OrdersImported,
    Unfit,
    events_of,
    first_difference,
    folded,
    is_erased,
)
from agent_console.resources.rule_books import load_book
from agent_console.store.attachments import PIECE, too_large
from agent_console.store.connection import part
from agent_console.store.log import StreamMoved
from agent_console.store.private_files import digest_of

_BATCH = 200
"""Orders taken in one transaction."""

Fate = Literal["new", "extended", "known", "left"]


class Entry(msgspec.Struct, frozen=True):
    """What became of one order of the file: its place there, its number as far as it could be read, and why."""

    place: str
    number: str
    fate: Fate
    reason: Message | None = None


class Imported(msgspec.Struct, frozen=True):
    """What became of all of them, how many attached files were taken, and which are missing or not as they were."""

    entries: tuple[Entry, ...]
    files: int
    files_wanting: tuple[str, ...]
    masked: bool
    dry_run: bool

    def count(self, fate: Fate) -> int:
        """How many had this fate."""
        return sum(entry.fate == fate for entry in self.entries)

    @property
    def changed(self) -> bool:
        """Whether anything was taken."""
        return bool(self.count("new") or self.count("extended") or self.files)


class _Document(msgspec.Struct):
    format: str
    version: int
    orders: list[msgspec.Raw]
    masked: bool = False


class _Number(msgspec.Struct):
    number: str = ""


def refused(desk: Desk) -> Blocked | None:
    """Why this person may not take orders in: whoever may take steps on all of them may."""
    told = only_reads(desk.context())
    if told is not None or sight(desk).everything:
        return told
    return Blocked((), message("exchange.not_yours", role=desk.actor.role))


def take_in(opened: OpenDesk, path: Path, limit: int, *, dry_run: bool = False) -> Imported:
    """Take in what the file holds, each order as a whole or not at all; the caller has asked `refused`.

    limit: bytes an attached file may have. Raises BadInput for a file that is none of this form.
    """
    with _opened(path) as source:
        reading = _Reading(opened, source, limit, dry_run=dry_run)
        return reading.all()


class _Source:
    """The document and its files, packed or in a folder."""

    def __init__(self, path: Path, packed: ZipFile | None) -> None:
        self.path = path
        self._packed = packed

    def text(self) -> bytes:
        """The document."""
        return self.path.read_bytes() if self._packed is None else self._packed.read(DOCUMENT)

    def file(self, sha256: str) -> IO[bytes] | None:
        """One file; None where it is not there."""
        try:
            if self._packed is not None:
                return self._packed.open(f"{FILES}/{sha256}")
            return (self.path.with_name(f"{self.path.name}.{FILES}") / sha256).open("rb")
        except (OSError, KeyError):
            return None

    def digest(self) -> str:
        """SHA-256 of the file."""
        return digest_of(self.path)


@contextmanager
def _opened(path: Path) -> Iterator[_Source]:
    try:
        packed: AbstractContextManager[ZipFile | None] = ZipFile(path) if is_zipfile(path) else _nothing()
        with packed as found:
            yield _Source(path, found)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    except (BadZipFile, KeyError, EOFError) as error:
        raise _no_document(path, str(error)) from error


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


def _no_document(path: Path, reason: str) -> BadInput:
    return BadInput("error.exchange", "advice.exchange", path=str(path), reason=reason)


class _Reading:
    """One file on its way in."""

    def __init__(self, opened: OpenDesk, source: _Source, limit: int, *, dry_run: bool) -> None:
        self._opened = opened
        self._desk = opened.desk
        self._source = source
        self._limit = limit
        self._dry_run = dry_run
        self._document = self._read()
        self._taken: list[str] = []
        self._with_files: list[tuple[ExchangedOrder, tuple[Event, ...]]] = []
        self._files = 0
        self._wanting: list[str] = []

    def _read(self) -> _Document:
        path = self._source.path
        try:
            document = msgspec.json.decode(self._source.text(), type=_Document)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _no_document(path, str(error)) from error
        if document.format != FORMAT or not 1 <= document.version <= VERSION:
            raise _no_document(path, f"{document.format} {document.version}")
        return document

    def all(self) -> Imported:
        """An order after the other."""
        entries: list[Entry] = []
        for start in range(0, len(self._document.orders), _BATCH):
            entries += self._some(start, self._document.orders[start : start + _BATCH])
        found = Imported(tuple(entries), self._files, tuple(self._wanting), self._document.masked, self._dry_run)
        if found.changed and not self._dry_run:
            self._note(found)
        return found

    def _some(self, start: int, batch: list[msgspec.Raw]) -> list[Entry]:
        """Some orders in one transaction, then their files: a video must not keep other writers waiting."""
        self._with_files.clear()
        with self._desk.transaction():
            entries = [self._one(start + place, raw) for place, raw in enumerate(batch)]
        for order, events in self._with_files:
            self._take_files(order, events)
        return entries

    def _one(self, place: int, raw: msgspec.Raw) -> Entry:
        where, number = f"orders[{place}]", ""
        try:
            number = _number(raw)
            order = _order(raw)
            events = events_of(order)
            _known_book(order, self._desk)
            with part(self._opened.store.connection):
                fate = self._take(order, events)
        except Unfit as unfit:
            at = f"{where}.{unfit.where}" if unfit.where else where
            return Entry(at, number, "left", message(unfit.key, **unfit.fields))
        except StoreError as error:
            return Entry(where, number, "left", error.message)
        if order.attachments:
            self._with_files.append((order, events))
        return Entry(where, number, fate)

    def _take(self, order: ExchangedOrder, events: tuple[Event, ...]) -> Fate:
        stream = order_stream(order.id)
        own = self._desk.store.log.load(stream)
        if self._desk.store.is_secret(stream):
            raise Unfit("", "exchange.secret")
        if is_erased(own):
            raise Unfit("", "exchange.erased")
        differing = first_difference(own, events, masked=self._document.masked)
        if differing is not None:
            raise Unfit(f"history[{differing}]", "exchange.contradicts")
        if len(events) <= len(own):
            return "known"
        if not self._dry_run:
            self._append(stream, events, len(own))
        self._taken.append(order.id)
        return "extended" if own else "new"

    def _append(self, stream: str, events: tuple[Event, ...], known: int) -> None:
        try:
            self._desk.take_in(events[known:])
        except StreamMoved as error:
            raise Unfit(f"history[{known}]", "exchange.contradicts") from error
        figures.keep(self._desk, stream, folded(events))

    def _take_files(self, order: ExchangedOrder, events: tuple[Event, ...]) -> None:
        files, stream = self._opened.store.attachments, order_stream(order.id)
        attached = {one.sha256 for one in folded(events).attachments}
        for one in order.attachments:
            if one.sha256 not in attached or files.state(stream, one.sha256, one.size) == "there":
                continue
            if not (one.included and self._take_file(stream, one.sha256)):
                self._wanting.append(one.sha256)

    def _take_file(self, stream: str, sha256: str) -> bool:
        source = self._source.file(sha256)
        if source is None or self._dry_run:
            return source is not None
        try:
            with source:
                kept = self._opened.store.attachments.put(stream, _pieces(source, sha256, self._limit))
        except (BadInput, BadZipFile):
            return False
        if kept.sha256 != sha256:
            self._opened.store.attachments.discard(stream, kept.sha256)
            return False
        self._opened.store.linked_files.look_again()
        self._files += 1
        return True

    def _note(self, found: Imported) -> None:
        desk = self._desk
        happened = OrdersImported(
            sha256=self._source.digest(),
            by=desk.actor.name,
            role=desk.actor.role,
            new=found.count("new"),
            extended=found.count("extended"),
            known=found.count("known"),
            left=found.count("left"),
            orders=tuple(self._taken),
            occurred_at=desk.context().now,
        )
        with desk.transaction():
            desk.note(f"exchange:{desk.rule_book.code}", happened)


def _pieces(source: IO[bytes], name: str, limit: int) -> Iterator[bytes]:
    size = 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > limit:
            raise too_large(name[:12], limit)
        yield piece


def _number(raw: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=_Number).number
    except msgspec.DecodeError:
        return ""


def _order(raw: msgspec.Raw) -> ExchangedOrder:
    try:
        return msgspec.json.decode(raw, type=ExchangedOrder)
    except msgspec.DecodeError as error:
        reason, _, path = str(error).partition(" - at `$")
        raise Unfit(path.rstrip("`").lstrip("."), "exchange.form", reason=reason) from error


def _known_book(order: ExchangedOrder, desk: Desk) -> None:
    told = order.history[0].fact.get("rule_book") or desk.rule_book.code
    if told != order.jurisdiction:
        raise Unfit("jurisdiction", "exchange.other_book")
    try:
        book = load_book(order.jurisdiction)
    except UnknownName as error:
        raise Unfit("jurisdiction", "exchange.no_book", book=order.jurisdiction) from error
    if book.code != order.jurisdiction:
        raise Unfit("jurisdiction", "exchange.no_book", book=order.jurisdiction)
