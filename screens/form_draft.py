"""What was filled in by hand on an order form that is not saved yet; it waits in the draft of the call."""

from __future__ import annotations

import msgspec

from agent_console.domain.work_order.orders import OrderDetails


def filled_in(details: OrderDetails, proposed: OrderDetails) -> str:
    """The fields that differ from what was proposed, as text; "" where none does."""
    before, after = msgspec.to_builtins(proposed), msgspec.to_builtins(details)
    changed = {name: value for name, value in after.items() if value != before[name]}
    return msgspec.json.encode(changed).decode() if changed else ""


def with_filled_in(proposed: OrderDetails, filled: str) -> OrderDetails:
    """A newer proposal with what was filled in before on top."""
    if not filled:
        return proposed
    return msgspec.convert({**msgspec.to_builtins(proposed), **msgspec.json.decode(filled)}, OrderDetails)
