"""`agent-console sync`: signing in, how the seat stands to its server, and exchanging with it now."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli import sync_tray
from agent_console.cli.common_options import Json, Jurisdiction
from agent_console.cli.console import merged
from agent_console.cli.output import print_json, tell
from agent_console.cli.progress import bar
from agent_console.clock import clock_from_environment
from agent_console.desk.at_work import SEAT_FILE, signed_in
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.domain.instants import SECOND, Instant, iso
from agent_console.settings import Settings, home, load_settings, save_settings
from agent_console.store.link_state import DOUBTFUL_OFFSET, ClockOffset
from agent_console.store.projections import projectors
from agent_console.store.seat_file import Store
from agent_console.sync.link import Link, probe
from agent_console.sync.outbox import Outbox, read_outbox
from agent_console.sync.people import SignedIn
from agent_console.texts import say
from agent_console.texts.wording import moment, name_of, told

Account = Annotated[str, typer.Option("--account", help=say("help.sync_account"))]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help=say("help.sync_password_stdin"))]
Offline = Annotated[bool, typer.Option("--offline", help=say("help.sync_offline"))]
SeatNumber = Annotated[str, typer.Option("--seat", help=say("help.seat"))]
Server = Annotated[str, typer.Option("--server", metavar="URL", help=say("help.sync_server"))]


class Standing(msgspec.Struct, frozen=True):
    """What the seat's file says of line, clock, mirror and session. left: orders that could not be taken in."""

    outbox: Outbox = Outbox(0)
    left: int = 0
    files: int = 0
    tray: int = 0
    fresh_at: Instant | None = None
    clock: ClockOffset | None = None
    signed: SignedIn | None = None


def register(app: typer.Typer) -> None:
    """Add `sync` to the command line."""
    group = typer.Typer(help=say("help.sync"), invoke_without_command=True)
    group.callback()(sync)
    group.command("status", help=say("help.sync_status"))(status)
    group.command("sign-in", help=say("help.sync_sign_in"))(sign_in)
    group.command("sign-out", help=say("help.sync_sign_out"))(sign_out)
    group.command("now", help=say("help.sync_now"))(now)
    sync_tray.register(group)
    app.add_typer(group, name="sync")


def sync(context: typer.Context, as_json: Json = False) -> None:
    """Without a word of its own: `status`."""
    if context.invoked_subcommand is None:
        status(as_json=as_json)


# status


def status(as_json: Json = False) -> None:
    """Print link, session, outbox and mirror."""
    clock = clock_from_environment()
    settings = load_settings(home())
    standing = _standing(settings)
    link = probe(settings, clock)
    if link.clock is not None:
        standing = msgspec.structs.replace(standing, clock=link.clock)
    if as_json:
        print_json(_form(link, settings.server, standing))
        return
    sys.stdout.write("\n".join(_lines(link, settings.server, standing)) + "\n")


def _standing(settings: Settings) -> Standing:
    path = home() / SEAT_FILE
    if not path.exists():
        return Standing()
    clock = clock_from_environment()
    with Store.open(path, clock, projectors()) as store:
        from agent_console.sync.line import fresh_at

        link = store.link
        standing = Standing(
            outbox=read_outbox(store),
            left=len(store.mirror.left()),
            files=store.linked_files.unsent_count(),
            tray=store.outbox.in_tray(),
            fresh_at=fresh_at(link),
            clock=link.measured_clock(),
        )
    who = signed_in(home(), settings, clock) if settings.server else None
    return msgspec.structs.replace(standing, signed=who)


def _form(link: Link, server: str, standing: Standing) -> dict[str, Any]:
    outbox, measured, signed = standing.outbox, standing.clock, standing.signed
    return {
        "link": {"state": link.state, "server": server, "why": told(link.why) if link.why else ""},
        "outbox": {"unsent": outbox.unsent, "oldest": _iso(outbox.oldest), "held": outbox.held},
        "files": {"unsent": standing.files},
        "tray": standing.tray,
        "mirror": {"fresh_at": _iso(standing.fresh_at), "left": standing.left},
        "clock": None
        if measured is None
        else {"offset_ms": measured.offset // 1000, "error_ms": measured.error // 1000},
        "session": None if signed is None else _session_form(signed),
    }


def _session_form(signed: SignedIn) -> dict[str, Any]:
    return {
        "account": signed.account,
        "name": signed.name,
        "role": signed.role,
        "unit": signed.unit,
        "offline": not signed.token,
        "until": iso(signed.until),
    }


def _iso(instant: Instant | None) -> str | None:
    return None if instant is None else iso(instant)


def _lines(link: Link, server: str, standing: Standing) -> Iterator[str]:
    yield link_text(link, server)
    if server:
        yield who_text(standing.signed)
    yield outbox_text(standing.outbox)
    if standing.outbox.held:
        yield say("sync.held", count=standing.outbox.held)
    if standing.left:
        yield say("sync.left", count=standing.left)
    if standing.files and server:
        yield say("sync.unsent_files", count=standing.files)
    if standing.tray:
        yield say("sync.tray_count", count=standing.tray)
    if server:
        fresh = standing.fresh_at
        yield say("sync.never_fresh") if fresh is None else say("sync.fresh", at=moment(fresh))
    if standing.clock is not None:
        yield clock_text(standing.clock.offset)


def link_text(link: Link, server: str) -> str:
    """The link in one sentence."""
    return say(f"link.{link.state}", server=server, why=told(link.why) if link.why else "")


def clock_text(offset: Instant) -> str:
    """How far the seat's clock is off, and that limits are corrected where it matters."""
    return say(
        "sync.clock",
        way=say("sync.clock_slow" if offset > 0 else "sync.clock_fast"),
        seconds=f"{abs(offset) / SECOND:.1f}",
        doubt=say("sync.clock_doubt") if abs(offset) > DOUBTFUL_OFFSET else "",
    )


def outbox_text(outbox: Outbox) -> str:
    """What waits, in one sentence."""
    if outbox.oldest is None:
        return say("outbox.empty")
    return say("outbox.unsent", count=outbox.unsent, at=moment(outbox.oldest))


def who_text(signed: SignedIn | None) -> str:
    """Who is signed in, in one sentence."""
    if signed is None:
        return say("sync.nobody")
    key = "sync.who" if signed.token else "sync.who_offline"
    return say(key, name=signed.name, role=name_of("role", signed.role))


# people


def sign_in(
    account: Account = "",
    password_stdin: FromStdin = False,
    offline: Offline = False,
    server: Server = "",
    jurisdiction: Jurisdiction = "",
    seat: SeatNumber = "",
    as_json: Json = False,
) -> None:
    """Sign in at the server, or unlock the seat without it; what is given of a new seat's settings is kept."""
    settings = _with_server(server, Settings(jurisdiction=jurisdiction, seat=seat))
    account = account.strip() or _asked_account()
    password = _password(from_stdin=password_stdin)
    signed = _let_in(settings, account, password, offline=offline)
    settings = msgspec.structs.replace(settings, operator=settings.operator or signed.name)
    if settings != load_settings(home()):
        save_settings(home(), settings)
    if as_json:
        print_json(_session_form(signed))
    elif signed.token and not offline:
        tell(say("sync.signed_in", name=signed.name, role=name_of("role", signed.role)))
    else:
        until = moment(signed.until)
        tell(say("sync.unlocked", name=signed.name, role=name_of("role", signed.role), until=until))


def _let_in(settings: Settings, account: str, password: str, *, offline: bool) -> SignedIn:
    from agent_console.desk.signing_in import sign_in_at, unlock_at

    clock = clock_from_environment()
    if offline:
        return unlock_at(home(), settings, clock, account, password)
    return sign_in_at(home(), settings, clock, account, password)


def _with_server(server: str, given: Settings | None = None) -> Settings:
    settings = merged(load_settings(home()), given or Settings())
    if server:
        settings = msgspec.structs.replace(settings, server=server.strip().rstrip("/"))
    if not settings.server:
        raise BadInput("error.no_server", "advice.no_server")
    if not settings.jurisdiction:
        raise BadInput("error.no_jurisdiction", "advice.no_jurisdiction")
    return settings


def _asked_account() -> str:
    if not sys.stdin.isatty():
        raise BadInput("error.account_name", "advice.account_name")
    return input(say("sync.ask_account")).strip()


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        import getpass

        password = getpass.getpass(say("sync.ask_password"))
    else:
        password = ""
    if not password:
        raise BadInput("error.password", "advice.password")
    return password


def sign_out(as_json: Json = False) -> None:
    """Send what is left, and close the session."""
    from agent_console.desk.signing_in import sign_out_at

    settings, clock = _with_server(""), clock_from_environment()
    done = sign_out_at(home(), settings, clock)
    if as_json:
        print_json({"signed_out": True, "at_server": done.at_server, "unsent": done.unsent})
        return
    tell(say("sync.signed_out" if done.at_server else "sync.signed_out_here"))
    if done.unsent:
        tell(say("sync.signed_out_unsent", count=done.unsent))


# exchanging


def now(as_json: Json = False) -> None:
    """Send all that waits and take in all there is; exit code 1 where something stopped it."""
    from random import Random

    from agent_console.sync.backoff import Backoff
    from agent_console.sync.once import exchange_once

    settings = _with_server("")
    with _line(settings) as line, bar() as begin:
        waiting = line.seat.waiting().unsent
        sending, taking = begin(say("sync.sending")), begin(say("sync.taking"))

        def progress(sent: int, place: int, last: int) -> None:
            sending(sent, waiting)
            taking(place, last)

        done = exchange_once(line, Backoff(Random()), progress)
    if as_json:
        print_json({**msgspec.to_builtins(done), "why": told(done.why) if done.why else ""})
    else:
        _tell_exchanged(done)
    if done.why is not None:
        raise ConsoleError("error.sync_failed", "advice.sync_failed", why=told(done.why))


def _tell_exchanged(done: Any) -> None:
    tell(say("sync.done", sent=done.sent, taken=done.taken, unsent=done.unsent))
    if done.unsent_files:
        tell(say("sync.unsent_files", count=done.unsent_files))
    if done.held:
        tell(say("sync.held", count=done.held))
    if done.refused:
        tell(say("sync.some_refused", count=done.refused))
    if done.parked:
        tell(say("sync.some_parked", count=done.parked))
    if done.outdated:
        tell(say("sync.outdated"))


@contextmanager
def _line(settings: Settings) -> Iterator[Any]:
    """The line of this seat, somebody signed in. Raises NotSignedIn, BadInput."""
    from agent_console.desk.sync.side import open_side
    from agent_console.sync.answers import NotServed
    from agent_console.sync.client import client_for
    from agent_console.sync.line import Line

    clock = clock_from_environment()
    try:
        client = client_for(settings)
    except NotServed as error:
        raise ConsoleError("error.sync_failed", "advice.sync_failed", why=told(error.why)) from error
    try:
        seat = open_side(home(), settings, clock)
        try:
            yield Line(seat, client, home(), settings, clock)
        finally:
            seat.close()
    finally:
        client.close()
