"""What became of every line of a document: taken, mended, doubtful, set aside."""

from __future__ import annotations

import msgspec


class Remark(msgspec.Struct, frozen=True):
    """Something an editor should be able to look up in the source.

    `reason` names a sentence of `agent_console.texts`. `kept` says of a doubtful line whether it stands in the
    knowledge base.
    """

    line: int
    reason: str
    text: str = ""
    kept: bool = False
    basis: str = ""


class Taken(msgspec.Struct, frozen=True):
    """One entry that was made, and the line of its heading."""

    line: int
    id: str
    title: str
    article: int | None


class ImportReport(msgspec.Struct):
    """The outcome of reading one document."""

    doc: str
    file: str
    form: str
    """How it was read: articles, sections or entries."""
    taken: list[Taken] = []
    mended: list[Remark] = []
    doubtful: list[Remark] = []
    set_aside: list[Remark] = []

    def sort(self) -> None:
        """Bring the remarks into the order of the source."""
        for remarks in (self.mended, self.doubtful, self.set_aside):
            remarks.sort(key=lambda remark: remark.line)
