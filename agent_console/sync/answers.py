"""What counts as an answer of our server. A portal, a proxy or a cut line may answer anything: that moves nothing.

Only status 200, a JSON content type and a body that is exactly the expected type count. Everything else is `NotServed`,
whose `kind` says what is to be done about it.
"""

from __future__ import annotations

import email.utils
import re
import time
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from agent_console.domain.messages import Message, message
from agent_console.sync.wire import Trouble, TroubleAnswer

if TYPE_CHECKING:
    import httpx

AnswerT = TypeVar("AnswerT")

BYTES = "application/octet-stream"
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")

Kind = Literal["down", "sign_in", "forbidden", "too_large", "busy", "broken", "refused", "outdated", "moved"]
"""down: nobody of ours answered; sign_in: the token does not count any more; forbidden: not for this person or device;
too_large, broken: what was sent cannot be taken so; busy: later; refused: the server says why; outdated: this program
is too old; moved: the server began anew."""

PASSING: tuple[Kind, ...] = ("down", "busy", "sign_in")
"""The line or the session hinders, not what was asked for: it is asked for again."""

LONGEST_WAIT = 300.0
"""A server that asks for a longer pause, in seconds, is asked again after this."""

_BY_CODE: dict[str, Kind] = {
    "protocol": "outdated",
    "outdated": "outdated",
    "too_old": "outdated",
    "epoch": "moved",
    "epoch_changed": "moved",
}
_BY_STATUS: dict[int, Kind] = {
    400: "broken",
    401: "sign_in",
    403: "forbidden",
    408: "busy",
    413: "too_large",
    415: "broken",
    422: "broken",
    426: "outdated",
    429: "busy",
}
_WITHOUT_OUR_BODY = frozenset({413, 429})
"""A proxy before our server says these on its own, and they mean the same then."""
_AWAY = frozenset({502, 503, 504})


class NotServed(Exception):
    """A request that was not served. retry_after: seconds the server asked for; code: its word for it, or ""."""

    def __init__(self, kind: Kind, why: Message, *, retry_after: float = 0.0, code: str = "") -> None:
        super().__init__(kind, why.key, code)
        self.kind: Kind = kind
        self.why = why
        self.retry_after = min(max(0.0, retry_after), LONGEST_WAIT)
        self.code = code


def judge(response: httpx.Response, body: bytes, expected: type[AnswerT]) -> AnswerT:
    """The answer, if it is one. Raises NotServed."""
    if response.status_code != 200:
        raise _refusal(response, body)
    if not _is_json(response):
        raise NotServed("down", message("link.not_ours"))
    try:
        return msgspec.json.decode(body, type=expected)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotServed("down", message("link.not_ours")) from error


def judge_part(response: httpx.Response, body: bytes, first: int) -> tuple[bytes, int]:
    """A piece of a file that begins at byte `first`, and the size of the file, if it is one. Raises NotServed."""
    if response.status_code != 206:
        raise _refusal(response, body) if response.status_code != 200 else NotServed("down", message("link.not_ours"))
    told = _RANGE.fullmatch(response.headers.get("content-range", ""))
    begins, last, size = map(int, told.groups()) if told else (-1, -1, -1)
    fits = begins == first and last == first + len(body) - 1 < size
    if not body or not fits or kind_of(response) != BYTES:
        raise NotServed("down", message("link.not_ours"))
    return body, size


def _refusal(response: httpx.Response, body: bytes) -> NotServed:
    status = response.status_code
    trouble = _trouble(response, body)
    pause = _retry_after(response, trouble)
    why = message("link.status", status=status)
    if trouble is None:
        kind = _BY_STATUS[status] if status in _WITHOUT_OUR_BODY else "down"
        return NotServed(kind, why, retry_after=pause)
    kind = _BY_CODE.get(trouble.code) or _BY_STATUS.get(status) or _of_class(status)
    return NotServed(kind, why, retry_after=pause, code=trouble.code)


def _of_class(status: int) -> Kind:
    if status in _AWAY:
        return "busy"
    if status >= 500:
        return "broken"
    return "refused" if status >= 400 else "down"


def _trouble(response: httpx.Response, body: bytes) -> Trouble | None:
    """What our server says of itself; None where somebody else answered."""
    if not _is_json(response):
        return None
    try:
        return msgspec.json.decode(body, type=TroubleAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _is_json(response: httpx.Response) -> bool:
    return kind_of(response) == "application/json"


def kind_of(response: httpx.Response) -> str:
    """Media type of an answer, without what is said of it."""
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def _retry_after(response: httpx.Response, trouble: Trouble | None) -> float:
    """Seconds asked for: a number or a date in the header, else in the body."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal() and text.isascii():
        return float(text[:9])
    try:
        return email.utils.parsedate_to_datetime(text).timestamp() - time.time() if text else _asked(trouble)
    except ValueError:
        return _asked(trouble)


def _asked(trouble: Trouble | None) -> float:
    return float(trouble.retry_after) if trouble is not None else 0.0
