"""What the package holds, read from the package itself.

The documentation is drawn from it, and the house tests check it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import ocilayers
from ocilayers.findings import Rule

__all__ = [
    "SOURCE",
    "import_all",
    "page_of",
    "public_modules",
    "public_names",
    "rules",
    "summary",
]

SOURCE = Path(ocilayers.__file__).parent
"""The folder of the package: of the work tree, or of an installed wheel."""


def import_all() -> Iterator[ModuleType]:
    """Every module but `__main__`, private ones too, in the order of their names."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[-1] == "__main__":
            continue
        yield import_module(".".join(parts).removesuffix(".__init__"))


def public_modules() -> list[str]:
    """The modules that promise something: the root, and files without underscore."""
    return [
        module.__name__
        for module in import_all()
        if module is ocilayers or not hasattr(module, "__path__")
        if not any(part.startswith("_") for part in module.__name__.split("."))
    ]


def page_of(module: str) -> str:
    """The reference page of *module*, from the folder of the documentation."""
    path = module.split(".")[1:] or ["index"]
    return f"reference/{'/'.join(path)}.md"


def public_names() -> dict[str, str]:
    """Each everyday name, and the module that it lives in."""
    return {
        name: f"ocilayers.{home}" for name, home in sorted(ocilayers._HOMES.items())
    }


def rules() -> dict[str, list[Rule]]:
    """Every rule of the package, by the folder that declares it."""
    found: dict[str, list[Rule]] = {}
    seen: set[int] = set()
    # A rule is also seen where it is imported; its home is a file called `rules`.
    for module in sorted(import_all(), key=lambda m: "rules" not in m.__name__):
        for value in vars(module).values():
            if isinstance(value, Rule) and id(value) not in seen:
                seen.add(id(value))
                found.setdefault(module.__name__.split(".")[1], []).append(value)
    return {
        folder: sorted(found[folder], key=lambda rule: rule.code)
        for folder in sorted(found)
    }


def summary(thing: object) -> str:
    """The first sentence of a docstring."""
    text = (inspect.getdoc(thing) or "").partition("\n\n")[0]
    return " ".join(text.split())
