"""Files as a phone makes them: their first bytes are right, the rest is made up."""

from __future__ import annotations

from pathlib import Path

PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00" + bytes(range(255, -1, -1)) * 9000
PROGRAM = b"\x7fELF\x02\x01\x01\x00" + bytes(64)


def photo(folder: Path, name: str = "现场.jpg", *, content: bytes = PHOTO) -> Path:
    """A photo of the place."""
    return _written(folder, name, content)


def video(folder: Path, name: str = "现场.mp4", *, content: bytes = VIDEO) -> Path:
    """A video of it, more than two pieces long."""
    return _written(folder, name, content)


def program(folder: Path, name: str = "照片.jpg") -> Path:
    """Something else under the name of a photo."""
    return _written(folder, name, PROGRAM)


def _written(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path
