"""A segment in a file of its own: written whole or not at all, mapped into memory instead of read.

The file can always be made anew from the articles, so whatever is wrong with it, it is set aside and made again.
"""

from __future__ import annotations

import mmap
import os
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from math import prod
from pathlib import Path
from struct import Struct
from typing import IO, Any
from weakref import finalize
from zlib import crc32

import msgspec
import numpy as np
import numpy.typing as npt

from agent_console.domain.errors import StoreError
from knowledge.library import Stand
from knowledge.search.packing import LARGE, Belonging, Packed
from knowledge.search.segment import Segment

FORM = 2
"""Grows when the arrays of a segment, or what is written into them, change."""
_MAGIC = b"12345IDX"
_PREFIX = Struct("<8sQQ")
_UNFINISHED = ".new"
_PART = 1 << 22
_ALIGNED = 64
_LARGEST_HEADER = 1 << 26
_TABLES = ("tables/simplified.txt", "tables/sound.txt", "words/readings.toml")
_SAID = "articles/asked"


class _Array(msgspec.Struct, frozen=True):
    dtype: str
    shape: tuple[int, ...]
    offset: int
    bytes: int
    crc: int


class _Header(msgspec.Struct, frozen=True):
    form: bytes
    stand: Stand
    belonging: tuple[Belonging, ...]
    arrays: dict[str, _Array]
    size: int
    """Bytes from the first array to the end of the file."""


@cache
def form_mark() -> bytes:
    """Differs whenever this program would make another index out of the same articles."""
    folder = Path(__file__).parent
    said = sorted((folder.parent / _SAID).glob("*.toml"))
    digest = blake2b(str(FORM).encode(), digest_size=16)
    for path in (*(folder / name for name in _TABLES), *said):
        digest.update(blake2b(path.name.encode() + path.read_bytes()).digest())
    return digest.digest()


class _Pieces:
    """Reads stretches of the large arrays when they are needed: mapped, they would fill the memory page by page."""

    def __init__(self, descriptor: int, start: int, arrays: dict[str, _Array]) -> None:
        self._descriptor = descriptor
        self._where = {name: (np.dtype(arrays[name].dtype), start + arrays[name].offset) for name in LARGE}
        finalize(self, os.close, descriptor)

    def __call__(self, name: str, first: int, last: int) -> npt.NDArray[Any]:
        dtype, offset = self._where[name]
        size = dtype.itemsize
        return np.frombuffer(os.pread(self._descriptor, (last - first) * size, offset + first * size), dtype)


class IndexFile:
    """The file beside the seat's file; readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Segment, Stand] | None:
        """What it holds; None where it is missing, cut short, of another form or no index. Does not read it whole."""
        try:
            with self.path.open("rb") as file:
                header, start = _header(file)
                if header.form != form_mark() or start + header.size != os.fstat(file.fileno()).st_size:
                    return None
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                pieces = _Pieces(os.dup(file.fileno()), start, header.arrays)
        except (OSError, ValueError, msgspec.DecodeError):
            return None
        arrays = {
            name: np.frombuffer(mapped, array.dtype, prod(array.shape), start + array.offset).reshape(array.shape)
            for name, array in header.arrays.items()
            if name not in LARGE
        }
        return Segment(Packed(arrays, header.belonging), pieces), header.stand

    def is_sound(self) -> bool:
        """True where every byte is as it was written; reads the whole file."""
        try:
            with self.path.open("rb") as file:
                header, start = _header(file)
                return all(_crc(file, start, array) == array.crc for array in header.arrays.values())
        except (OSError, ValueError, msgspec.DecodeError):
            return False

    def write(self, packed: Packed, stand: Stand) -> None:
        """Put a segment in the place of what is there: readers see the old file or the new one, also after a power cut.

        Of several that write at once the last to begin wins. Raises StoreError where the folder cannot be written.
        """
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}{_UNFINISHED}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            for left in self.path.parent.glob(f"{self.path.name}.*{_UNFINISHED}"):
                left.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                _write(file, packed, stand)
            with suppress(FileNotFoundError):
                fresh.replace(self.path)
        except OSError as error:
            reason = error.strerror or ""
            raise StoreError("error.store_make", "advice.store_make", path=str(self.path), reason=reason) from error


def _header(file: IO[bytes]) -> tuple[_Header, int]:
    """The header and where the arrays begin. Raises ValueError or DecodeError."""
    magic, size, crc = _PREFIX.unpack(file.read(_PREFIX.size).ljust(_PREFIX.size))
    if magic != _MAGIC or size > _LARGEST_HEADER:
        raise ValueError
    written = file.read(size)
    if crc32(written) != crc:
        raise ValueError
    return msgspec.msgpack.decode(written, type=_Header), _aligned(_PREFIX.size + size)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNED) * _ALIGNED


def _crc(file: IO[bytes], start: int, array: _Array) -> int:
    file.seek(start + array.offset)
    left, crc = array.bytes, 0
    while left:
        part = file.read(min(left, _PART))
        if not part:
            return -1
        crc, left = crc32(part, crc), left - len(part)
    return crc


def _write(file: IO[bytes], packed: Packed, stand: Stand) -> None:
    arrays: dict[str, _Array] = {}
    end = 0
    for name, values in packed.arrays.items():
        crc = crc32(np.ascontiguousarray(values).data)
        arrays[name] = _Array(values.dtype.str, values.shape, end, values.nbytes, crc)
        end = _aligned(end + values.nbytes)
    header = msgspec.msgpack.encode(_Header(form_mark(), stand, packed.belonging, arrays, end))
    file.write(_PREFIX.pack(_MAGIC, len(header), crc32(header)))
    file.write(header)
    start = _aligned(file.tell())
    for name, array in arrays.items():
        file.seek(start + array.offset)
        file.write(np.ascontiguousarray(packed.arrays[name]).data)
    file.truncate(start + end)
    file.flush()
    os.fsync(file.fileno())
