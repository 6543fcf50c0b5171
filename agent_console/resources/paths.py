"""Where the data files are: beside the packages in a checkout, inside `agent_console` in a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from agent_console.domain.errors import BadInput

_PACKAGE = Path(__file__).resolve().parent.parent
T = TypeVar("T")


def _root() -> Path:
    return _PACKAGE if (_PACKAGE / "data").is_dir() else _PACKAGE.parent


def data_folder(name: str) -> Path:
    """Folder `data/<name>`."""
    return _root() / "data" / name


def keymap_file(name: str) -> Path:
    """File `keymaps/<name>.toml`."""
    return _root() / "keymaps" / f"{name}.toml"


def checkout() -> Path | None:
    """Root of the checkout the program runs from; None where it was installed."""
    root = _root()
    return root if (root / "tests").is_dir() and (root / "pyproject.toml").is_file() else None


def read_toml(path: Path, form: type[T]) -> T:
    """Parse a TOML file into `form`. Raises BadInput naming the file and the key."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=form)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput("error.data", "advice.data", path=str(path), reason=str(error)) from error
