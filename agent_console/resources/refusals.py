"""The list of matters a jurisdiction does not take, from `data/jurisdictions/<code>/refusals.toml`."""

from __future__ import annotations

import msgspec

from agent_console.domain.rule_book import Refusal, RefusalRule
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"screening_class": "class"}):
    """A screening class the operator is told of although it is not an item of the refusal list."""

    screening_class: str
    title: str
    clause: str
    basis: str = "letter"


class RefusalList(msgspec.Struct, frozen=True):
    """What one jurisdiction refuses, what a refusal owes the caller, and where emergencies rest.

    `leaves_out` names parts of a class (`class:part`) the wording of the list does not reach. `inherited` names the
    fields taken from the parent book (A-36).
    """

    refusals: tuple[Refusal, ...]
    refusing: RefusalRule
    emergency_clause: str
    emergency_basis: str
    beside: tuple[Beside, ...] = ()
    leaves_out: frozenset[str] = frozenset()
    inherited: frozenset[str] = frozenset()


class _RefusalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refusals: tuple[Refusal, ...] = ()
    beside: tuple[Beside, ...] = ()
    leaves_out: frozenset[str] = frozenset()
    refusing: RefusalRule | None = None
    emergency_clause: str = ""
    emergency_basis: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether the file says nothing of its own, so that a parent book speaks."""
        return not (self.refusals or self.refusing or self.emergency_basis)


class _PlaceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: tuple[str, ...] = ()


def load_refusals(code: str, parent: str = "") -> RefusalList:
    """Refusal list of jurisdiction `code`; a list left empty is that of `parent`. Raises BadInput."""
    own = read_toml(folder_of(code) / "refusals.toml", _RefusalFile)
    if own.is_silent and parent:
        fields = [name for name in RefusalList.__struct_fields__ if name != "inherited"]
        return msgspec.structs.replace(load_refusals(parent), inherited=frozenset(fields))
    return RefusalList(
        refusals=own.refusals,
        refusing=own.refusing or RefusalRule(clause="", basis="推定"),
        emergency_clause=own.emergency_clause,
        emergency_basis=own.emergency_basis or "推定",
        beside=own.beside,
        leaves_out=own.leaves_out,
    )


def load_places(code: str, parent: str = "") -> frozenset[str]:
    """Names of the area that jurisdiction `code` answers for, those of its parent included.

    A book that inherits the list of refusals inherits its border too: for a city under a provincial measure that is
    the province. A jurisdiction without the file has no names of its own.
    """
    path = folder_of(code) / "places.toml"
    own = frozenset(read_toml(path, _PlaceFile).own) if path.is_file() else frozenset()
    return own | load_places(parent) if parent else own
