"""The files a rule book is made of, and the version they give it.

An order runs under the version it was raised under, so the files of each version that is in use are kept in the seat's
file (`store/books.py`) and read again from there.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

from agent_console.resources.jurisdictions import folder_of, shipped_folder

HOUSE_FILE = "house.toml"
_VERSION_LENGTH = 16

BookFiles = Mapping[str, bytes]
"""Content by name: `house.toml`, `<code>/book.toml`, `<parent>/limits.toml`, …"""

_SEEN: dict[str, BookFiles] = {}


def read_files(code: str, parent: str = "") -> BookFiles:
    """All TOML files of a book, those of its parent and the house rules included."""
    files = {HOUSE_FILE: (shipped_folder() / HOUSE_FILE).read_bytes()}
    for name in filter(None, (code, parent)):
        for path in sorted(folder_of(name).glob("*.toml")):
            files[f"{name}/{path.name}"] = path.read_bytes()
    return files


def noted_version(files: BookFiles) -> str:
    """Version of a book made of these files, 16 hex digits; `files_of` gives them again as they were then."""
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    version = digest.hexdigest()[:_VERSION_LENGTH]
    _SEEN[version] = files
    return version


def files_of(version: str) -> BookFiles:
    """Files of a version that this process has read; none where it has not."""
    return _SEEN.get(version, {})


def unpacked(files: BookFiles) -> tempfile.TemporaryDirectory[str]:
    """The same in a folder of their own, to be read once and thrown away."""
    folder = tempfile.TemporaryDirectory(prefix="rule-book-")
    for name, content in files.items():
        path = Path(folder.name, *name.split("/"))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return folder
