"""Who acts."""

from __future__ import annotations

import msgspec

OPERATOR = "operator"
LEAD = "lead"


class Actor(msgspec.Struct, frozen=True):
    """A person at work: name, role, and the unit for those of a unit. On a lone seat the role is self-declared."""

    name: str
    role: str = OPERATOR
    unit: str = ""
    self_declared: bool = False
