"""Whether the server answers. Only an answer of our own service counts: a portal or proxy may answer anything."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Literal

import msgspec

from agent_console.clock import Clock, SystemClock
from agent_console.domain.instants import Instant
from agent_console.domain.messages import Message, message

if TYPE_CHECKING:
    import httpx

SERVICE = "agent-console"
TIMEOUT_SECONDS = 3.0
_HEALTH = "/v1/health"
_LONGEST_ANSWER = 1 << 16

LinkState = Literal["alone", "up", "down"]


class Link(msgspec.Struct, frozen=True):
    """How the seat stands to its server. since: when this was first so; why: what is wrong while it is down."""

    state: LinkState
    since: Instant
    why: Message | None = None

    def after(self, earlier: Link | None) -> Link:
        """This link, dated from the earlier one where nothing has changed."""
        unchanged = earlier is not None and earlier.state == self.state
        return msgspec.structs.replace(self, since=earlier.since) if earlier and unchanged else self


class Health(msgspec.Struct, frozen=True):
    """What the server says of itself at `/v1/health`."""

    service: str


def probe(server: str, clock: Clock | None = None) -> Link:
    """Ask the server whether it is there; takes a few seconds at most, so never on the way of a key press."""
    now = (clock or SystemClock()).now()
    if not server:
        return Link("alone", now)
    why = _trouble(server.rstrip("/") + _HEALTH)
    return Link("down" if why else "up", now, why)


def _trouble(address: str) -> Message | None:
    import httpx

    try:
        # Settings of the desktop (proxies) must not come between a seat and its server.
        with (
            httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS) as client,
            client.stream("GET", address) as response,
        ):
            return _judge(response)
    except httpx.TimeoutException:
        return message("link.timeout")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return message("link.address")
    except httpx.HTTPError:
        return message("link.refused")


def _judge(response: httpx.Response) -> Message | None:
    if not response.is_success:
        return message("link.status", status=response.status_code)
    body = _read(response)
    if body is None:
        return message("link.timeout")
    try:
        answered = msgspec.json.decode(body, type=Health)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return message("link.not_ours")
    return None if answered.service == SERVICE else message("link.not_ours")


def _read(response: httpx.Response) -> bytes | None:
    """The body, cut where it grows too long; None where it trickles."""
    end = time.monotonic() + TIMEOUT_SECONDS
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > _LONGEST_ANSWER:
            break
        if time.monotonic() > end:
            return None
    return body
