"""`agent-console doctor`: what a seat stands on, checked one by one, and how to mend it."""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import msgspec
import typer

from agent_console.cli.common_options import Json
from agent_console.cli.console import SMALLEST
from agent_console.cli.output import print_json
from agent_console.cli.sync import clock_text, link_text, outbox_text, who_text
from agent_console.clock import Clock, clock_from_environment
from agent_console.desk.opening import SEAT_FILE
from agent_console.domain.errors import ConsoleError
from agent_console.domain.instants import HOUR, MINUTE, local_date
from agent_console.domain.messages import Field
from agent_console.resources.calendars import load_calendar
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings, home, load_settings
from agent_console.store.connection import rows
from agent_console.store.link_state import DOUBTFUL_OFFSET
from agent_console.store.projections import projectors
from agent_console.store.seat_file import Store
from agent_console.sync.link import Link, probe
from agent_console.sync.outbox import read_outbox
from agent_console.texts import say, sentence

State = Literal["ok", "hint", "broken"]
_CALENDAR_AHEAD = timedelta(days=45)
"""Limits of a month reach this far; a calendar that ends sooner makes due dates provisional."""

_OLD = 24 * HOUR
"""What a seat with a server has not sent for so long is worth a look."""


class Check(msgspec.Struct, frozen=True):
    """One thing looked at: how it stands, what is to be said, and how to mend it."""

    name: str
    state: State
    says: str
    mend: str = ""


def register(app: typer.Typer) -> None:
    """Add `doctor` to the command line."""
    app.command("doctor", help=say("help.doctor"))(doctor)


def doctor(as_json: Json = False) -> None:
    """Check everything; exit code 1 where something is broken."""
    checks = list(examine(home(), clock_from_environment()))
    broken = any(check.state == "broken" for check in checks)
    if as_json:
        print_json({"ok": not broken, "checks": checks})
    else:
        for check in checks:
            _print(check)
    raise typer.Exit(int(broken))


def _print(check: Check) -> None:
    line = say("doctor.line", state=say(f"doctor.{check.state}"), name=say(f"check.{check.name}"), says=check.says)
    sys.stdout.write(line + "\n")
    if check.mend and check.state != "ok":
        sys.stdout.write(say("doctor.mend", mend=check.mend) + "\n")


def examine(folder: Path, clock: Clock) -> Iterator[Check]:
    """All checks, those that need settings with the defaults where the settings cannot be read."""
    yield _terminal()
    yield _colour()
    yield _locale()
    yield Check("font", "hint", say("doctor.font"), say("doctor.font_mend"))
    settings, check = _settings(folder)
    yield check
    yield _guarded("store", lambda: _store(folder / SEAT_FILE, clock))
    if (folder / SEAT_FILE).exists():
        yield _guarded("outbox", lambda: _outbox(folder / SEAT_FILE, settings, clock))
    yield _guarded("calendar", lambda: _calendar(folder, clock))
    yield _guarded("keymap", lambda: _keymap(settings.keymap))
    yield from _line(folder, settings, clock)


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except ConsoleError as error:
        return Check(name, "broken", sentence(error.message), sentence(error.advice) if error.advice else "")


def _hint(name: str, key: str, **fields: Field) -> Check:
    return Check(name, "hint", say(key, **fields), say(f"{key}_mend"))


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return Check("terminal", "hint", say("doctor.no_terminal"))
    size = shutil.get_terminal_size()
    fields: dict[str, Field] = {"columns": size.columns, "lines": size.lines}
    if size.columns >= SMALLEST[0] and size.lines >= SMALLEST[1]:
        return Check("terminal", "ok", say("doctor.size", **fields))
    says = say("doctor.too_small", **fields, least_columns=SMALLEST[0], least_lines=SMALLEST[1])
    return Check("terminal", "broken", says, say("doctor.too_small_mend"))


def _colour() -> Check:
    term = os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR") or term in ("", "dumb"):
        return _hint("colour", "doctor.no_colour", term="NO_COLOR" if os.environ.get("NO_COLOR") else f"TERM={term}")
    return Check("colour", "ok", say("doctor.colour", term=term))


def _locale() -> Check:
    encoding = sys.stdout.encoding if sys.stdout.isatty() else locale.getpreferredencoding(do_setlocale=False)
    if encoding.lower().replace("-", "") == "utf8":
        return Check("locale", "ok", say("doctor.utf8", encoding=encoding))
    return Check("locale", "broken", say("doctor.not_utf8", encoding=encoding), say("doctor.not_utf8_mend"))


def _settings(folder: Path) -> tuple[Settings, Check]:
    try:
        settings = load_settings(folder)
        if not settings.jurisdiction:
            return settings, _hint("settings", "doctor.no_settings")
        book = load_book(settings.jurisdiction)
    except ConsoleError as error:
        advice = sentence(error.advice) if error.advice else ""
        return Settings(), Check("settings", "broken", sentence(error.message), advice)
    says = say("doctor.settings", jurisdiction=book.short_title, seat=settings.seat, operator=settings.operator)
    return settings, Check("settings", "ok", says)


def _store(path: Path, clock: Clock) -> Check:
    if not path.exists():
        return Check("store", "hint", say("doctor.no_store", path=str(path)))
    with Store.open(path, clock, projectors()) as store:
        [(verdict,), *_] = rows(store.connection, "PRAGMA integrity_check")
        [(events,)] = rows(store.connection, "SELECT count(*) FROM event")
        identity = store.identity
    if verdict != "ok":
        says = say("doctor.damaged", path=str(path), reason=str(verdict))
        return Check("store", "broken", says, say("advice.store_damaged"))
    if identity.test_data:
        return _hint("store", "doctor.test_data", path=str(path))
    if identity.clock_behind:
        return _hint("store", "doctor.clock_behind", minutes=-(-identity.clock_behind // MINUTE))
    return Check("store", "ok", say("doctor.store", path=str(path), events=events))


def _outbox(path: Path, settings: Settings, clock: Clock) -> Check:
    """What waits to be sent and since when, what waits for a key, and what a person has to settle."""
    with Store.open(path, clock, projectors()) as store:
        waiting, tray, left = read_outbox(store), store.outbox.in_tray(), len(store.mirror.left())
    age = clock.now() - waiting.oldest if waiting.oldest is not None else 0
    told = [outbox_text(waiting)]
    if age >= HOUR:
        told.append(say("doctor.waiting_for", hours=age // HOUR))
    mends = []
    if tray:
        told.append(say("sync.tray_count", count=tray))
        mends.append(say("doctor.tray_mend"))
    if waiting.held or left:
        told.append(say("doctor.held", entries=waiting.held, orders=left))
        mends.append(say("doctor.held_mend"))
    if settings.server and age > _OLD and waiting.unsent > waiting.held:
        mends.append(say("doctor.unsent_mend"))
    return Check("outbox", "hint" if mends else "ok", say("sign.list").join(told), say("sign.list").join(mends))


def _calendar(folder: Path, clock: Clock) -> Check:
    until = load_calendar(folder).covered_until
    reaches = until is not None and until >= local_date(clock.now()) + _CALENDAR_AHEAD
    key = "doctor.calendar" if reaches else "doctor.calendar_short"
    mend = "" if reaches else say("doctor.calendar_mend")
    return Check("calendar", "ok" if reaches else "hint", say(key, until=str(until)), mend)


def _keymap(own: str) -> Check:
    from screens.keymap import load_keymap

    load_keymap(own)
    return Check("keymap", "ok", say("doctor.keymap", path=own or "keymaps/default.toml"))


def _line(folder: Path, settings: Settings, clock: Clock) -> Iterator[Check]:
    """Server and certificate; with a server also the clock and who is signed in."""
    try:
        link = probe(settings, clock)
    except ConsoleError as error:
        yield Check("server", "broken", sentence(error.message), sentence(error.advice) if error.advice else "")
        return
    yield _server(settings, link)
    if link.clock is not None:
        is_off = abs(link.clock.offset) > DOUBTFUL_OFFSET
        mend = say("doctor.clock_mend") if is_off else ""
        yield Check("clock", "hint" if is_off else "ok", clock_text(link.clock.offset), mend)
    if settings.server:
        yield _guarded("session", lambda: _session(folder, settings, clock))


def _session(folder: Path, settings: Settings, clock: Clock) -> Check:
    from agent_console.desk.at_work import signed_in

    signed = signed_in(folder, settings, clock)
    mend = "" if signed is not None and signed.token else say("advice.not_signed_in")
    return Check("session", "hint" if mend else "ok", who_text(signed), mend)


def _server(settings: Settings, link: Link) -> Check:
    is_down = link.state == "down"
    return Check(
        "server",
        "broken" if is_down else "ok",
        link_text(link, settings.server),
        say("doctor.server_mend") if is_down else "",
    )
