"""The reports of a rule book, from `data/jurisdictions/<code>/reports.toml`; those of its parent stand beside them."""

from __future__ import annotations

from agent_console.domain.errors import BadInput
from agent_console.domain.oversight.report_rules import NAMING, ReportRules
from agent_console.resources.jurisdictions import folder_of
from agent_console.resources.paths import read_toml

_FILE = "reports.toml"


def _read(code: str) -> ReportRules:
    path = folder_of(code) / _FILE
    rules = read_toml(path, ReportRules) if code and path.exists() else ReportRules()
    for name, rule in rules.reports.items():
        naming = [group for table in rule.tables for group in table.by if group in NAMING]
        if rule.audience == "outside" and naming:
            raise BadInput("error.data", "advice.data", path=str(path), reason=f"reports.{name}: {naming[0]}")
    return rules


def load_reports(code: str, parent: str = "") -> ReportRules:
    """Reports of a jurisdiction, with those of its parent it does not name itself. Raises BadInput naming the key."""
    own, above = _read(code), _read(parent)
    taken = tuple(f"reports.{name}" for name in above.reports if name not in own.reports)
    return ReportRules({**above.reports, **own.reports}, own.imports or above.imports, taken)
