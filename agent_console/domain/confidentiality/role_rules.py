"""What a rule book says of the people who work with orders, as values.

`data/jurisdictions/<code>/roles.toml` holds the roles of a book, `house.toml` those every desk has. A role that stands
in neither does not exist there.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Reach = Literal["all", "unit", "below", "listed", "flagged", "figures", "none"]
"""Every order; those of the own unit; these and those of all units under it; those of the units the directory lists in
some classes; those that carry a flag; no order but the figures; nothing."""


class HiddenIdentity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Orders of these kinds (none: of every kind) do not tell this role who the caller is.

    shown: never, or once it was said why handling needs it. leaves: what stands there meanwhile, nothing or 张*.
    """

    clause: str
    kinds: tuple[str, ...] = ()
    shown: Literal["never", "when_needed"] = "never"
    leaves: Literal["nothing", "mask"] = "nothing"
    basis: str = "letter"


class FiledOrders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit finds its own orders in the archive too; the confidential ones only where it says so."""

    clause: str
    confidential: bool = False
    basis: str = "letter"


class RoleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role: what it sees, what it may write, what is kept from it.

    clause: what it is and sees rests on. keeps_out: the clause that keeps all other orders from it. classes, flags:
    which ones `listed` and `flagged` mean. writes: any step that is open to it, only those a rule names it for, none.
    of_unit: nobody has it without a unit. calls: it reads the records of calls. figures: it reads the figures of every
    order; everywhere: also those of the books that inherit from this one. leads: it leads the line at the monitor:
    pins hot events, takes alarms. home: what its seat opens with; empty: the seat where it reads calls, its orders
    elsewhere. filed: what a unit finds in the archive; none: what is put away is out of its sight. hidden: where it is
    not told who the caller is.
    """

    name: str
    clause: str = ""
    keeps_out: str = ""
    sees: Reach = "all"
    classes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    writes: Literal["open", "named", "none"] = "open"
    of_unit: bool = False
    calls: bool = False
    figures: Literal["", "all", "everywhere"] = ""
    leads: bool = False
    home: Literal["", "my_orders", "callbacks", "ledger", "watch"] = ""
    filed: FiledOrders | None = None
    hidden: tuple[HiddenIdentity, ...] = ()
    basis: str = "letter"
