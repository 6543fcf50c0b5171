"""The one error tree.

ConsoleError                 it failed: what, where, and what to do about it (exit code 1)
├── UnknownName              a jurisdiction, clause, order … that does not exist
├── BadInput                 a value or a file that cannot be read
├── StoreError               the seat's file cannot be used
│   ├── StoreIsNewer         it was written by a newer version
│   ├── StoreReadOnly        the disk or the file refuses writing
│   └── StoreFull            no space left
└── RuleForbids              a rule forbids it, or needs an override (exit code 3)
"""

from __future__ import annotations

from agent_console.domain.messages import Field, Message


class ConsoleError(Exception):
    """Something failed; `message` says what and where, `advice` what to do about it."""

    exit_code = 1

    def __init__(self, key: str, advice: str | None = None, **fields: Field) -> None:
        super().__init__(key, fields)
        self.message = Message(key, fields)
        self.advice = Message(advice, fields) if advice else None


class UnknownName(ConsoleError):
    """A jurisdiction, clause, order or other named thing does not exist."""


class BadInput(ConsoleError):
    """A value or a file cannot be read as what it should be."""


class StoreError(ConsoleError):
    """The seat's file cannot be used."""


class StoreIsNewer(StoreError):
    """The file was written by a newer version of the program."""


class StoreReadOnly(StoreError):
    """The disk or the file refuses writing."""


class StoreFull(StoreError):
    """No space is left on the disk."""


class RuleForbids(ConsoleError):
    """A rule forbids the step, or asks for an override first."""

    exit_code = 3
