"""`python -m knowledge.search.making SEAT_FILE INDEX_FILE`: makes the index, and prints how many entries were read."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

from agent_console.store.connection import open_connection
from knowledge.library import Library
from knowledge.search.kept import make

_GENTLE = 10
"""What the operator does comes first."""


def main(seat_file: Path, index_file: Path) -> None:
    """Make the index of this seat's file. Raises StoreError where it cannot be read."""
    os.nice(_GENTLE)
    with closing(open_connection(seat_file)) as connection:
        make(Library(connection), index_file, lambda count: print(count, flush=True))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
