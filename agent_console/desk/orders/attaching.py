"""Putting files to an order, looking at what is there, taking one back, writing them out.

decision, taken = attach(opened, order_id, [Path("现场.jpg")], limit=200 << 20)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent_console.desk.calls.intake import Refusing
from agent_console.desk.desk import order_stream
from agent_console.desk.leaving.exporting import written as left
from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.exports import ExportGranted
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.work_order import order_life
from agent_console.domain.work_order.attachment_facts import Attachment
from agent_console.domain.work_order.attachments import AttachFile, WithdrawAttachment, counting
from agent_console.domain.work_order.orders import Order
from agent_console.store.attachments import State, pieces_of, too_large
from agent_console.store.media_types import HEAD, suffix_of, type_of

_SHORTEST = 4
_NAME_LENGTH = 60
_UNSAFE = re.compile(r"[^\w.\-]+")


class Line(msgspec.Struct, frozen=True):
    """One file of an order, and whether its bytes are there."""

    attachment: Attachment
    state: State


def attach(
    opened: OpenDesk, order_id: str, paths: Iterable[Path], limit: int, then: msgspec.Struct | None = None
) -> Decision:
    """Put files to an order, all or none; `then`: a step that is taken with it, in the same transaction.

    limit: bytes a file may have. Raises BadInput for a file that cannot be read, is too large, or is no photo, video,
    recording or document, and the store's errors.
    """
    desk, stream = opened.desk, order_stream(order_id)
    taken: list[str] = []
    commands: list[msgspec.Struct] = []
    try:
        for path in paths:
            type_ = _looked_at(path, limit)
            refused = _not_now(opened, order_id, path, type_)
            if refused is not None:
                raise Refusing(refused)
            kept = opened.store.attachments.put(stream, pieces_of(path, limit))
            if not kept.is_known:
                taken.append(kept.sha256)
            commands.append(AttachFile(kept.sha256, path.name, type_, kept.size))
        with desk.transaction():
            decision: Decision = Done(())
            for command in (*commands, *([then] if then is not None else [])):
                decision = desk.order_step(order_id, order_life.decide, command)
                if not isinstance(decision, Done):
                    raise Refusing(decision)
    except BaseException as error:
        for sha256 in taken:
            opened.store.attachments.discard(stream, sha256)
        if isinstance(error, Refusing):
            return error.decision
        raise
    return decision


def withdraw(opened: OpenDesk, order_id: str, name: str, reason: str) -> Decision:
    """Say that a file counts no longer. Raises UnknownName where the order has none of that name, BadInput."""
    found = named(opened.desk.order(order_id), name)
    return opened.desk.on_order(order_id, order_life.decide, WithdrawAttachment(found.sha256, reason))


def named(order: Order, name: str) -> Attachment:
    """A file of an order by its name or the beginning of its hash. Raises UnknownName, BadInput where several fit."""
    wanted = name.strip()
    found = [
        one
        for one in order.attachments
        if wanted == one.name or (len(wanted) >= _SHORTEST and one.sha256.startswith(wanted.lower()))
    ]
    if not found:
        raise UnknownName("error.attachment", "advice.attachment", name=name)
    if len(found) > 1:
        raise BadInput("error.attachment_ambiguous", "advice.attachment", name=name, count=len(found))
    return found[0]


def lines(opened: OpenDesk, order: Order, *, check: bool = False) -> list[Line]:
    """The files of an order, those withdrawn too; `check`: every byte of them is read."""
    files, stream = opened.store.attachments, order_stream(order.id)
    return [
        Line(one, files.checked(stream, one.sha256) if check else files.state(stream, one.sha256, one.size))
        for one in order.attachments
    ]


def save(opened: OpenDesk, granted: ExportGranted, order: Order, folder: Path) -> list[Path]:
    """Write the files that count into a folder, readable by their owner only; none is ever opened or run.

    Raises StoreError where one is missing or damaged, BadInput where the folder cannot be written.
    """
    stream, written = order_stream(order.id), []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for one in counting(order):
            path = folder / safe_name(one)
            fresh = path.with_name(f"{path.name}.part")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    for piece in opened.store.attachments.pieces(stream, one.sha256):
                        file.write(piece)
                fresh.replace(path)
            finally:
                fresh.unlink(missing_ok=True)
            written.append(path)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(folder), reason=error.strerror or "") from error
    hashes = "".join(one.sha256 for one in counting(order))
    left(opened.desk, granted, hashes.encode(), len(written))
    return written


def safe_name(one: Attachment) -> str:
    """A file name that leads nowhere: letters and digits, the beginning of the hash, the ending of its type."""
    stem = _UNSAFE.sub("_", Path(one.name.replace("\\", "/")).stem).strip("._")[:_NAME_LENGTH]
    return f"{stem or 'file'}-{one.sha256[:8]}{suffix_of(one.type)}"


def _looked_at(path: Path, limit: int) -> str:
    try:
        if path.is_dir():
            raise BadInput("error.attachment_type", "advice.attachment_type", name=path.name)
        if path.stat().st_size > limit:
            raise too_large(path.name, limit)
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    found = type_of(head)
    if not found:
        raise BadInput("error.attachment_type", "advice.attachment_type", name=path.name)
    return found


def _not_now(opened: OpenDesk, order_id: str, path: Path, type_: str) -> Decision | None:
    """Asked before the bytes are sealed: a video that is refused is not read first."""
    order = opened.desk.order(order_id)
    decision = order_life.decide(order, AttachFile("", path.name, type_, 0), opened.desk.context_for(order))
    return None if isinstance(decision, Done) else decision
