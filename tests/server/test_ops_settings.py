"""How the server is told what to do, and what it refuses to do."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from agent_console.domain.errors import BadInput
from agent_console.server.ops.serving import shown_store
from agent_console.server.ops.settings import ServerSettings, load_server_settings
from tests.support.project import ROOT


def _file(folder: Path, text: str) -> Path:
    path = folder / "server.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_environment_goes_before_the_file_and_the_call_before_both(tmp_path: Path) -> None:
    path = _file(tmp_path, 'port = 1001\nhost = "localhost"\naccess_minutes = 5\n')
    environment = {"AGENT_CONSOLE_SERVER_PORT": "1002", "AGENT_CONSOLE_SERVER_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2"}
    told = load_server_settings(path, environment, {"port": 1003})
    assert (told.port, told.host, told.access_minutes) == (1003, "localhost", 5)
    assert told.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert load_server_settings(path, environment).port == 1002


@pytest.mark.parametrize("text", ["ports = 1", 'port = "viele"', "port = ", 'cipher = "rot13"'])
def test_a_key_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_server_settings(_file(tmp_path, text), {})
    assert refused.value.message.key == "error.settings"


def test_a_number_in_the_environment_has_to_be_one() -> None:
    with pytest.raises(BadInput):
        load_server_settings(None, {"AGENT_CONSOLE_SERVER_PORT": "viele"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "console.example"])
def test_other_machines_are_served_over_tls_or_through_a_proxy_only(host: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_server_settings(None, {}, {"host": host})
    assert refused.value.message.key == "error.server_open"
    assert load_server_settings(None, {}, {"host": host, "behind_proxy": True}).host == host
    assert load_server_settings(None, {}, {"host": host, "certificate": "a", "private_key": "b"}).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_served_without(host: str) -> None:
    assert load_server_settings(None, {}, {"host": host}).host == host


def test_a_certificate_without_its_key_is_refused() -> None:
    with pytest.raises(BadInput):
        load_server_settings(None, {}, {"certificate": "a"})


def test_the_password_of_a_dsn_is_not_shown() -> None:
    shown = shown_store(ServerSettings(dsn="postgresql://console:geheim@a:5432,b:5432/console?sslpassword=auch"))
    assert shown == "postgresql://a:5432,b:5432/console"


def test_every_key_stands_in_the_documentation() -> None:
    text = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
    assert [field.name for field in msgspec.structs.fields(ServerSettings) if f"`{field.name}`" not in text] == []
