"""Files attached to orders: beside the seat's file, sealed piece by piece, read and written without much memory.

`attachments/<order>/<file>`: both names are keyed hashes, of the stream and of the content, so that a stolen folder
does not even tell whether a known photo is in it. A file begins with a key of its own, sealed with the
key of the order, and is lost with that. Each piece knows its place and whether it is the last one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from agent_console.domain.errors import BadInput, StoreError, StoreFull
from agent_console.store.connection import sync_folder
from agent_console.store.keyring import KEY_LENGTHS, Cipher, decrypt, encrypt, new_key
from agent_console.store.sealing import Sealing

PIECE = 1 << 20
"""Bytes of content in a piece."""

State = Literal["there", "missing", "damaged"]

_MAGIC = b"12345A1\n"
_OWN_KEY = "attachment"
_LENGTH = 4
_OVERHEAD = 28
"""Nonce and tag of a piece."""


class Kept(msgspec.Struct, frozen=True):
    """What was put in: hash of the content, its size in bytes, and whether it was there before."""

    sha256: str
    size: int
    is_known: bool


class AttachmentGone(StoreError):
    """A file is missing, or is not what was put in."""


class AttachmentFiles:
    """The attachments of one seat's file."""

    def __init__(self, folder: Path, sealing: Sealing, cipher: Cipher) -> None:
        """Keep them in this folder, made when it is first needed."""
        self._folder = folder
        self._sealing = sealing
        self._cipher = cipher

    def put(self, stream: str, pieces: Iterable[bytes]) -> Kept:
        """Seal content that comes in pieces of at most `PIECE` bytes; on the disk when this has returned.

        Raises StoreError where the order was erased or cannot be opened, StoreFull.
        """
        folder = self._folder_of(stream)
        fresh = folder / f".new-{os.getpid()}-{os.urandom(4).hex()}"
        try:
            for part in (self._folder, folder):
                part.mkdir(exist_ok=True, mode=0o700)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                sha256, size = self._seal(stream, pieces, file)
                file.flush()
                os.fsync(file.fileno())
            target = self._path(stream, sha256)
            is_known = self.state(stream, sha256, size) == "there"
            if not is_known:
                fresh.replace(target)
                for part in (folder, self._folder, self._folder.parent):
                    sync_folder(part)
        except OSError as error:
            raise _unwritable(folder, error) from error
        finally:
            fresh.unlink(missing_ok=True)
        return Kept(sha256, size, is_known)

    def pieces(self, stream: str, sha256: str) -> Iterator[bytes]:
        """The content again. Raises AttachmentGone, before the last piece at the latest, where it is not as it was."""
        digest = hashlib.sha256()
        try:
            with self._path(stream, sha256).open("rb") as file:
                for piece in self._open(stream, file):
                    digest.update(piece)
                    yield piece
        except OSError as error:
            raise _gone("missing", sha256) from error
        if digest.hexdigest() != sha256:
            raise _gone("damaged", sha256)

    def state(self, stream: str, sha256: str, size: int) -> State:
        """Whether the file is there in its full length; its content is not looked at."""
        try:
            length = self._path(stream, sha256).stat().st_size
        except OSError:
            return "missing"
        parts = max(1, -(-size // PIECE))
        least = len(_MAGIC) + _LENGTH + size + parts * (_LENGTH + _OVERHEAD)
        return "there" if length in {least + _OVERHEAD + key for key in KEY_LENGTHS} else "damaged"

    def checked(self, stream: str, sha256: str) -> State:
        """The same, every byte of it read."""
        try:
            for _ in self.pieces(stream, sha256):
                pass
        except AttachmentGone as error:
            return "missing" if error.message.key == "error.attachment_missing" else "damaged"
        return "there"

    def discard(self, stream: str, sha256: str) -> None:
        """Take out a file that no order speaks of."""
        self._path(stream, sha256).unlink(missing_ok=True)

    def forget(self, stream: str) -> None:
        """Take out everything of an order that was erased."""
        shutil.rmtree(self._folder_of(stream), ignore_errors=True)

    def _folder_of(self, stream: str) -> Path:
        return self._folder / self._sealing.word_hash(f"attachments of {stream}")

    def _path(self, stream: str, sha256: str) -> Path:
        return self._folder_of(stream) / self._sealing.word_hash(f"attachment {sha256} of {stream}")

    def _seal(self, stream: str, pieces: Iterable[bytes], file: BinaryIO) -> tuple[str, int]:
        key = new_key(self._cipher)
        sealed_key = self._sealing.seal(stream, key, _OWN_KEY)
        file.write(_MAGIC + len(sealed_key).to_bytes(_LENGTH) + sealed_key)
        digest, size = hashlib.sha256(), 0
        for place, (piece, is_last) in enumerate(_with_last(pieces)):
            digest.update(piece)
            size += len(piece)
            sealed = encrypt(key, piece, _place(place, is_last=is_last))
            file.write(len(sealed).to_bytes(_LENGTH) + sealed)
        return digest.hexdigest(), size

    def _open(self, stream: str, file: BinaryIO) -> Iterator[bytes]:
        name = Path(file.name).name
        if file.read(len(_MAGIC)) != _MAGIC:
            raise _gone("damaged", name)
        sealed_key = _next(file)
        try:
            key = self._sealing.unseal(stream, sealed_key or b"", _OWN_KEY)
        except StoreError as error:
            raise _gone("damaged", name) from error
        if key is None:
            raise StoreError("error.attachment_closed", "advice.secret_locked")
        place, piece = 0, _next(file)
        while piece is not None:
            following = _next(file)
            content = decrypt(key, piece, _place(place, is_last=following is None))
            if content is None:
                raise _gone("damaged", name)
            yield content
            place, piece = place + 1, following
        if not place:
            raise _gone("damaged", name)


def pieces_of(path: Path, limit: int) -> Iterator[bytes]:
    """A file in pieces. Raises BadInput where it cannot be read or is longer than `limit` bytes."""
    size = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise too_large(path.name, limit)
                yield piece
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def too_large(name: str, limit: int) -> BadInput:
    """What is said of a file of more than `limit` bytes."""
    return BadInput("error.attachment_size", "advice.attachment_size", name=name, limit=limit >> 20)


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    waiting: bytes | None = None
    for piece in pieces:
        if waiting is not None:
            yield waiting, False
        waiting = piece
    yield waiting or b"", True


def _place(number: int, *, is_last: bool) -> bytes:
    return f"{number} {'last' if is_last else 'more'}".encode()


def _next(file: BinaryIO) -> bytes | None:
    length = int.from_bytes(file.read(_LENGTH))
    return file.read(min(length, PIECE + _OVERHEAD)) if length else None


def _gone(how: Literal["missing", "damaged"], name: str) -> AttachmentGone:
    return AttachmentGone(f"error.attachment_{how}", "advice.attachment_gone", name=name[:12])


def _unwritable(folder: Path, error: OSError) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreFull("error.store_full", "advice.store_full", path=str(folder))
    return StoreError("error.attachment_folder", "advice.attachment_folder", path=str(folder), reason=str(error))
