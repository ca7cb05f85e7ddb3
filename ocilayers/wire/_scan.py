"""Where everything is in JSON text: a tree of spans over the characters.

Law: the text has been read before, so it is JSON; this file knows nothing else of it.
"""

from __future__ import annotations

import json
import re
from typing import Final

import attrs

__all__ = ["Node", "Span", "scan"]

_TOKEN: Final = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL
)


@attrs.define
class Span:
    """One member of an object, or one item of an array.

    Attributes:
        start: Of the name, or of the value where there is none.
        value: What it holds.
        name: What it is called; empty in arrays.
        name_end: Just after the name.
    """

    start: int
    value: Node
    name: str = ""
    name_end: int = 0

    @property
    def end(self) -> int:
        """Just after the value."""
        return self.value.end


@attrs.define
class Node:
    """One value.

    Attributes:
        start: Its first character.
        end: Just after its last one.
        kind: `{`, `[`, or empty for a value without values inside.
        inside: What it holds, in order; a name may come twice.
    """

    start: int
    end: int
    kind: str = ""
    inside: list[Span] = attrs.field(factory=list[Span])


def scan(text: str) -> Node:
    """Find where everything is in JSON *text*."""
    root = Node(0, 0, "[")
    open_nodes = [root]
    name: tuple[int, int] | None = None
    # A byte order mark is no part of the value.
    for match in _TOKEN.finditer(text, text.startswith("\ufeff")):
        mark, start, end = match[0], match.start(), match.end()
        parent = open_nodes[-1]
        if mark in "}]":
            parent.end = end
            open_nodes.pop()
        elif mark in ",:":
            continue
        elif parent.kind == "{" and name is None:
            name = (start, end)
        else:
            node = Node(start, end, mark if mark in "{[" else "")
            parent.inside.append(_span(text, node, name))
            name = None
            if node.kind:
                open_nodes.append(node)
    return root.inside[0].value


def _span(text: str, node: Node, name: tuple[int, int] | None) -> Span:
    if name is None:
        return Span(node.start, node)
    start, end = name
    return Span(start, node, json.loads(text[start:end]), end)
