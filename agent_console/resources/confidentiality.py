"""Secrets, exports and periods of keeping, from `confidentiality.toml` and `retention.toml` of a jurisdiction.

A book with a parent takes over whole rules and periods it does not name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from agent_console.domain.confidentiality.confidentiality_rules import Confidentiality, Retention
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

T = TypeVar("T")


def load_confidentiality(code: str, parent: str = "") -> Confidentiality:
    """Rules on secrets and exports. Raises BadInput naming file and key."""
    own, above = (_read(name, "confidentiality.toml", Confidentiality) for name in (code, parent))
    return Confidentiality(exports=own.exports or above.exports, secret=own.secret or above.secret)


def load_retention(code: str, parent: str = "") -> Retention:
    """Periods of keeping. Raises BadInput naming file and key."""
    own, above = (_read(name, "retention.toml", Retention) for name in (code, parent))
    keeps = own if own.roles else above
    return Retention(roles=keeps.roles, keep={**above.keep, **own.keep}, clause=keeps.clause, basis=keeps.basis)


def _read(code: str, file: str, form: type[T]) -> T:
    path: Path = folder_of(code) / file
    return read_toml(path, form) if code and path.exists() else form()
