"""What callers and operators say for the articles of the regulations: `knowledge/articles/asked/<doc>.toml`.

Searched, never shown as text of an entry: an imported regulation is found by the words of people who never read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from agent_console.resources.paths import read_toml

_FOLDER = Path(__file__).parent / "articles" / "asked"


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    article: int
    said: tuple[str, ...]
    """What callers and operators say."""
    near: tuple[str, ...] = ()
    """Other words of an office for what the article says."""
    english: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.said, *self.near, *self.english)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    asked: tuple[_Asked, ...] = ()


@cache
def said_for(doc: str) -> dict[int, tuple[str, ...]]:
    """Phrases by article of a document; empty where nobody wrote any. Raises BadInput naming the file."""
    path = _FOLDER / f"{doc}.toml"
    return {one.article: one.all for one in read_toml(path, _File).asked} if path.exists() else {}


def every_asked() -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Document, article and phrases of all that was written. Raises BadInput naming the file."""
    for path in sorted(_FOLDER.glob("*.toml")):
        yield from ((path.stem, number, phrases) for number, phrases in said_for(path.stem).items())
