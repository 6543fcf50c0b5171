"""`agent-console config`: how this seat's file is kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from agent_console.cli.common_options import Json
from agent_console.cli.output import print_json, tell
from agent_console.desk.opening import SEAT_FILE
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.settings import home, load_settings, save_settings
from agent_console.store.encrypted import draw_key, has_key, is_encrypted, library
from agent_console.store.encrypting import convert, tidy
from agent_console.texts import say

KeyFile = Annotated[Path | None, typer.Option("--key-file", metavar="FILE", help=say("help.config_key_file"))]


def register(app: typer.Typer) -> None:
    """Add `config` to the command line."""
    group = typer.Typer(help=say("help.config"), no_args_is_help=True)
    group.command("encrypt", help=say("help.config_encrypt"))(encrypt)
    group.command("decrypt", help=say("help.config_decrypt"))(decrypt)
    app.add_typer(group, name="config")


def encrypt(key_file: KeyFile = None, as_json: Json = False) -> None:
    """Encrypt the whole seat's file."""
    library()
    path = _seat_file()
    tidy(path)
    if is_encrypted(path):
        raise BadInput("error.already_encrypted", path=str(path))
    if key_file:
        _name_key(key_file.expanduser().absolute())
    elif not has_key(path.parent):
        raise BadInput("error.seat_key_unnamed", "advice.seat_key_unnamed")
    convert(path, to_encrypted=True, told=_tell)
    _done("config.encrypted", path, as_json=as_json)


def decrypt(as_json: Json = False) -> None:
    """Put the seat's file back into the clear."""
    library()
    path = _seat_file()
    if not is_encrypted(path):
        raise BadInput("error.not_encrypted", path=str(path))
    convert(path, to_encrypted=False, told=_tell)
    _done("config.decrypted", path, as_json=as_json)


def _seat_file() -> Path:
    path = home() / SEAT_FILE
    if not path.exists():
        raise UnknownName("error.no_seat_file", "advice.no_seat_file", path=str(path))
    return path


def _name_key(key_file: Path) -> None:
    """The key is on the disk and named by the settings before the first byte is encrypted with it."""
    if not key_file.exists():
        draw_key(key_file)
    save_settings(home(), msgspec.structs.replace(load_settings(home()), seat_key=str(key_file)))


def _tell(key: str) -> None:
    tell(say(key))


def _done(key: str, path: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(path), "encrypted": is_encrypted(path)})
    else:
        sys.stdout.write(say(key, path=str(path), source=load_settings(home()).seat_key or say("config.from_variable")))
        sys.stdout.write("\n")
