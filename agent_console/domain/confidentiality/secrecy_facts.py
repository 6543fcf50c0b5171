"""Facts of confidential orders and calls. From the first of them on nothing of the stream stands in the open."""

from __future__ import annotations

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant


@fact("order.classified", personal=("ground",))
class OrderClassified(msgspec.Struct, frozen=True):
    """The order became confidential: which category of the rule book, and why."""

    category: str
    ground: str
    occurred_at: Instant


@fact("order.declassified", personal=("ground",))
class OrderDeclassified(msgspec.Struct, frozen=True):
    """It is an ordinary order again."""

    ground: str
    occurred_at: Instant


@fact("call.classified")
class CallClassified(msgspec.Struct, frozen=True):
    """The call became confidential with the order that was made of it."""

    order: str
    occurred_at: Instant


@fact("call.declassified")
class CallDeclassified(msgspec.Struct, frozen=True):
    """It is open again with its order."""

    order: str
    occurred_at: Instant


@fact("order.erased")
class OrderErased(msgspec.Struct, frozen=True):
    """The personal part of the order was destroyed; `ground` names the rule, nobody."""

    ground: str
    occurred_at: Instant


@fact("export.erased")
class ExportErased(msgspec.Struct, frozen=True):
    """Ground and filters of an old export were destroyed."""

    ground: str
    occurred_at: Instant


@fact("retention.carried_out")
class RetentionCarriedOut(msgspec.Struct, frozen=True):
    """What was due was erased: how many of each sort, by whom in which role."""

    by: str
    role: str
    erased: dict[str, int]
    occurred_at: Instant


CLOSING = (OrderClassified, CallClassified)
OPENING = (OrderDeclassified, CallDeclassified)
ERASING = (OrderErased, ExportErased)
