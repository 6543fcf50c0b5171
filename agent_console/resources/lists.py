"""Lists by which units and people are supervised, from `data/jurisdictions/<code>/lists.toml`.

A book with a parent takes over the lists and records it does not name itself.
"""

from __future__ import annotations

from agent_console.domain.oversight.list_rules import ListRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_FILE = "lists.toml"


def _read(code: str) -> ListRules:
    path = folder_of(code) / _FILE
    return read_toml(path, ListRules) if code and path.exists() else ListRules()


def load_lists(code: str, parent: str = "") -> ListRules:
    """Lists of a jurisdiction, with those of its parent where it is silent. Raises BadInput naming file and key."""
    own, above = _read(code), _read(parent)
    names = [f"lists.{name}" for name in above.lists if name not in own.lists]
    names += [f"records.{name}" for name in above.records if name not in own.records]
    return ListRules({**above.lists, **own.lists}, {**above.records, **own.records}, tuple(names))
