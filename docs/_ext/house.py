"""Sphinx: pages drawn from the code, and docstrings in the way this house writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docutils import nodes
from floors import draw, floors
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from tables import ROOT, TABLES
from typing_extensions import override


class Picture(SphinxDirective):
    """The floors as a picture."""

    @override
    def run(self) -> list[nodes.Node]:
        picture = draw(floors(ROOT / "pyproject.toml"))
        return [nodes.raw("", picture, format="html")]


class Table(SphinxDirective):
    """Markdown that a function writes; the argument is the function's own."""

    optional_arguments = 1

    @override
    def run(self) -> list[nodes.Node]:
        write: Callable[[str], Iterator[str]] = TABLES[self.name]
        text = "\n".join(write(self.arguments[0] if self.arguments else ""))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def fences_to_blocks(_app: Sphinx, *event: object) -> None:
    """Let a docstring hold a fenced block: autodoc reads reStructuredText.

    The last argument of the event is the docstring, changed in place.
    """
    lines = event[-1]
    assert isinstance(lines, list)
    inside = False
    out: list[str] = []
    for line in lines:
        mark = re.fullmatch(r"( *)```(\w*)", line)
        if mark and not inside:
            out += ["", f"{mark[1]}.. code-block:: {mark[2] or 'text'}", ""]
        elif mark:
            out.append("")
        else:
            out.append(f"   {line}" if inside and line else line)
        inside ^= bool(mark)
    lines[:] = out


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("floors", Picture)
    for name in TABLES:
        app.add_directive(name, Table)
    # Before napoleon, which is connected at 500.
    app.connect("autodoc-process-docstring", fences_to_blocks, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
