"""Roles of a jurisdiction, from `data/jurisdictions/<code>/roles.toml` over those of `house.toml`.

A book with a parent takes over the roles it does not name itself. A role that only steps or records name exists too:
it sees every order and writes what it is named for (推定).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from agent_console.domain.confidentiality.role_rules import RoleRule
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_FILE = "roles.toml"


class _Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    roles: dict[str, RoleRule] = {}


def _read(code: str) -> dict[str, RoleRule]:
    path = folder_of(code) / _FILE
    return read_toml(path, _Roles).roles if code and path.exists() else {}


def load_roles(
    code: str, parent: str, house: Mapping[str, RoleRule], named: Iterable[str]
) -> tuple[dict[str, RoleRule], frozenset[str]]:
    """Roles of a jurisdiction, and the names of those taken over from its parent. Raises BadInput naming the key."""
    own, above = _read(code), _read(parent)
    known = {**house, **above, **own}
    only_named = {role: RoleRule(role, writes="named", basis="推定") for role in sorted(set(named) - set(known))}
    return {**known, **only_named}, frozenset(f"roles.{role}" for role in above if role not in own)
