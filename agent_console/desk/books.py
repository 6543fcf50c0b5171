"""The rule book an order runs under: the version it was raised under, as far as the present one leaves it alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.checks.transitions import holding
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import Instant, local_date
from agent_console.domain.rule_book import Clause, RuleBook
from agent_console.resources.book_files import files_of, unpacked
from agent_console.resources.rule_books import load_book, load_book_from

if TYPE_CHECKING:
    from agent_console.desk.ports import BookPort


class RunningBooks:
    """Rule books by code and version, read from the seat's file once."""

    def __init__(self, kept: BookPort, present: RuleBook) -> None:
        """Look into this file for earlier versions than `present` and the other books the program has."""
        self._kept = kept
        self._present = present
        self._read: dict[tuple[str, str], RuleBook | None] = {}

    def keep(self, book: RuleBook) -> None:
        """Inside a transaction: have the files of the version stand by for the orders raised under it."""
        files = files_of(book.version)
        if files:
            self._kept.keep(book.code, book.version, files)

    def present(self, code: str) -> RuleBook:
        """The book of that code as it is now, the desk's own for "". Raises UnknownName."""
        return self._present if code in ("", self._present.code) else load_book(code)

    def under(self, code: str, version: str, now: Instant) -> RuleBook:
        """The book that holds `now` for an order raised under that version.

        The present one where the version is not kept here, or was written for another form of the program.
        """
        present = self.present(code)
        if version in ("", present.version):
            return present
        kept = self._version(present.code, version)
        return present if kept is None else holding(kept, present, local_date(now))

    def _version(self, code: str, version: str) -> RuleBook | None:
        key = (code, version)
        if key not in self._read:
            found = kept_book(self._kept, code, version)
            self._read[key] = found[0] if found else None
        return self._read[key]


def kept_book(kept: BookPort, code: str, version: str) -> tuple[RuleBook, tuple[Clause, ...]] | None:
    """A version as it was kept, and its clauses; None where it is not kept or cannot be read by this program."""
    files = kept.files(code, version)
    if not files:
        return None
    with unpacked(files) as folder:
        try:
            book, clauses = load_book_from(Path(folder), code)
        except BadInput:
            return None
    return msgspec.structs.replace(book, version=version), clauses
