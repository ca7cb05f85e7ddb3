"""Container images as values: documents, verified layers, and their file system.

Everyday names are imported on first use (PEP 562), so that `import ocilayers`
alone costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ocilayers.findings import Finding as Finding
    from ocilayers.limits import Limits as Limits

_HOMES: Final = {
    "Finding": "findings",
    "Limits": "limits",
}
"""Where each everyday name lives."""

__all__ = ["Finding", "Limits"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
