"""`agent-console server` as a process of its own, over loopback."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

from .certificates import Certificate

WORD = "correct horse battery staple"
LONGEST = 60.0


class Program:
    """`agent-console server` on a folder of its own."""

    def __init__(self, folder: Path, tls: Certificate | None = None, line: str = "fujian") -> None:
        self._environment = {
            **os.environ, "AGENT_CONSOLE_HOME": str(folder), "AGENT_CONSOLE_NEW_PASSWORD": WORD, "PYTHONUTF8": "1",
        }  # fmt: skip
        self._verify: ssl.SSLContext | bool = True
        if tls is not None:
            self._environment |= {
                "AGENT_CONSOLE_SERVER_CERTIFICATE": str(tls.certificate),
                "AGENT_CONSOLE_SERVER_PRIVATE_KEY": str(tls.private_key),
            }
            self._verify = ssl.create_default_context(cafile=str(tls.authority))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._log = folder.with_suffix(".log")
        self._running: subprocess.Popen[bytes] | None = None
        self.do("init", "--account", "zhang", "--name", "张三", "--role", "operator", "-j", line)
        self.do("user", "add", "li", "--name", "李四", "--role", "operator", "-j", line)

    def do(self, *words: str) -> None:
        """One command of `server`, which has to succeed."""
        done = subprocess.run(self._words(*words), env=self._environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    @staticmethod
    def _words(*words: str) -> list[str]:
        return [sys.executable, "-m", "agent_console", "server", *words]

    def start(self) -> None:
        with self._log.open("ab") as log:
            words = self._words("run", "--port", str(self.port))
            self._running = subprocess.Popen(words, env=self._environment, stdout=log, stderr=log)
        end = time.monotonic() + LONGEST
        while True:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/v1/health", trust_env=False, verify=self._verify).status_code == 200:
                    return
            assert time.monotonic() < end and self._running.poll() is None, self._log.read_text("utf-8")  # noqa: PT018
            time.sleep(0.05)

    def kill(self) -> None:
        if self._running is not None:
            self._running.send_signal(signal.SIGKILL)
            self._running.wait()
            self._running = None
