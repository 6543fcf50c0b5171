"""Who signed in at this seat: the session that is open, and whoever may unlock it while the server is away.

The open session is sealed in the seat's file with a key that stands beside it in `session.key`, mode 0600, and goes at
signing out: a copy or backup of the seat's file alone opens nothing. What unlocking without the server gives back is
sealed with a key made of the person's password (argon2id): the right password is the one that opens it.
"""

from __future__ import annotations

import base64
import hashlib
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from agent_console.clock import Clock
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import HOUR, SECOND, Instant
from agent_console.domain.people import Actor
from agent_console.settings import Settings
from agent_console.store.keyring import decrypt, encrypt, new_key
from agent_console.store.link_state import LinkState
from agent_console.store.private_files import read_private, write_private
from agent_console.sync.wire import Session

SESSION_KEY = "session.key"
DEVICE_KEYS = "device-keys.json"

_DAY: Instant = 24 * HOUR
_FREE_TRIES = 5
_FIRST_PAUSE: Instant = 30 * SECOND
_LONGEST_PAUSE: Instant = HOUR // 4
_SALT_BYTES = 16
_PERSON = "person:"
_OPEN = "session"
_ENROLMENT = "enrolment"


class SignedIn(msgspec.Struct, frozen=True):
    """An open session. until: when the seat asks again, UTC microseconds; token "": unlocked without the server."""

    account: str
    server: str
    name: str
    role: str
    unit: str = ""
    token: str = ""
    refresh: str = ""
    expires_at: Instant = 0
    role_keys: dict[str, str] = {}
    earlier_role_keys: dict[str, tuple[str, ...]] = {}
    unlock_key: bytes = b""
    since: Instant = 0
    until: Instant = 0

    @property
    def actor(self) -> Actor:
        """Who it is, as the server says: never self-declared."""
        return Actor(self.name, self.role, self.unit)

    @property
    def keys(self) -> dict[str, bytes]:
        """Role keys by role."""
        return {role: base64.b64decode(key) for role, key in self.role_keys.items()}

    @property
    def earlier_keys(self) -> dict[str, tuple[bytes, ...]]:
        """Those the roles had before, newest first."""
        return {role: tuple(map(base64.b64decode, keys)) for role, keys in self.earlier_role_keys.items()}


class KnownPerson(msgspec.Struct, frozen=True):
    """Somebody who may unlock the seat until an instant; what is locked opens with their password alone."""

    account: str
    server: str
    salt: bytes
    locked: bytes
    unlock_until: Instant
    failures: int = 0
    failed_at: Instant = 0


class PeopleOfSeat:
    """Those who signed in at one seat's file."""

    def __init__(self, state: LinkState, home: Path, clock: Clock, *, unlock_days: int, unlock_hours: int) -> None:
        """The limits are the seat's settings; the server's count where they are shorter."""
        self._state = state
        self._home = home
        self._clock = clock
        self._days = unlock_days
        self._hours = unlock_hours

    def current(self) -> SignedIn | None:
        """Whose session is open; None where nobody signed in, or the time of an unlocked seat is over."""
        key = read_private(self._home / SESSION_KEY)
        sealed = self._state.note(_OPEN, bytes)
        content = decrypt(key, sealed, _OPEN.encode()) if key and sealed else None
        if content is None:
            return None
        try:
            signed = msgspec.json.decode(content, type=SignedIn)
        except msgspec.DecodeError:
            return None
        return signed if self._clock.now() < signed.until else None

    def signed_in(self, session: Session, account: str, password: str, server: str) -> SignedIn:
        """Keep what a sign-in gave: the open session, and what unlocks the seat later."""
        now = self._clock.now()
        salt = os.urandom(_SALT_BYTES)
        signed = SignedIn(
            account=account,
            server=server,
            name=session.name,
            role=session.role,
            unit=session.unit,
            token=session.token,
            refresh=session.refresh,
            expires_at=session.expires_at,
            role_keys=session.role_keys,
            earlier_role_keys=session.earlier_role_keys,
            unlock_key=_derived(password, salt),
            since=now,
            until=now + self._hours * HOUR,
        )
        days = min(self._days, session.unlock_days)
        self._remember(signed, KnownPerson(account, server, salt, b"", now + days * _DAY))
        self._open(signed)
        return signed

    def renewed(self, signed: SignedIn, session: Session) -> SignedIn:
        """Keep fresh tokens and keys; a seat in touch with its server need not ask for the password."""
        fresh = msgspec.structs.replace(
            signed,
            token=session.token,
            refresh=session.refresh,
            expires_at=session.expires_at,
            name=session.name,
            role=session.role,
            unit=session.unit,
            role_keys=session.role_keys or signed.role_keys,
            earlier_role_keys=session.earlier_role_keys or signed.earlier_role_keys,
            until=self._clock.now() + self._hours * HOUR,
        )
        known = self._state.note(_PERSON + signed.account, KnownPerson)
        if known is not None:
            self._remember(fresh, known)
        self._open(fresh)
        return fresh

    def unlock(self, account: str, password: str, server: str) -> SignedIn:
        """Open the seat without the server, for a limited time.

        Raises BadInput, in the same words whatever is wrong; only the pause after wrong passwords is said.
        """
        now = self._clock.now()
        known = self._state.note(_PERSON + account, KnownPerson)
        if known is not None and (wait := _pause(known) - max(0, now - known.failed_at)) > 0:
            raise BadInput("error.unlock_wait", "advice.unlock_wait", seconds=-(-wait // SECOND))
        # A stranger's name costs the same time as a known one's wrong password.
        key = _derived(password, known.salt if known is not None else bytes(_SALT_BYTES))
        content = decrypt(key, known.locked, account.encode()) if known is not None else None
        if known is None or content is None:
            self._failed(known, now)
            raise BadInput("error.unlock", "advice.unlock")
        if now >= known.unlock_until or known.server != server:
            raise BadInput("error.unlock", "advice.unlock")
        kept = msgspec.json.decode(content, type=SignedIn)
        signed = msgspec.structs.replace(kept, unlock_key=key, since=now, until=now + self._hours * HOUR)
        self._state.write(_PERSON + account, msgspec.structs.replace(known, failures=0, failed_at=0))
        self._open(signed)
        return signed

    def sign_out(self) -> None:
        """Close the session: its key is destroyed first, so that nothing of it opens any more."""
        (self._home / SESSION_KEY).unlink(missing_ok=True)
        self._state.forget(_OPEN)

    def without_token(self, signed: SignedIn) -> None:
        """The server does not take the token any more: work goes on, sending waits for a sign-in."""
        kept = msgspec.structs.replace(signed, token="", refresh="", expires_at=0)
        known = self._state.note(_PERSON + signed.account, KnownPerson)
        if known is not None:
            self._remember(kept, known)
        self._open(kept)

    def enrolled_as(self, device_key: str) -> bool:
        """Whether the outbox is numbered for the enrolment with this key."""
        return self._state.note(_ENROLMENT, str) == _fingerprint(device_key)

    def note_enrolment(self, device_key: str) -> None:
        """The outbox is numbered for the enrolment with this key."""
        self._state.write(_ENROLMENT, _fingerprint(device_key))

    def _open(self, signed: SignedIn) -> None:
        path = self._home / SESSION_KEY
        key = read_private(path)
        if not key:
            key = new_key("aes256")
            write_private(path, key)
        self._state.write(_OPEN, encrypt(key, msgspec.json.encode(signed), _OPEN.encode()))

    def _remember(self, signed: SignedIn, known: KnownPerson) -> None:
        kept = msgspec.json.encode(msgspec.structs.replace(signed, unlock_key=b""))
        locked = encrypt(signed.unlock_key, kept, signed.account.encode())
        self._state.write(_PERSON + signed.account, msgspec.structs.replace(known, locked=locked))

    def _failed(self, known: KnownPerson | None, now: Instant) -> None:
        if known is not None:
            counted = msgspec.structs.replace(known, failures=known.failures + 1, failed_at=now)
            self._state.write(_PERSON + known.account, counted)


def people_of(state: LinkState, home: Path, settings: Settings, clock: Clock) -> PeopleOfSeat:
    """Those who signed in at the seat in `home`."""
    return PeopleOfSeat(state, home, clock, unlock_days=settings.unlock_days, unlock_hours=settings.unlock_hours)


class DeviceKeys:
    """Keys of this device at its servers. They stand outside the seat's file: a copy of the file is not the device."""

    def __init__(self, home: Path) -> None:
        """Kept in this folder."""
        self._path = home / DEVICE_KEYS

    def of(self, server: str) -> str:
        """Key at a server; that of the latest enrolment where the server only changed its name, "" where none is."""
        keys = self._read()
        return keys.get(server) or next(reversed(keys.values()), "")

    def keep(self, server: str, key: str) -> None:
        """Keep the key of an enrolment. Raises BadInput where the folder cannot be written."""
        keys = self._read()
        keys.pop(server, None)
        write_private(self._path, msgspec.json.encode({**keys, server: key}))

    def _read(self) -> dict[str, str]:
        content = read_private(self._path)
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(content, type=dict[str, str]) if content else {}
        return {}


def _fingerprint(device_key: str) -> str:
    return hashlib.sha256(device_key.encode()).hexdigest()


def _pause(known: KnownPerson) -> Instant:
    """How long after the last wrong password the next one is looked at."""
    more = known.failures - _FREE_TRIES
    return min(_LONGEST_PAUSE, _FIRST_PAUSE << min(more, 10)) if more >= 0 else 0


def _derived(password: str, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        password.encode(), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )
