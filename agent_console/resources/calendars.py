"""The calendar of working days: the State Council's arrangement, then the files that change or extend it.

Order, later wins: the table of the package `chinesecalendar`, `data/calendars/*.toml`, `calendars/*.toml` in
the console's home folder (written by `calendar import`).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.domain.time_limits.working_time import Calendar, make_calendar
from agent_console.resources.paths import data_folder, read_toml

_FOLDER = "calendars"
_LONGEST_STRETCH = 31


class Stretch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Days of one name; `until` included, one day where it is left out."""

    name: str
    first: date = msgspec.field(name="from")
    until: date | None = None

    def days(self) -> list[date]:
        """All its days."""
        count = ((self.until or self.first) - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]


class CalendarFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a calendar file says.

    years: the years it arranges as a whole, replacing what was known of them; days of other years are single
    changes. off, worked: days off, days worked (make-up days). source: the notice it follows.
    """

    source: str
    years: tuple[int, ...] = ()
    off: tuple[Stretch, ...] = ()
    worked: tuple[Stretch, ...] = ()


class _Table(msgspec.Struct):
    off: dict[date, str]
    worked: dict[date, str]
    years: frozenset[int]


def _published() -> _Table:
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    years = frozenset(range(min(holidays).year, max(holidays).year + 1))
    off = {day: names[name] for day, name in holidays.items()}
    return _Table(off, {day: names[name] for day, name in workdays.items()}, years)


def read_calendar_file(path: Path) -> CalendarFile:
    """A calendar file. Raises BadInput naming the file and the key."""
    read = read_toml(path, CalendarFile)
    if wrong := _contradiction(read):
        raise BadInput("error.calendar", "advice.calendar", path=str(path), reason=wrong)
    return read


def _contradiction(read: CalendarFile) -> str:
    for stretch in (*read.off, *read.worked):
        if not 1 <= len(stretch.days()) <= _LONGEST_STRETCH:
            return f"{stretch.name} {stretch.first}"
    off = {day for stretch in read.off for day in stretch.days()}
    both = sorted(day for stretch in read.worked for day in stretch.days() if day in off)
    if both:
        return str(both[0])
    if not read.off and not read.worked:
        return "off, worked"
    empty = [year for year in read.years if year not in {day.year for day in off}]
    return f"years: {empty[0]}" if empty else ""


def _change(table: _Table, read: CalendarFile) -> None:
    for days in (table.off, table.worked):
        for day in [day for day in days if day.year in read.years]:
            del days[day]
    for stretch in read.off:
        for day in stretch.days():
            table.worked.pop(day, None)
            table.off[day] = stretch.name
    for stretch in read.worked:
        for day in stretch.days():
            table.off.pop(day, None)
            table.worked[day] = stretch.name
    table.years |= frozenset(read.years)


def load_calendar(home: Path | None = None) -> Calendar:
    """Calendar of working days; `home`: the console's folder with the user's own files. Raises BadInput."""
    folders = [data_folder(_FOLDER), *([home / _FOLDER] if home else [])]
    files = tuple(path for folder in folders for path in sorted(folder.glob("*.toml")))
    return _build(tuple((path, path.stat().st_mtime_ns) for path in files))


@cache
def _build(files: tuple[tuple[Path, int], ...]) -> Calendar:
    table = _published()
    for path, _ in files:
        _change(table, read_calendar_file(path))
    return make_calendar(table.off, table.worked, table.years)


def import_calendar(source: Path, home: Path) -> Path:
    """Take a calendar file into the console's folder; returns where it stands. Raises BadInput."""
    read = read_calendar_file(source)
    target = home / _FOLDER / f"{source.stem}.toml"
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.with_suffix(".new")
        fresh.write_bytes(msgspec.toml.encode(read))
        fresh.replace(target)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(target), reason=error.strerror or "") from error
    return target
