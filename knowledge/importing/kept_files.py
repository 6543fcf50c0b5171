"""Files that were imported, kept under the hash of their content: the tables can be filled from them again.

`imports/<sha256>/<name of the file>` beside the seat's file; the name tells in which form it is to be read.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from agent_console.store.private_files import write_private

FOLDER = "imports"


def hash_of(source: Path) -> str:
    """The hash of a file's content."""
    return hashlib.sha256(source.read_bytes()).hexdigest()


def keep(folder: Path, source: Path) -> None:
    """Keep the content of a file in the console's home. Raises BadInput where that cannot be done."""
    path = kept(folder, hash_of(source), source.name)
    if not path.exists():
        write_private(path, source.read_bytes())


def kept(folder: Path, sha256: str, name: str) -> Path:
    """Where a kept file stands."""
    return folder / FOLDER / sha256 / Path(name).name


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a kept file is there as it was."""
    try:
        return hash_of(path) == sha256
    except OSError:
        return False
