"""The life of an order, from `data/jurisdictions/<code>/orders.toml`.

A book with a parent takes over records, flags, and whole rules (rating, redo, callback, archive) it does not name; its
own duties stand beside the parent's.
"""

from __future__ import annotations

from agent_console.domain.work_order.order_rules import OrderRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_WHOLE = ("rating", "redo", "callback", "archive", "supervision", "first_unit", "returns", "attachments")
_FILE = "orders.toml"


def _read(code: str) -> OrderRules:
    path = folder_of(code) / _FILE
    return read_toml(path, OrderRules) if code and path.exists() else OrderRules()


def load_order_rules(code: str, parent: str = "") -> OrderRules:
    """Rules of a jurisdiction, with those of its parent where it is silent. Raises BadInput naming file and key."""
    own, above = _read(code), _read(parent)
    taken = tuple(name for name in _WHOLE if getattr(own, name) is None and getattr(above, name) is not None)
    names = [*(f"records.{name}" for name in above.records if name not in own.records), *taken]
    names += [f"flags.{name}" for name in above.flags if name not in own.flags]
    names += [f"call_marks.{name}" for name in above.call_marks if name not in own.call_marks]
    names += [f"papers.{name}" for name in above.papers if name not in own.papers]
    names += [f"amendments.{name}" for name in above.amendments if name not in own.amendments]
    return OrderRules(
        records={**above.records, **own.records},
        duties=(*above.duties, *own.duties),
        flags={**above.flags, **own.flags},
        rating=own.rating or above.rating,
        redo=own.redo or above.redo,
        callback=own.callback or above.callback,
        archive=own.archive or above.archive,
        supervision=own.supervision or above.supervision,
        first_unit=own.first_unit or above.first_unit,
        returns=own.returns or above.returns,
        urgent_first=own.urgent_first or above.urgent_first,
        urgent_first_on=own.urgent_first_on or above.urgent_first_on,
        papers={**above.papers, **own.papers},
        stages=own.stages or above.stages,
        stages_clause=own.stages_clause or above.stages_clause,
        call_marks={**above.call_marks, **own.call_marks},
        amendments={**above.amendments, **own.amendments},
        attachments=own.attachments or above.attachments,
        inherited=tuple(names),
    )
