"""Role keys of a lone seat: from a file only its owner can read, or from the environment. Never asked for on a screen.

The file is TOML, `[keys]` with a role and its key in base64 on each line; the variable is `role=key;role=key`.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.store.keyring import KEY_LENGTHS, Cipher, new_key
from agent_console.store.private_files import refuse_others, write_private

VARIABLE = "AGENT_CONSOLE_ROLE_KEYS"


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: dict[str, str] = {}


def load_role_keys(file: str) -> dict[str, bytes]:
    """Keys by role from the file, from the variable where no file is named, else none.

    Raises BadInput where the file is missing, may be read by others, or holds something else than keys.
    """
    if file:
        path = Path(file).expanduser()
        return {role: _key(role, text, str(path)) for role, text in _read(path).keys.items()}
    pairs = (entry.partition("=") for entry in os.environ.get(VARIABLE, "").split(";") if entry.strip())
    return {role.strip(): _key(role.strip(), text, VARIABLE) for role, _, text in pairs}


def write_role_keys(path: Path, roles: Iterable[str], cipher: Cipher) -> dict[str, bytes]:
    """Draw keys for these roles into the file, mode 0600; keys it already holds stay. Returns the new ones.

    Raises BadInput.
    """
    known = load_role_keys(str(path)) if path.exists() else {}
    drawn = {role: new_key(cipher) for role in roles if role not in known}
    text = {role: base64.b64encode(key).decode() for role, key in {**known, **drawn}.items()}
    write_private(path, msgspec.toml.encode(_KeyFile(text)))
    return drawn


def _read(path: Path) -> _KeyFile:
    try:
        refuse_others(path)
        text = path.read_bytes()
    except OSError as error:
        reason = error.strerror or ""
        raise BadInput("error.key_file", "advice.key_file", path=str(path), reason=reason) from error
    try:
        return msgspec.toml.decode(text, type=_KeyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("error.key_file", "advice.key_file", path=str(path), reason=str(error)) from error


def _key(role: str, text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not role or len(key) not in KEY_LENGTHS:
        raise BadInput("error.role_key", "advice.role_key", path=source, role=role)
    return key
