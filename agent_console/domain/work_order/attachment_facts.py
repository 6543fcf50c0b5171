"""Photos, videos and documents on an order: what happened with them. The bytes stand beside the log."""

from __future__ import annotations

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant


@fact("order.attached", personal=("name", "sha256"))
class Attached(msgspec.Struct, frozen=True):
    """A file was put to the order: hash of its bytes, name as it came, type found from its content, size in bytes."""

    sha256: str
    name: str
    type: str
    size: int
    by: str
    unit: str
    occurred_at: Instant


@fact("order.attachment_withdrawn", personal=("sha256", "reason"))
class AttachmentWithdrawn(msgspec.Struct, frozen=True):
    """It counts no longer; its bytes stay as long as the order."""

    sha256: str
    reason: str
    occurred_at: Instant


class Attachment(msgspec.Struct, frozen=True):
    """One file of an order; `withdrawn_at` 0: it counts."""

    sha256: str
    name: str
    type: str
    size: int
    by: str
    unit: str
    attached_at: Instant
    withdrawn_at: Instant = 0
    reason: str = ""

    @property
    def sort(self) -> str:
        """What it is: image, video, audio, application, text."""
        return self.type.partition("/")[0]


def files_after(kept: tuple[Attachment, ...], happened: Attached | AttachmentWithdrawn) -> tuple[Attachment, ...]:
    """The files of an order after one came or was withdrawn; one that had been withdrawn and comes again counts."""
    return _with_attached(kept, happened) if isinstance(happened, Attached) else _with_withdrawn(kept, happened)


def _with_attached(kept: tuple[Attachment, ...], happened: Attached) -> tuple[Attachment, ...]:
    fresh = Attachment(
        sha256=happened.sha256,
        name=happened.name,
        type=happened.type,
        size=happened.size,
        by=happened.by,
        unit=happened.unit,
        attached_at=happened.occurred_at,
    )
    return (*(one for one in kept if one.sha256 != happened.sha256), fresh)


def _with_withdrawn(kept: tuple[Attachment, ...], happened: AttachmentWithdrawn) -> tuple[Attachment, ...]:
    return tuple(
        msgspec.structs.replace(one, withdrawn_at=happened.occurred_at, reason=happened.reason)
        if one.sha256 == happened.sha256
        else one
        for one in kept
    )
