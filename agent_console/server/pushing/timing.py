"""The instant an entry is decided for: the seat's, as far as it can be true."""

from __future__ import annotations

import msgspec

from agent_console.domain.instants import MINUTE, SECOND, Instant

SLACK: Instant = 5 * SECOND
"""A clock nobody measured that is off by less counts as right; bounds are as wide."""

JUMP: Instant = MINUTE
"""Two measures of one clock that differ by more mean that it was set in between."""


class DeviceClock(msgspec.Struct, frozen=True):
    """What is known of a device. decided_at: instant of its last entry; drained_at: when nothing waited there."""

    decided_at: Instant = 0
    drained_at: Instant = 0


class Moment(msgspec.Struct, frozen=True):
    """The instant to decide for, and whether somebody has to confirm it."""

    now: Instant
    doubtful: bool = False


def moment(at: Instant, offset: int | None, sent: Instant, arrival: Instant, known: DeviceClock) -> Moment:
    """The instant of an entry that happened `at` by a seat's clock which said `sent` when this arrived.

    What was filed in time offline is in time: the entry counts from when it happened, not before the device's last
    entry or the last time nothing waited there, and not after the arrival. What is known by a clock of the server that
    was set back since lies after the arrival and says no more than that.
    """
    measured = arrival - sent
    unmeasured = measured if abs(measured) > SLACK else 0
    used = unmeasured if offset is None else offset
    doubtful = abs(measured - used) > JUMP or (offset is None and abs(used) > JUMP)
    corrected = at + used
    earliest = min(max(known.decided_at, known.drained_at), arrival)
    if corrected < earliest - SLACK:
        return Moment(earliest, doubtful=True)
    if corrected > arrival + SLACK:
        return Moment(arrival, doubtful=True)
    return Moment(corrected, doubtful)
