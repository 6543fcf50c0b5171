"""Passwords: kept as argon2id, verified off the event loop, a few at a time."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

from agent_console.domain.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 256
_AT_ONCE = 2
"""Each of them takes 64 MiB: so many may run side by side."""


def check_fit(account: str, password: str) -> None:
    """Refuse a password that is too short, too long or the name itself. Raises BadInput."""
    if not SHORTEST <= len(password) <= LONGEST or account.lower() in password.lower() or len(set(password)) < 4:
        raise BadInput("error.server_password", "advice.server_password", shortest=SHORTEST, longest=LONGEST)


def hashed(password: str) -> str:
    """The argon2id form that is kept."""
    return _hasher().hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept; takes as long for one that is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was kept with other costs than today's."""
    return _hasher().check_needs_rehash(kept)


class PasswordDesk:
    """Verifies and hashes in threads, `_AT_ONCE` at a time; an unknown account as slowly as a known one."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def fits(self, kept: str | None, password: str) -> bool:
        """The same as `fits`; None: there is no such account."""
        async with self._free:
            right = await asyncio.to_thread(fits, kept or _of_nobody(), password)
        return right and kept is not None

    async def hashed(self, password: str) -> str:
        """The same as `hashed`."""
        async with self._free:
            return await asyncio.to_thread(hashed, password)


@cache
def _of_nobody() -> str:
    import secrets

    return hashed(secrets.token_hex())


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1)
