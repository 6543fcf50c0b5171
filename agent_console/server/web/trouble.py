"""What is said where a request is not served."""

from __future__ import annotations

from agent_console.sync.wire import Trouble, TroubleAnswer


class Refused(Exception):
    """A request that is not served: status of the answer, and its body."""

    def __init__(self, status: int, code: str, *, clauses: tuple[str, ...] = (), retry_after: int = 0) -> None:
        """`code` is a stable word; the text to it has the key `trouble.<code>`; retry_after: seconds."""
        super().__init__(code)
        self.status = status
        self.retry_after = retry_after
        self.answer = TroubleAnswer(Trouble(code, f"trouble.{code}", clauses, retry_after))
