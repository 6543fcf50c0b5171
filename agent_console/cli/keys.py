"""`agent-console keys`: the role keys of a lone seat."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_console.cli.acting import desk_of, settings_for
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.output import print_json
from agent_console.desk.opening import OpenDesk
from agent_console.domain.errors import BadInput
from agent_console.resources.rule_books import load_book
from agent_console.store.role_keys import write_role_keys
from agent_console.texts import say
from agent_console.texts.wording import name_of, names_of


def register(app: typer.Typer) -> None:
    """Add `keys` to the command line."""
    group = typer.Typer(help=say("help.role_keys"), no_args_is_help=True)
    group.command("make", help=say("help.keys_make"))(make)
    group.command("check", help=say("help.keys_check"))(check)
    group.command("rewrap", help=say("help.keys_rewrap"))(rewrap)
    app.add_typer(group, name="keys")


def make(
    path: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.key_file"))], jurisdiction: Jurisdiction = ""
) -> None:
    """Draw a key for every role that reads confidential orders and has none in the file yet."""
    settings = settings_for(jurisdiction)
    rule = load_book(settings.jurisdiction).confidentiality.secret
    if rule is None:
        raise BadInput("secret.unknown", None, book=load_book(settings.jurisdiction).short_title)
    drawn = write_role_keys(path, rule.readers, settings.cipher)
    sys.stdout.write(say("keys.made", roles=names_of("role", drawn), path=str(path)) + "\n")


def check(acting: As = "", jurisdiction: Jurisdiction = "", as_json: Json = False) -> None:
    """Which roles' keys are here, and how many confidential orders and calls each opens."""
    with desk_of(jurisdiction, acting) as opened:
        rows, locked = _opened_by(opened), len(opened.store.sealing.locked())
    if as_json:
        print_json({"roles": rows, "locked": locked})
        return
    for row in rows:
        held = say("keys.here" if row["here"] else "keys.missing")
        sys.stdout.write(say("keys.line", role=name_of("role", row["role"]), held=held, opens=row["opens"]) + "\n")
    sys.stdout.write(say("keys.locked", count=locked) + "\n")


def _opened_by(opened: OpenDesk) -> list[dict[str, Any]]:
    sealing = opened.store.sealing
    rule = opened.desk.rule_book.confidentiality.secret
    wrapped = [sealing.wrapped_for(owner) for owner in sealing.secrets()]
    roles = dict.fromkeys((*(rule.readers if rule else ()), *(role for fits in wrapped for role in fits)))
    return [
        {"role": role, "here": sealing.has_key(role), "opens": sum(fits.get(role, False) for fits in wrapped)}
        for role in roles
    ]


def rewrap(acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """Wrap every confidential order anew for the roles whose keys are here: after a key was lost or replaced."""
    with desk_of(jurisdiction, acting) as opened:
        rule = opened.desk.rule_book.confidentiality.secret
        if rule is None:
            raise BadInput("secret.unknown", None, book=opened.desk.rule_book.short_title)
        sealing = opened.store.sealing
        with opened.store.transaction():
            done = [owner for owner in sealing.secrets() if sealing.wrap_again(owner, rule.readers)]
        locked = len(sealing.locked())
        opened.store.compact()
    sys.stdout.write(say("keys.rewrapped", count=len(done), locked=locked) + "\n")
