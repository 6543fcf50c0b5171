"""`agent-console rules --check`: whether a rule book holds together, before anybody works by it."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.cli.output import console, print_json
from agent_console.domain.checks.book_check import Fault, Known, check
from agent_console.domain.errors import ConsoleError
from agent_console.domain.messages import message
from agent_console.resources.calendars import load_calendar
from agent_console.resources.jurisdictions import folder_of, shadowed_codes
from agent_console.resources.rule_books import FILES, jurisdiction_code, jurisdiction_codes, load_book, load_clauses
from agent_console.settings import home
from agent_console.texts import TEXTS, say, sentence


class Checked(msgspec.Struct, frozen=True):
    """One book: where it stands, and what is wrong with it."""

    jurisdiction: str
    folder: str
    faults: tuple[dict[str, str], ...]


def show_check(name: str, *, as_json: bool) -> int:
    """Check one book, or all where none is named; 1 where one has a fault. Raises UnknownName."""
    codes = (jurisdiction_code(name),) if name else jurisdiction_codes()
    checked = [_checked(code) for code in codes]
    if as_json:
        print_json(checked)
    else:
        for book in checked:
            _print(book)
    return int(any(book.faults for book in checked))


def _checked(code: str) -> Checked:
    folder = folder_of(code)
    strange = [path.name for path in sorted(folder.glob("*.toml")) if path.name not in FILES]
    faults = [Fault(file, "", message("check.strange_file", known="、".join(FILES))) for file in strange]
    if code in shadowed_codes():
        faults.append(Fault("book.toml", "", message("check.shadowed", path=str(home() / "jurisdictions" / code))))
    try:
        faults += check(load_book(code), _known(code))
    except ConsoleError as error:
        faults.append(Fault("", "", error.message))
    return Checked(code, str(folder), tuple(_form(fault) for fault in faults))


def _known(code: str) -> Known:
    from knowledge.screening.model import CLASSES

    parent = load_book(code).parent
    inherited = load_clauses(parent) if parent else ()
    return Known(load_clauses(code), inherited, frozenset(CLASSES), load_calendar(home()))


def _form(fault: Fault) -> dict[str, str]:
    fields: dict[str, Any] = dict(fault.says.fields)
    if "sort" in fields:
        fields["sort"] = TEXTS[f"check.sort.{fields['sort']}"]
    says = say(fault.says.key, **fields) if fault.says.key.startswith("check.") else sentence(fault.says)
    return {"file": fault.file, "key": fault.key, "says": says}


def _print(book: Checked) -> None:
    screen = console()
    if not book.faults:
        screen.print(say("check.sound", code=book.jurisdiction, folder=book.folder))
        return
    screen.print(say("check.faults", code=book.jurisdiction, folder=book.folder, count=len(book.faults)))
    for fault in book.faults:
        where = " ".join(filter(None, (fault["file"], fault["key"])))
        screen.print(say("check.line", where=where, says=fault["says"]) if where else fault["says"], markup=False)
