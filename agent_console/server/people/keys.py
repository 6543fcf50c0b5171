"""The keys the server keeps for its lines: of telephone numbers, and of the roles that read confidential orders.

They stand in the database sealed with the master key, which stands elsewhere: in a file of its own, the environment, or
a credential of the service manager.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from pathlib import Path

from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant
from agent_console.resources.rule_books import load_book
from agent_console.server.ops.settings import MASTER_KEY_FILE, ServerSettings
from agent_console.server.people.accounts import Asked
from agent_console.server.store.database import Database, Transaction
from agent_console.store.keyring import KEY_LENGTHS, OWN, Cipher, decrypt, encrypt, new_key
from agent_console.store.private_files import refuse_others
from agent_console.store.sealing import WRAPPING

VARIABLE = "AGENT_CONSOLE_MASTER_KEY"
_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_CREDENTIAL = "master_key"
_NUMBER = "number"
_ROLE = "role:"
_NUMBER_KEY_BYTES = 32
_KEEP = "INSERT INTO kept_key (jurisdiction, name, number, sealed, made_at) VALUES ($1, $2, $3, $4, $5)"


class Cabinet:
    """Opens the kept keys with the master key."""

    def __init__(self, database: Database, master: bytes) -> None:
        """Read from this database; nothing is kept in memory but the keys of numbers, which never change."""
        self._database = database
        self._master = master
        self._numbers: dict[str, bytes] = {}

    async def number_key(self, jurisdiction: str) -> bytes:
        """Key under which telephone numbers are hashed at every seat of the line. Raises BadInput."""
        if jurisdiction not in self._numbers:
            [key, *_] = await self.of(self._database, jurisdiction, _NUMBER)
            self._numbers[jurisdiction] = key
        return self._numbers[jurisdiction]

    async def role_keys(self, jurisdiction: str) -> Mapping[str, bytes]:
        """Keys that open confidential orders, by role. Raises BadInput."""
        sql = "SELECT name, number, sealed FROM kept_key WHERE jurisdiction = $1 AND name LIKE $2 ORDER BY number"
        return {
            name.removeprefix(_ROLE): self._opened(jurisdiction, name, number, sealed)
            for name, number, sealed in await self._database.fetch(sql, jurisdiction, _ROLE + "%")
        }

    async def keys_of_role(self, jurisdiction: str, role: str) -> list[bytes]:
        """The keys of one role, the one in use first; none where it reads no confidential order. Raises BadInput."""
        return await self.of(self._database, jurisdiction, _ROLE + role)

    async def own_key(self, at: Asked, jurisdiction: str, account: str, cipher: Cipher, now: Instant) -> bytes:
        """Key of somebody who reads no confidential order, for what they have yet to send; the same at every seat."""
        name = OWN + account
        if not await self.of(at, jurisdiction, name):
            sealed = _sealed(self._master, jurisdiction, name, 1, new_key(cipher))
            await at.execute(f"{_KEEP} ON CONFLICT DO NOTHING", jurisdiction, name, 1, sealed, now)
        [key] = await self.of(at, jurisdiction, name)
        return key

    async def of(self, at: Asked, jurisdiction: str, name: str) -> list[bytes]:
        """All keys of a name, the one in use first."""
        sql = "SELECT number, sealed FROM kept_key WHERE jurisdiction = $1 AND name = $2 ORDER BY number DESC"
        found = await at.fetch(sql, jurisdiction, name)
        return [self._opened(jurisdiction, name, number, sealed) for number, sealed in found]

    async def prepare(self, at: Asked, jurisdiction: str, cipher: Cipher, now: Instant) -> list[str]:
        """Draw what a line still lacks: the key of numbers, one for each role that reads. Returns the roles."""
        if not await self.of(at, jurisdiction, _NUMBER):
            await self._keep(at, jurisdiction, _NUMBER, 1, os.urandom(_NUMBER_KEY_BYTES), now)
        drawn = []
        for role in readers_of(jurisdiction):
            if not await self.of(at, jurisdiction, _ROLE + role):
                await self._keep(at, jurisdiction, _ROLE + role, 1, new_key(cipher), now)
                drawn.append(role)
        return drawn

    async def rotate(self, at: Transaction, jurisdiction: str, role: str, cipher: Cipher, now: Instant) -> int:
        """Give a role a new key and wrap with it what the old one had wrapped; returns the number of keys wrapped.

        Earlier keys are kept for the seats, whose own files are wrapped with them until they next sign in.
        """
        held = await self.of(at, jurisdiction, _ROLE + role)
        fresh = new_key(cipher)
        await self._keep(at, jurisdiction, _ROLE + role, len(held) + 1, fresh, now)
        sql = "SELECT owner, number, key FROM role_key WHERE jurisdiction = $1 AND role = $2 AND number > 0"
        wrapped = await at.fetch(sql, jurisdiction, role)
        for owner, number, sealed in wrapped:
            key = next((key for one in held if (key := decrypt(one, bytes(sealed), WRAPPING)) is not None), None)
            if key is None:
                raise BadInput("error.server_wrapped", owner=owner, role=role)
            sql = "UPDATE role_key SET key = $5 WHERE jurisdiction = $1 AND owner = $2 AND role = $3 AND number = $4"
            await at.execute(sql, jurisdiction, owner, role, number, encrypt(fresh, key, WRAPPING))
        return len(wrapped)

    async def reseal(self, at: Transaction, master: bytes) -> int:
        """Seal every kept key anew with another master key; returns their number."""
        found = await at.fetch("SELECT jurisdiction, name, number, sealed FROM kept_key")
        for jurisdiction, name, number, sealed in found:
            key = self._opened(jurisdiction, name, number, sealed)
            again = _sealed(master, jurisdiction, name, number, key)
            sql = "UPDATE kept_key SET sealed = $4 WHERE jurisdiction = $1 AND name = $2 AND number = $3"
            await at.execute(sql, jurisdiction, name, number, again)
        return len(found)

    async def check(self) -> int:
        """Open every kept key; returns their number. Raises BadInput where the master key is another one."""
        found = await self._database.fetch("SELECT jurisdiction, name, number, sealed FROM kept_key")
        for row in found:
            self._opened(*row)
        return len(found)

    async def _keep(self, at: Asked, jurisdiction: str, name: str, number: int, key: bytes, now: Instant) -> None:
        sealed = _sealed(self._master, jurisdiction, name, number, key)
        await at.execute(_KEEP, jurisdiction, name, number, sealed, now)

    def _opened(self, jurisdiction: str, name: str, number: int, sealed: str) -> bytes:
        key = decrypt(self._master, base64.b64decode(sealed), _context(jurisdiction, name, number))
        if key is None:
            raise BadInput("error.server_master", "advice.server_master")
        return key


def readers_of(jurisdiction: str) -> tuple[str, ...]:
    """Roles that read confidential orders by the rule book; none where it has no such orders."""
    rule = load_book(jurisdiction).confidentiality.secret
    return tuple(rule.readers) if rule else ()


def load_master_key(settings: ServerSettings) -> bytes:
    """The master key from the file named, the environment, the credential, or the server's folder. Raises BadInput."""
    if settings.master_key:
        return _read(master_key_file(settings))
    if text := os.environ.get(VARIABLE, ""):
        return _decoded(text, VARIABLE)
    if folder := os.environ.get(_CREDENTIALS, ""):
        credential = Path(folder) / _CREDENTIAL
        if credential.exists():
            return _read(credential)
    return _read(master_key_file(settings))


def has_master_key(settings: ServerSettings) -> bool:
    """Whether a master key is there that needs not be drawn."""
    credential = Path(os.environ.get(_CREDENTIALS, "")) / _CREDENTIAL
    kept = bool(credential.parent.name) and credential.exists()
    return bool(os.environ.get(VARIABLE)) or master_key_file(settings).exists() or kept


def master_key_file(settings: ServerSettings) -> Path:
    """Where the master key is looked for first."""
    return Path(settings.master_key).expanduser() if settings.master_key else settings.home / MASTER_KEY_FILE


def draw_master_key(settings: ServerSettings) -> Path:
    """Write a new master key into its file, which must not exist yet, mode 0600. Raises BadInput."""
    path = master_key_file(settings)
    write_key(path, new_key("aes256"))
    return path


def write_key(path: Path, key: bytes) -> None:
    """Write a key into a new file, mode 0600, and have the disk keep it. Raises BadInput."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64.b64encode(key).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def _read(path: Path) -> bytes:
    try:
        refuse_others(path)
        return _decoded(path.read_text(encoding="ascii"), str(path))
    except FileNotFoundError as error:
        raise BadInput("error.server_no_master", "advice.server_no_master", path=str(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("error.server_master_file", "advice.server_master_file", path=str(path)) from error


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in KEY_LENGTHS:
        raise BadInput("error.server_master_file", "advice.server_master_file", path=source)
    return key


def _sealed(master: bytes, jurisdiction: str, name: str, number: int, key: bytes) -> str:
    return base64.b64encode(encrypt(master, key, _context(jurisdiction, name, number))).decode()


def _context(jurisdiction: str, name: str, number: int) -> bytes:
    return f"{jurisdiction}\0{name}\0{number}".encode()
