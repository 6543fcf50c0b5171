"""Who acts."""

from __future__ import annotations

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant

OPERATOR = "operator"
LEAD = "lead"


class Actor(msgspec.Struct, frozen=True):
    """A person at work: name, role, and the unit for those of a unit. On a lone seat the role is self-declared."""

    name: str
    role: str = OPERATOR
    unit: str = ""
    self_declared: bool = False


@fact("identity.unmasked", personal=("ground",))
class IdentityUnmasked(msgspec.Struct, frozen=True):
    """Somebody looked at name and number of a caller in full; on the stream of the call or order, and why."""

    by: str
    role: str
    occurred_at: Instant
    ground: str = ""


@fact("order.seen")
class OrderSeen(msgspec.Struct, frozen=True):
    """Somebody looked at an order; identity: `masked` or `hidden`. On a stream of its own: it changes no order."""

    order: str
    identity: str
    occurred_at: Instant
