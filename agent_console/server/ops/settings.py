"""The one configuration object of the server: `server.toml` in the console's home folder, then the environment.

Every field may be given as `AGENT_CONSOLE_SERVER_<FIELD>`, which goes before the file; lists are written with commas.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_origin, get_type_hints

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.server.store.database import is_postgres
from agent_console.settings import home

FILE = "server.toml"
PREFIX = "AGENT_CONSOLE_SERVER_"
DATABASE_FILE = "server.db"
MASTER_KEY_FILE = "master.key"


class ServerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What can be set; each field is a key of `server.toml` and a variable."""

    dsn: str = ""
    """Where the data stand: `postgresql://…`, or a path; empty: a SQLite file in the server's folder."""
    folder: str = ""
    """Folder of the server's own files; empty: `server` in the console's home folder."""
    host: str = "127.0.0.1"
    """Address to listen at; any other than loopback asks for a certificate or `behind_proxy`."""
    port: int = 12345
    """Port to listen at."""
    certificate: str = ""
    """File with the certificate chain (PEM) for TLS."""
    private_key: str = ""
    """File with its private key (PEM), mode 0600."""
    behind_proxy: bool = False
    """A proxy in front does TLS."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses whose word on the caller's address counts."""
    master_key: str = ""
    """File with the key that seals the role keys, mode 0600; empty: AGENT_CONSOLE_MASTER_KEY, the service manager's
    credential `master_key`, or `master.key` in the server's folder."""
    cipher: Literal["aes256", "sm4"] = "aes256"
    """What new keys are for: AES-256-GCM, or SM4-GCM where national algorithms are required."""
    access_minutes: int = 15
    """So long a token is good for."""
    refresh_hours: int = 24
    """So long after the last renewal a session can be renewed without the password."""
    unlock_days: int = 3
    """So many days somebody who signed in at a seat can unlock it without the server."""
    tries: int = 5
    """So many wrong passwords are free; each further one doubles the time the account waits."""
    wait_seconds: int = 30
    """The first such wait."""
    longest_wait_minutes: int = 60
    """The longest such wait."""
    metrics_token: str = ""
    """Token that may read `/metrics` from elsewhere; empty: only callers on this machine may."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What the log says; it goes to standard error, one JSON object a line."""
    stop_seconds: int = 20
    """So long requests that run may take when the server stops."""
    audit_days: int = 1095
    """So long the record of views, exports and sign-ins is kept."""

    @property
    def home(self) -> Path:
        """Folder of the server's own files."""
        return Path(self.folder).expanduser() if self.folder else home() / "server"

    @property
    def store(self) -> str:
        """The DSN, or the path of the SQLite file."""
        return self.dsn or str(self.home / DATABASE_FILE)

    @property
    def on_postgres(self) -> bool:
        """Whether the data stand in PostgreSQL."""
        return is_postgres(self.dsn)


def load_server_settings(
    path: Path | None = None, environment: Mapping[str, str] = os.environ, asked: Mapping[str, Any] | None = None
) -> ServerSettings:
    """Read the file, then the environment, then what was asked for by hand; the last one counts.

    Raises BadInput naming the key; a file that was named has to exist.
    """
    file = path or home() / FILE
    table = _table(file, asked=path is not None) | _from_environment(environment) | dict(asked or {})
    try:
        settings = msgspec.convert(table, ServerSettings)
    except msgspec.ValidationError as error:
        raise BadInput("error.settings", "advice.server_settings", path=str(file), reason=str(error)) from error
    _check_safe(settings)
    return settings


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _table(file: Path, *, asked: bool) -> dict[str, Any]:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        if not asked:
            return {}
        raise BadInput("error.file", "advice.file", path=str(file), reason=os.strerror(2)) from None
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(file), reason=error.strerror or "") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("error.settings", "advice.server_settings", path=str(file), reason=str(error)) from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, kind in get_type_hints(ServerSettings).items():
        text = environment.get(PREFIX + name.upper())
        if text is not None:
            found[name] = _value(name, kind, text)
    return found


def _value(name: str, kind: Any, text: str) -> object:
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind is bool and text.lower() in ("0", "no", "off", "false", ""):
        return False
    if kind is bool and text.lower() in ("1", "yes", "on", "true"):
        return True
    if kind is int and text.strip().isdecimal():
        return int(text)
    if kind in (bool, int):
        variable = PREFIX + name.upper()
        raise BadInput("error.settings", "advice.server_settings", path=variable, reason=text)
    return text


def _check_safe(settings: ServerSettings) -> None:
    """Nobody's password travels in clear: other machines are served over TLS, or through a proxy that does it."""
    if bool(settings.certificate) != bool(settings.private_key):
        raise BadInput("error.server_tls_half", "advice.server_tls")
    if not (is_loopback(settings.host) or settings.certificate or settings.behind_proxy):
        raise BadInput("error.server_open", "advice.server_tls", host=settings.host)
