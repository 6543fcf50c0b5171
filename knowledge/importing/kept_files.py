"""Files that were imported, kept under the hash of their content: the tables can be filled from them again.

`imports/<sha256>/<name of the file>` beside the seat's file; the name tells in which form it is to be read.
"""

from __future__ import annotations

from pathlib import Path

from agent_console.store.private_files import digest_of, write_private

FOLDER = "imports"


def keep(folder: Path, source: Path, sha256: str) -> None:
    """Keep the content of a file, which has this hash, in the console's home. Raises BadInput where that fails."""
    path = kept(folder, sha256, source.name)
    if not path.exists():
        write_private(path, source.read_bytes())


def kept(folder: Path, sha256: str, name: str) -> Path:
    """Where a kept file stands."""
    return folder / FOLDER / sha256 / Path(name).name


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a kept file is there as it was."""
    try:
        return digest_of(path) == sha256
    except OSError:
        return False
