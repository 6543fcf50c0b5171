"""Attached files by the hash of their content: taken in pieces, in order, as often as the line breaks.

A file belongs to the stream it is attached to; its pieces are sealed with a key of that stream and go when it is
erased. Where the stream is confidential the key is wrapped as the stream's own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from agent_console.server.pushing.sealing import OwnerKeys
from agent_console.server.pushing.streams import load_keys
from agent_console.server.store.database import Database, Transaction
from agent_console.server.store.schema import SEALING_KEY
from agent_console.server.web.trouble import Refused
from agent_console.store.keyring import Cipher

PIECE = 256 * 1024
"""Bytes of one piece at most; a body may hold one."""

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
_HASH = re.compile(r"[0-9a-f]{64}")
_APART = "files of "


class Files:
    """Files of one line."""

    def __init__(
        self, database: Database, jurisdiction: str, held: Mapping[str, bytes], most: int, cipher: Cipher = "aes256"
    ) -> None:
        """`most`: bytes of one file; `cipher`: for new keys."""
        self._database = database
        self._jurisdiction = jurisdiction
        self._held = held
        self._most = most
        self._cipher: Cipher = cipher

    async def stored(self, sha256: str, owner: str) -> tuple[int, bool]:
        """How many bytes from the beginning are there, and whether these are all."""
        sql = "SELECT size, whole FROM file WHERE jurisdiction = $1 AND sha256 = $2 AND owner = $3"
        for size, whole in await self._database.fetch(sql, self._jurisdiction, checked_hash(sha256), owner):
            return int(size), bool(whole)
        return 0, False

    async def take(self, sha256: str, owner: str, told: str, piece: bytes) -> tuple[int, bool]:
        """Take a piece in; returns what `stored` would say then.

        told: Content-Range, `bytes first-last/all`. A piece that is there already changes nothing. Raises Refused:
        409 where it does not follow, 400 where range or hash are wrong, 404 for a stream that has no key, 413.
        """
        first, whole = self._range(told, piece)
        name = checked_hash(sha256)
        return await self._database.write(lambda at: self._taken(at, name, owner, first, whole, piece))

    def _range(self, told: str, piece: bytes) -> tuple[int, int]:
        found = _RANGE.fullmatch(told)
        if found is None:
            raise Refused(400, "range")
        first, last, whole = map(int, found.groups())
        if whole > self._most:
            raise Refused(413, "too_large")
        if last - first + 1 != len(piece) or last >= whole or not piece:
            raise Refused(400, "range")
        return first, whole

    async def _taken(
        self, at: Transaction, name: str, owner: str, first: int, whole: int, piece: bytes
    ) -> tuple[int, bool]:
        sql = "SELECT size, whole FROM file WHERE jurisdiction = $1 AND sha256 = $2 AND owner = $3 ORDER BY size"
        rows = await at.fetch(sql + at.lock, self._jurisdiction, name, owner)
        there, done = (int(rows[0][0]), bool(rows[0][1])) if rows else (0, False)
        if done or first + len(piece) <= there:
            return there, done
        if first != there:
            raise Refused(409, "range")
        keys = await self._keys(at, owner)
        sql = (
            "INSERT INTO file_piece (jurisdiction, sha256, owner, first, length, sealed)"
            " VALUES ($1, $2, $3, $4, $5, $6)"
        )
        sealed = keys.seal(piece, f"{name} {first}")
        await at.execute(sql, self._jurisdiction, name, owner, first, len(piece), sealed)
        size = first + len(piece)
        if size == whole and await self._hash(at, name, owner, keys) != name:
            raise Refused(400, "hash")
        sql = (
            "INSERT INTO file (jurisdiction, sha256, size, owner, whole) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (jurisdiction, sha256, owner) DO UPDATE SET size = excluded.size, whole = excluded.whole"
        )
        await at.execute(sql, self._jurisdiction, name, size, owner, int(size == whole))
        return size, size == whole

    async def _hash(self, at: Transaction, name: str, owner: str, keys: OwnerKeys) -> str:
        digest = hashlib.sha256()
        sql = (
            "SELECT first, sealed FROM file_piece WHERE jurisdiction = $1 AND sha256 = $2 AND owner = $3 ORDER BY first"
        )
        for first, sealed in await at.fetch(sql, self._jurisdiction, name, owner):
            digest.update(keys.unseal(bytes(sealed), f"{name} {first}") or b"")
        return digest.hexdigest()

    async def part(self, sha256: str, owner: str, first: int) -> tuple[bytes, int]:
        """The piece that begins there or holds that byte, and the size of the file. Raises Refused (404, 416)."""
        name = checked_hash(sha256)
        size, whole = await self.stored(name, owner)
        if not whole:
            raise Refused(404, "not_found")
        if first >= size:
            raise Refused(416, "range")

        async def work(at: Transaction) -> bytes:
            keys = await self._keys(at, owner)
            sql = (
                "SELECT first, sealed FROM file_piece WHERE jurisdiction = $1 AND sha256 = $2 AND owner = $3"
                " AND first <= $4 AND first + length > $4"
            )
            for begins, sealed in await at.fetch(sql, self._jurisdiction, name, owner, first):
                content = keys.unseal(bytes(sealed), f"{name} {begins}")
                if content is not None:
                    return content[first - int(begins) :]
            raise Refused(404, "not_found")

        return await self._database.read(work), size

    async def _keys(self, at: Transaction, owner: str) -> OwnerKeys:
        """Keys of the stream; where nothing in it is personal, those of its files alone, drawn with the first."""
        apart = _APART + owner
        found = await load_keys(at, self._jurisdiction, [owner, apart], self._held)
        if found[owner].keys or found[apart].keys:
            return found[owner] if found[owner].keys else found[apart]
        sql = "SELECT 1 FROM head WHERE jurisdiction = $1 AND stream = $2"
        if found[owner].erased or not await at.fetch(sql, self._jurisdiction, owner):
            raise Refused(404, "not_found")
        drawn = OwnerKeys().ready(self._cipher)
        await at.insert(SEALING_KEY, [(self._jurisdiction, apart, drawn.place(self._cipher))])
        return drawn


def checked_hash(sha256: str) -> str:
    """A hash in hexadecimal. Raises Refused (400)."""
    if not _HASH.fullmatch(sha256):
        raise Refused(400, "malformed")
    return sha256
