"""Names of a package that are imported when somebody first asks for them (PEP 562).

Law: this file imports nothing that costs, or it would be in vain.
"""

from __future__ import annotations

import sys
from importlib import import_module

# Not from `typing`, which would cost twenty times as much as all the rest here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["on_first_use"]

#: What a package needs for this, and nobody looks for.
_OURS = {"TYPE_CHECKING", "on_first_use"}


def on_first_use(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Give the `__getattr__` and `__dir__` of *package*.

    Args:
        package: Its full name.
        homes: The module of each name, seen from the package.
    """

    def get(name: str) -> object:
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes} - _OURS)

    return get, names
