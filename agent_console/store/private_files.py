"""Small files only their owner can read, replaced whole or not at all; and what names a file by its content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from agent_console.domain.errors import BadInput

_OTHERS = 0o077


def digest_of(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits, read piece by piece. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_private(path: Path, content: bytes) -> None:
    """Write it, mode 0600, on the disk when this returns. Raises BadInput where the folder cannot be written."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error


def refuse_others(path: Path) -> None:
    """Raises BadInput where others than the owner may read, write or run the file; OSError where it is not there."""
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise BadInput("error.key_file_mode", "advice.key_file_mode", path=str(path))


def read_private(path: Path) -> bytes:
    """What stands there, b"" where nothing does. Raises BadInput where others may read it, or it cannot be read."""
    try:
        refuse_others(path)
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
