"""Whether the server answers, and how far the seat's clock is from its own.

Only an answer of our own service counts: a portal or proxy may answer anything.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import msgspec

from agent_console.clock import Clock, SystemClock
from agent_console.domain.instants import Instant
from agent_console.domain.messages import Message, message
from agent_console.store.link_state import ClockOffset
from agent_console.sync.wire import Health

if TYPE_CHECKING:
    from agent_console.settings import Settings
    from agent_console.sync.client import ServerClient

SERVICE = "agent-console"
TIMEOUT_SECONDS = 3.0
_HEALTH = "/v1/health"
_MICROSECONDS = 1_000_000

LinkState = Literal["alone", "up", "down"]


class Link(msgspec.Struct, frozen=True):
    """How the seat stands to its server. since: when this was first so; why: what is wrong while it is down.

    protocol: oldest and newest the server speaks.
    """

    state: LinkState
    since: Instant
    why: Message | None = None
    clock: ClockOffset | None = None
    protocol: tuple[int, int] | None = None

    def after(self, earlier: Link | None) -> Link:
        """This link, dated from the earlier one where nothing has changed."""
        unchanged = earlier is not None and earlier.state == self.state
        return msgspec.structs.replace(self, since=earlier.since) if earlier and unchanged else self


def probe(settings: Settings, clock: Clock | None = None) -> Link:
    """Ask the server whether it is there; takes a few seconds at most, so never on the way of a key press.

    Raises BadInput for a certificate authority that cannot be read.
    """
    clock = clock or SystemClock()
    if not settings.server:
        return Link("alone", clock.now())
    from agent_console.sync.answers import NotServed
    from agent_console.sync.client import client_for

    try:
        client = client_for(settings)
    except NotServed as error:
        return Link("down", clock.now(), error.why)
    try:
        return look(client, clock)
    finally:
        client.close()


def look(client: ServerClient, clock: Clock) -> Link:
    """The same over a client that is open."""
    from agent_console.sync.answers import NotServed

    started = time.monotonic()
    try:
        health = client.get(_HEALTH, Health, seconds=TIMEOUT_SECONDS)
    except NotServed as error:
        return Link("down", clock.now(), error.why)
    if health.service != SERVICE:
        return Link("down", clock.now(), message("link.not_ours"))
    took = int((time.monotonic() - started) * _MICROSECONDS)
    now = clock.now()
    return Link("up", now, None, _measured(health, now, took), health.protocol)


def _measured(health: Health, now: Instant, took: int) -> ClockOffset | None:
    """The server's clock was read some time between question and answer, at best in the middle."""
    return ClockOffset(health.time - (now - took // 2), took // 2, now) if health.time else None
