"""Rules of the directory of units, from `data/jurisdictions/<code>/directory.toml`.

A book with a parent takes over classes, tiers, sorts of linked bodies and whole rules it does not name itself.
"""

from __future__ import annotations

from typing import Any

from agent_console.domain.units.directory_rules import DirectoryRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_WHOLE = ("keepers", "changes", "rights", "lines", "items", "transfer")
_TABLES = ("classes", "tiers", "links")
_FILE = "directory.toml"


def _read(code: str) -> DirectoryRules:
    path = folder_of(code) / _FILE
    return read_toml(path, DirectoryRules) if code and path.exists() else DirectoryRules()


def load_directory_rules(code: str, parent: str = "") -> DirectoryRules:
    """Rules of a jurisdiction, with those of its parent where it is silent. Raises BadInput naming file and key."""
    own, above = _read(code), _read(parent)
    names = [name for name in _WHOLE if getattr(own, name) is None and getattr(above, name) is not None]
    for table in _TABLES:
        names += [f"{table}.{key}" for key in getattr(above, table) if key not in getattr(own, table)]
    whole: dict[str, Any] = {name: getattr(own, name) or getattr(above, name) for name in _WHOLE}
    tables: dict[str, Any] = {name: {**getattr(above, name), **getattr(own, name)} for name in _TABLES}
    return DirectoryRules(
        **whole,
        **tables,
        contacts=own.contacts or above.contacts,
        tiers_clause=own.tiers_clause or above.tiers_clause,
        inherited=tuple(names),
    )
