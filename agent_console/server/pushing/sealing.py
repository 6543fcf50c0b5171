"""The keys of one owner, as a value: the personal part of its events is sealed with them as it is at a seat.

Places of keys are those of `agent_console.store.sealing`: zeros where the owner was erased, ones where the key of a
confidential owner stands elsewhere, wrapped once for each role that reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from agent_console.store.keyring import Cipher, decrypt, encrypt, new_key
from agent_console.store.sealing import ELSEWHERE, FIRST_NUMBER, NO_ROLE, WRAPPING

RoleRow = tuple[str, int, bytes]
"""A role, the number of the key, the key wrapped for it; an earlier key of an open owner has no role."""


class OwnerKeys(msgspec.Struct, frozen=True, gc=False):
    """keys: oldest first, the last seals what is new. roles: who reads a confidential owner, none where it is open."""

    keys: tuple[bytes, ...] = ()
    roles: tuple[str, ...] = ()
    erased: bool = False

    @property
    def secret(self) -> bool:
        """Whether the owner is confidential."""
        return bool(self.roles)

    def seal(self, data: bytes, context: str) -> bytes:
        """Seal with the newest key."""
        return encrypt(self.keys[-1], data, context.encode())

    def unseal(self, sealed: bytes, context: str) -> bytes | None:
        """The text again; None where no key is left."""
        for key in reversed(self.keys):
            content = decrypt(key, sealed, context.encode())
            if content is not None:
                return content
        return None

    def ready(self, cipher: Cipher) -> OwnerKeys:
        """The same with a key to seal with."""
        return self if self.keys or self.erased else OwnerKeys((new_key(cipher),))

    def closed(self, roles: Iterable[str], held: Mapping[str, bytes], cipher: Cipher) -> OwnerKeys:
        """Read by these roles only, under a new key from now on."""
        return OwnerKeys((*self.keys, new_key(cipher)), tuple(role for role in roles if role in held))

    def opened(self) -> OwnerKeys:
        """As any other again."""
        return OwnerKeys(self.keys)

    def destroyed(self) -> OwnerKeys:
        """Without any key."""
        return OwnerKeys(erased=True)

    def place(self, cipher: Cipher) -> bytes:
        """What stands in `sealing_key`."""
        if self.erased or not self.keys:
            return bytes(len(new_key(cipher)))
        return ELSEWHERE * len(self.keys[-1]) if self.secret else self.keys[-1]

    def rows(self, held: Mapping[str, bytes]) -> list[RoleRow]:
        """What stands in `role_key`."""
        if not self.secret:
            return [(NO_ROLE, number, key) for number, key in enumerate(self.keys[:-1], FIRST_NUMBER)]
        return [
            (role, number, encrypt(held[role], key, WRAPPING))
            for number, key in enumerate(self.keys, FIRST_NUMBER)
            for role in self.roles
        ]


def kept_keys(place: bytes | None, rows: Sequence[RoleRow], held: Mapping[str, bytes]) -> OwnerKeys:
    """The keys of an owner as they stand in the tables; none where it has none yet."""
    if place is None:
        return OwnerKeys()
    if not any(place):
        return OwnerKeys(erased=True)
    if place != ELSEWHERE * len(place):
        earlier = sorted((number, key) for role, number, key in rows if role == NO_ROLE)
        return OwnerKeys((*(key for _, key in earlier), place))
    roles = tuple(dict.fromkeys(role for role, _, _ in rows if role != NO_ROLE))
    found: dict[int, bytes] = {}
    for role, number, wrapped in rows:
        if role in held and number not in found:
            key = decrypt(held[role], wrapped, WRAPPING)
            if key is not None:
                found[number] = key
    return OwnerKeys(tuple(found[number] for number in sorted(found)), roles)
