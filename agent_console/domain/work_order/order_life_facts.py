"""Facts of an order's life beside its main steps: records, flags, corrections, and how it ends."""

from __future__ import annotations

import msgspec

from agent_console.domain.events import fact
from agent_console.domain.instants import Instant

SUPERVISED = "supervised"
"""The flag of an order that is under supervision."""


@fact("order.recorded", personal=("fields",))
class Recorded(msgspec.Struct, frozen=True):
    """Something was written into the order: which kind of record, by whom in which role, and its fields.

    unit: of the writer, "" for the line. about: the unit that had the order then.
    """

    record: str
    fields: dict[str, str]
    by: str
    role: str
    unit: str
    occurred_at: Instant
    about: str = ""


@fact("order.flagged")
class Flagged(msgspec.Struct, frozen=True):
    """A flag was set or taken off; `cause` is the value named with it."""

    flag: str
    on: bool
    cause: str
    occurred_at: Instant


@fact("order.reassigned", personal=("fields",))
class Reassigned(msgspec.Struct, frozen=True):
    """After signing it went to another unit; the chain of units is kept."""

    lead: str
    supporting: tuple[str, ...]
    fields: dict[str, str]
    occurred_at: Instant


@fact("order.pushed")
class OrderPushed(msgspec.Struct, frozen=True):
    """A unit was chosen that only the agency above dispatches to: the agency has to do it; no clock moves."""

    agency: str
    lead: str
    supporting: tuple[str, ...]
    occurred_at: Instant


@fact("order.handed_back", personal=("reason",))
class OrderHandedBack(msgspec.Struct, frozen=True):
    """The agency above left a pushed order to the line again."""

    agency: str
    reason: str
    occurred_at: Instant


@fact("order.passed_on")
class OrderPassedOn(msgspec.Struct, frozen=True):
    """A unit let one under it do the work, or took it back (`to` is the lead again); no clock moves."""

    unit: str
    to: str
    occurred_at: Instant


@fact("order.rated", personal=("comment",))
class Rated(msgspec.Struct, frozen=True):
    """The caller said whether it is settled."""

    value: str
    comment: str
    occurred_at: Instant


@fact("order.redo_ordered", personal=("reason",))
class RedoOrdered(msgspec.Struct, frozen=True):
    """Handled again by the same unit; `ground` says what led to it, `keeps_clock` that no new limit begins (A-31)."""

    ground: str
    reason: str
    number: int
    keeps_clock: bool
    occurred_at: Instant


@fact("order.archived")
class Archived(msgspec.Struct, frozen=True):
    """Put away with its materials, under a class where the book has classes; `automatic` by the rating."""

    file_class: str
    automatic: bool
    occurred_at: Instant


@fact("order.reopened", personal=("reason",))
class Reopened(msgspec.Struct, frozen=True):
    """Taken out of the archive again, by rule."""

    reason: str
    occurred_at: Instant


@fact("order.amended", personal=("old", "new"))
class Amended(msgspec.Struct, frozen=True):
    """A field of the form was corrected (更正)."""

    field: str
    old: str
    new: str
    reason: str
    occurred_at: Instant


@fact("order.supplemented", personal=("text",))
class Supplemented(msgspec.Struct, frozen=True):
    """Something was added (补充)."""

    text: str
    occurred_at: Instant


@fact("order.withdrawn", personal=("reason",))
class Withdrawn(msgspec.Struct, frozen=True):
    """The caller took it back (撤诉)."""

    reason: str
    occurred_at: Instant


@fact("order.voided", personal=("reason",))
class Voided(msgspec.Struct, frozen=True):
    """It should not have been raised (作废), or was undone before dispatch."""

    reason: str
    undone: bool
    occurred_at: Instant


@fact("order.merged")
class Merged(msgspec.Struct, frozen=True):
    """It repeats another order, which goes on for both."""

    master: str
    occurred_at: Instant


@fact("order.caller_joined", personal=("caller_name", "caller_number", "note"))
class CallerJoined(msgspec.Struct, frozen=True):
    """One more caller, or the same again, with the same matter."""

    call: str
    caller_name: str
    caller_number: str
    note: str
    occurred_at: Instant


@fact("order.recalculated")
class Recalculated(msgspec.Struct, frozen=True):
    """Another table of holidays moved the end of a clock that runs, from before to after (C15).

    replaced, calendar: versions of the table the end rested on, and of that it rests on now.
    """

    limit: str
    before: Instant
    after: Instant
    replaced: str
    calendar: str
    occurred_at: Instant


@fact("precedent.set", personal=("title", "concerns"))
class PrecedentSet(msgspec.Struct, frozen=True):
    """From now on orders of this sort go to these units."""

    order: str
    kind: str
    title: str
    concerns: str
    lead: str
    supporting: tuple[str, ...]
    occurred_at: Instant
