"""The server on the command line: made, looked after, served."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import Ask

PASSWORD = "一句够长的口令-2026"


@pytest.fixture
def begun(ask: Ask, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server's folder with one line and one account."""
    monkeypatch.setenv("AGENT_CONSOLE_NEW_PASSWORD", PASSWORD)
    answer = ask("server", "init", "--jurisdiction=BZ", "--account=lead1", "--name=李班长")
    assert answer.code == 0, answer.err
    return home / "server"


def _add_operator(ask: Ask) -> None:
    assert ask("server", "user", "add", "op1", "--name=张三", "--role=话务员").code == 0


def test_what_is_made_is_for_its_owner_only(begun: Path) -> None:
    made = {path.name: oct(path.stat().st_mode & 0o777) for path in begun.iterdir()}
    assert made["server.db"] == made["master.key"] == "0o600"
    assert set(made.values()) == {"0o600"}
    assert oct(begun.stat().st_mode & 0o777) == "0o700"


def test_there_is_no_account_without_a_password(ask: Ask, home: Path) -> None:
    answer = ask("server", "init", "--jurisdiction=BZ", "--account=lead1")
    assert answer.code == 1
    assert not (home / "server").exists()


def test_a_password_comes_from_a_file_only_its_owner_reads(ask: Ask, begun: Path, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("noch-eine-口令-2026\n", encoding="utf-8")
    file.chmod(0o644)
    assert ask("server", "user", "password", "lead1", f"--password-file={file}").code == 1
    file.chmod(0o600)
    assert ask("server", "user", "password", "lead1", f"--password-file={file}").code == 0


def test_accounts_are_added_changed_locked_and_listed(ask: Ask, begun: Path) -> None:
    _add_operator(ask)
    assert ask("server", "user", "add", "op1", "--name=张三", "--role=operator").code == 1
    assert ask("server", "user", "add", "op2", "--name=王五", "--role=市长").code == 1
    assert ask("server", "user", "role", "op1", "--role=unit_clerk", "--unit=城市管理局").code == 0
    assert ask("server", "user", "lock", "op1").code == 0
    listed = {one["account"]: one for one in ask("server", "user", "list", "--json").json}
    assert (listed["op1"]["role"], listed["op1"]["unit"]) == ("unit_clerk", "城市管理局")
    assert listed["op1"]["locked_at"]
    assert ask("server", "user", "unlock", "op1").code == 0
    assert ask("server", "user", "lock", "nobody").code == 1
    assert ask("server", "user", "sessions", "op1", "--json").json == []
    told = [line["outcome"] for line in ask("server", "audit", "--what=admin", "--json").json]
    assert told == ["unlocked", "locked", "role", "added", "added"]


def test_keys_change_and_everything_still_opens(ask: Ask, begun: Path, tmp_path: Path) -> None:
    assert ask("server", "key", "rotate", "lead").code == 0
    assert ask("server", "key", "rotate", "operator").code == 1
    fresh = tmp_path / "new.key"
    assert ask("server", "key", "rotate", f"--master={fresh}").code == 0
    assert ask("server", "check").code == 1
    fresh.replace(begun / "master.key")
    assert ask("server", "check", "--json").json["ok"]


def test_a_copy_is_restored_into_another_file(ask: Ask, begun: Path, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy.zip", tmp_path / "other" / "server.db"
    assert ask("server", "backup", str(copy)).code == 0
    assert ask("server", "restore", str(copy)).code == 1
    assert ask("server", f"--dsn={other}", "restore", str(copy)).code == 0
    assert [one["account"] for one in ask("server", f"--dsn={other}", "user", "list", "--json").json] == ["lead1"]
    assert ask("server", f"--dsn={other}", "check").code == 0


def test_a_copy_there_is_is_replaced_only_when_told_to(ask: Ask, begun: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    assert ask("server", "backup", str(copy)).code == 0
    first = copy.read_bytes()
    answer = ask("server", "backup", str(copy))
    assert (answer.code, copy.read_bytes() == first) == (1, True)
    assert "已经存在" in answer.err
    assert "--force" in answer.err
    _add_operator(ask)
    assert ask("server", "backup", str(copy), "--force").code == 0
    assert copy.read_bytes() != first
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_server_that_was_never_made_is_not_backed_up(ask: Ask, home: Path, tmp_path: Path) -> None:
    answer = ask("server", "backup", str(tmp_path / "copy.zip"))
    assert (answer.code, "server init" in answer.err) == (1, True)
    assert not (tmp_path / "copy.zip").exists()


def test_restoring_says_where_the_master_key_belongs(ask: Ask, begun: Path, tmp_path: Path) -> None:
    copy, other = tmp_path / "copy.zip", tmp_path / "other" / "server.db"
    assert ask("server", "backup", str(copy)).code == 0
    (begun / "master.key").rename(tmp_path / "master.key")
    told = ask("server", f"--dsn={other}", "restore", str(copy)).err
    assert str(begun / "master.key") in told
    assert "server check" in told


def test_it_is_said_which_keys_there_are_to_change(ask: Ask, begun: Path, tmp_path: Path) -> None:
    nothing = ask("server", "key", "rotate")
    assert (nothing.code, "--master" in nothing.err) == (1, True)
    assert ask("server", "key", "rotate", "lead", f"--master={tmp_path / 'new.key'}").code == 1
    wrong = ask("server", "key", "rotate", "operator")
    assert (wrong.code, "lead（班长）" in wrong.err) == (1, True)
    assert ask("server", "key", "rotate", "班长").code == 0


def test_other_machines_are_not_served_in_clear(ask: Ask, begun: Path) -> None:
    answer = ask("server", "run", "--host=0.0.0.0")
    assert answer.code == 1
    assert "TLS" in answer.err or "certificate" in answer.err


def test_a_server_that_was_never_made_says_what_to_do(ask: Ask, home: Path) -> None:
    answer = ask("server", "run")
    assert answer.code == 1
    assert "server init" in answer.err


def test_the_schema_is_printed(ask: Ask) -> None:
    schema = ask("server", "schema").json
    assert "/v1/sign-in" in schema["paths"]


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _certificate(folder: Path) -> dict[str, str]:
    """One made for this test, for 127.0.0.1."""
    files = {"certificate": folder / "own.pem", "private_key": folder / "own.key"}
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run(
        [*made, "-keyout", files["private_key"], "-out", files["certificate"]], check=True, capture_output=True
    )
    files["private_key"].chmod(0o600)
    return {f"AGENT_CONSOLE_SERVER_{name.upper()}": str(path) for name, path in files.items()}


def _started(port: int, more: dict[str, str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "agent_console", "server", "run", f"--port={port}"],
        env={**os.environ, **more},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    for line in process.stderr:
        if "监听" in line:
            return process
    raise AssertionError(process.wait())


def _open_stream(client: httpx.Client, token: str) -> httpx.Response:
    """Listen to the feed."""
    asked = client.build_request("GET", "/v1/feed/stream", headers={"authorization": f"Bearer {token}"})
    answer = client.send(asked, stream=True)
    assert answer.status_code == 200
    return answer


def _sign_in(client: httpx.Client) -> dict[str, Any]:
    asked = {"account": "lead1", "password": PASSWORD, "device": "d1", "seat": "12", "jurisdiction": "binzhou"}
    session: dict[str, Any] = client.post("/v1/sign-in", json=asked).raise_for_status().json()
    return session


@pytest.mark.parametrize("tls", [False, True])
def test_it_serves_stops_when_told_and_writes_only_json(begun: Path, tmp_path: Path, tls: bool) -> None:
    port, more = _free_port(), _certificate(tmp_path) if tls else {}
    process = _started(port, {**more, "AGENT_CONSOLE_SERVER_LOG_LEVEL": "debug"})
    trusted = ssl.create_default_context(cafile=str(tmp_path / "own.pem")) if tls else True
    scheme = "https" if tls else "http"
    with httpx.Client(base_url=f"{scheme}://127.0.0.1:{port}", verify=trusted, trust_env=False) as client:
        try:
            assert client.get("/v1/health").json()["service"] == "agent-console"
            session = _sign_in(client)
            assert "server" not in client.get("/v1/ready?name=示例甲").headers
            listening = _open_stream(client, session["token"])
        finally:
            process.send_signal(signal.SIGTERM)
        for _ in listening.iter_raw():
            """Whoever listens is let go, and does not hold up the end."""
        _, said = process.communicate()
    assert process.returncode == 0
    lines = [json.loads(line) for line in said.splitlines()]
    assert {line["path"] for line in lines if "path" in line} >= {"/v1/health", "/v1/sign-in", "/v1/ready"}
    assert "graceful shutdown exceeded" not in said
    assert [word for word in (PASSWORD, session["token"], "示例甲", "%E7%A4%BA") if word in said] == []


def test_a_client_that_is_silent_on_tls_does_not_hold_up_the_end(begun: Path, tmp_path: Path) -> None:
    port = _free_port()
    process = _started(port, _certificate(tmp_path))
    trusted = ssl.create_default_context(cafile=str(tmp_path / "own.pem"))
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        trusted.wrap_socket(plain, server_hostname="127.0.0.1") as silent,
    ):
        silent.sendall(b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200 OK" in silent.recv(4096)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    assert "graceful shutdown exceeded" not in said
