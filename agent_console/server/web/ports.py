"""What the parts of the server need of one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from agent_console.domain.people import Actor

if TYPE_CHECKING:
    from starlette.requests import Request


class Person(msgspec.Struct, frozen=True):
    """Whoever a token stands for, at which device of which line. scopes: what beyond the feed the token is good for."""

    account: str
    actor: Actor
    device: str
    jurisdiction: str
    scopes: frozenset[str] = frozenset()
    seat: str = ""


class Bearer(Protocol):
    """Says whom the token of a request stands for."""

    async def __call__(self, request: Request) -> Person:
        """Raises Refused with 401 where there is no token, or none that counts."""


class Keys(Protocol):
    """Keys a line has, whichever device asks."""

    async def number_key(self, jurisdiction: str) -> bytes:
        """Key under which telephone numbers are hashed at every seat of the line."""

    async def role_keys(self, jurisdiction: str) -> Mapping[str, bytes]:
        """Keys that open confidential orders, by role."""


class Audit(Protocol):
    """Writes down who looked at what."""

    async def __call__(self, person: Person, what: str, thing: str, outcome: str = "done") -> None:
        """what: a stable word such as `stream.read`; thing: the name of a stream, never anything personal."""
