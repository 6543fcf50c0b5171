"""A small disk of its own, so that it can be full in earnest: a file system in memory, mounted into a folder."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BALLAST = "ballast"
_BLOCK = 1 << 16


class SmallDisk:
    """A folder with a disk of so many bytes."""

    def __init__(self, folder: Path, size: int) -> None:
        """Mounted by `small_disk`."""
        self.folder = folder
        self._size = size

    def fill(self, left: int = 0) -> None:
        """Take all room but so many bytes; never more than this disk has, should it be unmounted meanwhile."""
        if not self.folder.is_mount():
            raise OSError(f"no longer a disk of its own: {self.folder}")
        with (self.folder / _BALLAST).open("ab", buffering=0) as file, suppress(OSError):
            for _ in range(self._size // _BLOCK + 1):
                if file.write(bytes(_BLOCK)) != _BLOCK:
                    break
        if left:
            ballast = self.folder / _BALLAST
            with ballast.open("r+b") as file:
                file.truncate(max(0, ballast.stat().st_size - left))

    def make_room(self) -> None:
        """Give it all back."""
        (self.folder / _BALLAST).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Mount one into a folder, made where missing. Raises OSError where this process may not mount."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = ("mount", "-t", "tmpfs", "-o", f"size={size},mode=0700,nosuid,nodev", "tmpfs", str(folder))
    try:
        subprocess.run(told, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OSError(f"cannot mount here: {getattr(error, 'stderr', error)!r}") from error
    try:
        yield SmallDisk(folder, size)
    finally:
        # Lazily: a process that was just killed may hold a file of it for a moment longer.
        subprocess.run(("umount", "-l", str(folder)), check=False, capture_output=True)
