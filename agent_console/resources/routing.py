"""The way of an order to its unit, from `data/jurisdictions/<code>/routing.toml`.

A book with a parent takes over each rule it does not name.
"""

from __future__ import annotations

from agent_console.domain.units.routing_rules import RoutingRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_PARTS = tuple(name for name in RoutingRules.__struct_fields__ if name != "inherited")
_FILE = "routing.toml"


def _read(code: str) -> RoutingRules:
    path = folder_of(code) / _FILE
    return read_toml(path, RoutingRules) if code and path.exists() else RoutingRules()


def load_routing(code: str, parent: str = "") -> RoutingRules:
    """Rules of a jurisdiction, with those of its parent where it is silent. Raises BadInput naming file and key."""
    own, above = _read(code), _read(parent)
    taken = tuple(name for name in _PARTS if not getattr(own, name) and getattr(above, name))
    parts = {name: getattr(above if name in taken else own, name) for name in _PARTS}
    return RoutingRules(**parts, inherited=taken)
