"""What a rule book says of its knowledge base, from `data/jurisdictions/<code>/knowledge.toml`."""

from __future__ import annotations

import msgspec

from agent_console.domain.upkeep.article_rules import KnowledgeRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_FILE = "knowledge.toml"


def load_knowledge_rules(code: str, parent: str = "") -> KnowledgeRules:
    """Rules of a jurisdiction; one it does not name is its parent's. Raises BadInput naming file and key."""
    own, above = _read(code), _read(parent)
    named = [name for name in KnowledgeRules.__struct_fields__ if name != "inherited"]
    taken = tuple(name for name in named if getattr(own, name) is None and getattr(above, name) is not None)
    return msgspec.structs.replace(own, inherited=taken, **{name: getattr(above, name) for name in taken})


def _read(code: str) -> KnowledgeRules:
    path = folder_of(code) / _FILE
    return read_toml(path, KnowledgeRules) if code and path.exists() else KnowledgeRules()
