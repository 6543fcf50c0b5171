"""Role keys of a lone seat, made for a test."""

from __future__ import annotations

import base64
from pathlib import Path

ROLES = ("lead", "centre", "bureau", "unit_leader")


def key_text(roles: tuple[str, ...] = ROLES, *, length: int = 32) -> str:
    """A key file; every role has a key of its own."""
    keys = {role: bytes([ROLES.index(role) + 11]) * length for role in roles}
    lines = [f'{role} = "{base64.b64encode(key).decode()}"' for role, key in keys.items()]
    return "\n".join(("[keys]", *lines, ""))


def key_file(folder: Path, roles: tuple[str, ...] = ROLES, *, length: int = 32) -> Path:
    """The same written, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "role-keys.toml"
    path.write_text(key_text(roles, length=length), encoding="utf-8")
    path.chmod(0o600)
    return path


def in_environment(roles: tuple[str, ...] = ROLES) -> str:
    """The same keys as the variable holds them."""
    lines = key_text(roles).splitlines()[1:]
    return ";".join(line.replace(" ", "").replace('"', "") for line in lines)
