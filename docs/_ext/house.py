"""Sphinx: pages drawn from the code, and docstrings in the way this house writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs
from docutils import nodes
from floors import draw, floors
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, stringify_annotation
from tables import ROOT, TABLES
from typing_extensions import override

from ocilayers._types import JSONValue


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


#: How docstrings are written here: Google style, fields in `Attributes`.
STYLE: Any = Config(
    napoleon_numpy_docstring=False,
    napoleon_use_ivar=True,
    napoleon_use_rtype=False,
    napoleon_custom_sections=["Source"],
)


def rewrite_docstring(app: Sphinx, what: str, *event: Any) -> None:
    """Turn a docstring of this house into the reStructuredText that autodoc reads.

    Napoleon does nearly all of it. It is called from here, since as an extension it
    takes whatever stands before a colon in a property's docstring for a type.
    """
    lines: list[str] = event[-1]
    kind: Any = "object" if what in {"attribute", "data", "property"} else what
    text = GoogleDocstring(
        list(_fences_to_blocks(lines)), STYLE, app, kind, event[0], event[1]
    )
    lines[:] = [_json_value(line) for line in text.lines()]


def _fences_to_blocks(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        mark = re.fullmatch(r"( *)```(\w*)", line)
        if mark and not inside:
            yield from ("", f"{mark[1]}.. code-block:: {mark[2] or 'text'}", "")
        elif mark:
            yield ""
        else:
            yield f"   {line}" if inside and line else line
        inside ^= bool(mark)


def _json_value(line: str) -> str:
    """Name the alias again: once evaluated, inside itself too, nobody knows it."""
    name = "~ocilayers._types.JSONValue"
    meaning = stringify_annotation(JSONValue, "fully-qualified-except-typing")
    inner = line.replace(meaning, name)
    return inner.replace(meaning.replace("JSONValue", name), name)


def mend_signature(
    _app: Sphinx, what: str, _name: str, thing: Any, *event: Any
) -> tuple[str | None, str | None]:
    """Show aliases by their names, and the defaults of attrs classes as they are."""
    _options, signature, returns = event
    if signature and what == "class" and attrs.has(thing):
        signature = signature.replace("= NOTHING", "= ...")  # made by a factory
        for name, field in attrs.fields_dict(thing).items():
            signature = signature.replace(
                f"attr_dict['{name}'].default", repr(field.default)
            )
    return _name_aliases(signature), _name_aliases(returns)


def _name_aliases(signature: str | None) -> str | None:
    # An alias of `autodoc_type_aliases` is left like this inside other types.
    return signature and re.sub(r"TypeAliasForwardRef\('([\w.]+)'\)", r"\1", signature)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("floors", Picture)
    for name in TABLES:
        app.add_directive(name, Table)
    app.connect("autodoc-process-docstring", rewrite_docstring)
    app.connect("autodoc-process-signature", mend_signature)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
