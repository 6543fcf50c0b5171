"""Orders leave the seat's file in the form of `docs/exchange.md`: a JSON file with a folder beside it, or a zip.

    chosen = choose(opened, [], first=None, last=None)
    told = export(opened, granted, chosen, Path("orders.zip"), unmask=False, ground="", with_files=True)

The caller has asked the gate first (`exporting.allow`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from agent_console.desk.desk import order_stream
from agent_console.desk.leaving.exchange_masking import Mask
from agent_console.desk.leaving.exporting import written_file
from agent_console.desk.leaving.seeing import look_at, may_look, standing
from agent_console.desk.listing import sight
from agent_console.desk.opening import OpenDesk
from agent_console.desk.reports.figures import Period
from agent_console.domain.confidentiality.exports import ExportGranted
from agent_console.domain.decisions import Blocked
from agent_console.domain.errors import BadInput
from agent_console.domain.events import Event
from agent_console.domain.work_order.attachments import counting
from agent_console.domain.work_order.exchange import (
    FORMAT,
    VERSION,
    ExchangedEvent,
    ExchangedFile,
    ExchangedOrder,
    ExchangedOrders,
    clock_told,
    moment,
    told,
)
from agent_console.domain.work_order.order_clocks import running
from agent_console.domain.work_order.orders import Order
from agent_console.store.attachments import AttachmentGone
from agent_console.store.connection import rows

DOCUMENT = "orders.json"
FILES = "files"


class Left(msgspec.Struct, frozen=True):
    """An order that does not go along: its number, and the key of the reason."""

    number: str
    reason: str


class Exported(msgspec.Struct, frozen=True):
    """How many orders and files left, which orders stayed, and which files were not to be had."""

    orders: int
    files: int
    left: tuple[Left, ...]
    gone: tuple[str, ...]


class _Target(Protocol):
    """Where the document and its files go."""

    def document(self) -> IO[bytes]:
        """To write the document into."""

    def file(self, name: str) -> IO[bytes]:
        """To write one file into."""


def choose(opened: OpenDesk, names: list[str], period: Period | None) -> list[str]:
    """Ids of the orders that are meant, oldest first: those named, or all of the desk's book, raised in a period.

    Only those the person at the desk sees. Raises UnknownName, and BadInput for one of another rule book.
    """
    desk = opened.desk
    if names:
        orders = [opened.records.order(name) for name in names]
        for order in orders:
            if order.rule_book not in ("", desk.rule_book.code):
                raise BadInput("exchange.not_this_book", "exchange.name_book", name=order.number, book=order.rule_book)
        return list(dict.fromkeys(order.id for order in orders))
    where, parameters = "rule_book IN ('', ?)", [desk.rule_book.code]
    if period is not None:
        where += f" AND raised_at >= {period.start:d} AND raised_at < {period.end:d}"
    sql = f"SELECT stream FROM order_figure WHERE {where} ORDER BY raised_at, stream"
    seen = sight(desk)
    found = (stream.removeprefix(order_stream("")) for (stream,) in rows(opened.store.connection, sql, parameters))
    return [order_id for order_id in found if seen.lists(desk.order(order_id))]


def export(
    opened: OpenDesk,
    granted: ExportGranted,
    chosen: list[str],
    path: Path,
    *,
    unmask: bool,
    ground: str,
    with_files: bool,
) -> Exported | Blocked:
    """Write these orders; Blocked where one of them may not be seen, or not with its caller, and nothing leaves then.

    Raises BadInput where the file cannot be written.
    """
    looked = _looked_at(opened, chosen, unmask=unmask, ground=ground)
    if isinstance(looked, Blocked):
        return looked
    fresh = path.with_name(f"{path.name}.part")
    try:
        target = _zip(fresh) if path.suffix.lower() == ".zip" else _folder(fresh, _beside(path))
        with target as opened_target:
            writing = _Writing(opened, opened_target, unmask=unmask, with_files=with_files)
            writing.document(chosen)
            writing.files()
        fresh.replace(path)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    written_file(opened.desk, granted, path, writing.count)
    return Exported(writing.count, writing.file_count, tuple(writing.left), tuple(writing.gone))


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{FILES}")


def _looked_at(opened: OpenDesk, chosen: list[str], *, unmask: bool, ground: str) -> Blocked | None:
    """Ask for each order whether it and its caller may be seen, and have the latter written down."""
    desk = opened.desk
    orders = [desk.order(order_id) for order_id in chosen]
    for order in orders:
        refused = may_look(desk, order)
        if refused is not None:
            return refused
    for order in orders if unmask else ():
        looked = None if order.withheld or order.secret else look_at(desk, order, unmask=True, ground=ground)
        if isinstance(looked, Blocked):
            return looked
    return None


class _Writing:
    """One document on its way out."""

    def __init__(self, opened: OpenDesk, target: _Target, *, unmask: bool, with_files: bool) -> None:
        self._opened = opened
        self._target = target
        self._unmask = unmask
        self._with_files = with_files
        self._wanted: dict[str, str] = {}
        self.count = self.file_count = 0
        self.left: list[Left] = []
        self.gone: list[str] = []

    def document(self, chosen: list[str]) -> None:
        """The head, then an order after the other, so that a hundred thousand need no room in memory."""
        desk = self._opened.desk
        head = ExchangedOrders(
            format=FORMAT,
            version=VERSION,
            exported_at=moment(desk.clock.now()),
            jurisdiction=desk.rule_book.code,
            masked=not self._unmask,
            orders=(),
        )
        with self._target.document() as file:
            file.write(msgspec.json.encode(head).removesuffix(b"]}"))
            for order_id in chosen:
                entry = self._entry(desk.order(order_id))
                if entry is not None:
                    file.write((b",\n" if self.count else b"\n") + msgspec.json.encode(entry))
                    self.count += 1
            file.write(b"\n]}\n")

    def files(self) -> None:
        """The bytes of what is attached, each once."""
        for sha256, stream in self._wanted.items():
            try:
                with self._target.file(sha256) as file:
                    for piece in self._opened.store.attachments.pieces(stream, sha256):
                        file.write(piece)
            except AttachmentGone:
                self.gone.append(sha256)
            else:
                self.file_count += 1

    def _entry(self, order: Order) -> ExchangedOrder | None:
        if order.withheld or order.secret:
            self.left.append(Left(order.number, "exchange.secret"))
            return None
        desk = self._opened.desk
        looked = standing(desk, order, is_unmasked=self._unmask)
        if not looked.history or any(event.fact is None for event in looked.history):
            self.left.append(Left(order.number, "exchange.unreadable"))
            return None
        is_hidden = looked.identity == "hidden"
        history = tuple(desk.store.log.load(order_stream(order.id))) if is_hidden else looked.history
        mask = Mask(() if self._unmask else history, is_hidden=is_hidden)
        return ExchangedOrder(
            id=order.id,
            number=order.number,
            jurisdiction=order.rule_book or desk.rule_book.code,
            book_version=order.book_version,
            status=order.status,
            clocks=tuple(clock_told(limit, clock) for limit, clock in running(order, desk.context_for(order)).items()),
            attachments=self._attached(order, mask, may_go=self._with_files and not is_hidden),
            history=tuple(self._event(event, mask) for event in history),
        )

    def _event(self, event: Event, mask: Mask) -> ExchangedEvent:
        assert event.fact is not None
        return told(event, msgspec.to_builtins(event.fact) if self._unmask else mask.fields(event.fact))

    def _attached(self, order: Order, mask: Mask, *, may_go: bool) -> tuple[ExchangedFile, ...]:
        stream, entries = order_stream(order.id), []
        for one in counting(order):
            state = self._opened.store.attachments.state(stream, one.sha256, one.size)
            included = may_go and state == "there"
            if included:
                self._wanted.setdefault(one.sha256, stream)
            elif may_go:
                self.gone.append(one.sha256)
            entries.append(ExchangedFile(one.sha256, mask.text(one.name), one.type, one.size, included))
        return tuple(entries)


class _Folder:
    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder

    def document(self) -> IO[bytes]:
        return _private(self._path)

    def file(self, name: str) -> IO[bytes]:
        self._folder.mkdir(exist_ok=True, mode=0o700)
        return _private(self._folder / name)


class _Zip:
    def __init__(self, packed: ZipFile) -> None:
        self._packed = packed

    def document(self) -> IO[bytes]:
        return self._packed.open(_info(DOCUMENT, ZIP_DEFLATED), "w", force_zip64=True)

    def file(self, name: str) -> IO[bytes]:
        return self._packed.open(_info(f"{FILES}/{name}", ZIP_STORED), "w", force_zip64=True)


def _info(name: str, compression: int) -> ZipInfo:
    # The time a zip would note of each entry says nothing; without it the same orders give the same bytes.
    info = ZipInfo(name)
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    return info


@contextmanager
def _folder(path: Path, folder: Path) -> Iterator[_Target]:
    if folder.is_dir():
        shutil.rmtree(folder)
    yield _Folder(path, folder)


@contextmanager
def _zip(path: Path) -> Iterator[_Target]:
    with _private(path) as file, ZipFile(file, "w") as packed:
        yield _Zip(packed)


def _private(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "wb")
