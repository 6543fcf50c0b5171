"""What a rule book says of secrets, exports and erasing, as values.

`data/jurisdictions/<code>/confidentiality.toml` and `retention.toml` hold them. What a book does not name does not
exist there: without `[secret]` it has no confidential orders, without a period nothing of that sort is ever due for
erasure.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kept = Literal["calls", "orders", "drafts", "exports"]
"""Sorts of things that can become due for erasure."""


class ExportRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be told before anything is exported: a reference of the approval, a ground, or nothing.

    Every export is written down, whatever stands here.
    """

    clause: str = ""
    needs: Literal["", "approval", "ground"] = ""
    basis: str = "推定"


class SecretRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Confidential orders: why an order may be one, who makes it one, who makes it open again, who may read it.

    asked: the category of an order on whose form secrecy was asked for; empty: the form alone makes none.
    """

    clause: str
    categories: dict[str, str]
    roles: tuple[str, ...]
    opened_by: tuple[str, ...]
    readers: tuple[str, ...]
    asked: str = ""
    basis: str = "letter"


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long something is kept: days after the call was finished, the order ended, the draft was last saved, …"""

    days: int
    clause: str = ""
    basis: str = "推定"


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Periods by what they are for, and who may erase what is due."""

    roles: tuple[str, ...] = ()
    keep: dict[Kept, Period] = {}
    clause: str = ""
    basis: str = "推定"


class Confidentiality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of `confidentiality.toml`, that of the parent book included where this one is silent."""

    exports: ExportRule | None = None
    secret: SecretRule | None = None
