"""The one configuration object: `config.toml` in the console's home folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec

from agent_console.domain.errors import BadInput

HOME_VARIABLE = "AGENT_CONSOLE_HOME"
_FILE = "config.toml"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What can be set; each field is a key of `config.toml`."""

    jurisdiction: str = ""
    """Code of the rule book of this seat; asked for at the first start."""
    seat: str = ""
    """Number of the seat as the centre counts it; asked for at the first start."""
    operator: str = ""
    """Name or number of the operator; asked for at the first start."""
    server: str = ""
    """Address of the server to sync with; empty: the seat works alone."""
    ca_file: str = ""
    """File with the certificate authority the server must be signed by; empty: the public ones."""
    plain_http: bool = False
    """Allow a server without TLS on another machine; off, because passwords and callers would travel in the clear."""
    unlock_days: int = 7
    """Whoever signed in at this seat in so many days may unlock it without the server, as far as the server allows."""
    unlock_hours: int = 12
    """After so many hours a seat unlocked without the server asks for the password again."""
    kitty_keyboard: bool = False
    """Use the Kitty keyboard protocol; off, because it breaks Chinese input methods in several terminals."""
    keymap: str = ""
    """A TOML file of your own whose keys replace those of keymaps/default.toml."""
    draft_pause_ms: int = 300
    """A pause in typing of this many milliseconds saves the draft."""
    search_pause_ms: int = 120
    """A pause in typing of this many milliseconds starts search and screening."""
    role_keys: str = ""
    """File with the role keys that open confidential orders, mode 0600; empty: AGENT_CONSOLE_ROLE_KEYS, or none."""
    cipher: Literal["aes256", "sm4"] = "aes256"
    """What new keys are for: AES-256-GCM, or SM4-GCM where national algorithms are required."""
    seat_key: str = ""
    """File with the key of an encrypted seat's file, mode 0600; empty: AGENT_CONSOLE_SEAT_KEY, or not encrypted."""
    attachment_limit_mb: int = 200
    """A file attached to an order has at most so many MiB."""
    alarm_bell: bool = True
    """The monitor rings the terminal's bell when an alarm begins."""
    alarm_silent_minutes: int = 10
    """A seat in a call or in wrap-up that wrote nothing for so many minutes is an alarm."""
    alarm_parked_minutes: int = 30
    """A call parked for so many minutes is an alarm."""
    alarm_urgent_minutes: int = 5
    """An urgent order whose phone call is owed for so many minutes is an alarm."""
    alarm_clock_minutes: int = 30
    """A clock of an order that ends within so many minutes is an alarm."""
    alarm_unsent: int = 200
    """So many facts the server does not have yet are an alarm."""
    wall_hours: int = 12
    """A seat that is no longer heard of and did not sign out stays on the monitor's wall for so many hours."""
    answer_seconds: int = 15
    """The centre's standard: a call is answered within so many seconds."""
    answer_percent: int = 95
    """The centre's standard: so many of a hundred calls are."""
    break_reasons: tuple[str, ...] = ("用餐", "休息", "培训", "会议")
    """Reasons offered for a break."""


def home() -> Path:
    """Folder for configuration and data: AGENT_CONSOLE_HOME, else the user's own."""
    named = os.environ.get(HOME_VARIABLE, "")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("agent-console")


def load_settings(folder: Path) -> Settings:
    """Read `config.toml` of the folder; defaults where there is none. Raises BadInput naming the key."""
    path = folder / _FILE
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    try:
        return msgspec.toml.decode(text, type=Settings)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("error.settings", "advice.settings", path=str(path), reason=str(error)) from error


def save_settings(folder: Path, settings: Settings) -> None:
    """Write `config.toml`, readable by its owner only. Raises BadInput where the folder cannot be written."""
    path = folder / _FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.toml.encode(settings))
        fresh.replace(path)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
